"""The baseline: what it lists does not fail, what is new does, what is gone is told and taken out."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlscaffold.baseline import NAME, Baseline, Entry, read_baseline
from mlscaffold.baselined import entries_of, with_baseline
from mlscaffold.cli import main
from mlscaffold.errors import FAILED, OK, REFUSED, Stop
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.rule import Finding, Place
from mlscaffold.upkeep.baseline import HEAD, without, written
from tests.repo.real_git import git
from tests.test_audit import made, run, says

SCHEMA = json.loads((Path(__file__).parents[1] / "mlscaffold/report/audit.schema.json").read_text("utf-8"))
HOME = "DATA = '/home/anna/data.csv'\n"
"""A path of one machine, which REP104 finds."""


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    git(folder, "add", "--all")


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    put(tmp_path, {"train.py": f"import pandas as pd\n\n{HOME}frame = pd.read_csv(DATA)\n"})
    return tmp_path


def report(
    folder: Path, *options: str, capsys: pytest.CaptureFixture[str]
) -> tuple[int, dict[str, Any], dict[str, Any]]:
    code = main(["audit", str(folder), "--format", "json", "--no-cache", *options])
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    return code, {r["code"]: r for r in document["results"]}, document


def lines(folder: Path) -> list[str]:
    return [row for row in (folder / NAME).read_text("utf-8").splitlines() if not row.startswith("#")]


def test_what_is_listed_does_not_fail_and_is_counted(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, failing, _ = report(repository, capsys=capsys)
    assert before == FAILED
    assert main(["audit", str(repository), "--write-baseline"]) == OK
    wrote = capsys.readouterr().out
    after, results, document = report(repository, capsys=capsys)
    required = {c for c, r in failing.items() if r["outcome"] == "failed" and r["strength"] == "required"}
    assert required
    assert after == OK
    assert {c for c, r in results.items() if r["outcome"] == "baselined"} == required
    assert document["counts"]["baselined"] == len(required)
    assert document["failed"] == []
    assert (
        wrote == f"Wrote {NAME}: {len(lines(repository))} places of {len(required)} practices. Commit it.\n"
    )


def test_advice_stays_advice(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, before, _ = report(repository, capsys=capsys)
    main(["audit", str(repository), "--write-baseline"])
    capsys.readouterr()
    _, after, _ = report(repository, capsys=capsys)
    advised = {c for c, r in before.items() if r["outcome"] == "failed" and r["strength"] == "advised"}
    assert advised
    assert advised == {c for c, r in after.items() if r["outcome"] == "failed"}


def test_a_new_finding_in_an_old_file_fails_and_the_old_one_does_not(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["audit", str(repository), "--write-baseline"])
    capsys.readouterr()
    text = (repository / "train.py").read_text("utf-8")
    put(repository, {"train.py": f"# more\n{text}OTHER = open('/home/anna/other.csv')\n"})
    code, results, document = report(repository, capsys=capsys)
    assert (code, document["failed"]) == (FAILED, ["REP104"])
    assert [f["line"] for f in results["REP104"]["answers"] if f["kind"] == "finding"] == [6]
    assert [f["line"] for f in results["REP104"]["baselined"]] == [4]


def test_before_a_commit_the_staged_baseline_and_the_staged_bytes_count(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["audit", str(repository), "--write-baseline"])
    capsys.readouterr()
    assert report(repository, "--staged", capsys=capsys)[0] == FAILED, "the baseline is not staged yet"
    git(repository, "add", NAME)
    assert report(repository, "--staged", capsys=capsys)[0] == OK
    (repository / "new.py").write_text("x = open('/home/anna/new.csv')\n", "utf-8")
    assert report(repository, "--staged", capsys=capsys)[0] == OK, "nothing of it is staged"
    git(repository, "add", "new.py")
    code, _, document = report(repository, "--staged", capsys=capsys)
    assert (code, document["failed"]) == (FAILED, ["REP104"])


def test_a_revision_is_judged_by_its_own_baseline(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(repository)
    main(["audit", str(repository), "--write-baseline"])
    capsys.readouterr()
    commit(repository)
    (repository / NAME).unlink()
    assert report(repository, "--rev", "HEAD", capsys=capsys)[0] == OK
    assert report(repository, "--rev", "HEAD~1", capsys=capsys)[0] == FAILED


def test_what_is_gone_is_told_and_taken_out_and_nothing_is_added(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["audit", str(repository), "--write-baseline"])
    before = lines(repository)
    put(repository, {"train.py": "import pandas as pd\n", "b.py": "x = open('/home/anna/new.csv')\n"})
    capsys.readouterr()
    _, _, document = report(repository, capsys=capsys)
    assert [(e["code"], e["path"], e["places"]) for e in document["baseline"]["gone"]] == [
        ("REP104", "train.py", 1)
    ]
    main(["audit", str(repository)])
    assert f"{NAME}: 1 of its places is gone." in capsys.readouterr().out
    assert main(["audit", str(repository), "--update-baseline"]) == OK
    assert capsys.readouterr().out == f"{NAME}: 1 place gone, {len(before) - 1} places left.\n"
    assert lines(repository) == [row for row in before if not row.startswith("REP104")]
    code, _, document = report(repository, capsys=capsys)
    assert (code, document["failed"], document["baseline"]["gone"]) == (FAILED, ["REP104"], [])


def test_a_practice_that_was_not_asked_keeps_its_lines(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["audit", str(repository), "--write-baseline"])
    put(repository, {"train.py": "import pandas as pd\n"})
    capsys.readouterr()
    _, _, document = report(repository, "--select", "DOC", capsys=capsys)
    assert document["baseline"]["gone"] == []


def test_a_practice_that_no_version_knows_is_gone(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = Entry("VCS999", "a", "0" * 16, 1)
    put(repository, {NAME: written([entry])})
    assert report(repository, capsys=capsys)[2]["baseline"]["gone"] == [
        {"code": "VCS999", "path": "a", "fingerprint": "0" * 16, "places": 1}
    ]


def test_a_finding_that_an_ignore_accepts_is_not_gone(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["audit", str(repository), "--write-baseline"])
    put(repository, {"mlscaffold.toml": '[[ignore]]\ncode = "REP104"\nreason = "it is Anna\'s"\n'})
    capsys.readouterr()
    _, results, document = report(repository, capsys=capsys)
    assert results["REP104"]["outcome"] == "suppressed"
    assert document["baseline"]["gone"] == []


def test_packages_of_a_monorepo_are_listed_and_judged_with_the_whole(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = '[project]\nname = "{}"\nversion = "1"\ndependencies = ["numpy==2.0.0"]\n'
    for name in ("core", "serving"):
        code = f"import numpy\n\n{HOME}numpy.load(DATA)\n"
        put(repository, {f"{name}/pyproject.toml": project.format(name), f"{name}/app.py": code})
    assert report(repository, "--packages", capsys=capsys)[0] == FAILED
    assert main(["audit", str(repository), "--write-baseline"]) == OK
    assert any(" core/" in row for row in lines(repository))
    capsys.readouterr()
    for options in ((), ("--packages",)):
        code_, _, document = report(repository, *options, capsys=capsys)
        assert (code_, document["baseline"]["gone"]) == (OK, []), options
    put(repository, {"core/app.py": "import numpy\n"})
    assert report(repository, capsys=capsys)[2]["baseline"]["gone"] == [], "nobody looked into the package"
    _, _, document = report(repository, "--packages", capsys=capsys)
    assert {e["path"] for e in document["baseline"]["gone"]} == {"core/app.py"}


def test_of_findings_that_say_the_same_as_many_as_are_listed_do_not_fail() -> None:
    same = [Finding("a", "mend this", line=n) for n in (1, 2, 3)]
    (entry,) = entries_of(run(made("VCS901", says(*same[:2]))))
    assert entry.places == 2
    judged = with_baseline(run(made("VCS901", says(*same))), Baseline(NAME, (entry,)))
    assert judged.results[0].outcome == "failed"
    assert [f.line for f in judged.results[0].findings] == [3]
    fewer = with_baseline(run(made("VCS901", says(same[0]))), Baseline(NAME, (entry,)))
    assert [e.places for e in fewer.gone] == [1]
    assert without([entry], fewer.gone) == (entry._replace(places=1),)


def test_of_a_finding_over_several_files_the_others_stay_known_when_the_first_is_mended() -> None:
    both = Finding("a", "mend this", line=1, also=(Place("b", 2),))
    known = Baseline(NAME, entries_of(run(made("VCS901", says(both)))))
    judged = with_baseline(run(made("VCS901", says(Finding("b", "mend this", line=5)))), known)
    assert judged.results[0].outcome == "baselined"
    assert [entry.path for entry in judged.gone] == ["a"]
    third = with_baseline(
        run(made("VCS901", says(both._replace(also=(Place("b", 2), Place("c", 3)))))), known
    )
    assert [(f.path, f.line, f.also) for f in third.results[0].findings] == [("c", 3, ())]
    assert [f.also for f in third.results[0].baselined] == [(Place("b", 2),)]


def test_a_further_line_that_shows_a_known_lack_is_nothing_new() -> None:
    lack = Finding("requirements.txt", "list what is imported", also=(Place("a.py", 1),))
    known = Baseline(NAME, entries_of(run(made("VCS901", says(lack)))))
    more = lack._replace(also=(Place("a.py", 1), Place("b.py", 1)))
    assert with_baseline(run(made("VCS901", says(more))), known).results[0].outcome == "baselined"


def test_it_is_said_that_something_is_wrong_beyond_what_fails(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["audit", str(repository), "--write-baseline"])
    capsys.readouterr()
    main(["audit", str(repository), "--all", "--no-cache"])
    said = capsys.readouterr().out
    assert f"✓ nothing required is wrong beyond {NAME}\n" in said
    assert (
        "– REP104 machine-specific-path: baselined\n    train.py:3 baselined: /home/anna/data.csv exists"
        in said
    )
    assert "level 2, other machines: ENV107 REP104\n" in said


@pytest.mark.parametrize(
    "options", [["--rev", "HEAD"], ["--staged"], ["--select", "VCS"], ["--ignore", "VCS"], ["--history"]]
)
@pytest.mark.parametrize("what", ["--write-baseline", "--update-baseline"])
def test_a_baseline_of_a_part_is_refused(
    what: str, options: list[str], repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", str(repository), what, *options]) == REFUSED
    assert "leave" in capsys.readouterr().err
    assert not (repository / NAME).exists()


def test_a_baseline_is_never_written_over_and_none_is_updated_that_is_not_there(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", str(repository), "--update-baseline"]) == REFUSED
    assert "--write-baseline" in capsys.readouterr().err
    (repository / NAME).symlink_to("elsewhere")
    assert main(["audit", str(repository), "--write-baseline"]) == REFUSED
    assert not (repository / "elsewhere").exists()


def test_two_branches_that_mend_different_things_merge(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [f"{name}/a.py" for name in "abcdefgh"]
    put(repository, {path: f"x = open('/home/anna/{path}.csv')\n" for path in paths})
    main(["audit", str(repository), "--write-baseline"])
    commit(repository)
    git(repository, "checkout", "--quiet", "-b", "other")
    for branch, path in (("other", paths[0]), ("-", paths[-1])):
        git(repository, "checkout", "--quiet", branch)
        put(repository, {path: "x = 1\n"})
        assert main(["audit", str(repository), "--update-baseline"]) == OK
        commit(repository)
    git(repository, "merge", "--quiet", "--no-edit", "other")
    capsys.readouterr()
    code, _, document = report(repository, capsys=capsys)
    assert (code, document["baseline"]["gone"]) == (OK, [])
    assert not [row for row in lines(repository) if row.endswith((paths[0], paths[-1]))]


PATHS = st.text(min_size=1, max_size=40)
ENTRIES = st.builds(
    Entry,
    st.integers(100, 999).map(lambda n: f"VCS{n}"),
    PATHS,
    st.integers(0, 2**64 - 1).map(lambda n: f"{n:016x}"),
    st.integers(1, 999_999),
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ENTRIES, max_size=20))
def test_what_is_written_is_read_whatever_the_paths(entries: list[Entry]) -> None:
    text = written(entries)
    assert text.startswith(HEAD)
    read = read_baseline(MemoryTree({NAME: text})).entries
    assert sorted((e.code, e.fingerprint, e.places) for e in read) == sorted(
        (e.code, e.fingerprint, e.places) for e in entries
    )
    assert written(reversed(entries)) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# a\nVCS101 x 1 a\n", f"^{NAME}:2 is no line of a baseline"),
        ("<<<<<<< HEAD\n", f"^{NAME}:1 is half of a merge conflict"),
        ("VCS101 0123456789abcdef 0 a\n", f"^{NAME}:1 is no line"),
    ],
)
def test_a_broken_line_stops_with_its_place(text: str, said: str) -> None:
    with pytest.raises(Stop, match=said):
        read_baseline(MemoryTree({NAME: text}))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with suppress(Stop):
        read_baseline(MemoryTree({NAME: raw}))
