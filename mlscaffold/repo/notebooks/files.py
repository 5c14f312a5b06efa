"""Files that a notebook reads by a relative path and that nothing in the repository has, makes or brings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.pipeline_outputs import pipeline_outputs
from mlscaffold.repo.hits import hits
from mlscaffold.repo.notebooks.cells import Cell, Notebook, notebooks
from mlscaffold.repo.pages.readme import front_page
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

READ = regex(
    r"(?<!\w)(?:read_(?:csv|excel|parquet|json|table|feather|hdf|pickle|stata|sas)|loadtxt|genfromtxt|loadmat"
    r"|imread|(?:np|numpy|joblib)\.load|Image\.open)\(\s*r?(?P<q>[\"'])(?P<path>[^\"'\n{}*<>%]{3,200})(?P=q)"
)
ELSEWHERE = regex(r"://|^[/~$\\]|^[A-Za-z]:|path[/_ ]?to|your|example|xxx|^(?:\.\./)*input/", re.I)
SUFFIX = regex(r"\.\w{2,8}$")
BRINGS = regex(
    r"\b(?:wget|curl|gdown|aria2c|scp|rsync|gsutil|azcopy|unzip|tar|unrar|7z)\b|urlretrieve|requests\.get"
    r"|urlopen|extractall|ZipFile|kaggle|download|files\.upload|snapshot_download|hf_hub|boto3|s3fs"
    r"|gcsfs|blob_client|\bs3://|\bgs://"
    r"|drive\.mount|dvc[ .](?:pull|get|api|import)|load_dataset|fetch_\w+\(|get_data|git[ -]?lfs"
    r"|%%writefile|%%bash"
    r"|dbutils|pyodbc|psycopg2|sqlalchemy|bigquery|selenium|BeautifulSoup|scrap[ei]",
    re.I,
)
"""Ways by which a notebook or its repository gets files from elsewhere, whatever their names."""

SAYS = regex(
    r"download|kaggle|zenodo|figshare|drive\.google|dropbox|onedrive|sharepoint|archive\.ics\.uci"
    r"|data\.(?:gov|world)|huggingface\.co/datasets|osf\.io|dataverse|physionet|\b(?:up)?on request"
    r"|google drive"
    r"|place (?:the|your)|put (?:the|your)|data ?sets?\b[^\n]{0,200}https?://"
    r"|https?://[^\n]{0,200}data ?sets?\b"
    r"|dvc pull|obtain|not (?:included|public|shared|provided)|confidential|private|proprietary"
    r"|licen[cs]e agreement",
    re.I,
)
"""How a page tells where data comes from, or why it cannot be had."""

WRITES = regex(
    r"\.to_(?:csv|excel|parquet|json|feather|hdf|pickle|stata)\((?!\s*r?[\"'][^\"'{]*[\"'])"
    r"|savetxt\((?!\s*r?[\"'])"
)
"""A table written under a name that is computed, so that it may be any."""

SAVES = regex(r"\b(?:dump|save|savez\w*|savemat|imsave|imwrite|savefig|create_dataset)\(")
TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".parquet", ".json", ".feather", ".txt", ".dta")
READABLE = (
    ".py", ".r", ".jl", ".sh", ".bat", ".ps1", ".md", ".rst", ".txt", ".yml", ".yaml", ".toml", ".cfg",
    ".ini", ".sql", ".dvc", ".smk", "makefile", "snakefile", "dockerfile",
)  # fmt: skip
MOST = 200_000
MOST_FILES = 2_000
TAIL = 12
"""Characters at the end of a name by which its places in the text are found."""


class AbsentRead(NamedTuple):
    """One read of a file that is not there: its cell, the line in the cell, the path."""

    cell: Cell
    line: int
    path: str


def absent_read(repo: Repo, book: Notebook) -> AbsentRead | None:
    """The first read of the notebook that nobody else can repeat, unless something may bring the file."""
    found = hits(repo, "read-files", [book.path], lambda _path, _raw: list(_reads(book)))
    rows = [row for _, several in found for row in several if not _there(repo, row[2])]
    if not rows or _told(repo) or any(hits(repo, "brings", [book.path], lambda _path, _raw: _brings(book))):
        return None
    cells = {cell.number: cell for cell in book.cells}
    reads = (AbsentRead(cells[number], line, path) for number, line, path in rows)
    return next((read for read in reads if not _mentioned(repo, read.path)), None)


def _brings(book: Notebook) -> bool:
    return BRINGS.search("\n".join((*(cell.source for cell in book.cells), *book.prose))) is not None


def _reads(book: Notebook) -> Iterator[tuple[int, int, str]]:
    """The reads of a notebook by relative paths: the cell, the line in it, the path."""
    for cell in book.cells:
        for found in READ.finditer(cell.source):
            start = cell.source.rfind("\n", 0, found.start()) + 1
            path = found["path"].replace("\\\\", "/").replace("\\", "/")
            bare = "#" not in cell.source[start : found.start()]
            if bare and SUFFIX.search(path) and not ELSEWHERE.search(path):
                yield cell.number, cell.source.count("\n", 0, found.start()) + 1, path


def _there(repo: Repo, path: str) -> bool:
    """Whether any file has that name, or a pointer or pipeline of the repository brings it or its folder."""
    parts = [part for part in path.lower().split("/") if part not in (".", "..")]
    if not parts or parts[-1] in repo.by_name or any(f"{part}.dvc" in repo.by_name for part in parts):
        return True
    made = {part for output in pipeline_outputs(repo) for part in output.lower().split("/")}
    return not made.isdisjoint(parts)


@fact
def _told(repo: Repo) -> bool:
    """Whether the front page says where data comes from, or some script or page brings it."""
    page = front_page(repo)
    if page and (SAYS.search(page.text) or any(_is_data(h.text) for h in page.headings)):
        return True
    return any(hits(repo, "brings", _readable(repo), lambda _path, raw: _brings_files(raw)))


def _brings_files(raw: bytes) -> bool:
    """Whether a text brings files, apart from what it reads; most say nothing of the kind in any part."""
    return BRINGS.search(_decoded(raw)) is not None and BRINGS.search(_read_less(raw)) is not None


def _is_data(heading: str) -> bool:
    return regex(r"\bdata(?:[ -]?sets?)?\b(?!.*\bscien)", re.I).search(heading) is not None


def _mentioned(repo: Repo, path: str) -> bool:
    """Whether the file's name stands anywhere but in reads, or what is written has computed names."""
    name = path.rpartition("/")[2]
    writes = _writes_tables if name.lower().endswith(TABLES) else _saves
    return writes(repo) or _stands(repo, name)


@fact
def _writes_tables(repo: Repo) -> bool:
    return WRITES.search(_everything(repo)) is not None


@fact
def _saves(repo: Repo) -> bool:
    return SAVES.search(_everything(repo)) is not None


def _stands(repo: Repo, name: str) -> bool:
    """Whether the name stands in the text; one look at the text answers for all names of one suffix."""
    everything = _everything(repo)
    suffix = name[name.rfind(".") :]
    if len(name) < TAIL or not 1 < len(suffix) < TAIL:
        return name in everything
    ends = _ends(repo, suffix).get(name[-TAIL:], ())
    return any(everything.startswith(name, end - len(name)) for end in ends if end >= len(name))


@fact
def _known_ends(_repo: Repo) -> dict[str, dict[str, list[int]]]:
    return {}


def _ends(repo: Repo, suffix: str) -> dict[str, list[int]]:
    """Where in the text the suffix ends, by the last characters up to there."""
    known = _known_ends(repo)
    if suffix not in known:
        ends: dict[str, list[int]] = {}
        everything, end = _everything(repo), 0
        while (at := everything.find(suffix, end)) >= 0:
            end = at + len(suffix)
            ends.setdefault(everything[max(0, end - TAIL) : end], []).append(end)
        known[suffix] = ends
    return known[suffix]


@fact
def _everything(repo: Repo) -> str:
    return _texts(repo) + _cells(repo)


@fact
def _texts(repo: Repo) -> str:
    """Scripts, settings and pages in one piece, without what they read."""
    return "\n".join(_read_less(repo.raw(path) or b"") for path in _readable(repo))


def _readable(repo: Repo) -> list[str]:
    own = (path for path in repo.files if path.lower().endswith(READABLE) and is_own(path))
    return list(islice(own, MOST_FILES))


def _decoded(raw: bytes) -> str:
    return raw[:MOST].decode("utf-8", "replace")


def _read_less(raw: bytes) -> str:
    return READ.sub("", _decoded(raw))


@fact
def _cells(repo: Repo) -> str:
    """The code of all notebooks, without what it reads, and what they say."""
    parts = [part for book in notebooks(repo) for part in (*(c.source for c in book.cells), *book.prose)]
    return "\n".join(READ.sub("", part) for part in parts)
