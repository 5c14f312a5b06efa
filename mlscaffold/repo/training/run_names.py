"""What tells recorded runs apart: names, tags, groups, experiments, folders of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.patterns import Patterns
from mlscaffold.repo.python.facts import Call, Spot
from mlscaffold.repo.python.source import code
from mlscaffold.repo.python.text import written
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.trackers import dvc_metrics, tools, trackers
from mlscaffold.repo.training.training import training
from mlscaffold.repo.vendored import is_own

_KEYWORDS = """
    name run_name experiment_name experiment group tags tag job_type notes id run_id version comment
    description exp_name task_name display_name sub_dir default_hp_metric_name trial_name nested
"""
KEYWORDS = frozenset(_KEYWORDS.split())
OPENS = frozenset(
    ("SummaryWriter", "FileWriter", "create_file_writer", "TensorBoard", "set_experiment", "init")
)
FOLDERS = ("log_dir", "logdir", "save_dir", "logging_dir", "filename_suffix")
NAMING = regex(
    rb"\bset_experiment(?:_tag)?\b|\b(?:experiment|exp|run|trial|model)_?(?:name|tag|group|title)s?\b|\bset_tags?\b"
    rb"|\badd_tags?\b|\brun\.(?:name|tags|group|notes)\b|\bset_(?:run_)?name\b|MLFLOW_(?:EXPERIMENT|RUN)_NAME"
    rb"|WANDB_(?:NAME|RUN_GROUP|TAGS|NOTES)|\b(?:get_)?experiment_(?:by_name|id)\b|\bcreate_experiment\b"
    rb"|\bwandb_(?:run_)?name\b|\bdefault_root_dir\b|\bexp(?:eriment)?_id\b"
)
SETTING = regex(
    rb"^[ \t-]*[\"']?(?:(?:experiment|exp|run|trial|task)_?(?:name|tag|group)s?|tags|group|job_type|notes)"
    rb"[\"']?[ \t]*:"
    rb"|^[ \t]*name[ \t]*:[ \t]*[^\s#]",
    re.MULTILINE,
)


class Told(NamedTuple):
    """Where runs are told apart, and by what."""

    spot: Spot
    by: str


@fact
def told_apart(repo: Repo) -> Told | None:
    """What tells one run from another, or `None`."""
    for find in (_by_tool, _by_calls, _by_text, _by_settings):
        if found := next(find(repo), None):
            return found
    return None


def _by_tool(repo: Repo) -> Iterator[Told]:
    facts = {tool.slug: tool.facts for tool in tools(repo)}
    for tracked in trackers(repo):
        if how := facts[tracked.slug].get("names"):
            yield Told(tracked.spot, f"{tracked.name} ({how})")
    for run in training(repo):
        if run.framework == "transformers":
            yield Told(run.spot, "transformers' Trainer, which names a run after its folder")
    for source in code(repo):
        if source.imports_any({"kedro_mlflow", "kedro"}):
            yield Told(
                source.spot(min(source.imports.values())), "Kedro, which names the experiment after itself"
            )
    for path in repo.named("mlproject"):
        yield Told(Spot(path), "MLflow Projects, whose runs carry the project and its entry point")
    if spot := dvc_metrics(repo):
        yield Told(spot, "DVC, whose results belong to commits")


@fact
def _patterns(repo: Repo) -> Patterns:
    return Patterns((call, tool.slug) for tool in tools(repo) for call in tool.calls)


def _by_calls(repo: Repo) -> Iterator[Told]:
    loggers = {name for tool in tools(repo) for name in tool.facts.get("loggers", ())}
    for source in code(repo):
        for call in source.calls:
            opens = call.last in loggers or _patterns(repo).label(call.name)
            if opens and (by := _names(call, folder=call.last in loggers or call.last in OPENS)):
                yield Told(source.spot(call.line), f"{call.last}({by})")


def _names(call: Call, *, folder: bool) -> str:
    """What of a call gives the run a name or a folder of its own; empty where nothing does."""
    for keyword in call.keywords if not call.last.startswith("log") else ():
        if (keyword in KEYWORDS and call.given(keyword)) or keyword == "**":
            return f"{keyword}=…"
    folders = [*call.args[:1], *(call.keywords[f] for f in FOLDERS if f in call.keywords)]
    if any(not isinstance(folder, str | None) for folder in folders) and folder:
        return "a folder that the caller chooses"
    return ""


def _by_text(repo: Repo) -> Iterator[Told]:
    for spot, hit in written(repo, NAMING):
        yield Told(spot, hit.said)


def _by_settings(repo: Repo) -> Iterator[Told]:
    """Settings of a configuration that names a logger."""
    for tracked in trackers(repo):
        path = tracked.spot.path
        if path.endswith((".yaml", ".yml")) and is_own(path):
            raw = repo.raw(path) or b""
            for hit in SETTING.finditer(raw):
                word = hit.group().decode("utf-8", "replace").strip(" \t-\"':")
                yield Told(Spot(path, raw.count(b"\n", 0, hit.start()) + 1), word.partition(":")[0])


def in_call(repo: Repo, spot: Spot) -> bool:
    """Whether a call stands at `spot`: a class that is only named gets its arguments elsewhere."""
    here = (source for source in code(repo) if source.path == spot.path)
    return any(source.spot(call.line) == spot for source in here for call in source.calls)
