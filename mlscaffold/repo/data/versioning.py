"""Tools in use that address versions of data, and other ways in which code names the version it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate
from functools import cache

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.data_files import SAMPLE
from mlscaffold.repo.hits import hits
from mlscaffold.repo.ignore import as_bytes, parse_line
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import own, vendored

READ = (".py", ".ipynb", ".yml", ".yaml", ".json", ".sql", ".toml", ".cfg", ".sh", ".r", ".scala", "makefile")

SUMS_NAMES = ("*checksum*", "*.md5", "md5*", "*md5sum*", "*sha*sum*")
SUMS = regex(rb"[0-9a-f]{32,128} [ *][^\n]+\r?\n")
"""The first line of what `md5sum` and its like write, and check again with `-c`."""

LISTED = regex(rb"[\"']\s*,\s*\\?[\"'][0-9a-f]{32}\\?[\"']\s*,\s*\\?[\"'][\w./-]+\.\w+\\?[\"']")
"""A file in a list of such, beside its checksum."""

DIGITS = bytes(ord("f") if chr(code) in "0123456789abcdef" else ord(" ") for code in range(256))
BUILT_IN = (
    (
        "a data set that scikit-learn ships",
        regex(
            rb"\bload_(?:iris|digits|wine|breast_cancer|diabetes|linnerud|boston)\("
            rb"|\bfetch_(?:california_housing|20newsgroups|covtype|olivetti_faces|rcv1|lfw_people|kddcup99)\w*\("
        ),
    ),
    (
        "a data set that torchvision checks by its hash",
        regex(
            rb"\b(?:torchvision\.)?datasets\.(?:\w*MNIST|CIFAR10+|SVHN|STL10|Omniglot|USPS|Places365|Flowers102"
            rb"|Food101|OxfordIIITPet|GTSRB|Caltech\w+|VOC\w+)\("
        ),
    ),
    (
        "a data set that Keras checks by its hash",
        regex(
            rb"\bdatasets\.(?:mnist|fashion_mnist|cifar10+|imdb|reuters|boston_housing|california_housing)\b"
            rb"|from (?:tensorflow\.)?keras\.datasets import"
        ),
    ),
    (
        "a version that the code names",
        regex(
            rb"\btfds\.load\(\s*f?[\\\"']+[\w/-]+:\d|\bfetch_openml\([^)]*(?:version|data_id)\s*="
            rb"|\bload_dataset\([^)]*revision\s*=|\bsnapshot_download\([^)]*revision\s*="
        ),
    ),
    (
        "a checksum that the code verifies",
        regex(
            rb"\bfile_hash\s*=|\bknown_hash\s*=\s*[\\\"']|\bpooch\.(?:create|retrieve)\("
            rb"|\bmd5\s*=\s*[\\\"'][0-9a-f]{32}|\bsha256\s*=\s*[\\\"'][0-9a-f]{64}"
        ),
    ),
    ("a checksum that the code verifies", LISTED),
)
READS = regex(
    rb"(?<![\w])(?:pd\.|pandas\.|pl\.|polars\.|dd\.|spark\.read\.|np\.|numpy\.|scipy\.io\.|sio\.)?"
    rb"(?:read_csv|read_parquet|read_excel|read_feather|read_hdf|read_table|read_sql(?:_query|_table)?|scan_parquet"
    rb"|scan_csv|loadtxt|genfromtxt|loadmat|ImageFolder|image_dataset_from_directory|flow_from_directory"
    rb"|load_from_disk|load_dataset|TextLineDataset|TFRecordDataset|download_and_extract_archive|urlretrieve)\s*\("
)


NAMED = regex(rb"\s*(?:[\w.]+\(\s*)?(?:\w+\s*=\s*)?[rbf]*\\?[\"']")
READ_WORDS = (
    b"read_", b"scan_", b"loadtxt", b"genfromtxt", b"loadmat", b"ImageFolder", b"_from_directory",
    b"load_from_disk", b"load_dataset", b"Dataset", b"download_and_extract", b"urlretrieve",
)  # fmt: skip
"""One of these stands wherever `READS` can match; looking for them is cheaper."""


HUB = regex(
    rb"load_dataset\s*\("
    rb"(?!\s*\\?[\"'](?:csv|json|text|parquet|arrow|pandas|imagefolder|audiofolder)\\?[\"']|\s*\\?[\"'][./~])"
)
HUB_IMPORT = regex(rb"\b(?:from|import) datasets\b")
ELSEWHERE = regex(
    rb"urlretrieve|download_and_extract|\w+\s*\(\s*[rf]?\\?[\"'](?:https?|ftp|s3a?|gs|gcs|abfss?|az|wasbs?)://"
)

NOTHING = "(?!)"
"""A pattern that never matches."""


class Versioned(NamedTuple):
    """What names a version of data: a tool's slug (empty for other means), its name, and where."""

    slug: str
    name: str
    path: str
    line: int | None = None


class Read(NamedTuple):
    """Where code reads data, and from what: a `hub`, a `table` by a query, `elsewhere` or a `file`.

    `named` where the call itself says which, rather than a variable.
    """

    path: str
    line: int
    source: str = "file"
    named: bool = True


@fact
def data_versioning(repo: Repo) -> tuple[Versioned, ...]:
    """The tools in use, by slug, each at the first place that proves it; a requirement alone is no use."""
    found: dict[str, Versioned] = {}
    for use in _uses(repo):
        found.setdefault(use.slug, use)
    return tuple(found[slug] for slug in sorted(found))


@fact
def named_versions(repo: Repo) -> tuple[Versioned, ...]:
    """Data whose version the code itself names: sets of a locked library, pinned downloads, checksums."""
    found: dict[str, Versioned] = {}
    for number, (name, pattern) in enumerate(BUILT_IN):
        if one := _first(repo, number, name, pattern):
            found[name] = min(one, found.get(name, one))
    for path in own(repo, *SUMS_NAMES):
        if SUMS.match(repo.raw(path) or b""):
            found.setdefault("a list of checksums", Versioned("", "a list of checksums", path))
    return tuple(found.values())


@fact
def data_reads(repo: Repo) -> tuple[Read, ...]:
    """Where the repository's own code reads tables, arrays, folders of images or downloads."""
    found = hits(repo, "reads", _own_code(repo), lambda _path, raw: list(_reads(raw)))
    return tuple(Read(path, *row) for path, rows in found for row in rows)


def _reads(raw: bytes) -> Iterator[tuple[int, str, bool]]:
    """The reads in one file: the line, from what, and whether the call says which."""
    for match in _matches(raw, READS) if any(word in raw for word in READ_WORDS) else ():
        if not raw.endswith(b"def ", 0, match.start()):
            yield _line(raw, match), _source(raw, match), NAMED.match(raw, match.end()) is not None


def _source(raw: bytes, read: re.Match[bytes]) -> str:
    """What the call reads from, as far as its name and its first argument tell."""
    at = read.start()
    own = raw.endswith(b"datasets.", 0, at) or raw[at - 1 : at] != b"."
    if own and HUB.match(raw, at):
        return "hub" if HUB_IMPORT.search(raw) else "file"
    if b"read_sql" in read[0]:
        return "table"
    return "elsewhere" if ELSEWHERE.search(raw, at, read.end() + 16) else "file"


@fact
def _own_code(repo: Repo) -> tuple[str, ...]:
    """Python files and notebooks that are no tests, samples, templates or other people's."""
    paths = (path for path in repo.files if path.endswith((".py", ".ipynb")) and "{{" not in path)
    return tuple(path for path in paths if not SAMPLE.search(path) and not vendored(path))


def _uses(repo: Repo) -> Iterator[Versioned]:
    tools = repo.standard.of_kind("data-versioning")
    own = list(repo.files)
    whole = regex("|".join(translate(name) for tool in tools for name in tool.files) or NOTHING)
    named = [path for path in own if whole.match(path)]
    for tool in tools:
        shape = regex("|".join(map(translate, tool.files)) or NOTHING)
        if path := next((p for p in named if shape.match(p) and _proves(repo, p)), None):
            yield Versioned(tool.slug, tool.name, path)
    yield from _lfs(repo, own)
    by_text = [
        (
            tool,
            tuple(tool.facts.get("suffixes", READ)),
            tuple(word.encode() for word in tool.facts["literals"]),
            _pattern(*tool.facts["uses"]),
        )
        for tool in tools
        if tool.facts.get("uses")
    ]

    def lines(_path: str, raw: bytes) -> list[list[int]]:
        held = [(n, p) for n, (_, _, words, p) in enumerate(by_text) if any(word in raw for word in words)]
        return [[number, found[0]] for number, pattern in held if (found := _lines(raw, pattern))]

    asked = (path for path in own if path.lower().endswith(READ) and not vendored(path))
    for path, rows in hits(repo, "versioning", asked, lines):
        for number, line in rows:
            tool, suffixes, *_ = by_text[number]
            if path.lower().endswith(suffixes):
                yield Versioned(tool.slug, tool.name, path, line)


def _proves(repo: Repo, path: str) -> bool:
    if vendored(path):
        return False
    if not path.endswith(".dvc"):
        return True
    return regex(rb"^(?:outs|deps|wdir|md5):", re.M).search(repo.raw(path) or b"") is not None


@cache
def _pattern(*uses: str) -> re.Pattern[bytes]:
    return regex("|".join(uses).encode(), re.M)


def _lfs(repo: Repo, own: list[str]) -> Iterator[Versioned]:
    """Git LFS is in use where a line of `.gitattributes` matches a tracked file."""
    for path in repo.by_name.get(".gitattributes", ()):
        folder = path[: -len(".gitattributes")]
        for number, line in enumerate((repo.raw(path) or b"").decode("latin-1").splitlines(), 1):
            words = line.split()
            pattern = parse_line(words[0]) if "filter=lfs" in words[1:] else None
            if pattern and any(
                p.startswith(folder) and pattern.matches(as_bytes(p[len(folder) :]), is_folder=False)
                for p in own
            ):
                yield Versioned("git-lfs", "Git LFS", path, number)
                break


def _first(repo: Repo, number: int, name: str, pattern: re.Pattern[bytes]) -> Versioned | None:
    def line(_path: str, raw: bytes) -> int | None:
        hold = pattern is not LISTED or b"f" * 32 in raw.translate(DIGITS)
        return next((_line(raw, match) for match in _matches(raw, pattern)), None) if hold else None

    found = hits(repo, f"built-in-{number}", _own_code(repo), line)
    return next((Versioned("", name, path, at) for path, at in found), None)


def _lines(raw: bytes, pattern: re.Pattern[bytes]) -> list[int]:
    """The lines on which the pattern matches outside a comment."""
    return [_line(raw, match) for match in _matches(raw, pattern)]


def _line(raw: bytes, match: re.Match[bytes]) -> int:
    return raw.count(b"\n", 0, match.start()) + 1


def _matches(raw: bytes, pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """The matches outside comments."""
    for match in pattern.finditer(raw):
        start = raw.rfind(b"\n", 0, match.start()) + 1
        if not raw[start : match.start()].lstrip(b" \t\"'").startswith((b"#", b"//", b"--")):
            yield match
