"""VCS114: git tracks, or would take in, what DVC keeps."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from mlscaffold.edits import Command, Edit
from mlscaffold.repo.committed.in_git import not_in_git
from mlscaffold.repo.data.dvc import Output, in_tree, kept_by_dvc
from mlscaffold.repo.data.dvc_config import configs
from mlscaffold.repo.ignore import ignored
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import folder
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.standard import Standard

KEEPERS = (".gitkeep", ".keep", ".gitignore", ".gitattributes")
"""Files that only hold a folder or say what git leaves out."""


def dvc_keeps_nothing(repo: Repo) -> str | None:
    """A pointer, or an output of a pipeline that DVC caches, in a repository where DVC works with git."""
    if any(config.without_git for config in configs(repo)):
        return "DVC is set up to work without git"
    return None if any(in_tree(o.path) for o in kept_by_dvc(repo)) else "DVC keeps nothing here"


@rule("VCS114", level=1, since="1.0", when=(not_in_git, dvc_keeps_nothing))
def tracked_twice(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """One finding for all that both track, and one for all that the next `git add` would take in."""
    outputs = {o.path: o for o in kept_by_dvc(repo) if in_tree(o.path)}
    paths = sorted(repo.files)
    both = {path: files for path in outputs if (files := _tracked(repo, paths, path))}
    loose = [path for path in outputs if path not in both and _loose(repo, outputs[path])]
    if both:
        yield _both(both, [outputs[path] for path in both])
    if loose:
        yield _taken_in(repo, loose, [outputs[path] for path in loose])
    if not both and not loose:
        first = next(iter(outputs.values()))
        yield Satisfied(first.by.partition(":")[0], by=f"DVC alone ({_count(len(outputs), 'output')})")


def _tracked(repo: Repo, paths: list[str], output: str) -> list[str]:
    """The files that git tracks at or below an output, of all `paths` in order."""
    below = paths[bisect_left(paths, f"{output}/") : bisect_left(paths, f"{output}0")]
    inside = (p for p in (output, *below) if p in repo.files and repo.files[p].tracked)
    return [p for p in inside if not p.endswith(KEEPERS)]


def _loose(repo: Repo, output: Output) -> bool:
    """Whether nothing ignores it. DVC itself writes the line when a stage first runs."""
    lock = f"{folder(output.by)}/dvc.lock".lstrip("/")
    if not output.by.endswith(".dvc") and lock not in repo.files:
        return False
    leaves_out = ignored(repo)
    as_folder = leaves_out(output.path, is_folder=True) or leaves_out(f"{output.path}/x")
    return not as_folder and not leaves_out(output.path)


def _both(both: dict[str, list[str]], outputs: list[Output]) -> Finding:
    first, *others = outputs
    files = sum(len(found) for found in both.values())
    argv = ("git", "rm", "-r", "--cached", "--", *both)
    return Finding(
        first.path,
        f"git and DVC both track this ({_count(files, 'file')} in git, output of {first.by}): "
        "let one keep it, or they hold different versions",
        fix=Command(argv, "takes it out of git and leaves it on the disk; `dvc commit` then takes it over"),
        also=tuple(Place(output.path) for output in others),
        key="both",
    )


def _taken_in(repo: Repo, paths: list[str], outputs: list[Output]) -> Finding:
    first, *others = outputs
    return Finding(
        first.path,
        f"DVC keeps this (output of {first.by}) and git does not ignore it: the next `git add` takes it in",
        fix=_edit(repo, paths),
        also=tuple(Place(output.path) for output in others),
        key="not ignored",
    )


def _edit(repo: Repo, paths: list[str]) -> Edit | None:
    text = repo.text(".gitignore") if ".gitignore" in repo.files else ""
    if text is None:
        return None
    start = text if not text or text.endswith("\n") else text + "\n"
    return Edit(".gitignore", start + "".join(f"/{path}\n" for path in paths))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
