"""What every source of files looks like: a list of entries, and bytes by path."""

from __future__ import annotations

from typing import Literal, Protocol

from mlscaffold.named import NamedTuple

Kind = Literal["file", "symlink", "submodule", "special"]


class Entry(NamedTuple):
    """One path of a tree. `path` uses `/`; bytes that are no UTF-8 are kept as surrogate escapes.

    `size` is in bytes, and -1 where nobody can know it because the content is not on this machine.
    """

    path: str
    kind: Kind = "file"
    size: int = 0
    tracked: bool = True
    executable: bool = False
    oid: str = ""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


class Tree(Protocol):
    """A work tree, a git revision or memory, without anything of it being run."""

    label: str
    """What a person calls this tree: the folder's path, or the path and the revision."""

    in_git: bool
    """Whether the files stand in a git repository, so that *tracked* means something."""

    @property
    def commit(self) -> str:
        """The full hash of HEAD or of the revision; empty where there is none."""

    def entries(self) -> list[Entry]:
        """Every path that git tracks or would not ignore, sorted by path."""

    def read(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes of the file as it lies there; raises OSError where it cannot be read."""

    def ignored(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes of a file that lies there although git ignores it; raises OSError.

        Such files are never listed: somebody must name them, as a pipeline names what it writes.
        """

    def committed(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes of the file as git holds it (of an LFS file, its pointer); raises OSError."""

    def history(self, path: str, limit: int) -> bytes:
        """What `path` held before, as `earlier.of_path` says.

        Without a path: the files of the past above `limit` bytes, as `past.written` says. It may take
        seconds, so only who needs it asks; raises OSError where there is no history.
        """
