"""How a project is run, by the commands that its own files name."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.pages.instructions import INSTALL_COMMAND, RUN_COMMAND, command
from mlscaffold.repo.pages.readme import front_page
from mlscaffold.repo.pages.reproduce_commands import single_commands
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.commands import simple_commands
from mlscaffold.repo.teamwork.tests import tests
from mlscaffold.repo.vendored import depth, folder, is_own

BLANK = regex(r"\[[^\]]*\]|<[^>]*>|\{[^}]*\}|\.\.\.|…|--(?:arguments?|options?|flags?)\b")
"""What a reader is to fill in: such a line is no command yet."""

NAMES = ("train", "main", "run", "run_training", "app", "fit", "predict", "evaluate")


def starts(repo: Repo) -> tuple[str, ...]:
    """What the README, a pipeline or an entry point names; the whole pipeline first."""
    return tuple(dict.fromkeys((*(s.command for s in single_commands(repo)), *_told(repo), *_scripts(repo))))


def _told(repo: Repo) -> Iterator[str]:
    page = front_page(repo)
    for line in page.code if page else ():
        text = command(line.text)
        if line.block and RUN_COMMAND.search(text) and not INSTALL_COMMAND.search(text):
            yield from (
                one
                for one in simple_commands(text)
                if one.startswith(("python", "Rscript", "bash ")) and not BLANK.search(one)
            )


def _scripts(repo: Repo) -> Iterator[str]:
    """Scripts with a usual name that run when they are started."""
    tried = {test.path for test in tests(repo)}
    found = [
        s for s in code(repo) if s.main and s.path.endswith(".py") and is_own(s.path) and s.path not in tried
    ]
    named = [s.path for s in found if s.path.rpartition("/")[2].removesuffix(".py") in NAMES]
    for path in sorted(
        named, key=lambda p: (NAMES.index(p.rpartition("/")[2].removesuffix(".py")), depth(p))
    ):
        yield f"python {path}"
    alone = [s.path for s in found if f"{folder(s.path)}/__init__.py" not in repo.files]
    if not named and len(found) == len(alone) == 1:
        yield f"python {alone[0]}"
