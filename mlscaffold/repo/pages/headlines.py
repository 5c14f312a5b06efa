"""Results that a README states or a pipeline declares, and signs of how much they vary."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.metrics_files import declared, metrics
from mlscaffold.repo.pages.readme import front_page, pages
from mlscaffold.repo.prose import Prose, Table
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.python.text import written
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

METRIC = regex(
    r"(?:^|[^A-Za-z])(?:acc(?:uracy)?|f1|auc|auroc|roc[ _-]?auc|m?ap|bleu|rouge|rmse|mae|mse"
    r"|precision|recall|psnr|ssim|fid|m?iou|dice|perplexity|ppl|wer|cer|top-?[15]|r2|r²|error|exact match|em"
    r"|mcc|kappa|bpc|ndcg|mrr|hit)(?:$|[^A-Za-z])",
    re.IGNORECASE,
)
VALUE = regex(r"[*_~` ]*-?\d+\.\d+[ ]*%?[*_~` ]*$|[*_~` ]*\d{1,2}[ ]*%[*_~` ]*$")
OF_ARTIFACT = regex(
    r"download|checkpoint|ckpt|weights|url|config|hub|link|paper|author|method|baseline|year|reference"
    r"|original|ours",
    re.IGNORECASE,
)
"""Columns of tables that describe files to download, or compare with the numbers of others."""

SPREAD = regex(
    r"±|\+/-|\+-|\\pm|\bstd\b|\bs\.?d\.|standard (?:deviation|error)|confidence|\bintervals\b"
    r"|\b9[059] ?% ?CI|bootstrap"
    r"|\bseeds\b|\baverag|\bmean (?:of|over|across)|\bmeans\b|\bmedian\b|[- ]fold\b|cross[- ]valid"
    r"|error bars?"
    r"|\b(?:\d+|several|multiple|independent|repeated) (?:runs|trials|repeats|repetitions|trainings)"
    r"|varian|significan"
    r"|quantile",
    re.IGNORECASE,
)
REPEATS = regex(
    rb"\bfor[ \t]+\w{0,40}seed\w{0,40}[ \t]+in\b|\bseeds[ \t]*[=:]|[\"']--?seeds\b|\b(?:n|num)_?(?:seeds|runs"
    rb"|repeats?|trials"
    rb"|repetitions|resamples|bootstraps?|folds|splits)\b|\b\w*KFold\b|\bcross_val\w*|\bbootstrap\w*"
    rb"|\bfor[ \t]+(?:run|trial|rep|repeat|repetition|fold|itr)\w*[ \t]+in[ \t]+range\b"
    rb"|\bconfidence_int\w*|\bstderr\b"
    rb"|\bttest\w*|\bLeaveOne\w*|\bn_repeats\b|\bSearchCV\b|\bxgb\w*\.cv\b|\blgb\w*\.cv\b|--itr\b",
    re.IGNORECASE,
)
SHELL = regex(
    rb"\bfor[ \t]+\w{0,40}(?:seed|run|trial|rep|fold)\w{0,40}[ \t]+in\b"
    rb"|seeds?[ \t]*[:=][ \t]*\[|\bseed=\d+,\d",
    re.I,
)
SPREAD_KEY = regex(
    r"(?:^|[_.\- ])(?:std|stdev|sd|sem|stderr|se|low|high|lower|upper|ci\w*|interval|var|min|max|q\d+"
    r"|fold\w*|seed\w*|mean)"
    r"(?:$|[_.\- ])",
    re.IGNORECASE,
)
SCORE_KEY = regex(
    r"acc|f1|auc|precision|recall|rmse|mae|mse|r2|score|bleu|rouge|dice|iou|error", re.IGNORECASE
)
SCRIPTS = ("*.sh", "*.yaml", "*.yml", "*.toml", "makefile", "*.mk", "*.sbatch", "*.slurm", "*.r")


class Headline(NamedTuple):
    """One stated result: where, and which metric."""

    spot: Spot
    metric: str


@fact
def headline(repo: Repo) -> Headline | None:
    """The first result that the README's tables state, or that a pipeline's metrics file holds."""
    page = front_page(repo)
    stated = next(_stated(page), None) if page else None
    return stated or next(_declared(repo), None)


def _stated(page: Prose) -> Iterator[Headline]:
    for table in page.tables:
        header = table.header.cells
        if any(OF_ARTIFACT.search(cell) for cell in header) or _links(page, table):
            continue
        for row in table.rows:
            for index, cell in enumerate(row.cells):
                column = header[index] if index < len(header) else ""
                name = column if METRIC.search(column) else row.cells[0]
                if index and VALUE.match(cell) and METRIC.search(name):
                    yield Headline(Spot(page.path, row.line), name.strip(" *_`"))


def _links(page: Prose, table: Table) -> bool:
    """Whether the table's rows lead to files, so that it describes those."""
    lines = {row.line for row in table.rows}
    return any(line in lines for line, _ in page.links())


def _declared(repo: Repo) -> Iterator[Headline]:
    named = set(declared(repo))
    found = [metric for metric in metrics(repo) if metric.path in named]
    if any(SPREAD_KEY.search(part) for metric in found for part in metric.key):
        return
    for metric in found:
        if metric.key and SCORE_KEY.search(metric.key[-1]):
            yield Headline(Spot(metric.path), ".".join(metric.key))


@fact
def variation(repo: Repo) -> Headline | None:
    """A sign that results are repeated, averaged or given with their spread."""
    for find in (_said, _repeated, _scripted):
        if found := next(find(repo), None):
            return found
    return None


def _said(repo: Repo) -> Iterator[Headline]:
    for page in pages(repo):
        for number, line in enumerate(page.text.split("\n"), 1):
            if len(line) < 5000 and (hit := SPREAD.search(line)):
                yield Headline(Spot(page.path, number), hit.group())


def _repeated(repo: Repo) -> Iterator[Headline]:
    for spot, hit in written(repo, REPEATS):
        yield Headline(spot, hit.said)
    for metric in metrics(repo):
        if SPREAD_KEY.search(metric.key[-1] if metric.key else ""):
            yield Headline(Spot(metric.path), ".".join(metric.key))


def _scripted(repo: Repo) -> Iterator[Headline]:
    for path in repo.named(*SCRIPTS):
        raw = repo.raw(path) if is_own(path) and repo.files[path].size < 200_000 else None
        if raw and (hit := SHELL.search(raw)):
            line = raw.count(b"\n", 0, hit.start()) + 1
            yield Headline(Spot(path, line), hit.group().decode("utf-8", "replace"))
