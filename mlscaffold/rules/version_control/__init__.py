"""Practices of code, data and models."""
