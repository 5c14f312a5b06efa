"""VCS105: git would take in what is generated or private."""

from collections.abc import Iterator

from mlscaffold.edits import Edit
from mlscaffold.repo.committed.in_git import not_in_git
from mlscaffold.repo.committed.to_ignore import not_ignored as missing_lines
from mlscaffold.repo.committed.to_ignore import to_ignore
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, rule
from mlscaffold.standard import Standard

SHOWN, LONGEST = 6, 80
"""Lines that the message names, and the characters that they may take together; the first always stands."""


def nothing_to_ignore(repo: Repo) -> str | None:
    """Where there is no code and no data, nothing is generated either."""
    return None if to_ignore(repo) else "nothing here makes files that git must leave out"


@rule("VCS105", level="collaboration", since="1.0", when=(not_in_git, nothing_to_ignore))
def not_ignored(repo: Repo, _standard: Standard) -> Iterator[Finding]:
    """One finding with all that is missing, so that one edit puts it right."""
    missing = tuple(dict.fromkeys(item.line for item in missing_lines(repo)))
    if not missing:
        return
    yield Finding(
        ".gitignore",
        f"add {_named(missing)}, or the next `git add` takes in what is generated or private",
        fix=_edit(repo, missing),
        key="not ignored",
    )


def _named(lines: tuple[str, ...]) -> str:
    """The first lines, and how many there are beyond them."""
    count = max(1, *(n for n in range(1, SHOWN + 1) if len(", ".join(lines[:n])) <= LONGEST))
    return ", ".join(lines[:count]) + (f" and {len(lines) - count} more" if lines[count:] else "")


def _edit(repo: Repo, lines: tuple[str, ...]) -> Edit | None:
    """The file with the lines at its end, in its own line ends; `None` where it is no text."""
    try:
        text = (repo.raw(".gitignore") or b"").decode("utf-8")
    except UnicodeDecodeError:
        return None
    end = "\r\n" if "\r\n" in text else "\n"
    if text and not text.endswith("\n"):
        text += end
    return Edit(".gitignore", text + "".join(line + end for line in lines))
