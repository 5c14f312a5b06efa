"""The one exception that a command may end with, and the exit codes of DESIGN."""

OK = 0
FAILED = 1
REFUSED = 2
CRASHED = 3
INTERRUPTED = 130
TERMINATED = 143


class Stop(Exception):
    """Tell the user and stop: the message says what is wrong, where, and what to do next."""
