"""One renderer a format: a report in, text out."""
