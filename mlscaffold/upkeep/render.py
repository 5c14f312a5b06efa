"""Render the template that this version carries, with copier, from a plain folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from mlscaffold.errors import Stop
from mlscaffold.upkeep.template import PARTS

PACKAGE = Path(__file__).resolve().parent.parent
LOCATIONS = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_COMMON_DIR",
    "GIT_PREFIX",
)


def render(destination: Path, answers: Mapping[str, Any], defaults: Mapping[str, Any], *, ask: bool) -> None:
    """Render into the empty folder `destination`.

    `answers` are fixed, `defaults` are what a question proposes; `ask` lets copier ask the rest on the
    terminal. Raises Stop where an answer is refused, or where copier is not installed.
    """
    with template_folder() as folder, _no_repository_of_the_caller():
        copier = _copier()
        try:
            copier.run_copy(
                str(folder),
                destination,
                data=dict(answers),
                user_defaults=dict(defaults),
                defaults=not ask,
                quiet=True,
                overwrite=True,
            )
        except (copier.errors.CopierAnswersInterrupt, KeyboardInterrupt):
            raise KeyboardInterrupt from None
        except (copier.errors.CopierError, ValueError) as error:
            raise Stop(_sentence(error)) from None


def _copier() -> ModuleType:
    try:
        import copier
        import copier.errors
    except ImportError:
        raise Stop(
            "making a project needs copier. Install the extra: pip install 'mlscaffold-toolkit[new]' "
            "(from the checkout or wheel that you installed mlscaffold from)."
        ) from None
    return copier


@contextmanager
def _no_repository_of_the_caller() -> Iterator[None]:
    """Hide GIT_DIR and its like, which git sets for hooks: copier would take that for the template's own.

    It holds while copier is imported, too: plumbum, which starts git for it, copies the environment then.
    """
    hidden = {name: os.environ.pop(name) for name in LOCATIONS if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


@contextmanager
def template_folder() -> Iterator[Path]:
    """The template as a plain folder: the wheel's own, or a copy of what the checkout holds.

    Copier would clone a git checkout and render its last tag, so the checkout's files are copied out first.
    """
    carried = PACKAGE / "_template"
    if carried.is_dir():
        yield carried
        return
    with tempfile.TemporaryDirectory(prefix="mlscaffold-template-") as scratch:
        for name in PARTS:
            source, target = PACKAGE.parent / name, Path(scratch) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copyfile(source, target)
        yield Path(scratch)


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text or type(error).__name__
