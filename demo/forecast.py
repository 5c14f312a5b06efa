"""A project that `new` made and a team went on with: for the transcripts of the docs."""

import os
import subprocess
from pathlib import Path

EDITS = {
    "compose.yaml": ("127.0.0.1:5000:5000", "127.0.0.1:8000:5000"),
    "pyproject.toml": ('  "numpy>=2",\n', '  "lightgbm>=4",\n  "numpy>=2",\n'),
    "docs/troubleshooting.md": ("Training goes on without it.", "Training goes on; ask the platform team."),
}


def change(folder: Path) -> None:
    """Edit three files, delete one, and commit."""
    for path, (old, new) in EDITS.items():
        text = (folder / path).read_text("utf-8")
        if old not in text:
            raise ValueError(f"{path} has no {old!r} any more: choose another edit")
        (folder / path).write_text(text.replace(old, new), "utf-8")
    (folder / "docs/quick-start.md").unlink()
    who = {"NAME": "Anna", "EMAIL": "anna@example.org", "DATE": "2026-01-05T09:00:00Z"}
    env = os.environ | {f"GIT_{role}_{key}": v for role in ("AUTHOR", "COMMITTER") for key, v in who.items()}
    subprocess.run(["git", "commit", "-q", "-a", "-m", "what we need"], cwd=folder, env=env, check=True)
