"""Every released version still makes what it made when it was released; releases follow each other."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from release.release_template import (
    ANSWERS,
    BUNDLE,
    FOLDER,
    GOLDEN,
    ROOT,
    extended,
    read_golden,
    release,
    rendering,
)
from releases import FIRST_DAY, THREE, template

from mlscaffold.errors import Stop
from mlscaffold.upkeep import bundle as bundles
from mlscaffold.upkeep.bundle import Bundle
from mlscaffold.upkeep.history import BUNDLE as CARRIED
from mlscaffold.upkeep.history import History
from mlscaffold.upkeep.rendering import ANSWERS_FILE
from mlscaffold.upkeep.template import PARTS, File, Template, current, tree_id
from mlscaffold.upkeep.unpacked import fill

SCRIPT = Path(__file__).parents[1] / "release" / "release_template.py"
DAY = datetime.date(2026, 1, 31)
Golden = Mapping[str, Any]


def git(folder: Path, *arguments: str) -> str:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    who = {
        f"GIT_{role}_{what}": "a@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=clean | who, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def follow_each_other(file: Path, golden: Golden, scratch: Path) -> bool:
    """Whether each release has the one before it as its only parent, and is what was recorded."""
    bundle = bundles.read(file)
    found = fill(scratch / "all", bundle)
    chain = [found.git.run("rev-parse", f"{c}^@").decode().split() for c in bundle.commits.values()]
    expected = [[commit] for commit in list(bundle.commits.values())[:-1]]
    recorded = {version: (record["commit"], record["tree"]) for version, record in golden.items()}
    trees = found.trees()
    return chain == [[], *expected][: len(chain)] and list(recorded.items()) == [
        (version, (commit, trees[version])) for version, commit in bundle.commits.items()
    ]


def changed(history: History, golden: Golden) -> list[tuple[str, Any]]:
    """Each version, with the answers, that makes something else today."""
    return [
        (version, recorded["answers"])
        for version, record in golden.items()
        for recorded in record["renderings"]
        if rendering(history.template(version), recorded["answers"]) != recorded
    ]


def by_copier(template: Template, answers: Mapping[str, Any], scratch: Path) -> str:
    """The id of the tree that copier itself makes."""
    import copier

    source, made = scratch / "source", scratch / FOLDER
    for path, file in template.files.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_bytes(file.content)
    copier.run_copy(str(source), made, data=dict(answers), defaults=True, quiet=True)
    files = {p.relative_to(made).as_posix(): p for p in made.rglob("*") if p.is_file()}
    return tree_id({path: File(p.read_bytes()) for path, p in files.items() if path != ANSWERS_FILE})


def test_the_releases_that_are_carried_follow_each_other(tmp_path: Path) -> None:
    assert follow_each_other(CARRIED, read_golden(ROOT / GOLDEN), tmp_path)


def test_every_release_that_is_carried_makes_what_it_made() -> None:
    assert not changed(History(), read_golden(ROOT / GOLDEN))


@pytest.mark.slow
def test_copier_makes_the_same_of_the_newest_release(tmp_path: Path) -> None:
    history = History()
    newest = history.template(history.latest()) if history.versions() else current()
    for number, answers in enumerate(ANSWERS):
        (tmp_path / str(number)).mkdir()
        ours = rendering(newest, answers)["tree"]
        assert by_copier(newest, answers, tmp_path / str(number)) == ours, answers


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository that holds the template of this checkout, and nothing else."""
    folder = tmp_path / "checkout"
    for part in PARTS:
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / part).is_dir() else shutil.copyfile)(ROOT / part, folder / part)
    for file in (BUNDLE, GOLDEN):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def commit(checkout: Path, file: str, text: str) -> None:
    (checkout / file).write_text(text, "utf-8")
    git(checkout, "commit", "-q", "-a", "-m", "change")


def test_releasing_the_checkout_twice(checkout: Path, tmp_path: Path) -> None:
    release("0.1.0", DAY, checkout)
    readme = next((checkout / "template").glob("README*")).relative_to(checkout)
    commit(checkout, str(readme), "# {{ project_name }}, again\n")
    release("0.2.0rc1", DAY, checkout)
    history, golden = History(checkout / BUNDLE), read_golden(checkout / GOLDEN)
    assert history.versions() == ("0.1.0", "0.2.0rc1")
    assert history.template("0.1.0").files == current().files
    assert follow_each_other(checkout / BUNDLE, golden, tmp_path)
    assert not changed(history, golden)
    trees = [[made["tree"] for made in record["renderings"]] for record in golden.values()]
    assert all(first != second for first, second in zip(*trees, strict=True))
    assert len(set(trees[0])) == len(ANSWERS)


def test_a_record_that_is_not_what_is_made_is_found(checkout: Path, tmp_path: Path) -> None:
    release("0.1.0", DAY, checkout, ANSWERS[:1])
    golden = json.loads((checkout / GOLDEN).read_text("utf-8"))
    golden["0.1.0"]["renderings"][0]["tree"] = "0" * 40
    assert changed(History(checkout / BUNDLE), golden) == [("0.1.0", ANSWERS[0])]
    golden["0.1.0"]["commit"] = "0" * 40
    assert not follow_each_other(checkout / BUNDLE, golden, tmp_path / "a")
    rewritten = extended(Bundle({}, b""), THREE[0], DAY)
    (checkout / BUNDLE).write_bytes(bundles.written(rewritten))
    assert not follow_each_other(checkout / BUNDLE, read_golden(checkout / GOLDEN), tmp_path / "b")


def test_a_template_that_is_not_as_committed_is_refused(checkout: Path) -> None:
    (checkout / "template" / "mine.txt").write_text("x")
    with pytest.raises(Stop, match=r"not as committed: template/mine\.txt"):
        release("0.1.0", DAY, checkout)
    (checkout / "template" / "mine.txt").unlink()
    (checkout / "copier.yml").write_text("a: 1\n")
    with pytest.raises(Stop, match=r"not as committed: copier\.yml"):
        release("0.1.0", DAY, checkout)
    assert not (checkout / BUNDLE).exists()
    assert not (checkout / GOLDEN).exists()


def test_a_folder_without_git_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="is no git repository"):
        release("0.1.0", DAY, tmp_path)


def test_nothing_new_is_refused(checkout: Path) -> None:
    release("0.1.0", DAY, checkout, ())
    with pytest.raises(Stop, match=r"nothing changed since 0\.1\.0"):
        release("0.2.0", DAY, checkout, ())


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("0.1.0", "released already"),
        ("0.1.1", r"not newer than 0\.2\.0"),
        ("0.2.0rc1", r"not newer than 0\.2\.0"),
        ("00.2.0", r"not newer than 0\.2\.0"),
        ("1.0", "no version"),
        ("../../x", "no version"),
    ],
)
def test_a_version_that_may_not_follow_is_refused(version: str, why: str) -> None:
    bundle = extended(extended(Bundle({}, b""), THREE[0], DAY), THREE[1], DAY)
    with pytest.raises(Stop, match=why):
        extended(bundle, template(version, {"a": "b"}), DAY)


def test_the_same_input_gives_the_same_bytes() -> None:
    def made() -> bytes:
        first = extended(Bundle({}, b""), THREE[0], FIRST_DAY)
        return bundles.written(extended(first, THREE[1], DAY))

    assert made() == made()


def test_git_itself_reads_the_bundle(tmp_path: Path) -> None:
    bundle = extended(extended(Bundle({}, b""), THREE[0], FIRST_DAY), THREE[1], DAY)
    file = tmp_path / "history.bundle"
    file.write_bytes(bundles.written(bundle))
    git(tmp_path, "init", "-q", "all")
    git(tmp_path / "all", "fetch", "-q", str(file), "refs/tags/*:refs/tags/*")
    shown = git(tmp_path / "all", "log", "--format=%H %D|%an <%ae>|%cn <%ce>|%aI|%cI|%s", "0.2.0")
    who = "mlscaffold <mlscaffold@localhost>"
    assert shown.splitlines() == [
        f"{bundle.commits[v]} tag: {v}|{who}|{who}|{day}T00:00:00+00:00|{day}T00:00:00+00:00|template {v}"
        for v, day in (("0.2.0", DAY), ("0.1.0", FIRST_DAY))
    ]
    assert git(tmp_path / "all", "fsck", "--strict") == ""


def test_the_script_says_why_it_refuses() -> None:
    command = [sys.executable, str(SCRIPT), "1.0", "--date", "2026-01-31"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "'1.0' is no version: write it as 1.2.3, 1.2.3a1, 1.2.3b1 or 1.2.3rc1\n"
