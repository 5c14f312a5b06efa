"""Whether documents say of a fetched model or data set where it comes from, or under which licence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.notebooks.cells import notebooks
from mlscaffold.repo.pages.readme import pages
from mlscaffold.repo.prose import SUFFIXES, decoded
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import depth, is_own

SAYS = regex(
    r"https?://|\]\(|\]\[|\[\d+\]|`_|href=|arxiv|\bdoi\b|@\w+\{|et al\b|licen[cs]|lizenz|许可|ライセンス"
    r"|\bpaper\b|copyright|public domain|\bcc[- ](?:by|0)\b|\b(?:apache|mit|bsd|gpl|openrail)\b",
    re.I,
)
"""A link, a citation, or a word of licences."""

PAPERS = (".bib", ".cff", ".tex")
KINDS = (*SUFFIXES[1:], *PAPERS)
WITHOUT_SUFFIX = regex(r"(?:notice|credits|third[-_ ]?party|licen[cs]e|attribution|acknowledg)[\w.-]*", re.I)
_GENERIC = """
    all base large small tiny mini multi model models distil the opus msmarco finetuned fine pretrained
    facebook google microsoft xlm nli stsb paraphrase data dataset datasets test demo big nano medium
"""
GENERIC = frozenset(_GENERIC.split())
"""Words within names that name no model."""

DEEPEST = 3
MOST_DOCUMENTS = 200
MOST_BLOCKS = 20


class Told(NamedTuple):
    """Where a document speaks of what is fetched."""

    path: str
    line: int


@fact
def _documents(repo: Repo) -> tuple[tuple[str, str], ...]:
    """Path and text, in lower case, of what people read: the README and its pages first."""
    first = [page.path for page in pages(repo)]
    rest = (path for path in repo.files if _is_document(path))
    paths = islice(dict.fromkeys([*first, *rest]), MOST_DOCUMENTS)
    return tuple((path, decoded(raw).lower()) for path in paths if (raw := repo.raw(path)))


def _is_document(path: str) -> bool:
    name = path[path.rfind("/") + 1 :].lower()
    if depth(path) > DEEPEST or not is_own(path) or name.endswith(("requirements.txt", "cmakelists.txt")):
        return False
    return name.endswith(KINDS) or ("." not in name and WITHOUT_SUFFIX.fullmatch(name) is not None)


def told(repo: Repo, name: str, path: str) -> Told | None:
    """Where the origin or licence of `name` stands: a document, or its address in the code at `path`."""
    whole = name.lower()
    patterns = [_spelled(whole.rpartition("/")[2])]
    if family := _family(whole):
        patterns.append(_spelled(family))
    for pattern in patterns:
        for document, text in _documents(repo):
            if found := next(_blocks(document, text, pattern), None):
                return Told(document, found)
    if path.endswith(".ipynb"):
        return _in_notebook(repo, path, patterns)
    raw = (repo.raw(path) or b"").lower()
    at = re.search(rb"https?://[^\s\"']{1,200}" + re.escape(whole.encode()), raw)
    return Told(path, raw.count(b"\n", 0, at.start()) + 1) if at else None


def _in_notebook(repo: Repo, path: str, patterns: list[re.Pattern[str]]) -> Told | None:
    """A notebook explains what it loads in the cells between its code."""
    book = next((book for book in notebooks(repo) if book.path == path), None)
    text = "\n\n".join(book.prose).lower() if book else ""
    said = any(True for pattern in patterns for _ in _blocks(path, text, pattern))
    return Told(path, 1) if said else None


def _spelled(name: str) -> re.Pattern[str]:
    """A name however its parts are joined: `wav2vec2-base`, `wav2vec2 base`, `wav2vec2_base`."""
    parts = [re.escape(part) for part in regex(r"[-_. ]+").split(name) if part]
    return re.compile(rf"(?<![a-z0-9]){'[-_. ]{0,3}'.join(parts)}")


def _family(name: str) -> str:
    """The word by which people know it: `bert` of `bert-base-uncased`, `minilm` of `all-minilm-l6-v2`."""
    parts = regex(r"[-_. ]+").split(name.rpartition("/")[2])
    return next((p for p in parts if len(p) > 1 and p not in GENERIC and not p.isdigit()), "")


def _blocks(path: str, text: str, pattern: re.Pattern[str]) -> Iterator[int]:
    """The line of each mention whose paragraph or table holds a link, a citation or a licence."""
    for found in islice(pattern.finditer(text), MOST_BLOCKS):
        start = text.rfind("\n\n", 0, found.start()) + 1
        end = text.find("\n\n", found.end())
        block = text[start : end if end >= 0 else len(text)]
        if path.endswith(PAPERS) or SAYS.search(block):
            yield text.count("\n", 0, found.start()) + 1
