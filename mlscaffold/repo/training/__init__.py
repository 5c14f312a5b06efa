"""How models are trained: seeds, settings, splits, searches, what is tracked, where models go."""
