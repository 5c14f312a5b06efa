"""A commit of a git repository, bare or not, read from its objects without a check-out."""

from __future__ import annotations

from functools import cached_property
from posixpath import join

from mlscaffold.errors import Stop
from mlscaffold.repo.blobs import Blobs
from mlscaffold.repo.git import Git, Where
from mlscaffold.repo.tree import Entry, Kind

KINDS: dict[str, Kind] = {"120000": "symlink", "160000": "submodule"}


class RevisionTree:
    """The files of one commit, below `folder` where that is not empty."""

    in_git = True

    def __init__(self, where: Where, revision: str, folder: str = "") -> None:
        place = str(where.root or where.git_dir)
        self.label = f"{place}/{folder} at {revision}" if folder else f"{place} at {revision}"
        self._git = Git(where)
        self._blobs = Blobs(self._git)
        self._folder = folder
        self.commit = self._resolve(revision, place)

    def entries(self) -> list[Entry]:
        """Every path of the commit, sorted; `size` is -1 where this clone does not hold the content."""
        return sorted(self._entries.values())

    def read(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes; raises OSError where the file or its content is not in this clone."""
        entry = self._entries.get(path)
        if entry is None or entry.kind != "file":
            raise FileNotFoundError(path)
        return self._blobs.get(entry.oid, limit).content

    def ignored(self, path: str, limit: int) -> bytes:
        """Raises FileNotFoundError: a commit holds nothing that is ignored."""
        del limit
        raise FileNotFoundError(path)

    def committed(self, path: str, limit: int) -> bytes:
        """The same bytes; of a symbolic link, where it leads."""
        entry = self._entries.get(path)
        if entry is None or entry.kind == "submodule":
            raise FileNotFoundError(path)
        return self._blobs.get(entry.oid, limit).content

    def history(self, path: str, limit: int) -> bytes:
        """What a file held before; without a path, the large files that the commit no longer has."""
        from mlscaffold.repo.past import of

        named = path and join(self._folder, path)
        return of(self._git, self._blobs, self.commit, named, limit)

    def _resolve(self, revision: str, place: str) -> str:
        try:
            return self._blobs.get(f"{revision}^{{commit}}", 0).oid
        except OSError:
            pass
        if revision == "HEAD":
            raise Stop(f"{place} has no commit yet: make one, or audit its work tree")
        raise Stop(f"{place} knows no revision {revision!r}: name a branch, a tag or a commit")

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        tree = f"{self.commit}:{self._folder}"
        try:
            self._blobs.get(tree, 0)
        except OSError:
            raise Stop(f"there is no folder {self._folder!r} in {self.label}") from None
        listed = self._git.run("ls-tree", "-r", "-l", "-z", "--full-tree", tree)
        records = listed.decode("utf-8", "surrogateescape").split("\0")
        return {entry.path: entry for record in records if record for entry in [_entry(record)]}


def _entry(record: str) -> Entry:
    """One record: `MODE TYPE OID SIZE<tab>PATH`, where the size may be `-` or `BAD`."""
    head, _, path = record.partition("\t")
    mode, _, oid, size = head.split()
    known = int(size) if size.isdigit() else 0 if size == "-" else -1
    return Entry(path, KINDS.get(mode, "file"), known, executable=mode == "100755", oid=oid)
