"""`mlscaffold adopt`: bring a repository that is there under the standard, one small step at a time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from mlscaffold import rules, standard
from mlscaffold.apply import apply, recover
from mlscaffold.baseline import NAME as BASELINE
from mlscaffold.baseline import Entry, read_baseline
from mlscaffold.baselined import entries_of
from mlscaffold.commands.audit import configuration, report_under
from mlscaffold.commands.fix import asking
from mlscaffold.commands.given import checked, from_file, from_options
from mlscaffold.commands.update import say, written_down
from mlscaffold.config import DEFAULT_PROFILE, OWN_FILE, Config
from mlscaffold.edits import Change, File
from mlscaffold.errors import OK, Stop
from mlscaffold.repo.cache import Cache, the_cache
from mlscaffold.repo.open import open_tree
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.standing import Standing
from mlscaffold.repo.tree import Tree
from mlscaffold.report import adopt as shown
from mlscaffold.report.answers import as_text
from mlscaffold.report.terminal import terminal_of
from mlscaffold.upkeep import fixing
from mlscaffold.upkeep.adopting import added, answered, answered_again, begun, made_by_us, or_given
from mlscaffold.upkeep.answers import settle
from mlscaffold.upkeep.baseline import written as baseline_text
from mlscaffold.upkeep.branch import commit
from mlscaffold.upkeep.fixing import Outcome
from mlscaffold.upkeep.history import History, carried
from mlscaffold.upkeep.infer import inferred, unread
from mlscaffold.upkeep.lock import LOCK, Lock, read_lock, written
from mlscaffold.upkeep.offers import adoption
from mlscaffold.upkeep.template import Template, questions

Patch = dict[str, File]
"""Whole new files by path."""


class Addition(NamedTuple):
    """One practice: its code, what came of it, and the repository's files as they shall be."""

    code: str
    outcome: Outcome
    lock: Lock


class Here(NamedTuple):
    """What every step of an adoption needs: the repository, the template, and what is kept of it."""

    standing: Standing
    template: Template
    cache: Cache | None
    colour: str

    def lying(self, path: str) -> File | None:
        """What lies at a path now."""
        found = self.standing.lying(path)
        return found and File(found.content, found.mode)


def adopt(  # noqa: PLR0913 (one argument for each option)
    path: str,
    *,
    add: Sequence[str] = (),
    data: Sequence[str] = (),
    answers: str = "",
    yes: bool = False,
    plan: bool = False,
    branch: str = "",
    profile: str = "",
    colour: str = "auto",
) -> int:
    """Begin an adoption, or add practices to one; what is there stays as it is."""
    standing = Standing(Path(path))
    say(recover(standing.root))
    with the_cache(standing.root) as cache:
        here = Here(standing, carried(), cache, colour)
        given = checked({**from_file(answers), **from_options(data)}, questions(here.template))
        lying = here.lying(LOCK)
        if lying is not None and not add and not given:
            sys.stdout.write(f"{standing.root.name} is adopted already; nothing was changed.\n")
            return OK
        if lying is None:
            first, lock = _begin(here, _asked(standing, given, yes=yes), profile)
        else:
            _possible(here, given)
            first, lock = {}, answered_again(read_lock(lying.content.decode("utf-8", "replace")), given)
        additions = list(_additions(here, lock, add, first, profile)) if add else []
        files = _in_all(first, additions, lock if given else None)
        shows, known = _unveiled(here, files) if LOCK in files and add else ((), {})
    terminal, pairs = terminal_of(sys.stdout, colour), [(a.code, a.outcome) for a in additions]
    sys.stdout.write(shown.render(pairs, sorted(first), add, terminal, shows))
    if not plan and branch:
        useful = [one for one in additions if one.outcome.files]
        _branches(here, first, lock, useful, branch)
    elif not plan:
        _carry_out(here, {**files, **known})
    return OK


def _asked(standing: Standing, given: Mapping[str, Any], *, yes: bool) -> dict[str, Any]:
    """The given answers, with those that a person at the terminal adds where nobody else can tell."""
    if yes or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return dict(given)
    found = inferred(_repo(open_tree(standing.root), None))
    asked = {
        one.question: one.said for one in found if one.state == "to be asked" and one.question not in given
    }
    typed = {}
    for question, said in asked.items():
        sys.stdout.write(f"{question}? ({said}) ")
        sys.stdout.flush()
        typed[question] = sys.stdin.readline().strip()
    return {**given, **{question: value for question, value in typed.items() if value}}


def _repo(tree: Tree, cache: Cache | None) -> Repo:
    return Repo(tree, standard.load(), (), cache)


def _begin(here: Here, given: Mapping[str, Any], profile: str) -> tuple[Patch, Lock]:
    """The lock, the configuration and the baseline of today's findings; the table of answers is shown."""
    tree = open_tree(here.standing.root)
    repo = _repo(tree, here.cache)
    found = [or_given(one, given) for one in inferred(repo)]
    terminal = terminal_of(sys.stdout, here.colour)
    sys.stdout.write(as_text(found, terminal, {}, unread(repo)) + "\n")
    _possible(here, given)
    own = made_by_us(repo, _versions(here.template), here.standing.root.name)
    lock = own or begun(here.template, answered(found, given, _choices(here.template)))
    patch: Patch = {LOCK: File(written(lock).encode())}
    config = configuration(tree, profile=profile)
    if not config.source:
        told = next((one.value for one in found if one.question == "profile"), None)
        chosen = profile or str(given.get("profile") or told or DEFAULT_PROFILE)
        patch[OWN_FILE] = File(_configuration(chosen).encode())
        config = configuration(tree, profile=chosen)
    entries = entries_of(report_under(config, tree, here.cache))
    if entries and BASELINE not in repo.files:
        patch[BASELINE] = File(baseline_text(entries).encode())
    return patch, lock


def _possible(here: Here, given: Mapping[str, Any]) -> None:
    """Raises Stop where the template refuses a given answer."""
    said = {question: value for question, value in given.items() if value not in ("", None)}
    if refused := settle(here.template, said, here.standing.root.name).refused:
        raise Stop(refused[0].message)


def _choices(template: Template) -> dict[str, tuple[str, ...]]:
    """The values among which a question lets choose."""
    rows = {name: row.get("choices") for name, row in questions(template).items() if isinstance(row, dict)}
    return {
        name: tuple(str(value) for value in (row.values() if isinstance(row, dict) else row))
        for name, row in rows.items()
        if isinstance(row, (dict, list))
    }


def _versions(template: Template) -> list[Callable[[], Template]]:
    past = History()
    return [lambda: template, *(partial(past.template, version) for version in past.versions())]


def _configuration(profile: str) -> str:
    version = standard.load().version
    return f'# What mlscaffold asks of this repository.\nprofile = "{profile}"\nstandard = "{version}"\n'


def _additions(here: Here, lock: Lock, add: Sequence[str], first: Patch, profile: str) -> Iterator[Addition]:
    """One addition a practice, each on top of those before it; at last those that could not be added.

    A practice can make another one possible, so what could not be added is tried again after it.
    """
    over: dict[str, File] = dict(first)
    tree = open_tree(here.standing.root)
    config = configuration(fixing.laid_over(tree, over), profile=profile)
    done: set[str] = set()
    in_vain: dict[str, Addition] = {}
    wrote = True
    while wrote:
        wrote = False
        for code in _codes(config, fixing.laid_over(tree, over), add, here.cache):
            if code in done:
                continue
            outcome = _outcome(here, lock, config, code, fixing.laid_over(tree, over))
            if not outcome.files:
                in_vain[code] = Addition(code, outcome, lock)
                continue
            before = {path: over.get(path) or here.lying(path) for path in outcome.files}
            lock = added(lock, here.template, outcome.files, before)
            over |= outcome.files
            done.add(code)
            wrote = True
            yield Addition(code, outcome, lock)
            if "next" in add:
                return
    if "next" not in add:
        yield from (one for code, one in in_vain.items() if code not in done)


def _outcome(here: Here, lock: Lock, config: Config, code: str, tree: Tree) -> Outcome:
    ask = asking(config._replace(select=(code,)), here.cache)
    return fixing.fix(tree, ask, adoption(here.template, lock.base.answers, here.cache))


def _codes(config: Config, tree: Tree, add: Sequence[str], cache: Cache | None) -> list[str]:
    """The practices to add, the required ones first; raises Stop for one that nobody knows."""
    named = [code for code in add if code not in ("next", "all")]
    for code in named:
        if code not in rules.load():
            raise Stop(f"there is no rule {code}: mlscaffold rules lists them")
    if named:
        return named
    found = asking(config, cache)(tree, ())
    return list(dict.fromkeys(one.code for one in found if one.finding.fix is not None))


def _in_all(first: Patch, additions: Sequence[Addition], lock: Lock | None) -> Patch:
    """Every file of the beginning and of the practices, with the lock that goes with them."""
    useful = [one for one in additions if one.outcome.files]
    files = {**first, **{path: file for one in useful for path, file in one.outcome.files.items()}}
    if last := useful[-1].lock if useful else lock:
        files[LOCK] = File(written(last).encode())
    return files


def _unveiled(here: Here, files: Patch) -> tuple[tuple[Entry, ...], Patch]:
    """The findings that only show since a practice is there, and the baseline with them.

    They were hidden on the day of the baseline: a file that lists what the code needs can be unlocked.
    """
    tree = open_tree(here.standing.root)
    then = fixing.laid_over(tree, files)
    config = configuration(then)
    now = entries_of(report_under(config, then, here.cache))
    was = entries_of(report_under(config, tree, here.cache))
    listed = read_baseline(then).entries
    known = {(one.code, one.path) for one in (*was, *listed)}
    shows = tuple(one for one in now if (one.code, one.path) not in known)
    if not shows:
        return (), {}
    return shows, {BASELINE: File(baseline_text((*listed, *shows)).encode())}


def _carry_out(here: Here, files: Patch) -> None:
    """Into the work tree, as a change that nobody has committed."""
    if changes := _changes(here, files):
        done = apply(here.standing.root, changes, "adopt")
        sys.stdout.write(written_down(done))


def _branches(here: Here, first: Patch, lock: Lock, useful: Sequence[Addition], branch: str) -> None:
    """Each practice on a branch of its own, so that each is one small pull request."""
    if not useful and first:
        _commit(here, branch, {**first, LOCK: File(written(lock).encode())}, "adopt mlscaffold\n")
    for one in useful:
        name = branch if len(useful) == 1 else f"{branch}-{one.code.lower()}"
        alone = added(lock, here.template, one.outcome.files, {p: here.lying(p) for p in one.outcome.files})
        files = {**first, **one.outcome.files, LOCK: File(written(alone).encode())}
        _commit(here, name, files, shown.message(one.code, one.outcome))


def _commit(here: Here, name: str, files: Patch, message: str) -> None:
    made = commit(here.standing.root, here.standing.commit, name, _changes(here, files), message)
    sys.stdout.write(f"Committed to {name} as {made[:12]}.\n")


def _changes(here: Here, files: Patch) -> list[Change]:
    lying = {path: here.lying(path) for path in sorted(files)}
    return [Change(p, was and was.state, files[p]) for p, was in lying.items() if was != files[p]]
