"""The pre-commit hook that other repositories use, run by pre-commit from a clone of this checkout."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from mlscaffold_hooks.audit import main as hook

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
WHO = {"NAME": "Ada", "EMAIL": "ada@example.org"}
ENV = os.environ | {f"GIT_{role}_{key}": v for role in ("AUTHOR", "COMMITTER") for key, v in WHO.items()}
CONFIG = """repos:
  - repo: file://{clone}
    rev: {commit}
    hooks:
      - id: mlscaffold-audit
        args: [--select, VCS]
"""


def git(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = ["git", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=ENV, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A repository with what the checkout holds now, as a forge would serve it, and its commit."""
    clone = tmp_path_factory.mktemp("hooks") / "mlscaffold"
    clone.mkdir()
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).stdout
    for path in filter(None, listed.split("\0")):
        if (ROOT / path).is_file():
            target = clone / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / path).read_bytes())
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A", "-f"), ("commit", "-q", "-m", "all")):
        assert git(*arguments, cwd=clone).returncode == 0
    return clone, git("rev-parse", "HEAD", cwd=clone).stdout.strip()


@pytest.mark.slow
def test_a_commit_runs_the_audit_and_a_required_finding_stops_it(
    hooks: tuple[Path, str], tmp_path: Path
) -> None:
    clone, commit = hooks
    repository = tmp_path / "theirs"
    repository.mkdir()
    git("init", "-q", "-b", "main", cwd=repository)
    (repository / ".pre-commit-config.yaml").write_text(CONFIG.format(clone=clone, commit=commit), "utf-8")
    (repository / "README.md").write_text("# theirs\n", "utf-8")
    (repository / ".gitignore").write_text("__pycache__/\n.venv/\n.env\n", "utf-8")
    installed = subprocess.run(
        [BIN / "pre-commit", "install", "--install-hooks"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert installed.returncode == 0, installed.stdout + installed.stderr
    git("add", "-A", cwd=repository)
    good = git("commit", "-m", "start", cwd=repository)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "Passed" in good.stderr
    (repository / "weights.bin").write_bytes(os.urandom(6_000_000))
    git("add", "-A", cwd=repository)
    bad = git("commit", "-m", "add the weights", cwd=repository)
    assert bad.returncode != 0
    assert "VCS101" in bad.stderr


def test_the_hook_is_quick_to_import() -> None:
    show = (
        "import sys, mlscaffold_hooks.audit; print([m for m in sys.modules if m.startswith('mlscaffold.')])"
    )
    done = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("given", "pushed", "asked"),
    [
        ([], "", ["audit", ".", "--staged"]),
        (["--select", "VCS"], "", ["audit", ".", "--staged", "--select", "VCS"]),
        ([], "a" * 40, ["audit", ".", "--rev", "a" * 40]),
        (["--rev=HEAD"], "", ["audit", ".", "--rev=HEAD"]),
    ],
)
def test_before_a_commit_the_index_is_audited_and_before_a_push_what_is_pushed(
    given: list[str], pushed: str, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr("mlscaffold.cli.main", lambda argv: seen.append(argv) or 0)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", pushed)
    assert hook(given) == 0
    assert seen == [asked]
