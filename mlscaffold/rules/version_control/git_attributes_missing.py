"""VCS117: `.gitattributes` is missing where what git does with a file matters."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import Edit, FromTemplate
from mlscaffold.repo.committed.in_git import not_in_git
from mlscaffold.repo.committed.line_ends import bare_pointers, harms, line_ends_fixed, windows_texts
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.standard import Standard

PATH = ".gitattributes"


def nothing_depends_on_it(repo: Repo) -> str | None:
    """Pointers of Git LFS, hashes of text, or scripts that other line ends break."""
    if bare_pointers(repo) or harms(repo) or line_ends_fixed(repo):
        return None
    return "nothing here depends on attributes of git"


@rule("VCS117", level=2, since="1.0", when=(not_in_git, nothing_depends_on_it))
def git_attributes_missing(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """One finding for pointers without their filter, and one for line ends."""
    if pointers := bare_pointers(repo):
        first, *others = pointers
        yield Finding(
            first,
            "is a pointer of Git LFS, and no line of .gitattributes says so: a clone gets the pointer alone",
            also=tuple(Place(path) for path in others),
            key="pointers",
        )
    if fixed := line_ends_fixed(repo):
        yield Satisfied(fixed[0], by=f"line {fixed[1]}, which fixes line ends")
    elif found := harms(repo):
        said = "; it also ".join(harm.said for harm in found)
        yield Finding(
            PATH,
            f"add `* text=auto eol=lf`: a checkout with other line ends {said}",
            fix=_fix(repo),
            also=tuple(Place(harm.path) for harm in found),
            key="line ends",
        )


def _fix(repo: Repo) -> Edit | FromTemplate | None:
    """A first line, so that what stands there has the last word; without a file, the template's own."""
    if PATH not in repo.files:
        return FromTemplate(PATH)
    text = repo.text(PATH)
    safe = not windows_texts(repo)  # git shows each of those as changed until it is committed anew
    return None if text is None else Edit(PATH, "* text=auto eol=lf\n" + text, safe=safe)
