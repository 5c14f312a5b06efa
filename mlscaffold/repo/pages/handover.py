"""What whoever takes a model over needs: its interface, an owner, and a list of what to check."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.pages.community import code_owners
from mlscaffold.repo.prose import clean
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.serving import Served, documents, serving_code
from mlscaffold.repo.vendored import is_own

HANDOVER = regex(r"\bhand[- ]?(?:over|off)\b|\bübergabe\b|\btraspaso\b|移交|交接|引き継ぎ", re.I)
API_TITLE = regex(
    r"\b(?:apis?|interfaces?|endpoints?|requests?|responses?|schemas?|inputs?(?: and outputs?)?"
    r"|predict\w*|inference"
    r"|payloads?|signature|how to call|serving)\b|schnittstelle|接口|インターフェース|인터페이스",
    re.I,
)
API_FILE = regex(
    r"(?:^|/)(?:[\w.-]*(?:openapi|swagger)[\w.-]*\.(?:ya?ml|json)|config\.pbtxt|[\w.-]+\.proto"
    r"|schemas?\.(?:py|json)"
    r"|MLmodel)$"
)
TYPED = regex(
    rb"\(BaseModel\)|\bpydantic\b|\bSchema\(|marshmallow|reqparse\.|api\.model\(|flasgger|response_model="
    rb"|bentoml\.io\.|infer_signature|ModelSignature|@bentoml\.api|input_spec|@validate\b"
)
OWNER_TITLE = regex(
    r"\b(?:owners?|contacts?|maintainers?|authors?|team|support|responsib\w+|questions|who (?:answers"
    r"|to ask)|credits"
    r"|contributors|members|about (?:me|us))\b|kontakt|ansprechpartner|autor(?:es|en)?\b|contacto|联系|作者"
    r"|連絡先|문의",
    re.I,
)
OWNER_LINE = regex(
    r"^\W*(?:owner|maintainer|contact|author|maintained by|developed by|created by|made by)s?\b", re.I
)
OWNED = regex(rb"^[ \t]*(?:authors|maintainers|author|maintainer)[ \t]*=[ \t]*[\[\"']", re.M)
LIST = regex(r"^[ \t]*(?:[-*+]|\d+[.)])[ \t]+\[[ xX]\][ \t]", re.M)
LIST_TITLE = regex(
    r"\bcheck-?lists?\b|\bsteps before\b|\bbefore (?:deploy\w*|release|hand\w*)\b|checkliste|检查清单", re.I
)


class Part(NamedTuple):
    """One thing that is handed on: how a message names it, and where it may stand."""

    said: str
    find: Callable[[Repo], Iterator[Spot]]


@fact
def declared(repo: Repo) -> Served | None:
    """A page or section about the hand-over itself."""
    for page in documents(repo):
        if HANDOVER.search(page.path.rpartition("/")[2]):
            return Served(Spot(page.path), "a page on the hand-over")
        for heading in page.headings:
            if HANDOVER.search(clean(heading.text)):
                return Served(
                    Spot(page.path.removesuffix(".ipynb.md"), heading.line), "a section on the hand-over"
                )
    return None


def shown(repo: Repo, part: Part) -> Spot | None:
    """Where the part stands, if anywhere."""
    return next(part.find(repo), None)


def _interface(repo: Repo) -> Iterator[Spot]:
    yield from (Spot(path) for path in likely(repo, API_FILE) if API_FILE.search(path) and is_own(path))
    for served in serving_code(repo):
        if hit := TYPED.search(raw := repo.raw(served.spot.path) or b""):
            yield Spot(served.spot.path, raw.count(b"\n", 0, hit.start()) + 1)
    yield from _titled(repo, API_TITLE)


def _owner(repo: Repo) -> Iterator[Spot]:
    yield from (Spot(kept.path, kept.line) for kept in code_owners(repo))
    yield from (
        Spot(path) for path in repo.named("citation.cff", "authors*", "maintainers*", "contributors*")
    )
    for path in repo.named("pyproject.toml", "setup.py", "setup.cfg", "chart.yaml"):
        if is_own(path) and OWNED.search(repo.raw(path) or b""):
            yield Spot(path)
    yield from _titled(repo, OWNER_TITLE)
    for page in documents(repo):
        for line in page.said:
            if OWNER_LINE.search(line.text):
                yield Spot(page.path.removesuffix(".ipynb.md"), line.line)


def _checklist(repo: Repo) -> Iterator[Spot]:
    pages = [page.path for page in documents(repo)] + list(
        repo.named("*checklist*", "pull_request_template.md")
    )
    for path in pages:
        text = (
            (repo.raw(path) or b"").decode("utf-8", "replace") if is_own(path) and path in repo.files else ""
        )
        if hit := LIST.search(text):
            yield Spot(path, text.count("\n", 0, hit.start()) + 1)
    yield from _titled(repo, LIST_TITLE)


def _titled(repo: Repo, title: re.Pattern[str]) -> Iterator[Spot]:
    for page in documents(repo):
        for heading in page.headings[1:]:
            if title.search(clean(heading.text)):
                yield Spot(page.path.removesuffix(".ipynb.md"), heading.line)


INTERFACE = Part("its interface (what it is given, what it answers)", _interface)
OWNER = Part("who answers for it", _owner)
CHECKLIST = Part("a checklist of what is checked before", _checklist)
