"""Who made the commits of a repository, by the names in its history."""

from __future__ import annotations

import re
from collections import Counter

from mlscaffold.errors import Stop
from mlscaffold.lazy import regex
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.forge_address import where_of
from mlscaffold.repo.trees.git import Git

BOT = regex(r"\[bot\]|\bbot\b|^(?:root|ubuntu|unknown|user|admin|github|actions-user|mlscaffold)$", re.I)
MOST = "2000"


@fact
def committed_most(repo: Repo) -> str:
    """The name on the most of the last commits of a work tree; empty where nobody can tell."""
    where = where_of(repo.tree)
    if where is None or not repo.tree.commit:
        return ""
    try:
        told = Git(where).run("log", "--first-parent", f"--max-count={MOST}", "--format=%aN", "HEAD")
    except Stop:  # a clone without its past
        return ""
    names = Counter(name for name in told.decode("utf-8", "replace").splitlines() if not BOT.search(name))
    return names.most_common(1)[0][0] if names else ""
