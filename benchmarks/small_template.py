"""`mlscaffold` with the versions of a small template, read from a git repository, as those that it carries.

`small_template.py TEMPLATE VERSION new FOLDER [ANSWERS]` makes a project; any other words are a command line.
"""

import json
import sys
from pathlib import Path

from mlscaffold import cli
from mlscaffold.commands import versions
from mlscaffold.repo.trees.git import Git, repository_above
from mlscaffold.upkeep.answers import insist, settle
from mlscaffold.upkeep.history import files_at
from mlscaffold.upkeep.lock import LOCK, written
from mlscaffold.upkeep.rendering import render
from mlscaffold.upkeep.start import started
from mlscaffold.upkeep.template import Template


class Versions:
    """The tags of a repository, in place of the history that the wheel carries."""

    def __init__(self, repository: Path) -> None:
        where = repository_above(repository)
        if where is None:
            raise SystemExit(f"{repository} is no repository")
        self._git = Git(where)

    def versions(self) -> tuple[str, ...]:
        """Every version, oldest first."""
        return tuple(sorted(self._git.run("tag").decode().split()))

    def template(self, version: str) -> Template:
        """That version."""
        return Template(version, files_at(self._git, f"refs/tags/{version}"))


def new(template: Template, folder: Path, answers: dict[str, str]) -> None:
    """The project that this version makes, with its lock."""
    settled = insist(settle(template, answers, folder.name))
    made = render(template, settled)
    for path, file in made.items():
        at = folder / path
        at.parent.mkdir(parents=True, exist_ok=True)
        if file.mode == "120000":
            at.symlink_to(file.content.decode())
        else:
            at.write_bytes(file.content)
            at.chmod(0o755 if file.mode == "100755" else 0o644)
    (folder / LOCK).write_text(written(started(template, settled.answers, made)), "utf-8")


def main() -> int:
    """Run one command line; its exit code."""
    repository, version, *words = sys.argv[1:]
    known = Versions(Path(repository))
    template = known.template(version)
    if words[0] == "new":
        new(template, Path(words[1]), json.loads(words[2]) if len(words) > 2 else {})
        return 0
    versions.carried = lambda: template  # type: ignore[assignment]
    versions.History = lambda: known  # type: ignore[assignment,misc]
    return cli.main(words)


if __name__ == "__main__":
    sys.exit(main())
