"""Published facts: notebooks."""

from __future__ import annotations

from itertools import pairwise

from mlscaffold.inventory import Evidence, Known, inventoried, names
from mlscaffold.repo.notebooks import cells as readers
from mlscaffold.repo.notebooks.diffs import cleaned_by_script, keepers
from mlscaffold.repo.repo import Repo


@inventoried("notebooks", "object", words=("count", "with_outputs", "executed_out_of_order"))
def notebooks(repo: Repo) -> Known:
    """How many notebooks there are, how many hold outputs, how many ran out of order."""
    paths = [p for p in repo.files if p.endswith(".ipynb") and ".ipynb_checkpoints/" not in p]
    books = readers.notebooks(repo)
    full = [b for b in books if b.with_outputs]
    mixed = [b for b in books if _mixed(b)]
    value = {"count": len(paths), "with_outputs": len(full), "executed_out_of_order": len(mixed)}
    proof = [Evidence(b.path, note="outputs") for b in full]
    return Known(value, (*proof, *(Evidence(b.path, note="out of order") for b in mixed)))


def _mixed(book: readers.Notebook) -> bool:
    return any(after <= before for (before, _), (after, _) in pairwise(book.counts))


@inventoried("notebook_hygiene", "names")
def notebook_hygiene(repo: Repo) -> Known:
    """Tools that keep notebooks comparable between commits, where they are wired."""
    script = cleaned_by_script(repo)
    found = (*keepers(repo), *((script,) if script else ()))
    return names(("custom" if k.tool.startswith("a ") else k.tool, Evidence(k.path, k.line)) for k in found)
