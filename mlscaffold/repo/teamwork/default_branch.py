"""The branch that a repository is read by on its forge, as far as a clone of it can tell."""

from __future__ import annotations

from mlscaffold.errors import Stop
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.forge_address import where_of
from mlscaffold.repo.trees.git import Git

ORIGIN, LOCAL = "refs/remotes/origin/", "refs/heads/"


@fact
def default_branch(repo: Repo) -> str:
    """What `origin` calls its HEAD, else the only branch of a work tree; empty where nobody can tell.

    The branch that is checked out says nothing where there are others: somebody may be at work on it.
    """
    where = where_of(repo.tree)
    if where is None:
        return ""
    try:
        told = Git(where).run("for-each-ref", "--format=%(refname) %(symref)", f"{ORIGIN}HEAD", LOCAL)
    except Stop:  # a clone whose references nobody can read
        return ""
    rows = [line.split(" ") for line in told.decode("utf-8", "replace").splitlines()]
    heads = [leads.removeprefix(ORIGIN) for name, leads in rows if name.startswith(ORIGIN)]
    local = [name.removeprefix(LOCAL) for name, _ in rows if name.startswith(LOCAL)]
    return next(iter(heads), local[0] if len(local) == 1 else "")
