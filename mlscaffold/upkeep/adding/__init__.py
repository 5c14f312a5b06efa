"""What can be added to a repository that is there: made for it, with all that it needs to work."""
