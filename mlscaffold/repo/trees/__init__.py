"""Where bytes come from: the work tree, the index, any revision, a folder, memory. Nothing is run."""
