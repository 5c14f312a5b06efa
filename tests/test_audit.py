"""Outcomes, their order, ignores and blocking, with small rules made for the purpose."""

import datetime
from collections.abc import Iterator

from mlscaffold import standard
from mlscaffold.audit import Report, audit, fingerprint
from mlscaffold.config import Config, Ignore
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.rule import Answer, Check, Finding, Open, Rule, Satisfied, Unknown
from mlscaffold.standard import Standard

TODAY = datetime.date(2026, 11, 22)


def made(code: str, check: Check, *, after: tuple[str, ...] = (), since: str = "1.0", why: str = "") -> Rule:
    when = ((lambda _repo: why),) if why else ()
    return Rule(code, code.lower(), 1, since, check, when, after, "mlscaffold.rules")


def says(*answers: Answer) -> Check:
    return lambda _repo, _standard: answers


def crashes(_repo: Repo, _standard: Standard) -> Iterator[Answer]:
    yield Finding("a", "before the crash")
    raise RuntimeError("boom")


def run(*rules: Rule, config: Config | None = None) -> Report:
    carried = standard.load()
    required = dict.fromkeys((r.code for r in rules), "required")
    profiles = {"research": {**required, "OFF101": "off"}}
    repo = Repo(MemoryTree({"a": "x"}), Standard(carried.values, profiles, carried.tools))
    return audit(repo, config or Config(), {r.code: r for r in rules}, tool="1", today=TODAY)


WRONG = Finding("a", "mend this", line=3)


def test_each_kind_of_answer_gives_its_outcome() -> None:
    report = run(
        made("VCS901", says(WRONG, Unknown("x"), Satisfied("b", by="c"))),
        made("VCS902", says(Unknown("cannot tell"), Open("a", "write"))),
        made("VCS903", says(Open("a", "write"), Satisfied("b", by="c"))),
        made("VCS904", says(Satisfied("b", by="c"))),
        made("VCS905", says()),
        made("VCS906", says(WRONG), why="there is no model"),
    )
    assert [r.outcome for r in report.results] == [
        "failed",
        "unknown",
        "open",
        "passed",
        "passed",
        "not applicable",
    ]
    assert report.results[-1].reason == "there is no model"
    assert [r.rule.code for r in report.failed] == ["VCS901"]


def test_a_failed_root_cause_blocks_what_comes_after_it_whatever_the_order() -> None:
    first = made("VCS901", says(WRONG), after=("VCS903",))
    second = made("VCS902", says(WRONG), after=("VCS901",))
    report = run(first, second, made("VCS903", says(WRONG)))
    assert [(r.outcome, r.reason) for r in report.results] == [
        ("blocked", "by VCS903"),
        ("blocked", "by VCS901"),
        ("failed", ""),
    ]


def test_a_crashed_rule_is_unknown_and_the_rest_still_runs() -> None:
    report = run(made("VCS901", crashes), made("VCS902", says(WRONG)))
    assert report.results[0].outcome == "unknown"
    assert "RuntimeError: boom" in report.results[0].reason
    assert [r.rule.code for r in report.crashed] == ["VCS901"]
    assert report.results[1].outcome == "failed"


def test_an_ignore_covers_its_code_and_paths_only() -> None:
    ignore = Ignore("VCS901", "vendored", paths=("third_party/",))
    inside = Finding("third_party/x/a.bin", "large")
    report = run(
        made("VCS901", says(inside)),
        made("VCS902", says(inside)),
        config=Config(ignore=(ignore,), source="mlscaffold.toml"),
    )
    assert report.results[0].outcome == "suppressed"
    assert report.results[0].suppressed[0].by is ignore
    assert report.results[1].outcome == "failed"


def test_a_half_suppressed_rule_still_fails_and_keeps_both() -> None:
    ignore = Ignore("VCS901", "vendored", paths=("third_party/",))
    report = run(
        made("VCS901", says(Finding("third_party/a", "m"), Finding("src/a", "m"))),
        config=Config(ignore=(ignore,)),
    )
    assert report.results[0].outcome == "failed"
    assert [f.path for f in report.results[0].findings] == ["src/a"]
    assert len(report.results[0].suppressed) == 1


def test_ignores_that_ended_or_match_nothing_are_told() -> None:
    ended = Ignore("VCS901", "until the move", until=datetime.date(2026, 11, 21))
    last_day = Ignore("VCS902", "until today", until=TODAY)
    stale = Ignore("VCS9", "nothing there", paths=("nowhere/",))
    report = run(
        made("VCS901", says(WRONG)),
        made("VCS902", says(WRONG)),
        config=Config(ignore=(ended, last_day, stale)),
    )
    assert [r.outcome for r in report.results] == ["failed", "suppressed"]
    assert report.expired == (ended,)
    assert report.stale == (stale,)


def test_a_rule_newer_than_the_pinned_standard_is_new_and_never_fails() -> None:
    report = run(made("VCS901", says(WRONG), since="1.10"), config=Config(standard="1.9"))
    assert report.results[0].new
    assert report.results[0].outcome == "failed"
    assert not report.failed


def test_what_the_profile_switches_off_runs_only_when_selected() -> None:
    off = made("OFF101", says(WRONG))
    carried = standard.load()
    profiles = {"research": {"OFF101": "off"}}
    repo = Repo(MemoryTree({}), Standard(carried.values, profiles, carried.tools))  # type: ignore[arg-type]
    without = audit(repo, Config(), {"OFF101": off}, tool="1", today=TODAY)
    chosen = audit(repo, Config(select=("OFF",)), {"OFF101": off}, tool="1", today=TODAY)
    assert (without.results, without.off) == ((), ("OFF101",))
    assert chosen.results[0].outcome == "failed"
    assert not chosen.failed


def test_a_fingerprint_survives_a_move_and_tells_findings_apart() -> None:
    assert fingerprint("X", WRONG) == fingerprint("X", Finding("a", "mend this", line=99))
    assert fingerprint("X", WRONG) != fingerprint("Y", WRONG)
    assert fingerprint("X", WRONG) != fingerprint("X", Finding("b", "mend this"))
    assert fingerprint("X", Finding("a", "3 of 4", key="seed")) == fingerprint(
        "X", Finding("a", "2 of 4", key="seed")
    )
