"""What data there is, which version of it, and what a repository says of it."""
