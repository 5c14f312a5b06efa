"""Experiment trackers that the code calls, or that a configuration switches on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.globs import like
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.environments.manifests import declaring
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.patterns import Patterns
from mlscaffold.repo.python.facts import Call, Source, Spot, Value
from mlscaffold.repo.python.source import call_names, code
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.elsewhere import scripts
from mlscaffold.repo.training.training import training
from mlscaffold.repo.vendored import vendored
from mlscaffold.standard import Tool

SUMMARY = regex(r"^tensorflow\.(?:\w+\.)*summary\.(?!\w*[Ww]riter)\w+$")
"""Nodes of a graph that nobody keeps unless something writes them to a file."""

_WRITERS = """
    FileWriter create_file_writer create_summary_file_writer SummaryWriter EventFileWriter SummarySaverHook
    Supervisor MonitoredTrainingSession Estimator TPUEstimator train_and_evaluate TensorBoard
"""
WRITERS = frozenset(_WRITERS.split())

WILD = regex(r"[*?]|\[[^\]]*\]")
BY_NAME = ("torch.utils.tensorboard", "tensorboardX")
"""Modules that some import by their name, whichever is there."""

STARRED = "fastai.callback."
"""Modules of which people import all names."""

ITS_FOLDER = "tensorboard_log"
"""The argument by which the agents of Stable Baselines are told where TensorBoard's events go."""

FACE = frozenset(("transformers", "accelerate", "trl", "diffusers", "peft"))
MOST_BYTES = 200_000
"""A larger file holds data."""

MARKS = (b"report_to", b"log_with", b"LoggerHook", b"VisBackend")
OF_LAB = regex(rb"\btype[ \t]*=[ \t]*[\"'](?P<word>\w+(?:LoggerHook|VisBackend))[\"']")
OF_FILE = regex(rb"\b(?:report_to|log_with)[\"']?[ \t]*:[ \t]*\[?[ \t]*[\"']?(?P<word>[a-z]\w*)")
OF_SCRIPT = regex(rb"--(?:report_to|log_with)[ \t=]+[\"']?(?P<word>[a-z]\w*)")
SET = {
    ".py": OF_LAB,
    ".yaml": OF_FILE,
    ".yml": OF_FILE,
    ".json": OF_FILE,
    ".sh": OF_SCRIPT,
    ".bash": OF_SCRIPT,
    ".sbatch": OF_SCRIPT,
    ".slurm": OF_SCRIPT,
}
"""How files of each ending name what is reported to."""

REPORTS = ("report_to", "log_with")
REPORT_OPTIONS = tuple(f"--{name}" for name in REPORTS)
"""What Transformers and Accelerate are told to report to, as arguments and as options of a script."""


class Tracked(NamedTuple):
    """One tracker in use: its slug, its name, and the first place that proves it."""

    slug: str
    name: str
    spot: Spot
    by: str


@fact
def tools(repo: Repo) -> tuple[Tool, ...]:
    """The catalogue's trackers."""
    return repo.standard.of_kind("tracker")


@fact
def trackers(repo: Repo) -> tuple[Tracked, ...]:
    """The trackers in use, by slug. An import, a requirement or a README alone is no use."""
    found: dict[str, Tracked] = {}
    for tracked in _all(repo):
        found.setdefault(tracked.slug, tracked)
    return tuple(found[slug] for slug in sorted(found))


def _all(repo: Repo) -> Iterator[Tracked]:
    names = {tool.slug: tool.name for tool in tools(repo)}
    seen: set[str] = set()
    for source in code(repo):
        for slug, line, by in [*_called(repo, source), *_derived(repo, source), *_named(repo, source)]:
            if slug not in seen:
                seen.add(slug)
                yield Tracked(slug, names[slug], source.spot(line), by)
    yield from _configured(repo)
    yield from _set(repo)
    yield from _by_trainer(repo)
    yield from _elsewhere(repo)


def _elsewhere(repo: Repo) -> Iterator[Tracked]:
    """What sources in other languages call."""
    asked = [(tool, regex(tool.facts["elsewhere"])) for tool in tools(repo) if "elsewhere" in tool.facts]
    for script in scripts(repo):
        for tool, pattern in asked:
            if hit := pattern.search(script.code):
                at = script.spot(script.code, hit.start())
                yield Tracked(tool.slug, tool.name, at, hit[0].rstrip("( "))


def _by_trainer(repo: Repo) -> Iterator[Tracked]:
    """What the Trainer of transformers reports to, unless it is told otherwise: all that is installed."""
    runs = [run.source for run in training(repo) if run.framework == "transformers"]
    if not runs or any("report_to" in call.keywords for source in code(repo) for call in source.calls):
        return
    for manifest in declaring(repo):
        for wanted in manifest.requirements:
            for tool in tools(repo):
                if tool.facts.get("report_to") and wanted.name in tool.packages:
                    at = Spot(manifest.path, wanted.line)
                    yield Tracked(tool.slug, tool.name, at, "installed, so that the Trainer reports to it")


def _named(repo: Repo, source: Source) -> Iterator[tuple[str, int, str]]:
    """Logger classes that the source names for something else to make."""
    loggers = _loggers(repo)
    for text, line in source.strings:
        if text in BY_NAME and "importlib" in source.imports:
            yield "tensorboard", line, f"imports {text} by its name"
        elif "." in text and (slug := loggers.get(text.rpartition(".")[2])):
            yield slug, line, text


@fact
def _calls(repo: Repo) -> Patterns:
    return Patterns((p, tool.slug) for tool in tools(repo) for p in tool.calls)


@fact
def _loggers(repo: Repo) -> dict[str, str]:
    return {name: tool.slug for tool in tools(repo) for name in tool.facts.get("loggers", ())}


@fact
def _reports(repo: Repo) -> dict[str, str]:
    words = {tool.facts.get("report_to", ""): tool.slug for tool in tools(repo)}
    return {word: slug for word, slug in words.items() if word}


def _called(repo: Repo, source: Source) -> Iterator[tuple[str, int, str]]:
    telling, reports = _telling(repo), _reports(repo)
    every = _loggers(repo) if any(name.startswith(STARRED) for name in source.imports) else {}
    for call in source.calls:
        if slug := every.get(call.name[1:]) if call.name.startswith(".") else None:
            yield slug, call.line, call.last
        if call.name in telling:
            yield telling[call.name], call.line, call.name.lstrip(".")
        if not call.keywords:
            continue
        if call.keywords.get(ITS_FOLDER):
            yield "tensorboard", call.line, f"{call.last}({ITS_FOLDER}=…)"
        for word in _reported(call):
            if word in reports:
                yield reports[word], call.line, call.name.lstrip(".")


def _reported(call: Call) -> Iterator[str]:
    """The words by which keywords, or an option's default, say what Hugging Face's libraries report to."""
    for keyword in REPORTS:
        if keyword in call.keywords:
            yield from _words(call.keywords[keyword])
    if call.last == "add_argument" and call.args and call.args[0] in REPORT_OPTIONS:
        yield from _words(call.keywords.get("default"))


@fact
def _telling(repo: Repo) -> dict[str, str]:
    """The names of calls that tell a tracker, and which."""
    found = ((name, _told_by(repo, name)) for name in call_names(repo))
    return {name: slug for name, slug in found if slug}


def _told_by(repo: Repo, name: str) -> str | None:
    slug = _calls(repo).label(name)
    if slug and SUMMARY.search(name) and not _writes_summaries(repo):
        slug = None
    return slug if slug or name.startswith(".") else _loggers(repo).get(name.rpartition(".")[2])


def _derived(repo: Repo, source: Source) -> Iterator[tuple[str, int, str]]:
    """Classes of the source that are a tracker's class with additions."""
    for base in (base for bases in source.bases.values() for base in bases if not base.startswith(".")):
        slug = _calls(repo).label(base) or _loggers(repo).get(base.rpartition(".")[2])
        if slug:
            yield slug, source.imports.get(base, 1), base


@fact
def _writes_summaries(repo: Repo) -> bool:
    """Whether anything writes TensorFlow's summaries: a writer, a hook, or a loop that has one."""
    calls = (call for source in code(repo) for call in source.calls)
    return any(c.last in WRITERS or c.name.endswith("slim.learning.train") for c in calls)


def _words(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        yield from (item for item in value if isinstance(item, str))


def _configured(repo: Repo) -> Iterator[Tracked]:
    """Files that prove use by being there, and configurations that name a framework's logger class."""
    for tool in tools(repo):
        for pattern in tool.files:
            for path in likely(repo, regex(".*".join(map(re.escape, WILD.split(pattern))), re.S)):
                if like(path, pattern) and not vendored(path):
                    yield Tracked(tool.slug, tool.name, Spot(path), path)
    loggers = _loggers(repo)
    setting = regex(
        r"^[ \t-]*(?:_target_|class_path|class_name|class|type)[ \t]*:[ \t]*['\"]?[\w.]*\b("
        + "|".join(sorted(loggers))
        + r")\b",
        re.M,
    )
    names = {tool.slug: tool.name for tool in tools(repo)}
    for path in repo.files:
        if not path.endswith((".yaml", ".yml")) or vendored(path):
            continue
        raw = repo.raw(path) or b""
        if b"Logger" not in raw and b"Callback" not in raw and b"VisBackend" not in raw:
            continue
        text = raw.decode("utf-8", "replace")
        for hit in setting.finditer(text):
            slug = loggers[hit[1]]
            yield Tracked(slug, names[slug], Spot(path, text.count("\n", 0, hit.start(1)) + 1), hit[1])


def _set(repo: Repo) -> Iterator[Tracked]:
    """What settings and scripts of Hugging Face's libraries, and OpenMMLab's files of settings, switch on."""
    names, reports, loggers = {tool.slug: tool.name for tool in tools(repo)}, _reports(repo), _loggers(repo)
    face = any(source.imports_any(FACE) for source in code(repo))
    for path in repo.files:
        pattern = SET.get(path[path.rfind(".") :])
        large = repo.files[path].size > MOST_BYTES
        if pattern is None or large or vendored(path) or (pattern is not OF_LAB and not face):
            continue
        raw = repo.raw(path) or b""
        for hit in pattern.finditer(raw) if any(word in raw for word in MARKS) else ():
            word = hit["word"].decode("utf-8", "replace")
            commented = b"#" in raw[raw.rfind(b"\n", 0, hit.start()) + 1 : hit.start()]
            if (slug := (loggers if pattern is OF_LAB else reports).get(word)) and not commented:
                line = raw.count(b"\n", 0, hit.start("word")) + 1
                yield Tracked(slug, names[slug], Spot(path, line), word)


@fact
def dvc_metrics(repo: Repo) -> Spot | None:
    """Where a DVC pipeline declares parameters and metrics, which DVC then compares between commits."""
    for path in repo.by_name.get("dvc.yaml", ()):
        text = (repo.raw(path) or b"").decode("utf-8", "replace")
        metrics = regex(r"^[ \t-]*metrics[ \t]*:", re.M).search(text)
        if metrics and regex(r"^[ \t-]*params[ \t]*:", re.M).search(text):
            return Spot(path, text.count("\n", 0, metrics.start()) + 1)
    return None
