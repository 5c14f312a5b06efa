"""DOC103: no licence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.pages.community import licences, licences_of_folders
from mlscaffold.repo.pages.readme import front_page
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import folder, is_own
from mlscaffold.rule import Answer, Finding, Satisfied, rule
from mlscaffold.rules.applies import SOURCES
from mlscaffold.rules.expected import expected
from mlscaffold.standard import Standard

CHOSEN = "adopt --add DOC103 --data license=…"
"""Nobody but the owner chooses a licence: `fix` writes none."""

SHOWN = 4
FEWEST = 2
"""Folders with a licence of their own that make a collection."""


@rule("DOC103", level="collaboration", since="1.0")
def no_licence(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """A licence text at the root, by any usual name; a collection may have one in each of its folders."""
    if not licences(repo) and (answer := _of_a_collection(repo)):
        yield answer
        return
    message = "without one nobody else may use this: choose one and add its text"
    if line := _named_in_readme(repo):
        message = f"README names a licence (line {line}), but its text is missing: add it"
    yield from expected(licences(repo), "LICENSE", message, CHOSEN)


def _of_a_collection(repo: Repo) -> Finding | Satisfied | None:
    """What holds where most code lies in folders that have a licence of their own."""
    kept = licences_of_folders(repo)
    homes = {folder(one.path) for one in kept}
    code = [path for path in repo.files if path.endswith((*SOURCES, ".ipynb")) and is_own(path)]
    bare = [path for path in code if not any(path.startswith(f"{home}/") for home in homes)]
    if len(homes) < FEWEST or len(bare) * 2 > len(code):
        return None
    if not bare:
        return Satisfied(kept[0].path, by=f"a licence in each of {len(homes)} folders")
    left = list(dict.fromkeys(_uncovered(path, homes) for path in bare))
    more = f" and {len(left) - SHOWN} more" if len(left) > SHOWN else ""
    return Finding(
        "LICENSE",
        f"{len(homes)} folders have a licence of their own, but nothing covers "
        f"{', '.join(left[:SHOWN])}{more}: add one for the rest at the root",
        key="missing",
    )


def _uncovered(path: str, homes: set[str]) -> str:
    """The shallowest folder of `path` in which no licence lies; at the root, the path itself."""
    here = ""
    for name in path.split("/"):
        here = f"{here}/{name}".lstrip("/")
        if not any(f"{home}/".startswith(f"{here}/") for home in homes):
            break
    return here


def _named_in_readme(repo: Repo) -> int | None:
    page = front_page(repo)
    titles = (h.line for h in page.headings if regex(r"\blicen[cs]e", re.I).search(h.text)) if page else ()
    return next(iter(titles), None)
