"""Practices of reproducibility."""
