"""Which metric a model must reach before it is used: thresholds in settings, code, tests, CI and pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.metrics_files import Metric, metrics
from mlscaffold.repo.pages.experiment_pages import experiment_pages
from mlscaffold.repo.pages.open_items import MARKER
from mlscaffold.repo.prose import Heading, Prose, clean
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.ci import ci_commands
from mlscaffold.repo.vendored import is_own

HIGHER = (
    r"(?:balanced[_-]?)?acc(?:uracy)?|f1(?:[_-]?(?:score|macro|micro|weighted))?|(?:roc[_-]?|pr[_-]?)?auc"
    r"|auroc"
    r"|(?:average[_-]?)?precision|recall|sensitivity|specificity|r2(?:[_-]?score)?|m?ap\d*"
    r"|m(?:ean[_-]?)?iou|dice"
    r"|bleu\d?|rouge\w{0,3}|ndcg\w{0,3}|mrr|kappa|mcc"
)
LOWER = (
    r"rmsle|rmse|mae|mse|s?mape|wer|cer|log[_-]?loss|perplexity|error[_-]?rate|fid|ece|brier(?:[_-]?score)?"
)
METRIC = rf"(?P<metric>{HIGHER}|{LOWER})"
OF = r"(?:(?:model|val(?:idation)?|test|eval|holdout)[_-]?)?"
NUMBER = r"(?P<value>\d{1,4}(?:\.\d{1,6})?|\.\d{1,6})"
NAMED = (
    rf"(?:min(?:imum)?|max(?:imum)?|required|accept(?:able|ance|ed)?|target|lowest|expected|desired)[_-]?{OF}"
    rf"{METRIC}(?:[_-]?(?:score|threshold|value))?"
)
AFTER = (
    rf"{OF}{METRIC.replace('metric', 'other')}"
    r"[_-](?:min(?:imum)?|max(?:imum)?|threshold|thresh|floor|gate|limit|required|target|acceptance)"
)
GATE = (
    r"(?:deploy(?:ment)?|promot(?:e|ion)|regist(?:er|ration)|approval|accept(?:ance)?|quality|performance"
    r"|metrics?)"
    r"[_-]?(?:threshold|gate|criteri(?:a|on)|minimum)s?"
)
SETTING = regex(
    rf"^[ \t]*(?:- )?[\"']?(?P<name>{NAMED}|{AFTER}|{GATE})[\"']?[ \t]*[:=][ \t]*[\"']?{NUMBER}\b",
    re.I | re.M,
)
BLOCK = regex(
    r"^(?P<indent>[ \t]*)[\"'\[]?(?:[\w-]+\.)*(?:accept(?:ance)?(?:[_-]?(?:criteria|thresholds?))?"
    r"|quality[_-]?gates?"
    r"|(?:(?:model|metrics?|performance|evaluation|validation|eval|deploy\w*|promotion)[_-]?)?"
    r"(?:thresholds?|gates?|criteria))[\"'\]]?[ \t]*[:{]?[ \t]*(?:\{[ \t]*)?(?:#[^\n]*)?$",
    re.I | re.M,
)
ENTRY = regex(
    rf"^[ \t]*(?:- )?[\"']?(?:metric[\"']?[ \t]*[:=][ \t]*[\"']?)?{METRIC}\w{{0,12}}[\"']?[ \t]*(?:[:=,]|$)"
    rf"(?:[ \t]*[\"']?{NUMBER}\b)?",
    re.I | re.M,
)
REACHES = r">=?\s*(?!0(?:\.0*)?(?![\d.]))\d*\.?\d"
STAYS_BELOW = r"<=?\s*(?!(?:0|1|100)(?:\.0*)?(?![\d.]))\d*\.?\d"
"""Comparisons with a number that say more than that a value lies in its range."""

ANY = rf"(?<![A-Za-z])(?:{HIGHER}|{LOWER})(?![A-Za-z])"
NAMES = rf"(?:{NAMED.replace('?P<metric>', '?:')}|{AFTER.replace('?P<other>', '?:')}|{GATE})"
WRITTEN = regex(
    (
        rf"\bassert\b[^\n#]{{0,80}}{ANY}[^\n#]{{0,30}}(?:{REACHES}|{STAYS_BELOW})"
        rf"|\bassert(?:Greater|Less)\w*\([^\n#]{{0,60}}{ANY}[^\n#]{{0,30}},\s*(?!0\))[\d.]"
        rf"|\bif\b[^\n#]{{0,40}}{ANY}(?:_score)?[\"'\])]{{0,3}}\s*(?:{REACHES}|{STAYS_BELOW})"
        rf"|(?<![A-Za-z]){NAMES}[\"']?(?:\s*:\s*\w+)?\s*[=:]\s*[\d.]+"
        rf"|[<>]=?\s*(?:\w+\.){{0,3}}{NAMES}\b|--{NAMES}[\"']"
        r"|\bMetricThreshold\(|\bGenericValueThreshold\(|\bGenericChangeThreshold\("
        r"|\bConditionGreaterThan\w*\("
        r"|\bConditionLessThan\w*\(|\badd_condition_\w*(?:performance|score)\w*\("
    ).encode(),
    re.I,
)
QUICK = regex(rb"(?i)thresh|min|max|target|accept|gate|assert|require|expect|criteri|Condition")
IN_COMMAND = regex(rf"--(?:{NAMED}|{AFTER}|{GATE})\b", re.I)
TITLE = regex(
    r"\b(?:acceptance|quality gates?|(?:performance|quality|accuracy|metric) (?:requirements?|targets?"
    r"|thresholds?)"
    r"|(?:success|release|deployment|promotion|acceptance|go/no-go) criteri\w+|minimum performance"
    r"|decision rule"
    r"|target metrics?"
    r"|success metrics?)\b|abnahme|criterios? de (?:aceptaci[oó]n|[eé]xito)|验收|受け入れ基準",
    re.I,
)
SENTENCE = regex(
    rf"\b{METRIC}\b[^\n.;]{{0,40}}?(?P<sign>≥|>=|>|≤|<=|<|at least|at most|above|below|over"
    rf"|under)\s*{NUMBER}\s*(?P<p>%?)",
    re.I,
)
SETTINGS = ("*.yaml", "*.yml", "*.toml", "*.json", "*.ini", "*.cfg")
LARGEST = 60_000


class Threshold(NamedTuple):
    """Where an acceptance threshold is stated; with a value where it can be compared with a metrics file."""

    spot: Spot
    by: str
    metric: str = ""
    value: float | None = None
    least: bool = True


@fact
def thresholds(repo: Repo) -> tuple[Threshold, ...]:
    """Every threshold of settings and pages; where there is none, the first of code, tests or CI."""
    found = (*_settings(repo), *_pages(repo))
    return found or tuple(t for t in (next(_written(repo), None) or next(_commands(repo), None),) if t)


def missed(repo: Repo, stated: Threshold) -> Metric | None:
    """A recorded metric of that name on the wrong side of the threshold, if every one of the name is."""
    if stated.value is None:
        return None
    wanted = _plain(stated.metric)
    named = [m for m in metrics(repo) if m.key and _plain(m.key[-1]) == wanted]
    wrong = [m for m in named if not _meets(m.value, stated)]
    return wrong[0] if wrong and len(wrong) == len(named) else None


def _meets(value: float, stated: Threshold) -> bool:
    assert stated.value is not None  # noqa: S101 (the caller asked)
    limit = stated.value / 100 if stated.value > 1 >= abs(value) and stated.least else stated.value
    return value >= limit if stated.least else value <= limit


def _plain(name: str) -> str:
    plain = regex(r"[\W_]").sub("", name.lower()).removesuffix("score")
    return {"acc": "accuracy"}.get(plain, plain)


def _is_least(name: str, metric: str) -> bool:
    """Whether reaching means at least: by the name's own word, else by what the metric measures."""
    if regex(r"max", re.I).match(name) or regex(r"[_-]max(?:imum)?$", re.I).search(name):
        return False
    return re.fullmatch(LOWER, metric, re.I) is None


def _settings(repo: Repo) -> Iterator[Threshold]:
    for path in repo.named(*SETTINGS):
        raw = repo.raw(path) if is_own(path) and repo.files[path].size < LARGEST else None
        if not raw or not QUICK.search(raw):
            continue
        text = raw.decode("utf-8", "replace")
        for hit in SETTING.finditer(text):
            metric = hit["metric"] or hit["other"] or ""
            yield Threshold(
                Spot(path, text.count("\n", 0, hit.start("name")) + 1),
                hit["name"], metric, float(hit["value"]) if metric else None, _is_least(hit["name"], metric),
            )  # fmt: skip
        yield from _blocks(path, text)


def _blocks(path: str, text: str) -> Iterator[Threshold]:
    """The metrics named right below a heading such as `acceptance:` or `[thresholds]`."""
    for head in BLOCK.finditer(text):
        body = _below(text[head.end() + 1 :], len(head["indent"]), table="[" in head[0])
        for hit in ENTRY.finditer(body):
            line = text.count("\n", 0, head.end() + 1 + hit.start("metric")) + 1
            value = float(hit["value"]) if hit["value"] else None
            yield Threshold(
                Spot(path, line), hit["metric"], hit["metric"], value, _is_least("", hit["metric"])
            )


def _below(text: str, indent: int, *, table: bool) -> str:
    """The lines that belong to a block; at most forty."""
    kept = []
    for line in text.split("\n")[:40]:
        deeper = len(line) - len(line.lstrip()) > indent
        if line.strip() and (line.startswith("[") if table else not deeper):
            break
        kept.append(line)
    return "\n".join(kept)


def _pages(repo: Repo) -> Iterator[Threshold]:
    for page in experiment_pages(repo):
        for heading in page.headings:
            if TITLE.search(clean(heading.text)):
                yield from _of_section(page, heading)


def _of_section(page: Prose, heading: Heading) -> Iterator[Threshold]:
    first, last = page.section(heading)
    lines = page.text.split("\n")[first - 1 : last]
    title = clean(heading.text)[:60]
    for number, line in enumerate(lines, first):
        if hit := SENTENCE.search(line):
            least = hit["sign"].lower() in ("≥", ">=", ">", "at least", "above", "over")
            value = float(hit["value"]) / (100 if hit["p"] else 1)
            yield Threshold(Spot(page.path, number), f"its section “{title}”", hit["metric"], value, least)
            return
    if any(regex(r"\d").search(line) for line in lines) and not MARKER.search("\n".join(lines)):
        yield Threshold(Spot(page.path, heading.line), f"its section “{title}”")


@fact
def awaited(repo: Repo) -> Spot | None:
    """Where a page leaves the threshold for a person to write."""
    for page in experiment_pages(repo):
        for heading in page.headings:
            first, last = page.section(heading)
            if not TITLE.search(clean(heading.text)):
                continue
            for number, line in enumerate(page.text.split("\n")[first - 1 : last], first):
                if MARKER.search(line):
                    return Spot(page.path, number)
    return None


def _written(repo: Repo) -> Iterator[Threshold]:
    for path in repo.named("*.py"):
        raw = repo.raw(path) if is_own(path) else None
        if raw and QUICK.search(raw) and (hit := WRITTEN.search(raw)):
            line = raw.count(b"\n", 0, hit.start()) + 1
            yield Threshold(
                Spot(path, line), " ".join(hit[0].decode("utf-8", "replace").split())[:60].strip("=:,(-\"' ")
            )


def _commands(repo: Repo) -> Iterator[Threshold]:
    for pipeline, _, command in ci_commands(repo):
        if hit := IN_COMMAND.search(command):
            yield Threshold(Spot(pipeline.path), hit[0])
