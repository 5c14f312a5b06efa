"""Practices of working together, quality and operation."""
