"""What checks data before it is used (schemas, checksums, own checks), and downloads that nothing checks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.data.data_files import SAMPLE
from mlscaffold.repo.data.dvc import stages
from mlscaffold.repo.data.versioning import Read, Versioned, data_reads
from mlscaffold.repo.hits import hits
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.training import training
from mlscaffold.repo.vendored import is_own

LIBRARIES = {
    "pandera": "pandera",
    "great_expectations": "Great Expectations",
    "pointblank": "pointblank",
    "tensorflow_data_validation": "TensorFlow Data Validation",
    "deepchecks": "Deepchecks",
    "evidently": "Evidently",
    "soda": "Soda",
    "frictionless": "Frictionless",
    "dataframely": "dataframely",
    "patito": "Patito",
    "pandas_schema": "pandas-schema",
    "pandas_dq": "pandas-dq",
    "cuallee": "cuallee",
    "whylogs": "whylogs",
    "pydeequ": "PyDeequ",
    "jsonschema": "jsonschema",
    "cerberus": "Cerberus",
    "validoopsie": "Validoopsie",
}
IMPORT = regex(
    rb"^[ \t]*(?:\"[ \t]*)?(?:import|from)[ \t]+(?P<name>"
    + b"|".join(n.encode() for n in LIBRARIES)
    + rb")\b",
    re.M,
)
PYDANTIC = regex(
    rb"^[ \t]*from pydantic\b[^\n]*\b(?:BaseModel|TypeAdapter|validate_call)|^[ \t]*from pydantic import \(",
    re.M,
)
ROWS = regex(
    rb"\b(?:read_csv|read_parquet|read_excel|read_json|DictReader|load_dataset|to_dict\([\"']records)|\.iterrows\("
)
OWN = regex(
    rb"\b(?:def|=|:|return|if|assert)?[ \t]*(?P<name>(?:validate|verify|check|assert)_(?:\w+_)?(?:data"
    rb"|dataset|schema|columns|rows|frame|dataframe|df|records"
    rb"|input|inputs|labels|features|integrity|checksum|hash|md5|sha\d*|range|ranges|types|dtypes|nulls"
    rb"|missing|quality)\w*)[ \t]*\("
    rb"|\bassert\b[^\n]{0,80}\.(?:columns|isnull|isna|notnull|notna|shape|dtypes?|between|is_unique)\b"
    rb"|\b(?:set\(|list\(|sorted\(|issubset\()[^\n]{0,40}\.columns\)?[^\n]{0,20}(?:==|!=|<=|>=|-)[^\n]{0,60}",
    re.I,
)
CHECKSUM = regex(
    rb"\b(?:sha\d+sum|md5sum|shasum)\b|check_integrity|known_hash|file_hash[ \t]*=|pooch\.|\bchecksums?\b"
    rb"|hexdigest\(\)[ \t]*(?:==|!=)|(?:==|!=)[ \t]*\w*(?:hexdigest|_md5|_sha\d*|_hash)\b"
    rb"|expected_(?:hash|md5|sha\w*)"
    rb"|\b(?:md5|sha1|sha256|sha512)[ \t]*=[ \t]*[\"'\w]"
)
SUITE = regex(
    r"(?:^|/)(?:great_expectations|gx)/(?:[\w/]*/)?(?:great_expectations\.ya?ml|expectations/[^/]+\.json)$|(?:^|/)soda/[^/]+\.ya?ml$"
)
FIXED = regex(
    rb"/[0-9a-f]{40}/|zenodo\.org/(?:api/)?records?/\d+|versionId=|version_id[ \t]*=|md5[ \t]*="
    rb"|sha256[ \t]*=|checksum|doi\.org/"
    rb"|known_hash|file_hash|version(?:AsOf)?[ \t]*=|timestamp_?as_?of"
    rb"|storage\.googleapis\.com/(?:tensorflow|download\.tensorflow)|download\.tensorflow\.org",
    re.I,
)
"""What in the call itself says which bytes are meant."""

BRINGS = regex(
    r"(?:^|[/_])(?:data|download|load|loader|prepare|prep|preprocess|fetch|ingest|ingestion|train|training|dataset|etl|extract)",
    re.I,
)
CODE = (".py", ".ipynb", ".sh", ".bash", ".r", "makefile", "justfile", "dockerfile")


@fact
def data_checks(repo: Repo) -> tuple[Versioned, ...]:
    """The first proof of each way of checking data that code or suites of the repository's own use."""
    found: dict[str, Versioned] = {}
    for use in _checks(repo):
        found.setdefault(use.name, use)
    return tuple(found[name] for name in sorted(found))


def _checks(repo: Repo) -> Iterator[Versioned]:
    suites = (p for p in repo.files if p.lower().endswith((".yml", ".yaml", ".json")) and SUITE.search(p))
    checks = [
        Versioned("", "Soda" if "soda/" in path.lower() else "Great Expectations", path)
        for path in suites
        if is_own(path)
    ]
    code = (path for path in repo.files if path.lower().endswith(CODE) and "/tests/" not in f"/{path}")
    for path, rows in hits(repo, "checks", filter(is_own, code), lambda _path, raw: list(_in_code(raw))):
        checks += [Versioned("", name, path, line) for name, line in rows]
    yield from sorted(checks, key=lambda check: check.path)


def _in_code(raw: bytes) -> Iterator[tuple[str, int]]:
    """The ways in which one file checks data, each with a line."""
    for found in IMPORT.finditer(raw):
        yield LIBRARIES[found["name"].decode()], _line(raw, found)
    if b"pydantic" in raw and (model := PYDANTIC.search(raw)) and ROWS.search(raw):
        yield "pydantic", _line(raw, model)
    for name, pattern in (("a checksum", CHECKSUM), ("a check of its own", OWN)):
        if told := next((m for m in pattern.finditer(raw) if not _comment(raw, m.start())), None):
            yield name, _line(raw, told)


def _comment(raw: bytes, at: int) -> bool:
    start = raw.rfind(b"\n", 0, at) + 1
    return b"#" in raw[start:at]


def _line(raw: bytes, found: re.Match[bytes]) -> int:
    return raw.count(b"\n", 0, found.start()) + 1


@fact
def unchecked_reads(repo: Repo) -> tuple[Read, ...]:
    """Downloads and queries for training that say nothing of the bytes they must give."""
    trained = {run.source.path for run in training(repo)}
    by_stage = " ".join(f"{stage.command} {' '.join(stage.deps)}" for stage in stages(repo))
    return tuple(
        read
        for read in data_reads(repo)
        if read.source in ("elsewhere", "table")
        and (read.path in trained or BRINGS.search(read.path))
        and not SAMPLE.search(read.path)
        and read.path not in by_stage
        and not FIXED.search(_statement(repo, read))
    )


def _statement(repo: Repo, read: Read) -> bytes:
    """The line of the read and the three that follow."""
    lines = (repo.raw(read.path) or b"").split(b"\n")[read.line - 1 : read.line + 3]
    return b"\n".join(lines)[:2000]
