"""Where files went: moved by the template between two versions, or by the people of the repository."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import splitext

from mlscaffold.repo.trees.standing import Standing
from mlscaffold.upkeep.lock import Lock, recordable
from mlscaffold.upkeep.past import Past
from mlscaffold.upkeep.similar import moves
from mlscaffold.upkeep.template import Files

BY_TEMPLATE = 0.5
"""As alike as git asks for: both versions are the template's own."""
BY_PEOPLE = 0.9
"""A file of somebody's own that merely resembles one of the template's must never take its text."""


def of_template(past: Past, theirs: Files, declared: Mapping[str, str]) -> dict[str, str]:
    """The template's earlier paths, by those that it has now."""
    known = {kept.source or path: (path, kept) for path, kept in past.lock.files.items()}
    found = {old: new for old, new in declared.items() if old in known and new in theirs}
    gone = {
        source: content
        for source, (path, kept) in known.items()
        if source not in theirs and source not in found and (content := past.content(path, kept)) is not None
    }
    new = {
        path: file.content
        for path, file in theirs.items()
        if path not in known and path not in found.values()
    }
    return found | moves(gone, new, BY_TEMPLATE) if gone and new else found


def of_people(past: Past) -> dict[str, str]:
    """Where the repository's people moved paths of the lock: each missing path, by its new one.

    What lies in the work tree is not missing: an update that nobody committed yet has put it there.
    """
    standing, lock = past.standing, past.lock
    missing = {
        path: kept
        for path, kept in lock.files.items()
        if kept.kind != "yours"
        and kept.blob
        and path not in standing.entries
        and standing.lying(path) is None
    }
    if not missing:
        return {}
    gone = {
        path: content for path, kept in missing.items() if (content := past.content(path, kept)) is not None
    }
    new = {
        path: found.content
        for path in _candidates(standing, lock, gone)
        if (found := standing.committed(path)) is not None
    }
    return moves(gone, new, BY_PEOPLE)


def _candidates(standing: Standing, lock: Lock, gone: Mapping[str, bytes]) -> list[str]:
    """Paths of HEAD that nobody governs, of about the size and of the suffix of what is gone."""
    ranges = [
        (splitext(path)[1], len(content) * 0.85, len(content) / 0.85 + 64) for path, content in gone.items()
    ]
    return [
        path
        for path, entry in standing.entries.items()
        if path not in lock.files
        and entry.kind == "file"
        and recordable(path)
        and any(splitext(path)[1] == suffix and low <= entry.size <= high for suffix, low, high in ranges)
    ]
