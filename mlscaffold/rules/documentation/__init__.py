"""Practices of documentation."""
