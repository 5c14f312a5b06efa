"""Files by patterns of their names: what `fnmatch` says of every name, however few of them are asked."""

from fnmatch import fnmatchcase

import pytest

from mlscaffold import standard
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree

NAMES = (
    "Dockerfile",
    "docker/Dockerfile.gpu",
    "docker/dockerfile",
    "app.dockerfile",
    "README",
    "docs/readme.md",
    "a/b/readme_de.md",
    "requirements-dev.txt",
    "dev_requirements",
    "data/part-1.csv",
    "data/part-22.csv",
    "x[1].csv",
    "a docker of docker",
)
PATTERNS = (
    "dockerfile*", "*dockerfile*", "*dockerfile", "readme*", "*requirement*", "*", "*.csv", "part-?.csv",
    "part-??*", "*docker*docker*", "[dr]*e", "x[[]1].csv", "*.*", "read*me", "[!d]*",
)  # fmt: skip


@pytest.mark.parametrize("more", [(), ("two\nlines/dockerfile\n2",)])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_names_are_found_as_fnmatch_finds_them(pattern: str, more: tuple[str, ...]) -> None:
    repo = Repo(MemoryTree(dict.fromkeys(NAMES + more, "")), standard.load())
    names = [name for name in repo.by_name if fnmatchcase(name, pattern)]
    assert list(repo.named(pattern)) == [path for name in names for path in repo.by_name[name]]
