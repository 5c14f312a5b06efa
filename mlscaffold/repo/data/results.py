"""Results that are recorded where a reproduction can be compared with them: values, not pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.committed.run_output import committed_run_output
from mlscaffold.repo.data.metrics_files import declared, metrics
from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.notebooks.cells import notebooks
from mlscaffold.repo.pages.cards import model_cards
from mlscaffold.repo.pages.readme import front_page
from mlscaffold.repo.prose import Prose, Row, clean, decoded, prose
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.training import training
from mlscaffold.repo.vendored import depth, is_own

_METRIC = (
    r"(?:acc(?:uracy)?|precision|recall|f-?1|fscore|auc|auroc|roc[-_ ]auc|m?ap(?:@[\d.]+)?|loss"
    r"|perplexity|ppl|bleu|rouge(?:-?\w)?|rmsle|rmse|mse|mae|mape|smape|r2|m?iou|dice|psnr|ssim|fid|wer|cer|err(?:or)?"
    r"|scores?|rewards?|returns?|top-?[15]|ndcg(?:@\d+)?|mrr|kappa|mcc|spearman|pearson"
    r"|exact match|em|nll|elbo|bpb|bpc)"
)
NAMED = regex(rf"(?<![a-z]){_METRIC}(?![a-z])", re.I)
TOLD = regex(
    rf"(?<![a-z]){_METRIC}(?![a-z])[^\d\n]{{0,40}}\d+(?:\.\d+|\s?%)"
    rf"|\d(?:\.\d+)?\s?%\s+(?:[\w-]+\s+){{0,2}}{_METRIC}(?![a-z])|\d\.\d{{2,}}\s+(?:[\w-]+\s+){{0,2}}{_METRIC}(?![a-z])",
    re.I,
)
DECIMAL = regex(r"(?<![\w.])[-−]?\d{1,5}[.,]\d+|\d\s?%")
TITLE = regex(
    r"\b(?:results?|benchmarks?|performance|scores?|leaderboard|model zoo|evaluation)\b"
    r"|\b(?:reproduc\w+|baselines?)\b|resultad|ergebnis|résultat|результат|结果|結果|性能|성능|결과",
    re.I,
)
REPORTED = regex(
    r"https?://(?:api\.)?wandb\.ai/[\w./-]+/(?:reports|runs|sweeps|groups)/|comet\.(?:ml|com)/[\w-]+/[\w-]+/"
)
PLACE = regex(
    r"(?:^|/)(?:[\w-]*results?|reports?|eval(?:uation)?s?|metrics|logs?|outputs?|runs?|benchmarks?|scores?)/(?:.+/)?[^/]+$"
    r"|(?:^|/)[\w.-]*(?:results?|metrics|scores?|leaderboard|evaluation|benchmarks?)[\w.-]*$",
    re.I,
)
READ = (
    ".csv",
    ".tsv",
    ".json",
    ".jsonl",
    ".yaml",
    ".yml",
    ".txt",
    ".log",
    ".out",
    ".md",
    ".html",
    ".tex",
    ".rst",
)
PICTURE = regex(r"!\[[^\]\n]*\]\(|<img\b", re.I)
LONGEST = 200_000
MOST = 300


class Recorded(NamedTuple):
    """Where a result is recorded, and as what."""

    path: str
    by: str


@fact
def recorded(repo: Repo) -> Recorded | None:
    """The first record of a result: metrics files, cards, pages, result files, then notebooks' outputs."""
    return next(_recorded(repo), None)


def _recorded(repo: Repo) -> Iterator[Recorded]:
    if numbers := metrics(repo):
        yield Recorded(numbers[0].path, "a metrics file")
    yield from _hashed(repo)
    yield from (
        Recorded(card.path, "numbers of the model card") for card in model_cards(repo) if card.numbers
    )
    for page in _pages(repo):
        if by := _told(page):
            yield Recorded(page.path, by)
    yield from (
        Recorded(out.root, out.name) for out in committed_run_output(repo) if "bytecode" not in out.name
    )
    yield from _files(repo)
    yield from _outputs(repo)


def _hashed(repo: Repo) -> Iterator[Recorded]:
    """Metrics whose values DVC keeps: the lock holds their hash."""
    named = set(declared(repo))
    for path in repo.named("dvc.lock") if named else ():
        text = repo.text(path) or ""
        if any(name.rpartition("/")[2] in text for name in named):
            yield Recorded(path, "metrics that DVC keeps")


def not_run_yet(repo: Repo) -> bool:
    """Whether a DVC pipeline declares metrics, and has never run."""
    locks = (yaml_document(repo, path) for path in repo.named("dvc.lock"))
    return any(declared(repo)) and not any(lock for lock in locks)


def _pages(repo: Repo) -> Iterator[Prose]:
    front = front_page(repo)
    if front:
        yield front
    names = ("readme*.md", "readme*.rst", "*result*.md", "*benchmark*.md", "*report*.md", "*model*zoo*.md")
    paths = [p for p in dict.fromkeys(repo.named(*names, "*experiment*.md", "*evaluation*.md")) if is_own(p)]
    for path in sorted(paths, key=depth)[:MOST]:
        raw = repo.raw(path) or b""
        if (front and path == front.path) or not regex(rb"\d[.,]\d|\d\s?%").search(raw):
            continue
        if page := prose(repo, path):
            yield page


def _told(page: Prose) -> str:
    """What of a page records a result: a table, a sentence, or the report that it links to."""
    for table in page.tables:
        words = [*table.header.cells, *(row.cells[0] for row in table.rows if row.cells)]
        above = page.above(table.header.line)
        about = any(NAMED.search(clean(word)) for word in words) or bool(above and TITLE.search(above.text))
        if about and sum(_has_decimal(row) for row in table.rows):
            return "a table of results"
    if any(TOLD.search(line.text) for line in page.said) or any(
        TOLD.search(c.text) for c in page.code if c.block
    ):
        return "results told in words"
    if REPORTED.search(page.text):
        return "a report that it links to"
    for heading in page.headings:
        if TITLE.search(heading.text):
            first, last = page.section(heading)
            text = "\n".join(page.text.split("\n")[first - 1 : last])
            if len(DECIMAL.findall(text)) >= 3:
                return "a section of results"
    return ""


def _has_decimal(row: Row) -> bool:
    return any(DECIMAL.search(cell) for cell in row.cells[1:])


def _files(repo: Repo) -> Iterator[Recorded]:
    asked = 0
    for path in likely(repo, PLACE):
        entry = repo.files[path]
        if not path.lower().endswith(READ) or not entry.tracked or not PLACE.search(path) or not is_own(path):
            continue
        asked += 1
        if asked > MOST or not 0 < entry.size < int(repo.standard.read_limit):
            continue
        text = decoded((repo.raw(path) or b"")[:LONGEST])
        head = text.partition("\n")[0]
        if TOLD.search(text) or (
            path.endswith((".csv", ".tsv")) and NAMED.search(head) and DECIMAL.search(text)
        ):
            yield Recorded(path, "a file of results")


def _outputs(repo: Repo) -> Iterator[Recorded]:
    """Notebooks that train and show a metric in their saved outputs."""
    trained = {run.source.path for run in training(repo)}
    for book in notebooks(repo):
        if book.path in trained and any(TOLD.search(text) for _, text in book.texts()):
            yield Recorded(book.path, "outputs of the notebook")


@fact
def pictured(repo: Repo) -> int | None:
    """The line of a section of results in the README that shows a picture only."""
    page = front_page(repo)
    for heading in page.headings if page else ():
        first, last = page.section(heading) if page else (0, 0)
        text = "\n".join(page.text.split("\n")[first - 1 : last]) if page else ""
        if TITLE.search(heading.text) and PICTURE.search(text):
            return heading.line
    return None
