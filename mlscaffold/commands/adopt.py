"""`mlscaffold adopt`: bring a repository that is there under the standard, one small step at a time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from mlscaffold import rules, standard
from mlscaffold.apply import apply
from mlscaffold.baseline import NAME as BASELINE
from mlscaffold.baseline import Entry, read_baseline
from mlscaffold.baselined import entries_of, with_baseline
from mlscaffold.commands.audit import configuration, report_under
from mlscaffold.commands.fix import asking
from mlscaffold.commands.given import checked, from_file, from_options
from mlscaffold.commands.unfinished import finish
from mlscaffold.config import DEFAULT_PROFILE, OWN_FILE, Config
from mlscaffold.edits import File
from mlscaffold.errors import OK, Stop
from mlscaffold.named import NamedTuple
from mlscaffold.repo.cache import Cache, the_cache
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.open import open_tree
from mlscaffold.repo.trees.standing import Standing
from mlscaffold.repo.trees.tree import Tree
from mlscaffold.report import adopt as shown
from mlscaffold.report import applied
from mlscaffold.report.answers import as_text
from mlscaffold.report.terminal import terminal_of
from mlscaffold.upkeep import fixing
from mlscaffold.upkeep.adopting import (
    added,
    answered,
    answered_again,
    begun,
    made_by_us,
    or_given,
    unanswered,
)
from mlscaffold.upkeep.answering.infer import inferred, unread
from mlscaffold.upkeep.answering.proven import Answer
from mlscaffold.upkeep.answers import choices, insist, settle
from mlscaffold.upkeep.baseline import without
from mlscaffold.upkeep.baseline import written as baseline_text
from mlscaffold.upkeep.branch import commit
from mlscaffold.upkeep.changes import as_committed, changes_to
from mlscaffold.upkeep.fixing import Outcome
from mlscaffold.upkeep.history import History, carried
from mlscaffold.upkeep.lock import LOCK, Lock, lock_at, written
from mlscaffold.upkeep.offers import adoption
from mlscaffold.upkeep.template import Template, questions

Patch = dict[str, File]
"""Whole new files by path."""

Findings = frozenset[tuple[str, str]]
"""Findings, by the code of the rule and the path."""


class Addition(NamedTuple):
    """One practice: its code, what came of it, and the repository's files as they shall be."""

    code: str
    outcome: Outcome
    lock: Lock


class _Apart(NamedTuple):
    """How practices are put on branches: what the names begin with, and the profile that asks for them."""

    branch: str
    profile: str
    was: Findings
    """What the audit finds before any of them."""


class Here(NamedTuple):
    """What every step of an adoption needs: the repository, the template, and what is kept of it."""

    standing: Standing
    tree: Tree
    template: Template
    cache: Cache | None
    colour: str


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
    """Begin an adoption, or add practices to one; what is there stays as it is.

    Raises Stop for a question that nobody answered; with `plan` only after the plan is shown.
    """
    standing = Standing(Path(path))
    finish(standing.root)
    with the_cache(standing.root) as cache:
        here = Here(standing, open_tree(standing.root), carried(), cache, colour)
        given = checked({**from_file(answers), **from_options(data)}, questions(here.template))
        known_lock = lock_at(standing)
        if known_lock is not None and not add and not given:
            sys.stdout.write(f"{standing.root.name} is adopted already; nothing was changed.\n")
            return OK
        if known_lock is None:
            first, lock, asks = _begin(here, given, profile, yes=yes, plan=plan)
        else:
            _possible(here, given)
            first, lock, asks = {}, answered_again(known_lock, given), ""
        additions = list(_additions(here, lock, add, first, profile)) if add else []
        files = _in_all(first, additions, lock if given else None)
        grown = bool(add) and LOCK in files
        was = _today(here) if grown else frozenset()
        shows, known = _kept_up(here, files, was, met=not branch) if grown else ((), {})
        terminal, pairs = terminal_of(sys.stdout, colour), [(a.code, a.outcome) for a in additions]
        sys.stdout.write(shown.render(pairs, sorted(first), add, terminal, shows))
        if branch and not plan:
            useful = [one for one in additions if one.outcome.files]
            _branches(here, files if not useful else first, lock, useful, _Apart(branch, profile, was))
    if not plan and not branch:
        _carry_out(here, {**files, **known})
    if asks:
        raise Stop(asks)
    return OK


def _asked(here: Here, found: Sequence[Answer], given: Mapping[str, Any], *, yes: bool) -> dict[str, Any]:
    """The given answers, with those that a person at the terminal adds where nobody else can tell."""
    if yes or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return dict(given)
    asked = {
        one.question: one.said for one in found if one.state == "to be asked" and one.question not in given
    }
    typed, offered = {}, _choices(here.template)
    for question, said in asked.items():
        values = (
            f"\n{', '.join(offered[question])}, or nothing to decide later" if question in offered else ""
        )
        sys.stdout.write(f"{question}: {said}{values}: ")
        sys.stdout.flush()
        typed[question] = sys.stdin.readline().strip()
    return {**given, **{question: value for question, value in typed.items() if value or question in offered}}


def _begin(
    here: Here, given: Mapping[str, Any], profile: str, *, yes: bool, plan: bool
) -> tuple[Patch, Lock, str]:
    """The lock, the configuration and the baseline of today's findings, and what is still to be answered.

    The table of answers is shown. Raises Stop where an answer is missing, except for a plan.
    """
    repo = Repo(here.tree, standard.load(), (), here.cache)
    told = inferred(repo)
    given = _asked(here, told, given, yes=yes)
    found = [or_given(one, given) for one in told]
    terminal = terminal_of(sys.stdout, here.colour)
    sys.stdout.write(as_text(found, terminal, {}, unread(repo)) + "\n")
    _possible(here, given)
    own = made_by_us(repo, _versions(here.template), here.standing.root.name)
    offered = _choices(here.template)
    asks = "" if own else unanswered(found, given, offered)
    if asks and not plan:
        raise Stop(asks)
    lock = own or begun(here.template, answered(found, given, offered))
    patch: Patch = {LOCK: File(written(lock).encode())}
    config = configuration(here.tree, profile=profile)
    if not config.source:
        likely = next((one.value for one in found if one.question == "profile"), None)
        chosen = profile or str(given.get("profile") or likely or DEFAULT_PROFILE)
        patch[OWN_FILE] = File(_configuration(chosen).encode())
        config = configuration(here.tree, profile=chosen)
    entries = entries_of(report_under(config, here.tree, here.cache))
    if entries and BASELINE not in repo.files:
        patch[BASELINE] = File(baseline_text(entries).encode())
    return patch, lock, asks


def _possible(here: Here, given: Mapping[str, Any]) -> None:
    """Raises Stop where the template refuses a given answer."""
    said = {question: value for question, value in given.items() if value not in ("", None)}
    insist(settle(here.template, said, here.standing.root.name))


def _choices(template: Template) -> dict[str, tuple[str, ...]]:
    """The values among which a question lets choose."""
    offered = {name: choices(question) for name, question in questions(template).items()}
    return {name: tuple(map(str, values)) for name, values in offered.items() if values}


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
    now = fixing.laid_over(here.tree, over)
    config = configuration(now, profile=profile)
    done: set[str] = set()
    in_vain: dict[str, Addition] = {}
    wrote = True
    while wrote:
        wrote = False
        for code in _codes(config, now, add, here.cache):
            if code in done:
                continue
            outcome = _outcome(here, lock, config, code, now)
            if not outcome.files:
                in_vain[code] = Addition(code, outcome, lock)
                continue
            before = {path: over.get(path) or here.standing.lying(path) for path in outcome.files}
            lock = added(lock, here.template, outcome.files, before)
            over |= outcome.files
            now = fixing.laid_over(here.tree, over)
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


def _today(here: Here) -> Findings:
    """What the audit finds before anything is added."""
    found = entries_of(report_under(configuration(here.tree), here.tree, here.cache))
    return frozenset((one.code, one.path) for one in found)


def _kept_up(here: Here, files: Patch, was: Findings, *, met: bool) -> tuple[tuple[Entry, ...], Patch]:
    """The findings that only show since a practice is there, and the baseline with them.

    They were hidden on the day of the baseline: a file that lists what the code needs can be unlocked.
    With `met` the baseline loses what was met. Branches keep it: neighbouring lines that go conflict.
    """
    then = fixing.laid_over(here.tree, files)
    baseline, report = read_baseline(then), report_under(configuration(then), then, here.cache)
    known = was | {(one.code, one.path) for one in baseline.entries}
    shows = tuple(one for one in entries_of(report) if (one.code, one.path) not in known)
    gone = with_baseline(report, baseline).gone if met else ()
    if not shows and not gone:
        return (), {}
    kept = (*without(baseline.entries, gone), *shows)
    return shows, {BASELINE: File(baseline_text(kept).encode())}


def _carry_out(here: Here, files: Patch) -> None:
    """Into the work tree, as a change that nobody has committed."""
    if changes := changes_to(here.standing, files):
        done = apply(here.standing.root, changes, "adopt")
        sys.stdout.write(applied.written(done))


def _branches(here: Here, first: Patch, lock: Lock, useful: Sequence[Addition], apart: _Apart) -> None:
    """Each practice on a branch of its own, as if it were the only one: each is one small pull request."""
    if not useful and first:
        began = "adopt mlscaffold\n" if here.standing.lying(LOCK) is None else "record more answers\n"
        _commit(here, apart.branch, first, began)
    base = fixing.laid_over(here.tree, first)
    config = configuration(base, profile=apart.profile)
    for one in useful:
        outcome = _outcome(here, lock, config, one.code, base) if len(useful) > 1 else one.outcome
        if not outcome.files:
            sys.stdout.write(f"{one.code} needs another of these practices: add it when that is merged.\n")
            continue
        name = apart.branch if len(useful) == 1 else f"{apart.branch}-{one.code.lower()}"
        files = _alone(here, first, lock, outcome)
        _commit(
            here,
            name,
            {**files, **_kept_up(here, files, apart.was, met=False)[1]},
            shown.message(one.code, outcome),
        )


def _alone(here: Here, first: Patch, lock: Lock, outcome: Outcome) -> Patch:
    """The files of one practice and those of the beginning, with the lock that goes with them."""
    before = {path: first.get(path) or here.standing.lying(path) for path in outcome.files}
    alone = added(lock, here.template, outcome.files, before)
    return {**first, **outcome.files, LOCK: File(written(alone).encode())}


def _commit(here: Here, name: str, files: Patch, message: str) -> None:
    changes = changes_to(here.standing, files)
    if not changes:
        sys.stdout.write(f"Nothing to commit to {name}: all of it is there already.\n")
        return
    todo = as_committed(here.standing, changes)
    made = commit(here.standing.root, here.standing.commit, name, todo, message)
    sys.stdout.write(f"Committed to {name} as {made[:12]}.\n")
