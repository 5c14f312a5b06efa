"""One run: check, journal, write; and what is left of an earlier run that was cut off."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from mlscaffold.apply.check import insist
from mlscaffold.apply.finish import Done, finish
from mlscaffold.apply.home import Home, home_of, locked
from mlscaffold.apply.journal import Manifest, manifest_of, stage, sweep
from mlscaffold.apply.undo import commands, tracked
from mlscaffold.edits import Change
from mlscaffold.errors import Stop
from mlscaffold.named import NamedTuple


class Recovered(NamedTuple):
    """A run that was cut off, and what came of it now."""

    title: str
    done: Done


class Applied(NamedTuple):
    """What a run did, as far as nobody wrote at the same time."""

    done: Done = Done()
    made: tuple[str, ...] = ()
    """Those written paths where nothing was."""
    undo: tuple[str, ...] = ()
    """Commands, to be run in the root, that give back what git's index holds and remove what was made.

    What git does not hold, because nobody committed or staged it, lies in `done.replaced`.
    """
    recovered: Recovered | None = None

    @property
    def written(self) -> tuple[str, ...]:
        """Paths that hold their new content."""
        return self.done.written

    @property
    def removed(self) -> tuple[str, ...]:
        """Paths where nothing is any more."""
        return self.done.removed


def apply(root: Path, changes: Sequence[Change], title: str) -> Applied:
    """Make all changes, or raise Stop with every obstacle before anything is written.

    A run that is killed leaves the old state, or one that `recover` turns into the new one.
    """
    root = Path(os.path.realpath(root))
    home = home_of(root)
    with locked(home):
        recovered = _recover(home)
        insist(home, root, changes)
        asked = [c for c in changes if c.before != (c.after and c.after.state)]
        if not asked:
            return Applied(recovered=recovered)
        known = tracked(home.where, root, [c.path for c in asked if c.before]) if home.where else []
        done = _finish(home, stage(home, root, asked, title))
    made = tuple(c.path for c in asked if not c.before and c.path in done.written)
    undo = commands([path for path in known if path not in done.left], made) if home.where else ()
    return Applied(done, made, undo, recovered)


def recover(root: Path) -> Recovered | None:
    """Finish a run that was cut off; `None` where there is none. Raises Stop while another run is at work."""
    home = home_of(Path(os.path.realpath(root)))
    if not os.path.lexists(home.journal if home.where else home.folder):
        return None
    with locked(home):
        return _recover(home)


def _recover(home: Home) -> Recovered | None:
    manifest = manifest_of(home)
    if manifest:
        return Recovered(manifest.title, _finish(home, manifest))
    try:
        sweep(home)
    except OSError as error:
        raise Stop(
            f"{home.journal} cannot be removed ({error.strerror}): remove it, then try again"
        ) from None
    return None


def _finish(home: Home, manifest: Manifest) -> Done:
    try:
        return finish(home, manifest)
    except KeyboardInterrupt:
        finish(home, manifest)
        raise
    except OSError as error:
        raise Stop(
            f"{manifest.title} was cut off ({error.filename}: {error.strerror}). "
            "Put that right and run mlscaffold again: it first finishes what it began."
        ) from None
