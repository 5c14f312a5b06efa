"""What git keeps, and what it had better not: secrets, personal data, paths, large files, leftovers."""
