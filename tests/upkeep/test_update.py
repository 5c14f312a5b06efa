"""`update`, `drift` and `fix --path` as commands: a customised project walks through three releases."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from releases import history
from worlds import git

from mlscaffold import report
from mlscaffold.cli import main
from mlscaffold.commands import drift as drift_command
from mlscaffold.commands import fix as fix_command
from mlscaffold.commands import new as new_command
from mlscaffold.commands import versions
from mlscaffold.edits import File
from mlscaffold.errors import FAILED, OK, REFUSED
from mlscaffold.upkeep.lock import LOCK, read_lock
from mlscaffold.upkeep.template import Template, current

CI = "template/.github/workflows/ci.yml.jinja"
STANDARD = "mlscaffold/standard/standard.yml"
FEATURES = "mlscaffold/standard/features.yml"


def changed(template: Template, version: str, **edits: Callable[[str], str]) -> Template:
    """The next release: each file with its text edited."""
    paths = {path.replace("/", "_").replace(".", "_"): path for path in template.files}
    files = dict(template.files)
    for name, edit in edits.items():
        path = paths[name]
        files[path] = File(edit(files[path].content.decode()).encode(), files[path].mode)
        assert files[path] != template.files[path], path
    return Template(version, files)


def releases() -> list[Template]:
    """0.1.0 as the checkout has it, then CI changed, then a file renamed, then Python's floor raised."""
    one = current()._replace(version="0.1.0")
    two = changed(
        one,
        "0.2.0",
        **{CI.replace("/", "_").replace(".", "_"): lambda t: t.replace("ubuntu-24.04", "ubuntu-26.04")},
    )
    moved = changed(
        two,
        "0.3.0",
        **{
            FEATURES.replace("/", "_").replace(".", "_"): lambda t: t.replace(
                "docs/troubleshooting.md", "docs/repair.md"
            )
        },
    )
    files = dict(moved.files)
    files["template/docs/repair.md.jinja"] = files.pop("template/docs/troubleshooting.md.jinja")
    three = moved._replace(files=dict(sorted(files.items())))
    four = changed(
        three,
        "0.4.0",
        **{STANDARD.replace("/", "_").replace(".", "_"): lambda t: t.replace('"3.11"', '"3.12"')},
    )
    return [one, two, three, four]


@pytest.fixture(scope="module")
def known() -> list[Template]:
    return releases()


def installed(patch: pytest.MonkeyPatch, folder: Path, known: list[Template], version: str) -> None:
    """As if a version of mlscaffold were installed: it carries that template and every one before."""
    past = [t for t in known if t.version <= version]
    folder.mkdir(exist_ok=True)
    own = history(folder, *past)
    for command in (versions, drift_command, fix_command, new_command):
        patch.setattr(command, "carried", lambda: past[-1], raising=False)
    patch.setattr(versions, "History", lambda: own)


@pytest.fixture
def at(known: list[Template], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda version: installed(monkeypatch, tmp_path / "installed", known, version)


@pytest.fixture(scope="module")
def made(known: list[Template], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of 0.1.0 to which a team did what teams do."""
    root = tmp_path_factory.mktemp("made") / "churn"
    with pytest.MonkeyPatch.context() as patch:
        installed(patch, root.parent / "installed", known, "0.1.0")
        assert main(["new", str(root), "--yes", "--data", "author=Ada"]) == OK
    edit(root / ".github/workflows/ci.yml", "timeout-minutes: 20", "timeout-minutes: 45")
    edit(root / "docs/troubleshooting.md", "\n", "\nOurs: ask Ada.\n", count=1)
    edit(root / "pyproject.toml", "[tool.ruff]\n", "[tool.ruff]\npreview = true # ours\n")
    edit(root / "src/churn/train.py", "\n", "\n# our own training\n", count=1)
    (root / "SECURITY.md").unlink()
    git(root, "add", "-A")
    git(root, "commit", "-qm", "ours")
    return root


@pytest.fixture
def project(
    made: Path, at: Callable[[str], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Path:
    at("0.1.0")
    root = tmp_path / "churn"
    shutil.copytree(made, root, symlinks=True)
    capsys.readouterr()
    return root


def follows(kind: str, said: str) -> None:
    """Hold a document against its published schema."""
    schema = json.loads((Path(report.__path__[0]) / f"{kind}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(said), schema)


def edit(path: Path, old: str, new: str, count: int = -1) -> None:
    text = path.read_text("utf-8")
    assert old in text, path
    path.write_text(text.replace(old, new, count), "utf-8")


def test_a_customised_project_walks_through_three_releases(
    project: Path, at: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["drift", str(project)]) == FAILED
    told = capsys.readouterr().out
    assert "drifted    .github/workflows/ci.yml" in told
    assert "missing    SECURITY.md" in told
    assert "pyproject.toml" not in told, "a key of one's own is no drift"

    at("0.2.0")
    assert main(["update", str(project), "--plan"]) == OK
    assert git(project, "status", "--porcelain") == ""
    assert main(["update", str(project)]) == OK
    ci = (project / ".github/workflows/ci.yml").read_text("utf-8")
    assert "ubuntu-26.04" in ci
    assert "ubuntu-24.04" not in ci
    assert "timeout-minutes: 45" in ci
    assert git(project, "diff", "--name-only").split() == [".github/workflows/ci.yml", LOCK]
    git(project, "commit", "-qam", "0.2.0")

    at("0.4.0")
    assert main(["update", str(project), "--to", "0.3.0"]) == OK
    git(project, "add", "-A")
    git(project, "commit", "-qm", "0.3.0")
    assert not (project / "docs/troubleshooting.md").exists()
    assert "Ours: ask Ada." in (project / "docs/repair.md").read_text("utf-8")

    assert main(["update", str(project)]) == OK
    git(project, "commit", "-qam", "0.4.0")
    pyproject = (project / "pyproject.toml").read_text("utf-8")
    assert 'requires-python = ">=3.12"' in pyproject
    assert "preview = true # ours" in pyproject
    assert "# our own training" in (project / "src/churn/train.py").read_text("utf-8")
    assert not (project / "SECURITY.md").exists()
    assert read_lock((project / LOCK).read_text("utf-8")).current == "0.4.0"
    capsys.readouterr()
    assert main(["update", str(project)]) == OK
    assert capsys.readouterr().out == "Nothing to do: this repository follows 0.4.0.\n"
    assert git(project, "status", "--porcelain") == ""


def test_all_three_at_once_come_to_the_same(project: Path, at: Callable[[str], None], tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(project), str(other))
    for version in ("0.2.0", "0.3.0", "0.4.0"):
        at(version)
        main(["update", str(project)])
        git(project, "add", "-A")
        git(project, "commit", "-qm", version)
    main(["update", str(other)])
    git(other, "add", "-A")
    git(other, "commit", "-qm", "all")
    assert git(other, "rev-parse", "HEAD^{tree}") == git(project, "rev-parse", "HEAD^{tree}")


def test_a_plan_is_saved_and_carried_out(
    project: Path, at: Callable[[str], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at("0.4.0")
    assert main(["update", str(project), "--plan", "--format", "json"]) == OK
    saved = tmp_path / "plan.json"
    saved.write_text(capsys.readouterr().out, "utf-8")
    loaded = json.loads(saved.read_text("utf-8"))
    fates = {step["path"]: step["fate"] for step in loaded["steps"]}
    assert fates["docs/repair.md"] == "move"
    assert fates[".github/workflows/ci.yml"] == "merge"
    patch = "".join(step["diff"] for step in loaded["steps"] if "diff" in step)
    git(project, "branch", "before")
    assert main(["update", str(project), "--apply", str(saved)]) == OK
    git(project, "add", "-A")
    by_plan = git(project, "write-tree")
    git(project, "reset", "-q", "--hard", "before")
    subprocess.run(["git", "apply", "--index", "-"], cwd=project, input=patch.encode(), check=True)
    differs = git(project, "diff", "--name-only", by_plan.strip(), "--cached").split()
    assert differs == [LOCK], "the diffs of the plan are a patch"
    assert main(["update", str(project), "--apply", str(saved)]) == REFUSED
    assert "ci.yml" in capsys.readouterr().err


def test_a_branch_with_one_commit(
    project: Path, at: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    at("0.4.0")
    edit(project / ".github/workflows/ci.yml", "timeout-minutes: 45", "timeout-minutes: 46")  # not committed
    before = git(project, "status", "--porcelain=v2", "--branch")
    assert main(["update", str(project), "--branch", "standard/0.4.0"]) == OK
    assert git(project, "status", "--porcelain=v2", "--branch") == before
    made = git(project, "rev-parse", "standard/0.4.0")
    assert git(project, "rev-list", "--count", "main..standard/0.4.0").strip() == "1"
    text = git(project, "log", "-1", "--format=%B", "standard/0.4.0")
    assert text.startswith("update the standard from 0.1.0 to 0.4.0")
    assert "`docs/repair.md` (from `docs/troubleshooting.md`)" in text
    assert main(["update", str(project), "--branch", "standard/0.4.0"]) == OK
    assert git(project, "rev-parse", "standard/0.4.0") == made, "the same input, the same commit"
    git(project, "stash", "-q")
    git(project, "checkout", "-q", "standard/0.4.0")
    git(project, "commit", "-q", "--allow-empty", "-m", "a person's")
    git(project, "checkout", "-q", "main")
    capsys.readouterr()
    assert main(["update", str(project), "--branch", "standard/0.4.0"]) == REFUSED
    assert "somebody has committed to standard/0.4.0" in capsys.readouterr().err


def test_only_a_feature_and_later_the_rest(project: Path, at: Callable[[str], None]) -> None:
    at("0.4.0")
    assert main(["update", str(project), "--only", "ci"]) == OK
    assert git(project, "diff", "--name-only").split() == [".github/workflows/ci.yml", LOCK]
    git(project, "commit", "-qam", "ci first")
    lock = read_lock((project / LOCK).read_text("utf-8"))
    assert lock.files["pyproject.toml"].base == "0.1.0"
    assert main(["update", str(project)]) == OK
    assert 'requires-python = ">=3.12"' in (project / "pyproject.toml").read_text("utf-8")


def test_what_drifted_is_healed_although_the_template_leaves_it_alone(project: Path) -> None:
    edit(project / "pyproject.toml", "line-length = 88", "line-length = 100")
    git(project, "commit", "-qam", "longer")
    assert main(["fix", str(project), "--path", "SECURITY.md", "--path", "pyproject.toml"]) == OK
    assert (project / "SECURITY.md").exists()
    text = (project / "pyproject.toml").read_text("utf-8")
    assert "line-length = 100" not in text
    assert "preview = true # ours" in text


def test_files_are_healed_one_after_the_other(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(project / "pyproject.toml", "line-length = 88", "line-length = 100")
    assert main(["fix", str(project), "--path", "SECURITY.md"]) == OK
    assert main(["fix", str(project), "--path", "pyproject.toml"]) == REFUSED
    assert "(pyproject.toml). Commit or stash them first" in capsys.readouterr().err
    assert main(["fix", str(project), "--path", "nothing.txt"]) == REFUSED
    assert "nothing that drifted matches nothing.txt" in capsys.readouterr().err
    git(project, "commit", "-q", "-m", "longer", "pyproject.toml")
    assert main(["fix", str(project), "--path", "pyproject.toml"]) == OK
    assert "line-length = 100" not in (project / "pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("standard: cookie\nschema: 1\n", ".mlscaffold.lock:1: it follows 'cookie'"),
        ("standard: mlscaffold\nschema: 9\n", ".mlscaffold.lock:2: a newer mlscaffold wrote it"),
        ("a: [\n", ".mlscaffold.lock:2: it is no YAML"),
        ("a: 1\n<<<<<<< HEAD\n", ".mlscaffold.lock:2: it holds a merge conflict"),
        ("", ".mlscaffold.lock:1: it holds no state"),
    ],
)
def test_a_lock_that_is_broken_or_not_ours(
    project: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / LOCK).write_text(text, "utf-8")
    assert main(["update", str(project)]) == REFUSED
    assert said in capsys.readouterr().err


def test_without_a_lock(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(tmp_path, "init", "-q")
    assert main(["update", str(tmp_path)]) == REFUSED
    assert "mlscaffold adopt" in capsys.readouterr().err


def test_a_version_that_nobody_released(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["update", str(project), "--to", "9.9.9"]) == REFUSED
    assert "9.9.9" in capsys.readouterr().err


def test_an_answer_that_is_no_longer_allowed_is_a_question_for_machines(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(project / LOCK, "license: MIT", "license: WTFPL")
    git(project, "commit", "-qam", "own licence")
    assert main(["update", str(project), "--format", "json"]) == REFUSED
    asked = json.loads(capsys.readouterr().out)["questions"]
    assert [(q["question"], q["why"], q["value"]) for q in asked] == [("license", "not a choice", "WTFPL")]
    assert "Apache-2.0" in asked[0]["choices"]
    assert main(["update", str(project)]) == REFUSED
    assert "license is 'WTFPL'" in capsys.readouterr().err


def test_a_file_that_nobody_wants_is_declined_with_a_reason(
    project: Path, at: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    at("0.4.0")
    assert main(["update", str(project), "--decline", "SECURITY.md"]) == REFUSED
    assert "PATH=REASON" in capsys.readouterr().err
    assert (
        main(["update", str(project), "--decline", "SECURITY.md=the forge has one", "--until", "2999-01-01"])
        == OK
    )
    git(project, "add", "-A")
    git(project, "commit", "-qm", "declined")
    declined = read_lock((project / LOCK).read_text("utf-8")).declined["SECURITY.md"]
    assert (declined.reason, str(declined.until)) == ("the forge has one", "2999-01-01")
    main(["drift", str(project)])
    assert "declined   SECURITY.md" in capsys.readouterr().out


def test_markers_are_written_only_where_asked_and_decide_the_path(
    project: Path, at: Callable[[str], None]
) -> None:
    ci = project / ".github/workflows/ci.yml"
    edit(
        ci,
        "    runs-on: ubuntu-24.04\n    timeout-minutes: 15",
        "    runs-on: self-hosted\n    timeout-minutes: 15",
    )
    text = (project / "tasks.py").read_text("utf-8")
    (project / "tasks.py").write_text(text.replace("PYTHON = (3, 11)", "PYTHON = (3, 10)"), "utf-8")
    git(project, "commit", "-qam", "older")
    at("0.4.0")
    assert main(["update", str(project)]) == FAILED
    assert "<<<<<<<" not in (project / "tasks.py").read_text("utf-8")
    assert "self-hosted" in ci.read_text("utf-8")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "what merged")
    assert main(["update", str(project), "--markers", "tasks.py", "--mine", ".github"]) == FAILED
    assert "<<<<<<< yours\nPYTHON = (3, 10)" in (project / "tasks.py").read_text("utf-8")
    (project / "tasks.py").write_text(text.replace("PYTHON = (3, 11)", "PYTHON = (3, 12)"), "utf-8")
    git(project, "commit", "-qam", "decided")
    assert main(["update", str(project)]) == OK
    assert git(project, "status", "--porcelain") == ""


def test_json_stays_json_when_the_update_is_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(project / "compose.yaml", "127.0.0.1:5000:5000", "127.0.0.1:8000:5000")
    git(project, "commit", "-qam", "another port")
    capsys.readouterr()
    assert main(["update", str(project), "--data", "tracker=none", "--format", "json"]) == FAILED
    said = capsys.readouterr()
    follows("plan", said.out)
    (clash,) = [step for step in json.loads(said.out)["steps"] if step["fate"] == "conflict"]
    assert '"127.0.0.1:8000:5000"' in clash["conflicts"][0]["ours"]
    assert "git restore" in said.err


def test_a_conflict_shows_what_each_side_changed_and_how_to_decide(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(project / "compose.yaml", "127.0.0.1:5000:5000", "127.0.0.1:8000:5000")
    git(project, "commit", "-qam", "another port")
    capsys.readouterr()
    assert main(["update", str(project), "--data", "tracker=none", "--plan"]) == FAILED
    said = capsys.readouterr().out
    assert '-   - "127.0.0.1:5000:5000"' in said
    assert '+   - "127.0.0.1:8000:5000"' in said
    assert "template: removed" in said
    assert "--mine PATH" in said


def test_drift_and_questions_follow_their_schemas(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "Makefile").unlink()
    capsys.readouterr()
    assert main(["drift", str(project), "--format", "json"]) == FAILED
    said = capsys.readouterr().out
    follows("drift", said)
    rows = {row["path"]: row for row in json.loads(said)["paths"]}
    assert rows["Makefile"]["state"] == "missing"
    assert main(["update", str(project), "--data", "tracker=clearml", "--format", "json"]) == REFUSED
    follows("plan", capsys.readouterr().out)


def test_markers_are_never_committed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = git(project, "branch", "--list")
    assert main(["update", str(project), "--markers", "tasks.py", "--branch", "standard"]) == REFUSED
    assert "never committed" in capsys.readouterr().err
    assert git(project, "branch", "--list") == before
