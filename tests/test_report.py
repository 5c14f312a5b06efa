"""The text report, letter by letter: what is wrong first, nothing raw, and the width of the terminal kept."""

import datetime
import re

import pytest

from mlscaffold import rules, standard
from mlscaffold.audit import Report, audit
from mlscaffold.config import Config, Ignore
from mlscaffold.edits import Command, Edit, FromTemplate
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.report import text
from mlscaffold.report.terminal import Terminal
from mlscaffold.rule import Answer, Finding, Open, Place, Satisfied, Unknown
from mlscaffold.titles import title_of

TODAY = datetime.date(2026, 11, 22)


def report(config: Config | None = None, **answers: tuple[Answer, ...]) -> Report:
    """What real rules would report, had they given these answers."""
    every = rules.load()
    made = {
        code: every[code]._replace(check=lambda *_, said=said: said, when=(), after=())
        for code, said in answers.items()
    }
    repo = Repo(MemoryTree({"a": "x", "b": "x"}), standard.load())
    return audit(repo, config or Config(), made, tool="1.2.3", today=TODAY)


FULL = {
    "VCS101": (
        Finding("data/big.bin", "6 MB: keep it in DVC", fix=Command(("git", "rm", "--cached", "a b"), "why")),
    ),
    "VCS105": (Finding(".gitignore", "add .env", fix=Edit(".gitignore", ".env\n")),),
    "ENV101": (
        Finding("requirements.txt", "list them", line=3, also=(Place("x.py", 1), Place("n.ipynb", 9, 2))),
    ),
    "ENV107": (Finding("Dockerfile", "write one", fix=FromTemplate("Dockerfile"), also=(Place("a"),)),),
    "REP101": tuple(Finding(f"{n}.py", "seed it") for n in range(5)),
    "DOC111": (Open("docs/model-card.md", "2 passages to write", line=7),),
    "EXP106": (Unknown("cannot tell", "old.py"),),
    "TEAM101": (Satisfied("tests/test_a.py", by="pytest"),),
}

EXPECTED = """\
memory
mlscaffold 1.2.3 · standard 1.0 · profile research, the default · 2 files

Required: 4
  ✗ ENV101 {ENV101}
    requirements.txt:3  list them
      also x.py:1, n.ipynb:9 (cell 2)
  ✗ REP101 {REP101}
    0.py  seed it
    1.py  seed it
    2.py  seed it
    … and 2 more (--all shows them)
  ✗ VCS105 {VCS105}
    .gitignore  add .env
      `mlscaffold fix` writes .gitignore
  ✗ VCS101 {VCS101}
    data/big.bin  6 MB: keep it in DVC
      fix: run git rm --cached 'a b'

Cannot tell: 1
  ? EXP106 no-held-out-data · old.py: cannot tell

Advised: 1 (--all shows each place)
  ! Environments: ENV107 no-container

To be written by a person
    docs/model-card.md:7  DOC111 2 passages to write

Obstacles to reproducibility · only a run shows that a level is reached
  level 1, same machine, same result: ENV101 REP101
  level 2, other machines: ENV107
  level 3, statistically the same: not checked
  level 4, an independent implementation: not checked

Next: ENV101, REP101, VCS105 (mlscaffold explain ENV101 says why and how)

✗ 4 required to mend
8 practices: 1 passed, 5 failed, 1 open, 1 unknown. --all shows each with its places.
"""


def titled(page: str) -> str:
    from mlscaffold.titles import title_of

    return page.format(**{code: title_of(rule) for code, rule in rules.load().items()})


def test_the_report_reads_as_it_should() -> None:
    assert text.render(report(**FULL), Terminal()) == titled(EXPECTED)


def test_everything_shows_what_passed_and_what_was_ignored() -> None:
    ignore = Ignore("VCS101", "kept for the paper")
    stale = Ignore("REP104", "nothing")
    ended = Ignore("ENV107", "until the move", until=datetime.date(2026, 1, 1))
    config = Config(ignore=(ignore, stale, ended), source="mlscaffold.toml")
    said = text.render(report(config, **FULL), Terminal(), everything=True)
    assert "– VCS101 large-file: suppressed\n    data/big.bin ignored: kept for the paper\n" in said
    assert "✓ TEAM101 no-tests: passed\n    tests/test_a.py  pytest\n" in said
    assert "    4.py  seed it\n" in said
    assert "mlscaffold.toml: the ignore of REP104 matches nothing. Remove it." in said
    assert "the ignore of ENV107 ended on 2026-01-01. Renew it, or mend what it hid." in said


def test_a_clean_report_says_so() -> None:
    said = text.render(report(TEAM101=FULL["TEAM101"]), Terminal())
    assert "✓ nothing required is wrong\n1 practice: 1 passed." in said
    assert "Next" not in said


@pytest.mark.parametrize("width", [40, 60, 100])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    said = text.render(report(**FULL), Terminal(width=width))
    assert max(len(line) for line in said.splitlines()) <= width
    assert sorted(re.findall(r"\w+", said)) == sorted(re.findall(r"\w+", titled(EXPECTED)))


LONG = "torch draws random numbers (torch.rand) and is never seeded: use torch.manual_seed(seed)"


def test_further_findings_take_a_line_each_and_places_of_one_file_stand_together() -> None:
    also = (
        Place("a.py", 7),
        Place("a.py", 9),
        Place("b.ipynb", 90, 2, 1),
        Place("b.ipynb", 99, 3),
        Place("c"),
    )
    long = "experiments/2026/sequences/of/regimes/and/volatility/model.py"
    found = (
        Finding("a.py", LONG, line=3, also=also),
        Finding(long, LONG, line=12, also=also),
        Finding("d", "x"),
    )
    said = text.render(report(REP101=found), Terminal(width=72))
    assert "\n      also lines 7, 9, b.ipynb:90 (cell 2, line 1), cell 3, c\n" in said
    assert re.search(r"\n    experim\S+…\S+model.py:12 and 5 more  torch [^\n]+…\n    d  x\n", said)
    assert max(map(len, said.splitlines())) <= 72
    plain = text.render(report(REP101=found), Terminal())
    assert "      also lines 7, 9, b.ipynb:90 (cell 2, line 1) and 2 more\n" in plain
    assert f"\n    {long}:12 and 5 more  {LONG}\n" in plain
    everything = text.render(report(REP101=found), Terminal(), everything=True)
    assert (
        f"  {LONG}\n      also a.py:7, a.py:9, b.ipynb:90 (cell 2, line 1), b.ipynb:99 (cell 3), c\n"
        in everything
    )


def test_the_message_stands_beside_its_place_where_that_spares_a_line() -> None:
    said = text.render(report(REP101=(Finding("a.py", LONG), Finding("b.py", "x"))), Terminal(width=60))
    assert "\n    a.py  torch draws random numbers (torch.rand) and is\n      never seeded: use" in said
    long = "experiments/of/volatility/model of july.py"
    said = text.render(report(REP101=(Finding(long, LONG),)), Terminal(width=60))
    assert f"\n    {long}  torch draws\n      random numbers" in said
    for width in (40, len(long) + 4):
        said = text.render(report(REP101=(Finding(long, LONG),)), Terminal(width=width))
        assert f"\n    {long}\n      torch draws random" in said


def test_lines_of_one_cell_and_places_of_one_file_are_told_once() -> None:
    also = (
        Place("a.ipynb", 70, 6, 2),
        Place("b.py", 3),
        Place("a.ipynb", 71, 6, 3),
        Place("a.ipynb", 90, 8, 1),
        Place("b.py", 9),
    )
    found = Finding("a.ipynb", "seed it", line=60, cell=6, cell_line=1, also=also)
    said = text.render(report(REP101=(found,)), Terminal(width=100))
    assert "a.ipynb:60 (cell 6, line 1)  seed it · also cell 8, b.py:3, 9\n" in said


def test_what_comes_after_the_message_stands_behind_it_where_there_is_room() -> None:
    found = Finding("a", "x" * 30, also=(Place("b"),), fix=Edit("a", "y"))
    said = text.render(report(VCS105=(found,)), Terminal(width=80, colour=True))
    assert "x · also b · \x1b[32m`mlscaffold fix` edits a\x1b[0m\n" in said
    said = text.render(report(VCS105=(found,)), Terminal(width=60))
    assert "x · also b\n      `mlscaffold fix` edits a\n" in said


def test_what_waits_for_a_finding_is_counted_with_what_waits_for_that() -> None:
    every = rules.load()
    chain = {"ENV102": (), "ENV103": (), "ENV101": (Finding("requirements.txt", "list them"),)}
    made = {c: every[c]._replace(check=lambda *_, said=said: said, when=()) for c, said in chain.items()}
    made["ENV103"] = made["ENV103"]._replace(after=("ENV102",))
    repo = Repo(MemoryTree({"a": "x"}), standard.load())
    said = text.render(audit(repo, Config(), made, tool="1.2.3", today=TODAY), Terminal())
    assert titled("✗ ENV101 {ENV101} · blocks 2\n") in said
    said = text.render(audit(repo, Config(), made, tool="1.2.3", today=TODAY), Terminal(), everything=True)
    assert "\n  ‖ ENV103 lock-disagrees: blocked by ENV102\n" in said


def test_a_report_that_is_longer_than_a_screen_says_less_of_what_matters_less() -> None:
    many = tuple(Finding(f"{n}.py", LONG) for n in range(9))
    wrong = dict.fromkeys(("VCS101", "VCS105", "ENV101", "ENV102", "REP101", "REP104", "DOC102"), many)
    advised = dict.fromkeys(("ENV107", "EXP101", "EXP105", "DOC104", "TEAM101", "TEAM104"), many)
    said = text.render(report(**wrong, **advised), Terminal(width=80))
    assert "\n  ! ENV107 EXP101 EXP105 DOC104 TEAM101 TEAM104\n" in said
    assert said.count("… and 8 more (--all shows them)") == len(wrong)
    assert said.count("\n") <= text.SCREEN
    untold = {code: (Unknown(LONG, "experiments/of/july.py"),) for code in ("EXP106", "EXP107", "VCS111")}
    said = text.render(report(**wrong, **advised, **untold), Terminal(width=80))
    assert "\n  ? EXP106 no-held-out-data · experiments/of/july.py: torch draws random number…\n" in said
    assert max(map(len, said.splitlines())) <= 80
    said = text.render(report(**{**wrong, "DOC102": many[:2]}, **advised), Terminal(width=80))
    assert "… and 1 more (--all shows it)" in said
    assert "ENV107 no-container" in text.render(report(REP101=many, **advised), Terminal(width=80))


def test_places_that_are_not_named_are_counted_with_their_files() -> None:
    also = tuple(Place(f"{n // 2}.py", n) for n in range(2, 12))
    said = text.render(report(REP101=(Finding("a.py", LONG, line=3, also=also),)), Terminal())
    assert "      also 1.py:2, 3, 2.py:4 and 7 more in 4 files\n" in said


def test_a_cell_stays_with_the_name_of_its_notebook() -> None:
    long = "experiments/of/volatility/by/regimes/model.ipynb"
    found = (Finding("a.py", LONG), Finding(long, LONG, line=99, cell=7, cell_line=3))
    assert "model.ipynb (cell 7)  torch" in text.render(report(REP101=found), Terminal(width=72))


def test_no_line_ends_between_a_code_and_its_name() -> None:
    names = ("EXP101", "ENV107", "EXP105", "EXP108", "DOC110", "DOC104")
    advised = report(**{code: (Finding("a", "x"),) for code in names})
    for width in range(40, 100):
        said = text.render(advised, Terminal(width=width))
        assert "EXP105 hyperparameters-in-code" in said
        assert "\u00a0" not in said


def test_a_message_that_lists_files_leaves_room_on_the_screen() -> None:
    listing = "add " + ", ".join(f"data/part-{n}/" for n in range(60))
    said = text.render(report(VCS105=(Finding(".gitignore", listing),)), Terminal(width=80))
    assert "\n      … (--all shows the rest)\n" in said
    assert "part-59" not in said
    assert "part-59" in text.render(
        report(VCS105=(Finding(".gitignore", listing),)), Terminal(width=80), everything=True
    )


def test_what_to_do_next_is_told_where_it_stands_nowhere_else() -> None:
    advised = text.render(report(ENV107=FULL["ENV107"]), Terminal())
    title = title_of(rules.load()["ENV107"])
    assert (
        f"Next\n  1. ENV107 {title}: `mlscaffold fix` writes Dockerfile\n"
        "  mlscaffold explain ENV107 says why and how\n"
    ) in advised
    assert "Next: ENV101 (mlscaffold explain ENV101 says why and how)" in text.render(
        report(ENV101=FULL["ENV101"]), Terminal()
    )


def test_a_file_that_is_there_is_edited_and_another_written() -> None:
    fixes = (Finding("a", "x", fix=Edit("a", "y")), Finding("z", "x", fix=Edit("z", "y")))
    said = text.render(report(VCS105=fixes), Terminal(), everything=True)
    assert "`mlscaffold fix` edits a\n" in said
    assert "`mlscaffold fix` writes z\n" in said


def test_a_selection_claims_nothing_of_what_it_did_not_ask() -> None:
    said = text.render(report(Config(select=("TEAM101",)), TEAM101=FULL["TEAM101"]), Terminal())
    assert "Obstacles to reproducibility among the selected rules" in said
    assert said.count("not checked") == 4


def test_a_selected_rule_that_is_advised_shows_its_place() -> None:
    said = text.render(report(Config(select=("ENV107",)), ENV107=FULL["ENV107"]), Terminal())
    assert titled("  ! ENV107 {ENV107} · Dockerfile and 1 more\n") in said
    assert "Advised: 1\n" in said


def test_everything_shows_what_is_advised_in_full() -> None:
    said = text.render(report(**FULL), Terminal(), everything=True)
    assert titled("  ! ENV107 {ENV107}\n    Dockerfile  write one\n") in said
    assert "Advised" not in said


def test_what_cannot_be_told_is_named_beside_its_level() -> None:
    said = text.render(report(ENV101=(Unknown("why"),), REP101=FULL["REP101"]), Terminal())
    assert "level 1, same machine, same result: REP101; cannot tell ENV101\n" in said


def test_colour_changes_no_letter() -> None:
    plain = text.render(report(**FULL), Terminal(width=80))
    coloured = text.render(report(**FULL), Terminal(width=80, colour=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_a_path_with_escape_codes_is_never_sent_raw() -> None:
    hostile = Finding("a\x1b[31m\n\udcff.py", "say\x07 it", fix=Command(("rm", "a\nb"), "x"))
    said = text.render(report(VCS101=(hostile,)), Terminal())
    assert "a\\x1b[31m\\n\\udcff.py  say\\x07 it" in said
    assert "\x07" not in said


def test_what_does_not_apply_for_one_reason_is_told_once() -> None:
    asked = audit(
        Repo(MemoryTree({"a": "x"}), standard.load()), Config(), rules.load(), tool="1.2.3", today=TODAY
    )
    said = text.render(asked, Terminal(), everything=True)
    assert said.count("there are no notebooks") == 2  # once in each pillar that has rules of notebooks
    assert re.search(r"· EXP\d+ [a-z-]+, EXP\d+ [^\n]+: not applicable\n    \S", said)
    assert "the default · 1 file\n" in said


def test_a_credential_comes_first() -> None:
    said = text.render(
        report(
            VCS105=(Finding(".gitignore", "add .env", fix=Edit(".gitignore", ".env\n")),),
            VCS110=(Finding("a", "holds a key", line=1),),
            ENV101=(Finding("requirements.txt", "list them"),),
        ),
        Terminal(),
    )
    assert said.index("✗ VCS110") < said.index("✗ VCS105")
    assert "Next: VCS110, " in said
