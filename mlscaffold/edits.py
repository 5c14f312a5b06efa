"""What a file should become, as data: the shapes that a finding's fix may take."""

from typing import NamedTuple


class Edit(NamedTuple):
    """The whole new text of one file. `safe` is false where results, data or history can change."""

    path: str
    text: str
    safe: bool = True


class FromTemplate(NamedTuple):
    """The template's own rendering of `path`, with the answers that the repository's facts imply."""

    path: str


class Command(NamedTuple):
    """What only a tool can do: shown to the user, never run by an audit."""

    argv: tuple[str, ...]
    why: str


Fix = Edit | FromTemplate | Command
