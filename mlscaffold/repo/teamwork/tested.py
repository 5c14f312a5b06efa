"""What the tests touch: whether any of them works on data or on a model."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.source import source_at
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.tests import TestFile, tests
from mlscaffold.repo.training.training import frameworks

_DATA = """
    numpy pandas polars pyarrow datasets xarray scipy dask pyspark duckdb PIL cv2 skimage imageio librosa
    torchvision torchaudio torchtext pandera great_expectations geopandas
    spacy nltk gensim jax flax optuna onnxruntime onnx modin cudf cuml vaex awkward h5py zarr tables
"""
DATA = frozenset(_DATA.split())
"""Packages that a test imports to hold or to compare data or predictions."""

WORKS = regex(
    rb"\.(?:fit|partial_fit|fit_transform|predict\w*|transform|forward|backward|score)\("
    rb"|\b(?:DataFrame|read_csv|read_parquet|data\.frame|tibble|createDataFrame)\(|\.toDF\(|\bNd4j\.|\bINDArray\b"
    rb"|[\w/.-]\.(?:csv|tsv|parquet|jsonl|feather|arrow|npy|npz|h5|onnx|joblib|pkl|safetensors|ckpt|pth?)[\"']"
    rb"|\b(?:load|read|make|get|create|build|prepare|split|clean|ingest|train|evaluate|validate)_\w*"
    rb"(?:data|datasets?|frame|df|models?|rows|csv|parquet|features|batch|loaders?)\w*\("
    rb"|\btrain\w*\(|\b\w*train\w*\.py\b|-m[\"', ]+[\w.]*train"
)
"""What a line of a test does with data or a model, whatever it imported them from."""

DEEPEST = 2
"""As many modules are followed from a test: it calls the first, which may only pass on the second's names."""


class Touch(NamedTuple):
    """A test file that works on data or a model, and what says so."""

    path: str
    by: str


@fact
def touching(repo: Repo) -> Touch | None:
    """The first test that works on data or a model, as far as imports and calls tell."""
    return next((touch for test in tests(repo) if (touch := _touch(repo, test))), None)


@fact
def libraries(repo: Repo) -> frozenset[str]:
    """Packages of data and of models."""
    return DATA | {name.partition(".")[0] for tool in frameworks(repo) for name in tool.imports}


def _touch(repo: Repo, test: TestFile) -> Touch | None:
    if found := WORKS.search(repo.raw(test.path) or b""):
        return Touch(test.path, found[0].decode("utf-8", "replace").strip("('\", "))
    if not test.path.endswith(".py"):
        return None
    for name, path in _reached(repo, test.path):
        source = source_at(repo, path)
        used = (
            next((i for i in source.imports if i.partition(".")[0] in libraries(repo)), "") if source else ""
        )
        if used:
            return Touch(test.path, name or used.partition(".")[0])
    return None


def _reached(repo: Repo, start: str) -> Iterator[tuple[str, str]]:
    """The file itself (with no name), then the modules of the repository that it imports, by name."""
    seen, queue = {start}, [("", start, 0)]
    while queue:
        name, path, steps = queue.pop(0)
        yield name, path
        source = source_at(repo, path) if steps <= DEEPEST else None
        passes_on = steps == 0 or path.endswith("/__init__.py")
        for imported in source.imports if source and passes_on else ():
            for module in _modules(repo, imported):
                if module not in seen:
                    seen.add(module)
                    queue.append((imported.removeprefix("(here)."), module, steps + 1))


def _modules(repo: Repo, imported: str) -> Iterator[str]:
    """The files of the repository that an imported name may mean: the module, or its package."""
    parts = imported.removeprefix("(here).").split(".")
    for length in (len(parts), len(parts) - 1):
        for end in (f"{'/'.join(parts[:length])}.py", f"{'/'.join(parts[:length])}/__init__.py"):
            found = [p for p in repo.named(end.rpartition("/")[2].lower()) if f"/{p}".endswith(f"/{end}")]
            if length and found:
                yield found[0]
                return
