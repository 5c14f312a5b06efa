"""What documents and pipelines say of the data: its origin, who answers for it, how long it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.data_sets import data_sets
from mlscaffold.repo.data.dictionary import NEAR_DATA, NOT_OURS, dictionaries
from mlscaffold.repo.data.dvc import stages
from mlscaffold.repo.data.fetched import fetched
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.pages.open_items import MARKER
from mlscaffold.repo.pages.readme import pages
from mlscaffold.repo.prose import SUFFIXES, decoded
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

DATA = (
    r"(?:data(?:[ -]?(?:set|base)s?)?|corpus|corpora|samples|recordings|images|records|tables?|csv"
    r"|measurements|daten\w*|datos|donn[ée]es|dados|数据\w*|データ\w*)"
)
FROM = (
    r"(?:from|sources?|collected|download\w*|obtained|provided|taken|extracted|exported|scraped|crawled|gathered"
    r"|recorded|measured|generated|simulated|synthetic|originat\w+|published|released|available|aus|von"
    r"|来自|来源|下载)"
)
SAID = regex(rf"\b{DATA}\b[^.\n]{{0,150}}\b{FROM}\b|\b{FROM}\b[^.\n]{{0,150}}\b{DATA}\b", re.I)
FROM_WORD = regex(rf"\b{FROM}\b", re.I)
"""In a document about data nobody needs to say that data is meant."""

TITLED = regex(
    r"^[ \t]*(?:#+|=+|[-*+]|\|)?[ \t]*[*_]{0,2}(?:\d+[.)] )?(?:the )?(?:data ?(?:set)? ?)?"
    r"(?:origins?|provenance|lineage|(?:data )?sources?|collection(?: process)?|acquisition|herkunft"
    r"|procedencia|source des donn[ée]es"
    r"|来源)\b",
    re.I | re.M,
)
PUBLIC = regex(
    r"https?://|\bdoi\b|kaggle|\buci\b|zenodo|figshare|openml|hugging ?face|dataverse|physionet|wikipedia"
    r"|imagenet|\bmnist|\bcifar|\bcoco\b|movielens|sklearn|scikit-learn|\bnoaa\b"
    r"|public(?:ly)?\b|\bcc[- ](?:by|0)\b"
    r"|creative commons|open data|\]\[|公开",
    re.I,
)
OWNER = regex(
    r"\b(?:owner(?:ship|s)?|owned by|stewards?|custodians?|curat\w+|maintain\w+|contact|responsible"
    r"|data protection officer"
    r"|answers for|collected by|provided by|created by|published by|copyright|eigent[üu]mer|verantwortlich\w*"
    r"|propietari[oa]|responsable)\b|负责人|所有者|担当",
    re.I,
)
RETENTION = regex(
    r"\bretention\b|\bretain\w*|\bkept (?:for|until|as long)|\bkeep (?:it|them|(?:the )?data)"
    r" (?:for|until|as long)"
    r"|\bdelet(?:e|ed|es|ion)\b|\bexpir\w+|\bpurg\w+|\blife ?cycle\b|\barchiv(?:ed|al|e)\b|\bhow long\b"
    r"|aufbewahr\w*|gel[öo]scht|l[öo]schfrist|conservaci[óo]n|保留期|保存期",
    re.I,
)
WAITS = regex(r"where|comes from|origin|source|licen[cs]e|owner|owns|answers|retention|how long|kept", re.I)
INGEST = regex(
    r"ingest|download|fetch|get[-_]?(?:raw|data)|data[-_]?get|acqui|import[-_]?data|scrap|crawl|collect", re.I
)
ADDRESS = regex(rb"https?://|s3://|gs://|abfss?://|kaggle|\bfetch_\w+\(|sql\b", re.I)
SCRIPTS = (".py", ".sh", ".r", ".ipynb", ".yml", ".yaml")
MOST = 60


class Lineage(NamedTuple):
    """What is told of the data. Each is the path that tells it, or empty."""

    origin: str
    public: bool
    """Whether somebody else publishes the data: its owner and its keeping are theirs."""

    owner: str
    retention: str
    waits: tuple[str, int] | None
    """Where a document waits for a person to write it."""


@fact
def lineage(repo: Repo) -> Lineage:
    """Documents about data first, then the pipeline and the scripts that bring it."""
    texts = list(_texts(repo))
    from_code, published = _by_code(repo)
    origin, public = _origin(repo, texts)
    return Lineage(
        origin or from_code,
        public or published,
        next((path for path, text in texts if OWNER.search(text)), ""),
        next((path for path, text in texts if RETENTION.search(text)), ""),
        _waits(repo),
    )


def _texts(repo: Repo) -> Iterator[tuple[str, str]]:
    """What is written about data, without what waits to be written."""
    paths = [entry.path for entry in dictionaries(repo)]
    near = (
        p for p in likely(repo, NEAR_DATA) if NEAR_DATA.search(p) and not NOT_OURS.search(p) and is_own(p)
    )
    paths += [
        path for path in near if path.lower().endswith(SUFFIXES[1:]) or "." not in path.rpartition("/")[2]
    ]
    paths += [page.path for page in pages(repo)]
    for path in islice(dict.fromkeys(paths), MOST):
        yield path, MARKER.sub("", decoded(repo.raw(path) or b""))


def _origin(repo: Repo, texts: list[tuple[str, str]]) -> tuple[str, bool]:
    """The first page that tells an origin, and whether one of them leads to where others publish it."""
    told, front = "", {page.path for page in pages(repo)}
    for path, text in texts:
        for block in _blocks(text, SAID if path in front else FROM_WORD):
            told = told or path
            if PUBLIC.search(block):
                return path, True
    return told, False


def _blocks(text: str, said: re.Pattern[str]) -> Iterator[str]:
    """What tells where data comes from: a paragraph with the one below it, which may hold the link."""
    paragraphs = [part for part in regex(r"\n[ \t]*\n").split(text) if part.strip()]
    for index, part in enumerate(paragraphs):
        below = next(iter(paragraphs[index + 1 : index + 2]), "#")
        alone = "\n" not in part.strip()
        if said.search(part) or (TITLED.search(part) and not (alone and below.lstrip().startswith("#"))):
            yield f"{part}\n{below}"


def _by_code(repo: Repo) -> tuple[str, bool]:
    """The stage, pointer or script that brings the data, and whether it names an address of others."""
    for one in fetched(repo):
        if one.what == "data set":
            return one.spot.path, True
    for path in repo.files:
        name = path[path.rfind("/") + 1 :]
        brings = name.lower().endswith(SCRIPTS) and INGEST.search(name) and is_own(path)
        if brings and ADDRESS.search(repo.raw(path) or b""):
            return path, True
    kept = data_sets(repo)
    for path in kept:
        if path.endswith(".dvc") and b"\ndeps:" in b"\n" + (repo.raw(path) or b""):
            return path, True
    for stage in stages(repo):
        if INGEST.search(f"{stage.name} {stage.command}") and any(out.path in kept for out in stage.outs):
            return stage.file, False
    return "", False


def _waits(repo: Repo) -> tuple[str, int] | None:
    for entry in dictionaries(repo):
        for found in MARKER.finditer(entry.text):
            if WAITS.search(found[0]):
                return entry.path, entry.text.count("\n", 0, found.start()) + 1
    return None
