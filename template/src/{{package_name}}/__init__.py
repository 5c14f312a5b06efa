"""The job of this repository: data, models, evaluation and their description."""
