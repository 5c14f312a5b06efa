"""What is added goes on as the repository is: its branch, forge, indentation, line ends and language."""

# ruff: noqa: E501 (a file a line)

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from adopted import PIP, README, TEST, TRAIN, notebook
from worlds import git

from mlscaffold import standard
from mlscaffold.cli import main
from mlscaffold.errors import OK
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.default_branch import default_branch
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.repo.trees.open import open_tree
from mlscaffold.upkeep.adding.adoptable import Offer, Withheld, offered
from mlscaffold.upkeep.answering.infer import inferred
from mlscaffold.upkeep.lock import LOCK, read_lock
from mlscaffold.upkeep.template import current

LOCAL = {path: text for path, text in PIP.items() if not path.startswith(".github")}


def laid(root: Path, files: Mapping[str, str], branch: str = "main") -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    git(root, "init", "-q", "-b", branch)
    git(root, "config", "core.autocrlf", "false")
    commit(root)
    return root


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", "more")


def text_of(files: Mapping[str, str], path: str) -> str:
    made = offered(path, current(), {}, Repo(MemoryTree(files), standard.load()))
    assert isinstance(made, Offer), made
    return made.files[path].content.decode()


def cloned(tmp_path: Path, branch: str) -> Path:
    laid(tmp_path / "origin", PIP, branch)
    git(tmp_path, "clone", "-q", "origin", "churn")
    return tmp_path / "churn"


def test_the_branch_that_origin_is_read_by_is_the_default_one(tmp_path: Path) -> None:
    clone = cloned(tmp_path, "develop")
    git(clone, "switch", "-qc", "topic/1")
    assert default_branch(Repo(open_tree(clone), standard.load())) == "develop"
    git(clone, "remote", "remove", "origin")
    assert default_branch(Repo(open_tree(clone), standard.load())) == "", "one of two: nobody can tell"
    git(clone, "branch", "-qD", "develop")
    assert default_branch(Repo(open_tree(clone), standard.load())) == "topic/1"


def test_ci_runs_on_the_default_branch(tmp_path: Path) -> None:
    clone = cloned(tmp_path, "develop")
    git(clone, "switch", "-qc", "topic/1")
    assert main(["adopt", str(clone), "--yes", "--data", "license=", "--add", "TEAM104,TEAM103"]) == OK
    workflow = (clone / ".github/workflows/ci.yml").read_text("utf-8")
    assert yaml.safe_load(workflow)[True]["push"]["branches"] == ["develop", "main", "master"]


def test_a_forge_that_only_the_remote_names_holds_for_every_practice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = laid(tmp_path / "churn", LOCAL)
    git(root, "remote", "add", "origin", "https://gitlab.com/anna/churn.git")
    assert (
        main(["adopt", str(root), "--yes", "--data", "license=", "--add", "all", "--profile", "team"]) == OK
    )
    assert not (root / ".github").exists()
    assert "the repository is on GitLab" in capsys.readouterr().out


JULIA = {
    "README.md": "# Boltz\n\nMachines of Boltzmann in Julia.\n",
    "Project.toml": 'name = "Boltz"\nuuid = "7cbbbf6a-0000-4000-8000-000000000000"\nauthors = ["Anna Lee"]\n',
    "src/Boltz.jl": "module Boltz\nfunction learn(m)\n    for x in m\n        println(x)\n    end\nend\nend\n",
}


@pytest.mark.parametrize("question", ["framework", "package_name"])
@pytest.mark.parametrize(("language", "path"), [("Julia", "src/Boltz.jl"), ("R", "fit.R")])
def test_code_in_another_language_is_no_answer_of_python(question: str, language: str, path: str) -> None:
    repo = Repo(MemoryTree({"README.md": README, path: "f = 1\n"}), standard.load())
    found = next(one for one in inferred(repo) if one.question == question)
    assert (found.state, found.said) == ("not expressible", f"the code is in {language}")


def test_no_framework_is_recorded_for_julia(tmp_path: Path) -> None:
    root = laid(tmp_path / "Boltz.jl", JULIA)
    assert main(["adopt", str(root), "--yes", "--data", "license="]) == OK
    assert read_lock((root / LOCK).read_text("utf-8")).base.answers["framework"] is None


def test_an_editor_goes_on_as_the_files_are() -> None:
    two = "def f(x):\n  if x:\n    return 1\n  return 2\n"
    made = text_of(
        {"a.py": two, ".ci.yml": "a:\n    b:\n        c: 1\n", "run.sh": "if x; then\n\ty\nfi\n"},
        ".editorconfig",
    )
    assert "[*.py]\nindent_style = space\nindent_size = 2\n" in made
    assert "[*.{yml,yaml}]\nindent_style = space\nindent_size = 4\n" in made
    assert "[*.sh]\nindent_style = tab\n\n" in made
    assert "*.jl" not in made


def test_an_editor_is_told_nothing_where_the_files_differ() -> None:
    made = text_of({"a.py": "def f():\n  return 1\n", "b.py": "def f():\n    return 1\n"}, ".editorconfig")
    assert "*.py" not in made
    assert "*.jl" in text_of(JULIA, ".editorconfig")
    assert "*.py" not in text_of(JULIA, ".editorconfig")


def test_line_ends_of_windows_stay() -> None:
    files = {"a.py": "def f():\r\n    return 1\r\n", "run.sh": "#!/bin/sh\r\necho 1\r\n"}
    assert "end_of_line" not in text_of(files, ".editorconfig")
    assert "end_of_line = lf" in text_of({"a.py": "x = 1\n"}, ".editorconfig")
    made = offered(".gitattributes", current(), {}, Repo(MemoryTree(files), standard.load()))
    assert isinstance(made, Withheld)
    assert "git add --renormalize ." in made.reason


def test_an_attribute_that_would_turn_texts_is_left_to_a_person(tmp_path: Path) -> None:
    root = laid(
        tmp_path / "churn", {**LOCAL, "run.sh": "#!/bin/sh\r\necho 1\r\n", ".gitattributes": "*.png binary\n"}
    )
    assert main(["adopt", str(root), "--yes", "--data", "license=", "--add", "VCS117"]) == OK
    assert (root / ".gitattributes").read_text("utf-8") == "*.png binary\n"


def test_an_image_leaves_out_no_folder_that_holds_scripts() -> None:
    files = {
        **LOCAL,
        "runs/speed.sh": "python train.py\n",
        "models/a.bin": "x",
        "requirements.txt": "pandas==2.2.2\n",
    }
    repo = Repo(MemoryTree(files), standard.load())
    made = offered("Dockerfile", current(), {}, repo)
    assert isinstance(made, Offer)
    left_out = made.files[".dockerignore"].content.decode().splitlines()
    assert "runs" not in left_out
    assert "models" in left_out


@pytest.mark.parametrize(
    "told", ["python train.py --data [path]", "python train.py <name>", "python train.py ..."]
)
def test_a_command_with_a_blank_in_it_is_no_command(told: str) -> None:
    files = {**LOCAL, "README.md": f"# Churn\n\n## Use\n\n```bash\n{told}\n```\n"}
    assert told not in text_of(files, "docs/onboarding.md")
    assert "\npython train.py\n" in text_of(files, "docs/onboarding.md")


def test_a_module_that_can_be_started_is_not_how_a_package_is_run() -> None:
    files = {"churn/__init__.py": "", "churn/plot.py": TRAIN, "README.md": README}
    assert "churn/plot.py" not in text_of(files, "docs/onboarding.md")


def test_no_changelog_is_added_beside_release_notes(tmp_path: Path) -> None:
    root = laid(tmp_path / "churn", {**PIP, ".github/release-drafter.yml": 'template: "$CHANGES"\n'})
    assert (
        main(["adopt", str(root), "--yes", "--data", "license=", "--add", "all", "--profile", "team"]) == OK
    )
    assert not (root / "CHANGELOG.md").exists()


def test_what_an_edit_adds_is_said_and_not_what_was_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = laid(tmp_path / "churn", {**LOCAL, "look.ipynb": notebook(""), ".gitignore": "*.log\n"})
    main(["adopt", str(root), "--yes", "--data", "license="])
    capsys.readouterr()
    assert main(["adopt", str(root), "--add", "VCS105,TEAM104,TEAM105", "--plan"]) == OK
    rows = [" ".join(row.split()) for row in capsys.readouterr().out.splitlines()]
    assert "added VCS105 .gitignore: the lines __pycache__/, .ipynb_checkpoints/" in rows
    assert "added TEAM104 pyproject.toml: the lines [tool.black], line-length = 88" in rows


def test_many_commands_for_one_reason_are_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books = {f"n{i}.ipynb": notebook("1") for i in range(8)}
    root = laid(tmp_path / "churn", {**PIP, **books, "tests/test_train.py": TEST})
    main(["adopt", str(root), "--yes", "--data", "license="])
    capsys.readouterr()
    assert main(["adopt", str(root), "--add", "all", "--profile", "team"]) == OK
    told = capsys.readouterr().out
    assert told.count("outputs are removed from the file, code stays") == 1
    assert told.count("run    VCS107") == 5
    assert "3 more like these: mlscaffold audit --select VCS107 --all" in told
    assert "the practice is met, or nothing can be added" not in told, "nobody asked for it by name"


def test_commands_of_a_folder_leave_a_person_where_they_are() -> None:
    files = {"README.md": README, "src/requirements.txt": "pandas==2.2.2\n", "src/train.py": TRAIN}
    made = text_of(files, "docs/onboarding.md")
    assert "\n(cd src && python -m pip install -r requirements.txt)\n" in made


def test_what_is_fed_to_tests_or_copied_into_other_projects_is_not_renewed() -> None:
    below = ("core/tests/dummy/requirements.txt", "core/template/Dockerfile")
    made = text_of({**LOCAL, below[0]: "pandas\n", below[1]: "FROM python:3.12\n"}, ".github/dependabot.yml")
    assert [one["directory"] for one in yaml.safe_load(made)["updates"]] == ["/"]


def test_two_forges_are_no_forge_that_does_not_read() -> None:
    files = {**PIP, ".gitlab-ci.yml": "test: {script: [pytest]}\n"}
    made = offered(".github/CODEOWNERS", current(), {}, Repo(MemoryTree(files), standard.load()))
    assert made == Withheld("it is set up for GitLab and GitHub, and no remote says which reads it")
