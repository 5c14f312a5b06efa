"""What the runs of training leave behind: their parameters and their metrics, by a tracker or in files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.patterns import Patterns
from mlscaffold.repo.python.facts import Call, Ref, Spot, Value
from mlscaffold.repo.python.source import code
from mlscaffold.repo.python.text import Hit, written
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.trackers import Tracked, dvc_metrics, tools, trackers
from mlscaffold.repo.vendored import is_own

_WORDS = (
    r"args|arguments|cfg|conf|config\w*|opts?|options|flags|h_?params|hyper_?param\w*|params|parameters"
    r"|settings"
)
SETTINGS = regex(rf"(?:^|[^A-Za-z])(?:{_WORDS}|vars)(?:$|[^A-Za-z])", re.IGNORECASE)
"""Names under which programs keep what was chosen for a run."""

SAVES = regex(
    r"^(?:json|ruamel\.yaml|toml|tomli_w|pickle|cloudpickle|dill|joblib)\b.*\bdumps?$|^yaml\.\w*dump\w*$"
    r"|^torch\.save$|^omegaconf\.OmegaConf\.save$|\.log_(?:artifacts?|dict|text|table)$|^wandb\.save$"
    r"|\.set_tags?$"
)
KEEPS = regex(
    r"^(?:hydra\.main|sacred\.Experiment|gin\.operative_config_str|gin\.\w+\.GinConfigSaverHook"
    r"|(?:pytorch_)?lightning\.(?:\w+\.)*LightningCLI)$"
)
"""Frameworks that write the configuration of every run into its folder, or into its record."""

PARAMETERS_TEXT = regex(
    rb"\blog_?(?:hyper|h)?_?param(?:eter)?s?\b|\b(?:log_config|save_hyperparameters|add_hparams|autolog)\b"
    rb"|\bwandb\.config\b|\brun\.config\b|\.(?:flags_into_string|append_flags_into_file"
    rb"|operative_config\w*)\b"
    rb"|\b(?:save|dump|write|log|store|record|export)_(?:\w{1,40}_)?(?:args|arguments|cfg|config\w*|options"
    rb"|flags|h?params|hyper_?param\w*|parameters|settings)\b|\b(?:args|cfg|conf|config)\.(?:dump|save"
    rb"|to_yaml|to_json\w*)\("
    rb"|\bopen\([^\n]{0,80}(?:config|args|opts?|h?params|settings"
    rb"|flags)[\w./]{0,30}[\"')]{0,2}[ \t]*,[ \t]*[\"'][wa]"
    rb"|\bcopy\w*\([^)\n]{0,80}(?:config|cfg|args|h?params|\.ya?ml|\.json)"
    rb"""|["'](?:args|cfg|conf|config|opt|hparams|hyper_?params|settings)["'][ \t]*:[ \t]*"""
    rb"(?:vars\()?(?:\w{1,40}\.){0,6}\w{0,40}(?:args|cfg|conf|config|opt|hparams|params|settings)\b",
    re.IGNORECASE,
)
"""Parameters of a run being kept, where no call says it: attributes, checkpoints, functions passed on."""

LOGGED = regex(
    rb"\b(?:info|debug|log|write|print)\((?:f?[\"'][^\"'\n]{0,60}[{\"',\s]{1,4})?(?:str\(|repr\(|vars\("
    rb"|pformat\()*"
    rb"(?:self\.)?(?:args|cfg|conf|config|opts?|hps|h_?params|FLAGS|settings|hyper_?params)\b(?!\.\w)",
    re.IGNORECASE,
)
"""Settings written to a log as a whole, which keeps them where logs go to a file."""

LOG_FILE = regex(rb"\bFileHandler\b|\blogger\.add\(|\bbasicConfig\([^)]{0,200}filename|\bloguru\b")
ASSIGNED = regex(
    rb"""\[["'][\w/]*(?:args|config|h?params|hyper\w*|parameters|settings)(?:/\w*)*["']\][ \t]*=[^=]"""
)
METRICS_TEXT = regex(
    rb"\blog_?\w*metrics?\w*|\badd_(?:scalars?|image\w*|figure|histogram|summary)\b|\bscalar_summary\b"
    rb"|\blog_value\b|\bSummary\(|\blog_scalar\w*|\breport_scalar\b"
    rb"|\b\w{0,40}(?:run|live|wandb|logger|tracker|writer|fabric|accelerator|self|mlflow|neptune)\w{0,40}\."
    rb"(?:log|track|summary|log_dict)\b"
    rb"|\bautolog\b|\bsummary\.scalar\b"
)
METRICS_ASSIGNED = regex(rb"\.(?:append|log|extend)\(")


class Recorded(NamedTuple):
    """Where runs record something, and by what."""

    spot: Spot
    by: str


@fact
def parameters_recorded(repo: Repo) -> Recorded | None:
    """What keeps the parameters of a run, or `None` where nothing does."""
    for find in (_by_files, _by_frameworks, _by_calls, _by_text):
        if found := next(find(repo, "params"), None):
            return found
    return None


@fact
def metrics_recorded(repo: Repo) -> Recorded | None:
    """What keeps the metrics of a run, or `None` where nothing does."""
    for find in (_by_files, _by_loggers, _by_calls, _by_text):
        if found := next(find(repo, "metrics"), None):
            return found
    return None


@fact
def _patterns(repo: Repo) -> dict[str, Patterns]:
    return {
        what: Patterns(
            (pattern, tool.name)
            for tool in tools(repo)
            for pattern in (*tool.facts.get(what, ()), *tool.facts.get("auto", ()))
        )
        for what in ("params", "metrics")
    }


def _by_files(repo: Repo, what: str) -> Iterator[Recorded]:
    """Definitions that make a tool record parameters and metrics without a call."""
    if spot := dvc_metrics(repo):
        yield Recorded(spot, f"DVC ({spot.path})")
    for tracked in trackers(repo):
        if tracked.by == tracked.spot.path or tracked.by.endswith("reports to it"):
            yield Recorded(tracked.spot, f"{tracked.name} ({tracked.by})")
    for path in repo.named("mlproject") if what == "params" else ():
        if is_own(path) and b"parameters:" in (repo.raw(path) or b""):
            yield Recorded(Spot(path), "MLflow, which records the parameters of a project's entry point")


def _by_loggers(repo: Repo, _what: str) -> Iterator[Recorded]:
    """Loggers and callbacks of frameworks, which send the metrics by themselves."""
    names = {name for tool in tools(repo) for name in tool.facts.get("loggers", ())}
    for tracked in trackers(repo):
        if tracked.by.rpartition(".")[2] in names:
            yield _recorded(tracked)


def _recorded(tracked: Tracked) -> Recorded:
    return Recorded(tracked.spot, f"{tracked.name} ({tracked.by})")


def _by_frameworks(repo: Repo, _what: str) -> Iterator[Recorded]:
    for source in code(repo):
        for call in source.calls:
            if KEEPS.search(call.name):
                yield Recorded(source.spot(call.line), call.name)


def _by_calls(repo: Repo, what: str) -> Iterator[Recorded]:
    patterns = _patterns(repo)[what]
    for source in code(repo):
        for call in source.calls:
            if name := patterns.label(call.name):
                yield Recorded(source.spot(call.line), f"{name} ({call.name.lstrip('.?')})")
            elif call.keywords and _reports(repo, call):
                yield Recorded(source.spot(call.line), f"{call.last}(report_to=…)")
            elif what == "params" and _keeps_settings(call):
                yield Recorded(source.spot(call.line), call.name.lstrip(".?"))


def _reports(repo: Repo, call: Call) -> bool:
    said = call.keywords.get("report_to")
    words = said if isinstance(said, tuple) else (said,)
    known = {tool.facts.get("report_to") for tool in tools(repo)}
    return any(isinstance(word, str) and word and word in known for word in words)


def _keeps_settings(call: Call) -> bool:
    """Whether settings of the run go into its record or into a file."""
    if call.given("config") and call.last in ("init", "init_trackers", "setup_wandb", "Run"):
        return True
    if call.last == "SummaryWriter":
        return isinstance(call.keywords.get("comment"), Ref)
    return SAVES.search(call.name) is not None and any(map(_names_settings, _values(call)))


def _values(call: Call) -> Iterator[Value]:
    yield from call.args
    yield from call.keywords.values()


def _names_settings(value: Value) -> bool:
    text = value.name if isinstance(value, Ref) else value
    return isinstance(text, str) and SETTINGS.search(text) is not None


def _by_text(repo: Repo, what: str) -> Iterator[Recorded]:
    """The last look, into the text of all Python, so that nothing that is recorded is missed."""
    for spot, hit in written(repo, PARAMETERS_TEXT if what == "params" else METRICS_TEXT):
        yield Recorded(spot, _word(hit))
    if what == "params" and next(written(repo, LOG_FILE), None):
        for spot, hit in written(repo, LOGGED):
            yield Recorded(spot, f"{_word(hit)} in a log file")
    by_subscript = {"neptune", "aim"} & {tracked.slug for tracked in trackers(repo)}
    if by_subscript:
        for spot, hit in written(repo, ASSIGNED if what == "params" else METRICS_ASSIGNED):
            yield Recorded(spot, _word(hit))


def _word(hit: Hit) -> str:
    return str(regex(r"[\w.]+").findall(hit.said)[0]).lstrip(".")
