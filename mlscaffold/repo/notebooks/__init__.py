"""What notebooks hold, and what ties them to where they were written."""
