"""What a file should become, as data: the shapes that a finding's fix may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """The whole new text of one file. `safe` is false where results, data or history can change."""

    path: str
    text: str
    safe: bool = True


@dataclass(frozen=True, slots=True)
class FromTemplate:
    """The template's own rendering of `path`, with the answers that the repository's facts imply."""

    path: str


@dataclass(frozen=True, slots=True)
class Command:
    """What only a tool can do: shown to the user, never run by an audit."""

    argv: tuple[str, ...]
    why: str


Fix = Edit | FromTemplate | Command
