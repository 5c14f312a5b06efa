"""pre-commit hooks: one small file each, which imports nothing before it knows that it has work."""
