"""VCS118: a merge or a generator left text behind that nobody wrote."""

from collections.abc import Iterator

from mlscaffold.repo.committed.leftovers import leftovers
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, rule
from mlscaffold.standard import Standard

SAID = {
    "conflict": "holds the markers of a merge conflict: decide which side stays, and remove the markers",
    "template": "holds a generator's placeholder that was never filled in: write what it stands for",
}


@rule("VCS118", level="collaboration", since="1.0")
def text_left_behind(repo: Repo, _standard: Standard) -> Iterator[Finding]:
    """One finding for each file and kind, at the first place."""
    for left in leftovers(repo):
        yield Finding(left.path, SAID[left.kind], line=left.line, key=left.kind)
