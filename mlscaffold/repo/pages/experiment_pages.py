"""What documents declare of an experiment: how the model is made, how it is evaluated, where the data is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.kind import PAPER
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.notebooks.cells import notebooks
from mlscaffold.repo.pages.cards import model_cards
from mlscaffold.repo.pages.readme import pages
from mlscaffold.repo.prose import Heading, Prose, clean, parse, prose
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own


class Topic(NamedTuple):
    """What a page may be about: titles that declare it, and words that only speak of it."""

    title: re.Pattern[str]
    word: re.Pattern[str]


METHOD = Topic(
    regex(
        r"\b(?:method(?:s|ology|ologies)?|approach(?:es)?|architectures?|algorithms?|modell?ing"
        r"|models?(?! (?:cards?|zoo|weights|files?|checkpoints?|downloads?|registry|serving|deployment))"
        r"|(?:training|technical|implementation)[- ](?:details?|procedures?|recipe|objective|setup)"
        r"|hyper-?param\w*|how (?:it|this) works|solution|technique|baselines?|networks?|classifiers?)\b"
        r"|\b(?:methode|verfahren|ansatz|modell|architektur|hyperparameter|entrenamiento|m[eé]todo"
        r"|metodolog[ií]a"
        r"|enfoque|modelo|ar?quite[ck]tura|treinamento|m[eé]thode|approche|mod[eè]le|entra[iî]nement)s?\b"
        r"|метод|модел|архитектур|обучени|алгоритм|方法|模型|架构|架構|算法|训练|訓練|手法|モデル|学習|방법|모델|학습",
        re.I,
    ),
    regex(
        r"\b(?:models?|networks?|classifiers?|regress(?:ion|or)|forest|boost\w*|svm|cnns?|rnns?|lstms?"
        r"|gans?|vae"
        r"|\w*bert\w*|gpt\S*|transformers?|u-?net|resnet\w*|\w*net|encoder|decoder|learning|train(?:ed"
        r"|ing|s)?"
        r"|fine-?tun\w+|algorithms?|cluster\w*|bayes\w*|embeddings?|diffusion|agents?|tree)\b"
        r"|模型|训练|算法|モデル|学習|모델|модел|обуч",
        re.I,
    ),
)
EVALUATION = Topic(
    regex(
        r"\bevaluat\w*|\b(?:metrics?|protocols?|benchmark\w*|experiment\w*(?! track)|results?|performance"
        r"|validation|accurac\w+|scores?|scoring|leaderboard|comparisons?|ablations?)\b"
        r"|\b(?:evaluaci[oó]n|avalia[cç][aã]o|m[eé]tricas?|auswertung|bewertung|ergebnisse|resultados?"
        r"|[eé]valuation"
        r"|r[eé]sultats?)\b"
        r"|оценк|метрик|результат|评估|评测|评价|評価|結果|结果|指标|실험|평가|결과|实验|実験",
        re.I,
    ),
    regex(
        r"\bevaluat\w*|\b(?:metrics?|accuracy|precision|recall|f1|auc|auroc|rmse|mae|mse|bleu|rouge|m?iou|map"
        r"|perplexity|score[sd]?|held[- ]out|benchmarks?|test (?:set|data|split)|validation|error rates?|r2"
        r"|results?|state[- ]of[- ]the[- ]art|leaderboard|performance|rewards?|loss)\b"
        r"|准确率|精度|评估|結果|结果|評価|평가|точност|оценк",
        re.I,
    ),
)
DATA = Topic(
    regex(
        r"\b(?:data|data[- _]?(?:sets?|bases?|dictionary|sources?|files?)|corpus|corpora|downloads?|inputs?"
        r"|images)\b|\b(?:daten(?:satz|s[aä]tze)?|(?:conjuntos? de )?d(?:at|ad)os|(?:jeux? de )?donn[eé]es)\b"
        r"|данны|датасет|数据|數據|データ|데이터",
        re.I,
    ),
    regex(
        r"\bdata\w*|\b(?:corpus|corpora|images?|records?|reviews?|samples?|csv|downloads?|kaggle|uci"
        r"|mnist|cifar\S*"
        r"|imagenet\S*|coco|squad|glue)\b|данны|датасет|数据|數據|データ|데이터",
        re.I,
    ),
)
WRITTEN_UP = regex(
    r"(?:^|/)[^/]*(?:paper|report|thesis|article|manuscript|method|approach|main|slides|presentation|poster"
    r"|writeup|write-up|dissertation)[^/]*\.(?:pdf|tex|docx?|pptx?)$",
    re.I,
)
PUBLISHED = regex(
    r"@(?:inproceedings|article|misc|conference)\s*\{|openreview\.net|arxiv\.org|\bdoi\b|doi\.org"
    r"|\bpaper\b|\bpubmed\b|论文|論文|논문",
    re.I,
)
PAGE = regex(
    r"(?:^|/)(?:docs?|documentation|reports?|wiki|guides?|book)/.+\.(?:md|rst|qmd|rmd|adoc|org)$", re.I
)
MOST = 60
LEAST_WORDS = 8


class Stated(NamedTuple):
    """Where a page declares something, and by what."""

    path: str
    line: int | None
    by: str


@fact
def experiment_pages(repo: Repo) -> tuple[Prose, ...]:
    """README and what it links to, model cards, documentation, and what notebooks say between code."""
    found = {page.path: page for page in pages(repo)}
    others = [card.path for card in model_cards(repo)]
    others += [p for p in likely(repo, PAGE) if PAGE.search(p) and is_own(p)][:MOST]
    others += [p for p in repo.named("readme.md", "readme.rst") if is_own(p)][:MOST]
    for path in others:
        if path not in found and (page := prose(repo, path)):
            found[path] = page
    for book in notebooks(repo)[:MOST]:
        if is_own(book.path):
            found[book.path] = parse(f"{book.path}.md", _between(book.raw))
    return tuple(found.values())


def _between(raw: bytes) -> str:
    """The Markdown cells of a notebook that has been read before."""
    data = json.loads(raw.decode("utf-8-sig")) if raw.strip() else {}
    return "\n\n".join(_markdown(data.get("cells")))


def _markdown(cells: Any) -> Iterator[str]:
    for cell in cells if isinstance(cells, list) else ():
        match cell:
            case {"cell_type": "markdown", "source": str(text)}:
                yield text
            case {"cell_type": "markdown", "source": list(parts)}:
                yield "".join(part for part in parts if isinstance(part, str))


def declared(repo: Repo, topic: Topic) -> Stated | None:
    """The first section on the topic that says something; the title of a page only names its project."""
    for page in experiment_pages(repo):
        for heading in page.headings[1:]:
            if topic.title.search(clean(heading.text)) and _says_something(page, heading):
                path, line = _place(page, heading.line)
                return Stated(path, line, f"its section “{clean(heading.text)[:60]}”")
    return None


def _place(page: Prose, line: int) -> tuple[str, int | None]:
    return (page.path[:-3], None) if page.path.endswith(".ipynb.md") else (page.path, line)


def _says_something(page: Prose, heading: Heading) -> bool:
    """Sentences, steps, a table, a picture or a link stand in or below it, or deeper sections do."""
    first, last = page.section(heading)
    body = page.text.split("\n")[first - 2 : last]
    text = "\n".join(line for line in body if "[to write" not in line)
    words = len(text.split()) - len(heading.text.split())
    return words > LEAST_WORDS or "](" in text or "|" in text or "http" in text or "```" in text


def spoken_of(repo: Repo, topic: Topic) -> Stated | None:
    """The first line of a page that speaks of the topic, without a section that declares it."""
    for page in experiment_pages(repo):
        for line in page.said:
            if found := topic.word.search(line.text):
                path, number = _place(page, line.line)
                return Stated(path, number, found[0])
        for heading in page.headings[1:]:
            if found := topic.word.search(heading.text):
                path, number = _place(page, heading.line)
                return Stated(path, number, found[0])
    return None


@fact
def written_up(repo: Repo) -> Stated | None:
    """A publication that the README leads to, or a report that lies in the repository."""
    for page in pages(repo)[:1]:
        if found := PUBLISHED.search(page.text):
            return Stated(
                page.path, page.text.count("\n", 0, found.start()) + 1, "a publication that it names"
            )
    path = next((p for p in likely(repo, WRITTEN_UP) if WRITTEN_UP.search(p) and is_own(p)), None)
    if path:
        return Stated(path, None, "a report")
    cited = next((p for p in repo.named("citation.cff") if PAPER.search(repo.raw(p) or b"")), None)
    return Stated(cited, None, "a publication that it names") if cited else None
