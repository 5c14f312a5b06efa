"""A bundle unpacked into a bare repository, once for each content, in the user's cache folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
import weakref
from pathlib import Path

from mlscaffold.errors import Stop
from mlscaffold.repo.cache import users_folder
from mlscaffold.repo.trees.git import Git, Where
from mlscaffold.upkeep.bundle import DAMAGED, Bundle

TREES = "mlscaffold-trees"
"""A file in the repository with one line for each version: the version, and the id of its tree."""

DAY = 86_400
UNUSED = 30 * DAY
"""How long a repository that nobody used is kept, in seconds: several versions of mlscaffold may share it."""

LEFT = 1 * DAY
"""How old the half-made folder of a run that was killed is when it goes, in seconds."""


class Unpacked:
    """A repository that holds the bundle's commits, and git to read it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git = Git(Where(folder, folder, None))

    def trees(self) -> dict[str, str]:
        """The id of each version's tree, as far as the folder still tells."""
        try:
            lines = (self.folder / TREES).read_text("ascii").splitlines()
        except (OSError, UnicodeDecodeError):
            lines = []
        return {version: tree for version, _, tree in (line.partition(" ") for line in lines)}


def unpacked(bundle: Bundle, *, anew: bool = False) -> Unpacked:
    """The bundle's repository, made where it is not there yet, or `anew` because something damaged it.

    Raises Stop where git cannot unpack it.
    """
    folder = _shelf()
    if folder is None:
        return _for_this_run(bundle)
    place = folder / bundle.digest
    if anew:
        _take_away(place)
    if not (place / TREES).is_file():
        _make(place, bundle)
        _prune(folder, place)
    _stay_young(place)
    found = _opened(place, bundle)
    if found is None:
        return _for_this_run(bundle) if anew else unpacked(bundle, anew=True)
    return found


def _opened(place: Path, bundle: Bundle) -> Unpacked | None:
    """What is there; nothing where a part of it is lost."""
    try:
        found = Unpacked(place)
    except OSError:
        return None
    return found if found.trees().keys() == bundle.commits.keys() else None


def _for_this_run(bundle: Bundle) -> Unpacked:
    scratch = Path(tempfile.mkdtemp(prefix="mlscaffold-history-"))
    found = fill(scratch, bundle)
    weakref.finalize(found, shutil.rmtree, scratch, ignore_errors=True)
    return found


def _take_away(place: Path) -> None:
    aside = Path(tempfile.mkdtemp(prefix=".away-", dir=place.parent))
    with contextlib.suppress(OSError):
        place.rename(aside / "it")
    shutil.rmtree(aside, ignore_errors=True)


def fill(folder: Path, bundle: Bundle) -> Unpacked:
    """The bundle's repository in that empty folder; raises Stop where git cannot unpack it.

    The folder is made without `git init`, which would copy the user's template of hooks into it.
    """
    packs = folder / "objects" / "pack"
    packs.mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/none\n", "ascii")
    (folder / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n", "ascii")
    made = Unpacked(folder)
    if bundle.commits:
        pack = packs / f"pack-{bundle.digest[:40]}.pack"
        pack.write_bytes(bundle.pack)
        made.git.run("index-pack", str(pack))
    asked = "".join(f"{commit}^{{tree}}\n" for commit in bundle.commits.values()).encode()
    told = (
        made.git.run("cat-file", "--batch-check=%(objectname) %(objecttype)", given=asked) if asked else b""
    )
    rows = [line.split() for line in told.decode().splitlines()]
    if any(kind != "tree" for _, kind in rows):
        raise Stop(DAMAGED)
    lines = [f"{version} {tree}\n" for version, (tree, _) in zip(bundle.commits, rows, strict=True)]
    (folder / TREES).write_text("".join(lines), "ascii")
    return made


def _shelf() -> Path | None:
    """The folder of all unpacked bundles; `None` where none of ours can be written."""
    home = users_folder()
    if home is None:
        return None
    folder = home / "history"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ours = not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
    except OSError:
        return None
    return folder if ours and os.access(folder, os.W_OK | os.X_OK) else None


def _make(place: Path, bundle: Bundle) -> None:
    """Unpack beside `place` and move it there at once: another run may do the same at the same time."""
    scratch = Path(tempfile.mkdtemp(prefix=".making-", dir=place.parent))
    try:
        fill(scratch / "it", bundle)
        with contextlib.suppress(OSError):  # the other run's is as good
            (scratch / "it").rename(place)
    except OSError as error:
        said = f"{place.parent} cannot be written ({error.strerror})"
        raise Stop(f"{said}: make room there, or name another folder by XDG_CACHE_HOME") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _prune(folder: Path, kept: Path) -> None:
    now = time.time()
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            age = now - path.stat().st_mtime
            if path != kept and age > (LEFT if path.name.startswith(".") else UNUSED):
                shutil.rmtree(path, ignore_errors=True)


def _stay_young(place: Path) -> None:
    with contextlib.suppress(OSError):
        if time.time() - place.stat().st_mtime > DAY:
            os.utime(place)
