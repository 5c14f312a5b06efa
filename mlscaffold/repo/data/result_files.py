"""Metrics and plots that runs leave as files which people, or DVC, compare between commits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.metrics_files import declared, metrics
from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.python.facts import Ref, Spot
from mlscaffold.repo.python.source import code
from mlscaffold.repo.python.text import written
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import vendored

_RESULT = (
    r"metrics?|scores?|results?|evaluat\w*|eval|performance|accuracy|history|losses|loss|log|report|summary"
)
NAMED = regex(
    rb"(?:"
    + _RESULT.encode()
    + rb")(?!\w{0,40}config)[\w{}-]{0,60}\.(?:jsonl?|csv|tsv|txt|md|html|tex|xlsx|parquet|np[yz])\b",
    re.IGNORECASE,
)
WRITERS = regex(
    rb"\b(?:CSVLogger|JSONLogger|DictWriter|csv\.writer|savefig|save_figure|write_image|write_html"
    rb"|imsave|to_markdown"
    rb"|to_latex|to_csv|to_excel|savetxt|JSONLLogger|log_to_csv|cml|save_metrics|write_metrics"
    rb"|dump_metrics|save_results"
    rb"|log_metrics_to_file|TextLoggerHook|LoggerHook)\b"
)
RESULT = regex(rf"(?:^|[^A-Za-z])(?:{_RESULT}|log_stats|stats|report\w*)(?:$|[^A-Za-z])", re.IGNORECASE)
KEPT = regex(
    r"(?:^|/)(?:results?|metrics|scores|reports?|plots|evaluation|runs|logs)/(?:.+/)?[^/]+"
    r"\.(?:json|csv|tsv|txt)$|(?:^|/)(?:results?|reports?|plots)/(?:.+/)?[^/]+\.(?:png|svg|pdf|html)$"
    r"|(?:^|/)[\w-]*(?:metrics|results|scores)[\w-]*\.(?:json|csv|tsv|ya?ml|txt)$",
    re.IGNORECASE,
)
DUMPS = ("json.dump", "json.dumps", "yaml.dump", "yaml.safe_dump")


class Kept(NamedTuple):
    """Where results become a file, and by what."""

    spot: Spot
    by: str


@fact
def results_kept(repo: Repo) -> Kept | None:
    """The clearest sign that metrics or plots become files, or `None`."""
    for find in (_in_pipelines, _in_files, _by_calls, _by_text):
        if found := next(find(repo), None):
            return found
    return None


def _in_pipelines(repo: Repo) -> Iterator[Kept]:
    for path in repo.named("dvc.yaml"):
        if vendored(path):
            continue
        for name in declared(repo):
            yield Kept(Spot(path), f"the metrics {name} of the DVC pipeline")
        match yaml_document(repo, path):
            case {"plots": list() | dict()}:
                yield Kept(Spot(path), "the plots of the DVC pipeline")
            case {"stages": dict() as stages}:
                if any(isinstance(stage, dict) and stage.get("plots") for stage in stages.values()):
                    yield Kept(Spot(path), "the plots of the DVC pipeline")


def _in_files(repo: Repo) -> Iterator[Kept]:
    for metric in metrics(repo):
        yield Kept(Spot(metric.path), f"{'.'.join(metric.key)} and other numbers in {metric.path}")
    for path in sorted(repo.files):
        if KEPT.search(path) and not vendored(path) and not path.startswith("."):
            yield Kept(Spot(path), path)


def _by_calls(repo: Repo) -> Iterator[Kept]:
    for source in code(repo):
        if source.imports_any({"dvclive"}):
            yield Kept(source.spot(min(source.imports.values())), "DVCLive, which writes metrics.json")
        for call in source.calls:
            values = [v.name if isinstance(v, Ref) else v for v in call.args]
            measured = any(isinstance(value, str) and RESULT.search(value) for value in values)
            if measured and call.name in DUMPS:
                yield Kept(source.spot(call.line), f"{call.name} of what was measured")


def _by_text(repo: Repo) -> Iterator[Kept]:
    for pattern in (NAMED, WRITERS):
        for spot, hit in written(repo, pattern):
            yield Kept(spot, hit.said)
