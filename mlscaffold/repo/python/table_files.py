"""Calls that read rows, or a fitted step, from a file, or write them to one."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.expressions import called, dotted
from mlscaffold.repo.python.file_names import file_name

READS_ROWS = regex(
    rb"\bread_(?:csv|table|parquet|pickle|feather|excel|hdf|json)\(|\b(?:loadtxt|genfromtxt|load_npz)\("
    rb"|\b(?:np|numpy|joblib|pickle|pkl|cPickle|torch)\.load\(|\bfrom joblib import"
)
WRITES_ROWS = regex(
    rb"\.to_(?:csv|parquet|pickle|feather|excel|hdf|json)\(|\bfrom joblib import"
    rb"|\b(?:joblib|pickle|pkl|cPickle)\.dump\("
    rb"|\b(?:np|numpy)\.save(?:z|txt|z_compressed)?\(|\bsave_npz\("
)
SPLITS_ROWS = regex(
    rb"\b(?:train_\w{0,12}split|split_train_test|train_test|cross_val\w{0,9})\b|Fold\(|ShuffleSplit\(|SeriesSplit\(|Leave\w{1,9}Out\("
)
READERS = regex(r"read_(?:csv|table|parquet|pickle|feather|excel|hdf|json)|loadtxt|genfromtxt|load_npz")
WRITERS = regex(r"to_(?:csv|parquet|pickle|feather|excel|hdf|json)")
LOADS = frozenset(
    {"np.load", "numpy.load", "joblib.load", "pickle.load", "torch.load", "pkl.load", "cPickle.load", "load"}
)
DUMPS = frozenset({"joblib.dump", "pickle.dump", "torch.save", "pkl.dump", "cPickle.dump", "dump"})
"""The value comes first, then the file."""

SAVES = {"save": ".npy", "savez": ".npz", "savez_compressed": ".npz", "savetxt": "", "save_npz": ".npz"}
"""Functions of NumPy and SciPy, where the file comes first, and the ending that they add."""

NUMERIC = frozenset({"np", "numpy", "sparse", "sp.sparse", "scipy.sparse", ""})


class Writing(NamedTuple):
    """A write: the expressions of what is written, and the name of the file."""

    values: tuple[ast.expr, ...]
    path: str


def hands_rows_on(raw: bytes) -> bool:
    """A cheap first look: whether a source can hand rows on from file to file, or split those of a file."""
    return READS_ROWS.search(raw) is not None and (
        WRITES_ROWS.search(raw) is not None or SPLITS_ROWS.search(raw) is not None
    )


def read_from(call: ast.Call, known: Mapping[str, str]) -> str:
    """The file that a call reads, or nothing."""
    last = called(call)
    if READERS.fullmatch(last) or (last == "load" and dotted(call.func) in LOADS):
        return file_name(
            _argument(call, 0, "filepath_or_buffer", "path", "io", "file", "filename", "fname"), known
        )
    return ""


def write_of(call: ast.Call, known: Mapping[str, str]) -> Writing | None:
    """What a call writes to a file whose name can be told."""
    last, name = called(call), dotted(call.func)
    if WRITERS.fullmatch(last) and isinstance(call.func, ast.Attribute):
        path = _argument(call, 0, "path_or_buf", "path", "excel_writer", "fname")
        return _writing([call.func.value], file_name(path, known), "")
    if name in DUMPS:
        return _writing(call.args[:1], file_name(_argument(call, 1, "filename", "file", "f"), known), "")
    if last in SAVES and name.removesuffix(last).rstrip(".") in NUMERIC:
        values = [
            *call.args[1:],
            *(k.value for k in call.keywords if k.arg not in ("file", "delimiter", "fmt")),
        ]
        return _writing(values, file_name(_argument(call, 0, "file", "fname"), known), SAVES[last])
    return None


def _writing(values: list[ast.expr], path: str, ending: str) -> Writing | None:
    if not path or not values:
        return None
    whole = path.endswith((ending, "}"))  # what fills a hole may well bring the ending
    return Writing(tuple(values), path if whole else path + ending)


def _argument(call: ast.Call, position: int, *keywords: str) -> ast.expr | None:
    if len(call.args) > position:
        return call.args[position]
    return next((k.value for k in call.keywords if k.arg in keywords), None)
