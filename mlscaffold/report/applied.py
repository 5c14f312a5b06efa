"""What a run of `apply` wrote into the work tree, and how to take it back."""

from __future__ import annotations

from mlscaffold.apply import Applied, Recovered


def written(done: Applied) -> str:
    """That a run was written into the work tree, how to look at it, and how to take it back."""
    return "\nWritten, and not committed. Look: git status, git diff. Take it back:\n" + undo(done)


def undo(done: Applied) -> str:
    """The commands that take a run back, a line each."""
    return "".join(f"  {command}\n" for command in done.undo)


def finished(run: Recovered) -> str:
    """What an earlier run left that was cut off, and this one finished."""
    paths = len(run.done.written) + len(run.done.removed)
    return f"mlscaffold: finished a run that was cut off: {run.title} ({paths} paths)\n"
