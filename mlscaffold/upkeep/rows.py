"""One path of the template with its three sides: as it came, as HEAD has it, as the template has it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlscaffold.edits import unix
from mlscaffold.named import NamedTuple
from mlscaffold.upkeep.keeping import Keeping
from mlscaffold.upkeep.lock import Class, Kept
from mlscaffold.upkeep.past import Past
from mlscaffold.upkeep.template import File, Files


class Row(NamedTuple):
    """`path` is where HEAD has the file, `target` where it will stand, `source` the template's path."""

    path: str
    target: str
    source: str
    kind: Class
    kept: Kept | None
    base: File | None
    ours: File | None
    theirs: File | None
    listed: str = ""
    """The lock's path, where somebody moved the file since."""

    @property
    def plain(self) -> File | None:
        """Ours with the line ends of the template, by which it is compared and merged."""
        return self.ours and self.ours._replace(content=unix(self.ours.content))

    @property
    def unchanged(self) -> bool:
        """Whether the template says what it said before."""
        return bool(
            self.kept
            and self.theirs
            and (self.theirs.oid, self.theirs.mode) == (self.kept.blob, self.kept.mode)
        )

    @property
    def untouched(self) -> bool:
        """Whether nobody changed the file here."""
        return bool(
            self.kept and self.plain and (self.plain.oid, self.plain.mode) == (self.kept.blob, self.kept.mode)
        )


def rows(
    past: Past, theirs: Files, how: Keeping, moved: tuple[Mapping[str, str], Mapping[str, str]]
) -> Iterator[Row]:
    """Every path of the lock and, where its scope is everything, every new one of the template.

    `moved` holds the template's moves by their old path, and people's moves by the lock's path.
    """
    standing, lock = past.standing, past.lock
    by_template, by_people = moved
    taken = set()
    for listed, kept in lock.files.items():
        old = kept.source or listed
        source = by_template.get(old, old)
        taken.add(source)
        path = by_people.get(listed, listed)
        target = source if path == old else path  # whoever moved it keeps it where it is
        base = past.content(listed, kept)
        yield Row(
            path,
            target,
            source,
            _kind(kept, how, source),
            kept,
            None if base is None else File(base, kept.mode),
            standing.committed(path),
            theirs.get(source),
            listed if path != listed else "",
        )
    if lock.scope == "all":
        for source, file in theirs.items():
            if source not in taken:
                yield Row(
                    source, source, source, how.kind(source), None, None, standing.committed(source), file
                )


def _kind(kept: Kept, how: Keeping, source: str) -> Class:
    """People may say `yours`; the other classes are the template's to say."""
    return kept.kind if kept.kind == "yours" else how.kind(source)
