"""A report under a baseline: what it lists does not fail, what is new does, what is gone is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mlscaffold.audit import Report, Result, fingerprint
from mlscaffold.baseline import Baseline, Entry
from mlscaffold.rule import Answer, Finding, Place

Key = tuple[str, str]
"""A practice, and the fingerprint of what it finds in one file."""

Budget = Counter[Key]
"""How many places of each may still be taken as known."""

TOLD = ("passed", "failed", "open", "suppressed", "not applicable")


def with_baseline(report: Report, baseline: Baseline) -> Report:
    """The report with the listed findings set apart, in the whole first and then in each package."""
    if not baseline.source:
        return report
    budget: Budget = Counter()
    for entry in baseline.entries:
        budget[entry.code, entry.fingerprint] += entry.places
    gone = tuple(_gone(report, baseline))
    results = tuple(_known(result, budget) for result in report.results)
    members = tuple(
        m._replace(report=m.report._replace(results=tuple(_known(r, budget) for r in m.report.results)))
        for m in report.members
    )
    return report._replace(results=results, members=members, baseline=baseline, gone=gone)


def _known(result: Result, budget: Budget) -> Result:
    """The result without what is known; of equal places in one file the last are the new ones."""
    kept: list[Answer] = []
    known: list[Finding] = []
    for answer in result.answers:
        if not isinstance(answer, Finding):
            kept.append(answer)
            continue
        old, new = _parted(result.rule.code, answer, budget)
        known += [old] if old else []
        kept += [new] if new else []
    if not known:
        return result
    still = any(isinstance(answer, Finding) for answer in kept)
    outcome = result.outcome if still else "baselined"
    return result._replace(answers=tuple(kept), baselined=tuple(known), outcome=outcome)


def _parted(code: str, finding: Finding, budget: Budget) -> tuple[Finding | None, Finding | None]:
    """The part of a finding that is known, and the part that is new."""
    old: list[Place] = []
    new: list[Place] = []
    for place in _places(finding):
        key = _key(code, finding, place)
        known = budget[key] > 0
        budget[key] -= known
        (old if known else new).append(place)
    if old and old[0] == _places(finding)[0]:  # what a known finding is shown by may change
        old += [place for place in new if _shows(finding, place)]
        new = [place for place in new if not _shows(finding, place)]
    return _of(finding, old), _of(finding, new)


def _shows(finding: Finding, place: Place) -> bool:
    """Whether a further place shows why, and is not wrong itself: a file is missing, a line needs it."""
    return finding.line is None and place.line is not None


def _of(finding: Finding, places: list[Place]) -> Finding | None:
    if not places:
        return None
    first, *rest = places
    return finding._replace(**first._asdict(), also=tuple(rest))


def _places(finding: Finding) -> tuple[Place, ...]:
    return (Place(finding.path, finding.line, finding.cell, finding.cell_line), *finding.also)


def _key(code: str, finding: Finding, place: Place) -> Key:
    """What names the finding in the place's own file: others stay known when the first is mended."""
    return code, fingerprint(code, finding._replace(path=place.path))


def entries_of(report: Report) -> tuple[Entry, ...]:
    """What a baseline of today would list: every place of the findings that fail the run."""
    counted = Counter(
        (result.rule.code, place.path, _key(result.rule.code, finding, place)[1])
        for result in report.failed
        for finding in result.findings
        for place in _places(finding)
    )
    return tuple(sorted(Entry(*key, places) for key, places in counted.items()))


def _gone(report: Report, baseline: Baseline) -> Iterator[Entry]:
    """Of each entry as many places as are found no more, where the rules that could tell were asked."""
    found: Budget = Counter(
        _key(result.rule.code, finding, place)
        for result in _results(report)
        for finding in (*result.findings, *_suppressed(result))
        for place in _places(finding)
    )
    asked = {r.rule.code for r in report.results}
    told = {r.rule.code for r in report.results if r.outcome in TOLD}
    if not report.config.select:  # a practice that this version does not know any more
        told |= {entry.code for entry in baseline.entries} - asked - set(report.off)
    for entry in baseline.entries:
        missing = entry.places - found[entry.code, entry.fingerprint]
        if missing > 0 and _told(report, entry, told):
            yield entry._replace(places=missing)


def _results(report: Report) -> Iterator[Result]:
    yield from report.results
    for member in report.members:
        yield from member.report.results


def _suppressed(result: Result) -> Iterator[Finding]:
    """Findings that an ignore accepts are not gone: it may end."""
    yield from (s.finding for s in result.suppressed if isinstance(s.finding, Finding))


def _told(report: Report, entry: Entry, told: set[str]) -> bool:
    """Whether this run could see the finding: its rule was asked, and its package where it lies in one."""
    inside = next((at for at in report.packages if entry.path.startswith(f"{at}/")), "")
    member = next((m for m in report.members if m.path == inside), None)
    if not inside:
        return entry.code in told
    untold = {r.rule.code for r in member.report.results if r.outcome not in TOLD} if member else told
    return entry.code in told - untold
