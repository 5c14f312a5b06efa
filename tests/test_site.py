"""Our documentation builds strictly, and a reader's browser asks nobody but us."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_generated import ELSEWHERE

from mlscaffold import rules

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    env = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_rule_is_published(site: Path) -> None:
    for code in rules.load():
        assert code in (site / "reference/rules" / code / "index.html").read_text("utf-8")


def test_every_command_is_published(site: Path) -> None:
    page = (site / "reference/commands/index.html").read_text("utf-8")
    for command in ("new", "audit", "facts", "explain", "rules"):
        assert f"mlscaffold {command}" in page


def test_pages_ask_nobody(site: Path) -> None:
    for page in [*site.rglob("*.html"), *site.rglob("*.css")]:
        assert not ELSEWHERE.search(page.read_text("utf-8")), page
    assert ELSEWHERE.search('<script src="https://cdn.example.org/x.js">')
    assert not ELSEWHERE.search('<a href="https://example.org">')
