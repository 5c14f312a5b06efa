"""What a file should become, as data: the shapes of a finding's fix, and of a change to one path."""

from __future__ import annotations

from mlscaffold.named import NamedTuple


def blob_id(content: bytes) -> str:
    """The object id of a file's content in a repository of SHA-1."""
    from mlscaffold.digests import sha1

    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


class Edit(NamedTuple):
    """The whole new text of one file. `safe` is false where results, data or history can change."""

    path: str
    text: str
    safe: bool = True


class FromTemplate(NamedTuple):
    """The template's own rendering of `path`, with the answers that the repository's facts imply."""

    path: str
    by: str = "fix"
    """The words after `mlscaffold` that write it: another command where a person must choose something."""


class Command(NamedTuple):
    """What only a tool can do: shown to the user, never run by an audit."""

    argv: tuple[str, ...]
    why: str


Fix = Edit | FromTemplate | Command


class File(NamedTuple):
    """One whole file. A symbolic link's content is where it leads."""

    content: bytes
    mode: str = "100644"
    """As git writes it: 100644, 100755 or 120000."""

    @property
    def oid(self) -> str:
        """The id that git gives to this content."""
        return blob_id(self.content)

    @property
    def state(self) -> State:
        """What a path is where this file lies."""
        return State(self.oid, self.mode)


class State(NamedTuple):
    """What a path is expected to be: the id that git gives to the bytes that lie there, and git's mode."""

    oid: str
    mode: str

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return self.mode == "120000"


class Change(NamedTuple):
    """What one path becomes. `path` is relative, uses `/` and may hold surrogate escapes."""

    path: str
    before: State | None
    """`None`: nothing may lie there, not even what git ignores."""
    after: File | None
    """`None`: it is removed."""


def unix(content: bytes) -> bytes:
    """Text whose every line ends as on Windows, with plain line ends; anything else as it is."""
    ends = content.count(b"\r\n")
    return content.replace(b"\r\n", b"\n") if ends and ends == content.count(b"\n") else content


def with_ends_of(content: bytes, model: bytes) -> bytes:
    """`content` with the line ends of `model`."""
    return content if unix(model) == model else unix(content).replace(b"\n", b"\r\n")
