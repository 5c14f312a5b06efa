"""Practices of environments."""
