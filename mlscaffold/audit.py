"""(repository, configuration) → report: which rules run, in what order, and with which outcome."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Literal

from mlscaffold.baseline import Baseline, Entry
from mlscaffold.config import Config, Ignore, in_numbers
from mlscaffold.edits import Edit
from mlscaffold.named import NamedTuple
from mlscaffold.progress import step
from mlscaffold.repo.ahead import ahead
from mlscaffold.repo.asked import Accepted, Asked, State
from mlscaffold.repo.long_facts import FIRST, LONG
from mlscaffold.repo.packages import packages
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.separate_projects import collected
from mlscaffold.rule import Answer, Finding, Open, Rule, Unknown
from mlscaffold.standard import Strength

Outcome = Literal[
    "passed", "failed", "open", "not applicable", "blocked", "unknown", "suppressed", "baselined"
]
OUTCOMES: tuple[Outcome, ...] = (
    "passed",
    "failed",
    "open",
    "unknown",
    "blocked",
    "baselined",
    "suppressed",
    "not applicable",
)


class Suppressed(NamedTuple):
    """A finding or an open item that the configuration accepts, and the entry that says so."""

    finding: Finding | Open
    by: Ignore


class Result(NamedTuple):
    """What one rule came to. `reason` says why it is not applicable, blocked or crashed."""

    rule: Rule
    strength: Strength
    outcome: Outcome
    answers: tuple[Answer, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    reason: str = ""
    new: bool = False
    crashed: bool = False
    baselined: tuple[Finding, ...] = ()
    """The findings that the baseline lists."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that are neither suppressed nor baselined."""
        return tuple(a for a in self.answers if isinstance(a, Finding))

    @property
    def fails(self) -> bool:
        """Whether this result makes the run fail."""
        return self.outcome == "failed" and self.strength == "required"


class Member(NamedTuple):
    """One package of a monorepo: its folder, and its report, in which paths are those of the root."""

    path: str
    report: Report


class Report(NamedTuple):
    """One audit of one tree: every rule that the profile or the selection asks for, in their order."""

    label: str
    commit: str
    in_git: bool
    files: int
    tool: str
    standard: str
    config: Config
    results: tuple[Result, ...]
    off: tuple[str, ...] = ()
    stale: tuple[Ignore, ...] = ()
    expired: tuple[Ignore, ...] = ()
    packages: tuple[str, ...] = ()
    """The folders of a monorepo's packages, or of the projects of a collection."""
    collected: bool = False
    """Whether these are projects that share nothing but the repository."""
    created: tuple[str, ...] = ()
    """The files that are not there and that fixes write."""
    members: tuple[Member, ...] = ()
    """The packages that were audited each for itself."""
    baseline: Baseline = Baseline()
    gone: tuple[Entry, ...] = ()
    """What the baseline lists and nothing finds any more."""

    def of(self, outcome: Outcome) -> tuple[Result, ...]:
        """The results with one outcome."""
        return tuple(r for r in self.results if r.outcome == outcome)

    @property
    def crashed(self) -> tuple[Result, ...]:
        """The rules that ended in an error of ours."""
        every = (self, *(member.report for member in self.members))
        return tuple(r for report in every for r in report.results if r.crashed)

    @property
    def failed(self) -> tuple[Result, ...]:
        """The required rules that found something, in the root first and then in each package."""
        every = (self, *(member.report for member in self.members))
        return tuple(r for report in every for r in report.results if r.fails)


def fingerprint(code: str, finding: Finding) -> str:
    """What names a finding across commits: it does not change when lines move."""
    import hashlib

    text = "\0".join((code, finding.path, finding.key or finding.message))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def audit(
    repo: Repo, config: Config, rules: Mapping[str, Rule], *, tool: str, today: datetime.date
) -> Report:
    """Ask every rule that `config` wants, each after those whose failure would block it."""
    strengths = repo.standard.profiles[config.profile]
    chosen = {c: r for c, r in rules.items() if config.selects(c)}
    wanted = {c: r for c, r in chosen.items() if config.select or strengths[c] != "off"}
    live = tuple(i for i in config.ignore if i.until is None or today <= i.until)
    done: dict[str, Result] = {}
    repo.asked = Asked(today)
    with ahead(repo, FIRST, () if config.select else LONG):
        for code in sorted(_in_order(wanted), key=lambda c: wanted[c].last):
            if wanted[code].last:
                repo.asked = Asked(today, config.source, _accepted(config, live, done))
            step(len(done), len(wanted), "practices")
            done[code] = _result(wanted[code], repo, config, live, done)
    results = tuple(done[code] for code in wanted)
    used = {s.by for r in results for s in r.suppressed}
    declared = packages(repo)
    # who asks for few rules does not wait for more
    apart = () if declared or config.select else collected(repo)
    return Report(
        label=repo.tree.label,
        commit=repo.tree.commit,
        in_git=repo.tree.in_git,
        files=len(repo.files),
        tool=tool,
        standard=str(repo.standard.version),
        config=config,
        results=results,
        off=tuple(c for c in chosen if c not in wanted),
        stale=tuple(i for i in live if i not in used and not i.once),
        expired=tuple(i for i in config.ignore if i not in live),
        packages=declared or apart,
        collected=bool(apart),
        created=tuple(sorted(_created(repo, results))),
    )


def _created(repo: Repo, results: Iterable[Result]) -> set[str]:
    fixes = (finding.fix for result in results for finding in result.findings)
    return {fix.path for fix in fixes if isinstance(fix, Edit) and fix.path not in repo.files}


def _accepted(config: Config, live: tuple[Ignore, ...], done: Mapping[str, Result]) -> tuple[Accepted, ...]:
    """What became of each ignore of the configuration's file."""
    used = {s.by for r in done.values() for s in r.suppressed}
    told = {code for code, r in done.items() if r.outcome in ("passed", "failed", "open", "suppressed")}

    def state(ignore: Ignore) -> State:
        if ignore not in live:
            return "expired"
        if ignore in used:
            return "used"
        meant = [code for code in done if code.startswith(ignore.code)]
        return "idle" if meant and told.issuperset(meant) else "untold"

    written = (i for i in config.ignore if not i.once)
    return tuple(Accepted(i.code, i.reason, i.paths, i.until, state(i)) for i in written)


def _in_order(rules: Mapping[str, Rule]) -> Iterable[str]:
    order: dict[str, None] = {}

    def visit(code: str, path: tuple[str, ...]) -> None:
        if code in path:
            raise ValueError(f"rules wait for each other: {' → '.join((*path, code))}")
        for before in rules[code].after:
            if before in rules:
                visit(before, (*path, code))
        order[code] = None

    for code in rules:
        visit(code, ())
    return order


def _result(
    rule: Rule, repo: Repo, config: Config, live: tuple[Ignore, ...], done: Mapping[str, Result]
) -> Result:
    strength = repo.standard.profiles[config.profile][rule.code]
    new = bool(config.standard) and in_numbers(rule.since) > in_numbers(config.standard)
    if new or strength == "off":
        strength = "advised"
    blocker = next((c for c in rule.after if c in done and done[c].outcome in ("failed", "blocked")), "")
    if blocker:
        return Result(rule, strength, "blocked", reason=f"by {blocker}", new=new)
    try:
        if reason := rule.not_applicable(repo):
            return Result(rule, strength, "not applicable", reason=reason, new=new)
        answers = tuple(rule.answers(repo, repo.standard))
    except Exception as error:  # noqa: BLE001 (one rule's bug must not lose the report)
        reason = f"the rule crashed: {type(error).__name__}: {error}"
        return Result(rule, strength, "unknown", reason=reason, new=new, crashed=True)
    return _judged(rule, strength, answers, live, new=new)


def _judged(
    rule: Rule, strength: Strength, answers: tuple[Answer, ...], live: tuple[Ignore, ...], *, new: bool
) -> Result:
    kept: list[Answer] = []
    suppressed: list[Suppressed] = []
    for answer in answers:
        if not isinstance(answer, (Finding, Open)):
            kept.append(answer)
        elif by := next((i for i in live if i.covers(rule.code, answer.path)), None):
            suppressed.append(Suppressed(answer, by))
        else:
            kept.append(answer)
    outcome = _outcome(kept, suppressed)
    return Result(rule, strength, outcome, tuple(kept), tuple(suppressed), new=new)


def _outcome(answers: list[Answer], suppressed: list[Suppressed]) -> Outcome:
    outcome: Outcome
    for kind, outcome in ((Finding, "failed"), (Unknown, "unknown"), (Open, "open")):
        if any(isinstance(answer, kind) for answer in answers):
            return outcome
    return "suppressed" if suppressed else "passed"
