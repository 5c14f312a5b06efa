"""VCS109: nothing keeps the notebooks comparable between commits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.edits import Command, Edit, Fix
from mlscaffold.lazy import regex
from mlscaffold.repo.committed.in_git import not_in_git
from mlscaffold.repo.notebooks.cells import committed_with_outputs
from mlscaffold.repo.notebooks.diffs import keepers, own_notebooks, unwired
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.hooks import PRE_COMMIT, hook_configs
from mlscaffold.rule import Finding, Satisfied, rule
from mlscaffold.standard import Standard

HOOK = """\
- repo: local
  hooks:
    - id: nbstripout
      name: notebooks without outputs
      entry: nbstripout --keep-id
      language: python
      additional_dependencies: [nbstripout=={version}]
      types: [jupyter]
"""


def no_notebooks(repo: Repo) -> str | None:
    """Notebooks of the repository's own that git tracks."""
    return None if own_notebooks(repo) else "git tracks no notebook that people write"


@rule("VCS109", level="collaboration", since="1.0", when=(not_in_git, no_notebooks))
def notebooks_not_diffable(repo: Repo, standard: Standard) -> Iterator[Finding | Satisfied]:
    """Any tool that is wired for every clone satisfies; a driver that nothing installs does not."""
    found = keepers(repo)
    yield from (Satisfied(keeper.path, by=keeper.tool) for keeper in found)
    if found:
        return
    if half := unwired(repo):
        message = (
            f"git passes over `{half.tool}` until each clone installs it: put the command into the set-up, "
            "or run the tool as a commit hook"
        )
        yield Finding(half.path, message, half.line, fix=_fix(repo, standard), key="unwired")
        return
    books = own_notebooks(repo)
    many = f"{len(books)} notebooks" if len(books) > 1 else books[0]
    yield Finding(
        PRE_COMMIT,
        f"nothing keeps {many} diffable: strip outputs by a hook (nbstripout), pair with text (jupytext), "
        "or compare by cells (nbdime)",
        fix=_fix(repo, standard),
        key="none",
    )


def _fix(repo: Repo, standard: Standard) -> Fix | None:
    """A hook at the end of pre-commit's configuration; with another hook manager, nbstripout's own filter."""
    hook = HOOK.format(version=standard.nbstripout)
    text = repo.text(PRE_COMMIT) if PRE_COMMIT in repo.files else "repos:\n"
    if PRE_COMMIT not in repo.files and hook_configs(repo):
        argv = ("nbstripout", "--install", "--attributes", ".gitattributes")
        return Command(argv, "sets the filter up in this clone; repeat it in the set-up of the others")
    indent = _indent(text or "")
    if text is None or indent is None:
        return None
    body = "".join(indent + line for line in hook.splitlines(keepends=True))
    return Edit(PRE_COMMIT, text.rstrip("\n") + "\n" + body, safe=not committed_with_outputs(repo))


def _indent(text: str) -> str | None:
    """How far the entries of `repos:` stand in, where that list is the end of the file; else `None`."""
    keys = regex(r"^[A-Za-z_][\w-]*:.*$", re.M).findall(text)
    if not keys or not regex(r"repos:\s*(?:#.*)?").fullmatch(keys[-1]):
        return None
    entry = regex(r"^( *)- +repo:", re.M).search(text)
    return entry[1] if entry else "  "
