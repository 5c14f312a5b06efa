"""What a repository needs in order to run: packages, locks, Python, containers, clusters."""
