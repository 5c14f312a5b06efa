"""Facts: the only code that reads an audited repository, and it never runs what it reads."""
