"""Pages for those who build, join and run a project: by name, title, or a section of the README."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.pages.community import Kept, contributing_guides
from mlscaffold.repo.pages.readme import pages, readme_path
from mlscaffold.repo.prose import SUFFIXES, Heading, Prose, clean, prose
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

NOT_A_PAGE = regex(
    r"(?:^|/)(?:tests?|fixtures?|testdata|templates?|_?archived?|versioned_docs|\.claude|\.cursor|skills"
    r"|examples?"
    r"|\.github/(?:issue|pull)[^/]*)/",
    re.IGNORECASE,
)
DOCUMENTATION = regex(
    r"^(?:docs?|documentation|wiki|handbook|guides?|manual|website/docs|site/docs)/", re.IGNORECASE
)
TITLE = regex(rb"^(?:\xef\xbb\xbf)?(?:---.*?^---\s*$\s*)?(?:#|=|\*)?\s*([^\n]{3,120})", re.S | re.M)
LEAST_WORDS = 15
MODEL_WORDS = regex(
    r"\b(?:encoder|decoder|convolution\w*|conv\d*|layers?|attention|transformers?|lstm|gru|relu|softmax"
    r"|backbone"
    r"|embeddings?|neurons?|u-?net|resnet\w*|hidden|logits|dropout)\b",
    re.IGNORECASE,
)
SYSTEM_WORDS = regex(
    r"\b(?:services?|servers?|modules?|packages?|components?|pipelines?|stages?|databases?|buckets?"
    r"|queues?|apis?"
    r"|storage|deploy\w*|orchestrat\w*|scheduler|ingest\w*|data flow|registry|endpoints?|clients?"
    r"|containers?"
    r"|workflows?|dashboards?|scripts?|repositor\w+)\b|[\w/]+/[\w/]*\.py|服务|模块|サービス",
    re.IGNORECASE,
)


class Guide(NamedTuple):
    """How a kind of page is recognised."""

    by: str
    name: re.Pattern[str]
    title: re.Pattern[str]


PICTURES = regex(
    r"(?:^|/)(?![^/]*(?:model|net|transformer))[^/]*(?:architecture|data[-_ ]?flow"
    r"|system[-_ ]?(?:design|diagram|overview)"
    r"|pipeline[-_ ]?diagram|workflow[-_ ]?diagram)[^/]*\.(?:png|svg|jpe?g|webp|gif|drawio|puml"
    r"|plantuml|mmd|dsl"
    r"|excalidraw|pdf|vsdx)$|\.(?:drawio|puml|plantuml|dsl|d2)$",
    re.IGNORECASE,
)
"""File names of drawings that say how a system is built."""

ARCHITECTURE = Guide(
    "architecture page",
    regex(
        r"(?:^|/)(?:[\w.-]*[-_. ])?(?:architectures?|arch|data[-_ ]?flows?|system[-_ ]?design"
        r"|design[-_ ]?docs?"
        r"|technical[-_ ]?(?:design|overview)|system[-_ ]?overview|how[-_ ]it[-_ ]works|internals|arc42|c4"
        r"|arquitectura|arquitetura|architektur|архитектура|架构|架構|设计|アーキテクチャ"
        r"|아키텍처)(?:[-_. ][\w.-]*)?"
        r"(?:/[^/]+)?\.\w+$|(?:^|/)design\.\w+$",
        re.IGNORECASE,
    ),
    regex(
        r"\b(?:architecture|data[- ]?flows?|system (?:design|overview)|how it works(?: internally)?"
        r"|internals"
        r"|design overview|components overview|pipeline overview|overview of the pipeline)\b"
        r"|arquite[ck]tura"
        r"|\barquitetura|\barchitektur|datenfluss|архитектур|架构|架構|アーキテクチャ|아키텍처",
        re.IGNORECASE,
    ),
)
ONBOARDING = Guide(
    "onboarding guide",
    regex(
        r"(?:^|/)(?:[\w.-]*[-_. ])?(?:on-?boarding|new[-_ ]?(?:starters?|joiners?|hires?|comers?|members?)"
        r"|first[-_ ](?:day|week|steps)|developer[-_ ]?(?:guide|set[-_ ]?up|onboarding)"
        r"|dev(?:elopment)?[-_ ]?(?:guide|set[-_ ]?up|environment)|local[-_ ]?(?:set[-_ ]?up|development)"
        r"|getting[-_ ]?started|quick[-_ ]?start|setup[-_ ]?guide|start[-_ ]?here|einarbeitung|入门"
        r"|上手指南|新人)"
        r"(?:[-_. ][\w.-]*)?(?:/[^/]+)?\.\w+$|(?:^|/)(?:development|developing|hacking|developers?)\.\w+$"
        r"|(?:^|/)(?:set-?up|instructions)/(?:[^/]+/)*(?:readme|index|set-?up)\.\w+$",
        re.IGNORECASE,
    ),
    regex(
        r"\bon-?boarding\b|\bfor (?:new )?(?:developers|contributors|team members|maintainers)\b"
        r"|\bnew (?:starters|joiners|team members)\b|^\W*develop(?:ing|ment|er)?(?: (?:set-?up|guide"
        r"|environment"
        r"|notes|instructions|workflow))?\W*$|\b(?:local|dev) development\b|\bdev (?:set-?up|environment)\b"
        r"|\bdeveloper guide\b"
        r"|^\W*(?:entwicklung|desarrollo|desenvolvimento|développement|разработка|开发|開発|개발)",
        re.IGNORECASE,
    ),
)
OPERATION = Guide(
    "operating guide",
    regex(
        r"(?:^|/)(?:[\w.-]*[-_. ])?(?:deploy(?:ing|ment)?s?|run-?books?|play-?books?|operations?|operating"
        r"|ops|sops?"
        r"|standard[-_ ]operating[-_ ]procedures?|procedures?|trouble-?shooting|incident[-_ ]?response"
        r"|on-?call"
        r"|disaster[-_ ]?recovery|maintenance|betrieb|despliegue|implanta[cç][aã]o|运维|部署|故障排除|運用"
        r"|デプロイ)"
        r"(?:[-_. ][\w.-]*)?(?:/[^/]+)*\.\w+$",
        re.IGNORECASE,
    ),
    regex(
        r"\b(?:deploy(?:ing|ment)?|operations|operating (?:guide|procedures?)|run-?books?|play-?books?"
        r"|trouble-?shooting|common (?:errors|issues|problems)|known (?:issues|problems)|in production"
        r"|standard operating procedures?|on-?call)\b|\bbetrieb\b|fehlerbehebung|despliegue"
        r"|soluci[oó]n de problemas"
        r"|implanta[cç]|развертывани|部署|故障|常见问题|デプロイ|トラブル|배포|문제 ?해결",
        re.IGNORECASE,
    ),
)


@fact
def architecture_pages(repo: Repo) -> tuple[Kept, ...]:
    """How the system is built and how data flows through it; no layers of a network, no list of folders."""
    drawn = (Kept(p, "drawing") for p in likely(repo, PICTURES) if _is_page(p) and PICTURES.search(p))
    return (*_guides(repo, ARCHITECTURE), *drawn)


@fact
def onboarding_guides(repo: Repo) -> tuple[Kept, ...]:
    """How somebody new sets up, understands and changes the project."""
    return (*_guides(repo, ONBOARDING), *_contributing(repo))


@fact
def operating_guides(repo: Repo) -> tuple[Kept, ...]:
    """How the project is deployed, operated and repaired: run books, procedures, troubleshooting."""
    return tuple(_guides(repo, OPERATION))


@fact
def _documents(repo: Repo) -> tuple[str, ...]:
    """The paths of pages that people wrote, other than the README."""
    front = readme_path(repo)
    return tuple(
        path
        for path, entry in repo.files.items()
        if entry.size and path != front and _suffix(path) in SUFFIXES[1:] and _is_page(path)
    )


def _suffix(path: str) -> str:
    name = path[path.rfind("/") + 1 :]
    return name[name.rfind(".") :].lower() if "." in name else ""


def _is_page(path: str) -> bool:
    return is_own(path) and not NOT_A_PAGE.search(path)


def _guides(repo: Repo, guide: Guide) -> Iterator[Kept]:
    seen = set()
    for path in _documents(repo):
        if guide.name.search(path) and (page := prose(repo, path)) and _tells(guide, page):
            seen.add(path)
            yield Kept(path, guide.by)
    for page in pages(repo):
        if page.path not in seen and (section := _section(guide, page)):
            seen.add(page.path)
            yield Kept(page.path, f"its section “{section.text}”", section.line)
    for path in _documents(repo):
        if path not in seen and (title := _title(repo, path)) and guide.title.search(title):
            page = prose(repo, path)
            if page and _tells(guide, page):
                yield Kept(path, guide.by)


def _title(repo: Repo, path: str) -> str:
    """The first line of a page of the documentation, whose file name may say nothing."""
    if not DOCUMENTATION.search(path):
        return ""
    found = TITLE.match((repo.raw(path) or b"")[:2000])
    return found[1].decode("utf-8", "replace") if found else ""


def _tells(guide: Guide, page: Prose) -> bool:
    if page.words < LEAST_WORDS and not page.code and not page.tables and "[to write:" not in page.text:
        return "](" in page.text or "toctree" in page.text
    return guide is not ARCHITECTURE or _is_of_a_system(page.path, page.text)


def _section(guide: Guide, page: Prose) -> Heading | None:
    """The first section with such a title that says something, in sentences, steps or a drawing."""
    lines = page.text.split("\n")
    for heading in page.headings:
        title = clean(heading.text)
        if not guide.title.search(title) or (guide is ONBOARDING and regex(r"\W*deploy", re.I).match(title)):
            continue
        first, last = page.section(heading)
        body = "\n".join(lines[first - 1 : last])
        if len(body.split()) >= LEAST_WORDS and (
            guide is not ARCHITECTURE or _is_of_a_system(heading.text, body)
        ):
            return heading
    return None


def _is_of_a_system(title: str, text: str) -> bool:
    """Whether an architecture is that of the system, not of a network."""
    if regex(r"\b(?:model|network|net|folder|director(?:y|ies)|file)s?\b", re.I).search(title) and not regex(
        r"system|[-_ ]?flow", re.I
    ).search(title):
        return False
    model, system = len(MODEL_WORDS.findall(text)), len(SYSTEM_WORDS.findall(text))
    return system >= 1 and system >= model


def _contributing(repo: Repo) -> Iterator[Kept]:
    """A contributing guide that also says how to set up."""
    for kept in contributing_guides(repo):
        page = prose(repo, kept.path) if kept.line is None else None
        for heading in page.headings if page else ():
            if regex(r"\bset(?:ting)?[- ]?up\b|environment|getting started|\binstall", re.I).search(
                heading.text
            ):
                yield Kept(kept.path, f"its section “{heading.text}”", heading.line)
                break
