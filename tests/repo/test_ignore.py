"""Our evaluator of `.gitignore` says what `git check-ignore` says."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlscaffold.repo.ignore import Ignored, parse

NAMES = ("a", "b", "ab", ".e", "a.b", "[a]", "é")
FOLDERS = ("", "a/", "b/", "a/b/", "a/b/a/", "ab/.e/")
TOKENS = (
    "a",
    "b",
    "ab",
    ".e",
    "*",
    "**",
    "/",
    "/",
    "?",
    "!",
    "#",
    "[ab]",
    "[!a]",
    "[",
    "]",
    "-",
    "\\",
    " ",
    "é",
)
CLASSES = ("[[:alpha:]]", "[a-b]", "[b-a]", "[]a]", "[^a]", "[\\]a]", "[[:no:]]", "[a-]", "\r", "\t", "é")
LINE = st.lists(st.sampled_from(TOKENS + CLASSES), min_size=1, max_size=6).map("".join)
TEXT = st.lists(LINE, max_size=4).map("\n".join)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("ignore")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
    for folder in FOLDERS:
        for name in NAMES:
            if not (root / folder / name).exists():
                (root / folder / name).write_text("")
    return root


def paths(root: Path) -> list[tuple[str, bool]]:
    found = (p for p in sorted(root.rglob("*")) if ".git" not in p.relative_to(root).parts)
    return [(p.relative_to(root).as_posix(), p.is_dir()) for p in found if p.name != ".gitignore"]


def by_git(root: Path) -> set[str]:
    names = "\0".join(path for path, _ in paths(root)).encode()
    done = subprocess.run(
        ["git", "-c", f"core.excludesFile={os.devnull}", "check-ignore", "--no-index", "-z", "--stdin"],
        cwd=root,
        input=names,
        capture_output=True,
        check=False,
    )
    return set(filter(None, done.stdout.decode().split("\0")))


def agree(root: Path, top: str, inner: str) -> None:
    (root / ".gitignore").write_bytes(top.encode())
    (root / "a" / ".gitignore").write_bytes(inner.encode())
    ignored = Ignored({"": top, "a": inner})
    assert {path for path, folder in paths(root) if ignored(path, is_folder=folder)} == by_git(root)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
@given(top=TEXT, inner=TEXT)
def test_any_patterns_mean_what_git_means(place: Path, top: str, inner: str) -> None:
    agree(place, top, inner)


@pytest.mark.parametrize(
    "top",
    [
        "a/**\n!a/**/\n!a/**/.e",
        "/a\n!/a/b",
        "*\n!*/\n!*.b",
        "a/*\n!a/b",
        "**/b\n",
        "a/**/a",
        "\\!a\n\\#b",
        "a \nb\\ ",
        "b/\r\n",
        "\ufeffa",
        "/*\n!/a/\n/a/*\n!/a/b/",
        "[[]a[]]",
        "?",
        "/",
        "a//",
        "***/a",
        "a**",
    ],
)
def test_known_shapes_mean_what_git_means(place: Path, top: str) -> None:
    agree(place, top, "")


@given(st.text(), st.text(min_size=1))
def test_any_text_is_no_crash(text: str, path: str) -> None:
    assert isinstance(parse(text), list)
    assert Ignored({"": text})(path) in {True, False}
