"""The steps that turn a journal into the work tree. Each may be taken again after it was cut off."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from mlscaffold.apply.found import Odd, found, same, standing_folder
from mlscaffold.apply.home import Home
from mlscaffold.apply.journal import Manifest, Row, fsync_folder, sweep
from mlscaffold.apply.names import parents
from mlscaffold.edits import State
from mlscaffold.named import NamedTuple

KEPT_RUNS = 10


class Done(NamedTuple):
    """What a run came to. `left`: paths that somebody wrote meanwhile, and that stay as they are."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    rescued: Path | None = None
    """The folder that holds our version of what was left alone."""
    replaced: Path | None = None
    """The folder that holds what was replaced or removed; git repositories alone have it."""


class _Site(NamedTuple):
    root: Path
    journal: Path
    rescued: Path
    replaced: Path | None
    modes: bool

    def agrees(self, now: State | Odd | None, expected: State | None) -> bool:
        if now is None or expected is None or isinstance(now, Odd):
            return now is expected
        return same(now, expected, modes=self.modes)


def finish(home: Home, manifest: Manifest) -> Done:
    """Take every step that is not taken yet, then remove the journal."""
    replaced = home.replaced / manifest.stamp if home.where else None
    site = _Site(
        home.top / manifest.root, home.journal, home.rescued / manifest.stamp, replaced, home.keeps_modes
    )
    coming = {row.path: row.after for row in manifest.rows if row.after}
    kept = {row.path for row in manifest.rows if not row.after and not _remove(site, row, coming)}
    removed = [row.path for row in manifest.rows if not row.after and row.path not in kept]
    for row in manifest.rows:
        if row.after:
            _clear(site.root, row.path, removed)
    for number, row in enumerate(manifest.rows):
        if row.after and not _write(site, site.journal / str(number), row):
            kept.add(row.path)
    for path in removed:
        _prune(site.root, parents(path))
    _outlast(site.root, manifest.rows)
    sweep(home)
    _forget(home.replaced)
    return Done(
        tuple(row.path for row in manifest.rows if row.after and row.path not in kept),
        tuple(removed),
        tuple(row.path for row in manifest.rows if row.path in kept),
        site.rescued if site.rescued.is_dir() else None,
        replaced if replaced and replaced.is_dir() else None,
    )


def _remove(site: _Site, row: Row, coming: Mapping[str, State]) -> bool:
    """Whether nothing of ours to remove is left there."""
    now = found(site.root, row.path)
    if now is None or _overtaken(site, row.path, now, coming):
        return True
    if not site.agrees(now, row.before):
        return False
    _keep(site, row.path)
    (site.root / row.path).unlink()
    return True


def _overtaken(site: _Site, path: str, now: State | Odd, coming: Mapping[str, State]) -> bool:
    """Whether a later step is taken already: a file became the folder of others, or its folder a file."""
    if isinstance(now, Odd) and now.folder:
        return any(path in parents(other) for other in coming)
    above = (parent for parent in parents(path) if parent in coming)
    return any(site.agrees(found(site.root, parent), coming[parent]) for parent in above)


def _write(site: _Site, staged: Path, row: Row) -> bool:
    """Whether the new content lies there; our version is rescued where somebody else wrote meanwhile."""
    beside = (site.root / row.path).with_name(f".mlscaffold-{site.rescued.name}-{staged.name}")
    with suppress(OSError):  # a copy that was cut off
        beside.unlink()
    now = found(site.root, row.path)
    if site.agrees(now, row.after):
        staged.unlink(missing_ok=True)
        return True
    if not site.agrees(found(site.journal, staged.name), row.after):
        # it was in its place already, maybe under both names, and somebody has written there since
        staged.unlink(missing_ok=True)
        return False
    if site.agrees(now, row.before):
        if now:
            _keep(site, row.path)
        with suppress(FileExistsError):
            _place(staged, site.root / row.path, beside, fresh=not now)
            return True
    _rescue(staged, site.rescued / row.path)
    return False


def _rescue(staged: Path, rescued: Path) -> None:
    rescued.parent.mkdir(parents=True, exist_ok=True)
    staged.replace(rescued)


def _place(staged: Path, target: Path, beside: Path, *, fresh: bool) -> None:
    """Put a staged file in its place in one step; raises FileExistsError where a fresh place is taken.

    Across file systems it is first copied beside its place.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if fresh and _linked(staged, target):
        staged.unlink()
        return
    try:
        staged.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(staged, beside)
        beside.replace(target)
        staged.unlink()


def _linked(source: Path, target: Path) -> bool:
    """Whether a second name was made; raises FileExistsError where that name is taken."""
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # another file system, or one without hard links
        return False
    return True


def _copy(source: Path, target: Path) -> None:
    """A copy with its permissions; a link stays a link."""
    shutil.copy2(source, target, follow_symlinks=False)
    if not target.is_symlink():
        with target.open("rb") as file:
            os.fsync(file.fileno())


def _keep(site: _Site, path: str) -> None:
    """Keep what is about to go: as a second name of the same file, so that a late write is kept as well."""
    if site.replaced is None:
        return
    kept = site.replaced / path
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.unlink(missing_ok=True)
    if not _linked(site.root / path, kept):
        _copy(site.root / path, kept)


def _clear(root: Path, path: str, removed: Iterable[str]) -> None:
    """Remove the folder that stands where a file will go, once its files are removed."""
    for gone in removed:
        if gone.startswith(f"{path}/"):
            _prune(root, [path, *(parent for parent in parents(gone) if parent.startswith(f"{path}/"))])


def _prune(root: Path, folders: list[str]) -> None:
    """Remove folders, innermost first, as far as they are empty and not gone yet."""
    with suppress(OSError):
        for folder in reversed(folders):
            with suppress(FileNotFoundError):
                (root / folder).rmdir()


def _outlast(root: Path, rows: Iterable[Row]) -> None:
    folders = {standing_folder(root, row.path) for row in rows}
    for folder in sorted({"", *folders, *(above for inner in folders for above in parents(inner))}):
        fsync_folder(root / folder)


def _forget(replaced: Path) -> None:
    """Remove what the oldest runs replaced."""
    if replaced.is_dir():
        for run in sorted(replaced.iterdir())[:-KEPT_RUNS]:
            shutil.rmtree(run)
