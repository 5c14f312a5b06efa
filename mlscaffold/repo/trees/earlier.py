"""What a file held in the commits before: asked of git for the few files whose past matters."""

from __future__ import annotations

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.blobs import Blobs
from mlscaffold.repo.trees.git import Git
from mlscaffold.repo.trees.past import lines_of

MOST = "30"
"""As many commits that touch a file are looked at."""


class Cut(Exception):
    """Why nobody can tell what a file held before."""


def earlier(repo: Repo, path: str) -> tuple[bytes, ...]:
    """The contents of `path` in the commits that changed it, the newest first; raises Cut."""
    try:
        raw = repo.tree.history(path, int(repo.standard.read_limit))
    except OSError:
        return ()
    reason, *contents = raw.split(b"\0")
    if reason:
        raise Cut(reason.decode())
    return tuple(dict.fromkeys(contents))


def of_path(git: Git, blobs: Blobs, commit: str, path: str, limit: int) -> bytes:
    """As trees give it: why it is cut, then each content, with NUL between them."""
    if not commit or not path.isprintable():
        return b""
    if (git.where.common / "shallow").is_file():
        return b"this clone is shallow: fetch all of the history to compare with what was before"
    found = []
    for line in lines_of(git, "rev-list", "-n", MOST, commit, "--", f":(top,literal){path}"):
        try:
            found.append(blobs.get(f"{line}:{path}", limit).content)
        except OSError:
            continue
    return b"\0".join((b"", *(content for content in found if b"\0" not in content)))
