"""The contract between a rule and the audit: `@rule`, what a rule may yield, and the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from mlscaffold.edits import Fix
from mlscaffold.named import NamedTuple

if TYPE_CHECKING:
    from mlscaffold.repo.repo import Repo
    from mlscaffold.standard import Standard

Level = Literal[1, 2, 3, 4, "validity", "collaboration"]


class Place(NamedTuple):
    """Where something stands. In a notebook `line` is the line of the JSON file, `cell` counts from 1."""

    path: str
    line: int | None = None
    cell: int | None = None
    cell_line: int | None = None


class Finding(NamedTuple):
    """One thing that is wrong; the message says what to do. `also` lists further places of the same cause."""

    path: str
    message: str
    line: int | None = None
    cell: int | None = None
    cell_line: int | None = None
    fix: Fix | None = None
    also: tuple[Place, ...] = ()
    key: str = ""
    """What the finding is about, whatever line it moves to; empty means the message."""


class Satisfied(NamedTuple):
    """What meets the practice: the tool or file, and where."""

    path: str
    by: str


class Open(NamedTuple):
    """The file is there; a person must still write or decide something in it."""

    path: str
    message: str
    line: int | None = None


class Unknown(NamedTuple):
    """The rule cannot tell, and why."""

    reason: str
    path: str = ""


Answer = Finding | Satisfied | Open | Unknown
Check = Callable[["Repo", "Standard"], Iterable[Answer]]
When = Callable[["Repo"], str | None]
"""`None` where the rule applies, else the reason why it does not, as a sentence without a full stop."""


class Rule(NamedTuple):
    """One practice: its stable code, the name of what is wrong, and the pure function that looks."""

    code: str
    name: str
    level: Level
    since: str
    check: Check
    when: tuple[When, ...]
    after: tuple[str, ...]
    module: str
    last: bool = False
    """Asked when the others have answered: it judges what became of the configuration's ignores."""

    def not_applicable(self, repo: Repo) -> str | None:
        """The first reason why the rule does not apply to `repo`, or `None`."""
        return next((reason for applies in self.when if (reason := applies(repo))), None)

    def answers(self, repo: Repo, standard: Standard) -> Iterator[Answer]:
        """What the rule has to say of `repo`, in the order in which it says it."""
        yield from self.check(repo, standard)


RULES: dict[str, Rule] = {}


def rule(  # noqa: PLR0913 (each names one thing about the practice)
    code: str,
    *,
    level: Level,
    since: str,
    when: When | tuple[When, ...] = (),
    after: tuple[str, ...] = (),
    name: str = "",
    last: bool = False,
) -> Callable[[Check], Check]:
    """Register the decorated function as the rule `code`.

    `name` says what is wrong in kebab-case; without it, it is the function's own name. `after` names the
    rules whose failure is the root cause: while one of them fails, this rule is *blocked* by it.
    Raises ValueError where the code is taken.
    """

    def register(check: Check) -> Check:
        if code in RULES:
            raise ValueError(f"{code} is already the code of {RULES[code].name}")
        RULES[code] = Rule(
            code=code,
            name=name or check.__name__.replace("_", "-"),
            level=level,
            since=since,
            check=check,
            when=when if isinstance(when, tuple) else (when,),
            after=after,
            module=check.__module__,
            last=last,
        )
        return check

    return register
