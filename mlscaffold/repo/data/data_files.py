"""Models and data among the files that git tracks, told by their names, sizes and first bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from mlscaffold.lazy import regex
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.trees.tree import Entry

MODEL = regex(
    r"\.(?:pt|pth|ckpt|pkl|pickle|joblib|skops|dill|h5|hdf5|keras|onnx|safetensors|np[yz]|pb|tflite|mlmodel|gguf|ggml"
    r"|caffemodel|pdparams|pdmodel|cbm|xgb|ubj|sav|mar|engine|model)$|(?:^|/)(?:pytorch|tf|flax|adapter)_model[^/]*\.bin$",
    re.IGNORECASE,
)
TABLE = regex(
    r"\.(?:csv|tsv|psv|parquet|feather|arrow|orc|avro|jsonl|ndjson|xlsx?|sqlite3?|duckdb|dbf|mat|rds|rdata|dta|sas7bdat"
    r"|arff|libsvm|svm|nc|grib|tfrecords?|lmdb|mdb|fasta|fastq|vcf|bam)(?:\.(?:gz|bz2|xz|zst|zip))?$",
    re.IGNORECASE,
)
EITHER = regex(r"\.(?:h5|hdf5|np[yz]|pkl|pickle|joblib|model)$", re.IGNORECASE)
"""Formats of models and of data alike: the folder decides."""

PACKED = regex(r"\.(?:zip|tar|tgz|tbz2|txz|7z|rar|gz|bz2|xz|zst|json|txt|dat|data|bin|xml)$", re.IGNORECASE)
DATA_FOLDER = regex(r"(?:^|/)(?:data|datasets?|corpus|corpora)/", re.IGNORECASE)
SAMPLE = regex(
    r"(?:^|/)(?:tests?|testing|test_?data|fixtures?|samples?|mocks?|snapshots|__snapshots__|cassettes|docs?|assets|static"
    r"|public|node_modules|site-packages|third_party|vendor|benchmarks?)/"
    r"|(?:^|[/_.-])(?:sample|fixture|dummy|toy|mini|tiny)s?(?![a-z])",
    re.IGNORECASE,
)
"""Where a file is part of tests, documentation or a web page, or says itself that it is a sample."""

PROSE = regex(
    r"(?:^|/)(?:read_?me|licen[cs]es?|copying|notice|citation|change(?:s|log)|credits|requirements|instructions?|install"
    r"|urls?|links?|sources?|how_?to|todo|notes?|description|contents?)[^/]*\.(?:txt|json|xml)$",
    re.IGNORECASE,
)
"""What people write beside data."""

MOST_KNOWN = 100_000
"""Paths of which it is remembered what they look like: several rules ask of each."""

POINTERS = (
    b"version https://git-lfs.github.com/spec/",
    b"version https://hawser.github.com/",
    b"/annex/objects/",
)


class Absent(Exception):
    """The content of a tracked file is not on this machine, so nobody can say what it is."""


def in_git(repo: Repo, entry: Entry) -> bool:
    """Whether git holds the content itself, not a pointer of Git LFS or git-annex; raises Absent."""
    try:
        head = repo.tree.committed(entry.path, 200)
    except OSError:
        raise Absent(entry.path) from None
    return not head.lstrip().startswith(POINTERS)


def tracked(repo: Repo) -> Iterator[Entry]:
    """The regular files that git tracks."""
    return (entry for entry in repo.files.values() if entry.tracked)


_SUFFIXES = """
    .pt .pth .ckpt .pkl .pickle .joblib .skops .dill .h5 .hdf5 .keras .onnx .safetensors .npy .npz
    .pb .tflite .mlmodel .gguf .ggml .caffemodel .pdparams .pdmodel .cbm .xgb .ubj .sav .mar .engine
    .model .bin .csv .tsv .psv .parquet .feather .arrow .orc .avro .jsonl .ndjson .xls .xlsx .sqlite
    .sqlite3 .duckdb .dbf .mat .rds .rdata .dta .sas7bdat .arff .libsvm .svm .nc .grib .tfrecord
    .tfrecords .lmdb .mdb .fasta .fastq .vcf .bam .zip .tar .tgz .tbz2 .txz .7z .rar .gz .bz2 .xz
    .zst .json .txt .dat .data .xml
"""
SUFFIXES = frozenset(_SUFFIXES.split())
"""The last suffix of all that the expressions above can match: a look-up spares most paths a search."""


def _can_match(path: str) -> bool:
    return path[path.rfind(".") :].lower() in SUFFIXES


@lru_cache(maxsize=MOST_KNOWN)
def looks_like_model(path: str) -> bool:
    """Whether the name is one of a trained model or a serialised object, outside tests and samples."""
    if not _can_match(path) or MODEL.search(path) is None or SAMPLE.search(path) or "{{" in path:
        return False
    return not (EITHER.search(path) and DATA_FOLDER.search(path))


def looks_like_data(path: str) -> bool:
    """Whether the name is one of a data set, outside tests and samples, and not of a model."""
    return _as_data(path) != ""


@lru_cache(maxsize=MOST_KNOWN)
def _as_data(path: str) -> Literal["table", "in a data folder", ""]:
    """By what the name is one of a data set; empty where it is none."""
    if not _can_match(path) or SAMPLE.search(path) or "{{" in path:
        return ""
    if TABLE.search(path):
        return "table"
    if DATA_FOLDER.search(path) is None or PROSE.search(path):
        return ""
    return "in a data folder" if PACKED.search(path) or EITHER.search(path) else ""


def is_model(_repo: Repo, entry: Entry) -> bool:
    """Whether a file is a trained model or a serialised object."""
    return looks_like_model(entry.path)


def is_data(repo: Repo, entry: Entry) -> bool:
    """Whether a file is a data set. A short text in a data folder may be a list of labels or a setting."""
    text = entry.path.lower().endswith((".txt", ".json", ".xml"))
    small = text and 0 <= entry.size < int(repo.standard.dataset_bytes) // 10
    found = "" if small else _as_data(entry.path)
    return found == "table" or (found != "" and not _in_package(repo, entry.path))


def _in_package(repo: Repo, path: str) -> bool:
    """Whether the folder called data is a Python package, which brings what its code needs."""
    return any(f"{path[: found.end()]}__init__.py" in repo.files for found in DATA_FOLDER.finditer(path))


@fact
def absent(repo: Repo) -> tuple[str, ...]:
    """Tracked files whose content, and so whose size, this clone does not hold."""
    return tuple(entry.path for entry in tracked(repo) if entry.size < 0)


def human(size: int) -> str:
    """A size as people say it, in decimal units."""
    for unit, bytes_each in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)):
        if size >= bytes_each:
            return f"{size / bytes_each:.1f} {unit}"
    return f"{size} B"
