"""Hyper-parameters that a source takes from its environment, from a platform or from options, by their names.

What other modules tell by the names of calls is not asked again: here the text of the source says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Source, Spot
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.hyper_names import External, is_hyper

QUOTED = rb"[ \t\r\n]*(?:\w+[ \t]*=[ \t]*)?[\"']-{0,2}(?P<name>\w[\w -]*)[\"']"
Sign = tuple[bytes, tuple[str, ...], re.Pattern[bytes]]
NAMED: tuple[Sign, ...] = (
    (b"environ[", (), regex(rb"\benviron\[" + QUOTED + rb"[ \t]*\](?![ \t]*=(?!=))")),
    (b"widgets", (), regex(rb"\bdbutils\.widgets\.(?:text|dropdown|combobox|multiselect|get)\(" + QUOTED)),
    (b"dag_run", ("airflow",), regex(rb"\bdag_run[\"'\])]*\.conf(?:\.get\(|\[)" + QUOTED)),
    (b"Variable", ("airflow",), regex(rb"\bVariable\.get\(" + QUOTED)),
    (b"Param(", ("airflow",), regex(rb"[\"'](?P<name>\w+)[\"'][ \t]*:[ \t]*Param\(")),
    (b"docopt", ("docopt",), regex(rb"--(?P<name>\w[\w-]*)[= ](?:<|[A-Z]+\b)")),
    (b"SwitchAttr", ("plumbum",), regex(rb"\bSwitchAttr\([ \t]*\[?" + QUOTED)),
)
"""A word without which there is nothing to look for, what the source imports, and where the name stands."""

WHOLE: tuple[Sign, ...] = (
    (b"SM_HPS", (), regex(rb"[\"']SM_HPS[\"']")),
    (b"/opt/ml/", (), regex(rb"/opt/ml/input/config/hyperparameters\.json")),
    (b"pyrallis", ("pyrallis",), regex(rb"\bpyrallis\.(?:parse|wrap)\b")),
    (b"entrypoint", ("chz",), regex(rb"\bchz\.(?:nested_)?entrypoint\b")),
    (b"connect", ("clearml", "trains"), regex(rb"\b\w*task\w*\.connect(?:_configuration)?\(", re.I)),
    (b"merge_from_", ("yacs", "detectron2", "fvcore"), regex(rb"\.merge_from_(?:file|list)\(")),
)
"""What hands over all settings at once."""

SWEEP = (regex(rb"^parameters:", re.M), regex(rb"^(?:program|method):", re.M))
SWEPT = regex(rb"^[ \t]+(?P<name>[\w.-]+):[ \t]*\r?\n[ \t]+(?:values?|min|max|distribution):", re.M)
"""A search of Weights & Biases: its runs get the values."""

TAGGED = regex(rb"\"tags\"[ \t]*:[ \t]*\[[^\]]*\"parameters\"[^\]]*\]")
ASSIGNED = regex(rb"^[ \t]*\"(?P<name>[A-Za-z]\w*)[ \t]*(?::[^=\n]{1,40})?=[ \t]*[^=]", re.M)


def named_in(repo: Repo, sources: Iterator[Source]) -> Iterator[External]:
    """Each place in these sources that takes a hyper-parameter, or all of them, from outside."""
    every = [(word, roots, pattern, True) for word, roots, pattern in NAMED]
    every += [(word, roots, pattern, False) for word, roots, pattern in WHOLE]
    anywhere = {name.partition(".")[0] for source in code(repo) for name in source.imports}
    for source in sources:
        raw = repo.raw(source.path) or b""
        for word, roots, pattern, by_name in every:
            if word not in raw or (roots and anywhere.isdisjoint(roots)):
                continue
            for hit in pattern.finditer(raw):
                name = hit["name"].decode() if by_name else hit[0].decode("utf-8", "replace")
                if not by_name or is_hyper(name.replace(" ", "_")):
                    yield External(source.spot(raw.count(b"\n", 0, hit.start()) + 1), name.strip("\"'("))


def by_search(repo: Repo) -> Iterator[External]:
    """Searches of Weights & Biases, where the code reads the values of the run."""
    if not any(source.imports_any({"wandb"}) for source in code(repo)):
        return
    for path, entry in repo.files.items():
        small = entry.size < 200_000 and path.endswith((".yaml", ".yml"))
        raw = repo.raw(path) or b"" if small else b""
        if b"parameters:" in raw and all(pattern.search(raw) for pattern in SWEEP):
            for hit in SWEPT.finditer(raw):
                if is_hyper(hit["name"].decode()):
                    yield _at(path, raw, hit)


def by_tags(repo: Repo) -> Iterator[External]:
    """Cells of notebooks that papermill replaces by the values of a run."""
    for source in code(repo):
        raw = repo.raw(source.path) or b"" if source.notebook else b""
        for tag in TAGGED.finditer(raw) if b'"parameters"' in raw else ():
            first = raw.rfind(b'"cell_type"', 0, tag.start())
            last = raw.find(b'"cell_type"', tag.end())
            for hit in ASSIGNED.finditer(raw, max(first, 0), last if last >= 0 else len(raw)):
                if is_hyper(hit["name"].decode()):
                    yield _at(source.path, raw, hit)


def _at(path: str, raw: bytes, hit: re.Match[bytes]) -> External:
    return External(Spot(path, raw.count(b"\n", 0, hit.start("name")) + 1), hit["name"].decode())
