"""Apply the fixes of findings one at a time, in memory, and ask the rule again after each."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence

from mlscaffold.edits import Command, Edit, File, FromTemplate, with_ends_of
from mlscaffold.named import NamedTuple
from mlscaffold.repo.trees.overlay import OverlayTree
from mlscaffold.repo.trees.tree import Tree
from mlscaffold.rule import Finding

LARGEST = 50_000_000


class Found(NamedTuple):
    """One finding, with the code of its rule and the fingerprint that names it across edits."""

    code: str
    finding: Finding
    fingerprint: str


Ask = Callable[[Tree, Sequence[str]], Sequence[Found]]
"""The findings of these rules (of all that were chosen, without any) in a tree."""


class Offered(NamedTuple):
    """The files that a template's fix brings, or why it brings none."""

    files: Mapping[str, File] = {}
    why: str = ""


Offer = Callable[[Tree, str], Offered]
"""What the template offers for a path of a tree."""


class Fixed(NamedTuple):
    """One fix that helped: what it was for, and the paths that it changed."""

    code: str
    message: str
    paths: tuple[str, ...]
    why: str = ""
    """Why the template's file is as it is."""
    lines: tuple[str, ...] = ()
    """What an edit added to a file."""


class Left(NamedTuple):
    """A finding that stays, and why."""

    code: str
    path: str
    why: str


class Outcome(NamedTuple):
    """What a run came to: the files as they shall be, what was fixed, what to run, what is left."""

    files: Mapping[str, File]
    fixed: tuple[Fixed, ...] = ()
    commands: tuple[tuple[str, Command], ...] = ()
    left: tuple[Left, ...] = ()


class _Run:
    """The state of one run: what changed so far, and what was tried."""

    def __init__(self, tree: Tree, ask: Ask, offer: Offer, *, unsafe: bool) -> None:
        self.tree, self.ask, self.offer, self.unsafe = tree, ask, offer, unsafe
        self.files: dict[str, File] = {}
        self.tried: set[str] = set()
        self.fixed: list[Fixed] = []
        self.commands: list[tuple[str, Command]] = []
        self.left: list[Left] = []

    def now(self, more: Mapping[str, File] | None = None) -> Tree:
        """The tree with everything that was fixed so far."""
        return laid_over(self.tree, {**self.files, **(more or {})})


def laid_over(tree: Tree, files: Mapping[str, File]) -> Tree:
    """The tree with these files in it."""
    over = {path: file.content for path, file in files.items()}
    return OverlayTree(tree, over) if over else tree


def fix(tree: Tree, ask: Ask, offer: Offer, *, unsafe: bool = False) -> Outcome:
    """Every fix that helps. One after which its own finding is still there is taken back.

    Without `unsafe`, edits that can change results, and commands, are left with what they would do.
    """
    run = _Run(tree, ask, offer, unsafe=unsafe)
    while (found := next(_untried(run), None)) is not None:
        run.tried.add(found.fingerprint)
        _try(run, found)
    return Outcome(run.files, tuple(run.fixed), tuple(run.commands), tuple(run.left))


def _untried(run: _Run) -> Iterator[Found]:
    yield from (one for one in run.ask(run.now(), ()) if one.fingerprint not in run.tried)


def _try(run: _Run, found: Found) -> None:
    match found.finding.fix:
        case None:
            _leave(run, found, "a person decides")
        case Command() as command:
            run.commands.append((found.code, command))
        case Edit(safe=False) if not run.unsafe:
            _leave(
                run, found, "it can change results, data or history: look with mlscaffold fix --unsafe --diff"
            )
        case Edit() as edit:
            _edited(run, found, edit)
        case FromTemplate(path=path):
            offered = run.offer(run.now(), path)
            _helps(run, found, offered.files, offered.why)


def _edited(run: _Run, found: Found, edit: Edit) -> None:
    """Write the new text as the file was written: its byte order mark, its line ends, its mode."""
    tree = run.now()
    try:
        before = tree.read(edit.path, LARGEST)
    except OSError:
        before = b""
    content = edit.text.encode("utf-8", "surrogateescape")
    if before.startswith(codecs.BOM_UTF8) and not content.startswith(codecs.BOM_UTF8):
        content = codecs.BOM_UTF8 + content
    executable = any(e.path == edit.path and e.executable for e in tree.entries())
    file = File(with_ends_of(content, before) if before else content, "100755" if executable else "100644")
    _helps(run, found, {edit.path: file}, "", new_lines(before, file.content))


def new_lines(before: bytes, after: bytes) -> tuple[str, ...]:
    """The lines that were not there, without their indentation."""
    known = set(before.splitlines())
    new = (line for line in after.splitlines() if line.strip() and line not in known)
    return tuple(line.decode("utf-8", "replace").strip() for line in new)


def _helps(run: _Run, found: Found, files: Mapping[str, File], why: str, lines: tuple[str, ...] = ()) -> None:
    """Keep the files where the finding goes with them."""
    if not files:
        _leave(run, found, why or "the template has nothing for it")
        return
    still = {one.fingerprint for one in run.ask(run.now(files), (found.code,))}
    if found.fingerprint in still:
        _leave(run, found, "its fix did not help here")
        return
    run.files |= files
    run.fixed.append(Fixed(found.code, found.finding.message, tuple(sorted(files)), why, lines))


def _leave(run: _Run, found: Found, why: str) -> None:
    run.left.append(Left(found.code, found.finding.path, why))
