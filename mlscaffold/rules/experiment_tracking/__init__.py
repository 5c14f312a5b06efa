"""Practices of experiments."""
