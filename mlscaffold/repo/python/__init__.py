"""What Python code says: each source read once, by its syntax tree, into small records."""
