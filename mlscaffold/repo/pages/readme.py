"""The README with the pages that it links to: whether they say how to install, use and reproduce."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.pages.instructions import (
    BARE_COMMAND,
    BARE_PATH,
    INSTALL_COMMAND,
    INSTALL_STEP,
    INSTALL_TITLE,
    NOTEBOOK,
    REPRODUCE_TITLE,
    RUN_COMMAND,
    SNIPPET,
    TRAIN_COMMAND,
    TRAIN_WORD,
    USAGE_TITLE,
    command,
)
from mlscaffold.repo.pages.linked import leads_to, linked
from mlscaffold.repo.pages.named_files import hosted, lists_needs, numbered, titled
from mlscaffold.repo.pages.told_scripts import SCRIPT, shell_trains, told_to_run, told_to_train
from mlscaffold.repo.prose import SUFFIXES, Code, Heading, Prose, clean, prose
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.symlinks import followed
from mlscaffold.repo.training.reach import starts_training
from mlscaffold.repo.vendored import folder

NAME = regex(r"read[-_ ]?me(?P<language>[-_.][a-z]{2}([-_][a-z]{2,4})?)?(?P<suffix>\.[a-z]+)?", re.I)
HOMES = ("", ".github", ".gitlab", "docs")
"""Where the forges look for a README, in the order of what people see first."""

OWN_DOCS = regex(
    r"\[\W{0,6}(?:(?:the|our|full|online|official|project|complete) ){0,3}(?:documentation|docs|manual|wiki"
    r"|user guide|installation(?: guide| instructions)?|getting started|website|project page)\W{0,6}\]\(https?://",
    re.I,
)
PLAIN_TITLE = regex(r"[^\w\u2500-\u257f]{0,4}(?:\d+[.)] )?[^.,;|/_\u2500-\u257f]+")
"""A line that may be a title where no heading is marked: no sentence, no file name, no drawing."""

REPEATS = regex(r"\b(?:reproduc|replicat|re-?run\w*\s+(?:\w+\s+){0,2}experiments?\b)", re.I)
RESULTS_AGAIN = regex(
    r"\b(?:reproduc|replicat)\w*\b[^.]{0,60}\b(?:results?|figures?|plots?|tables?|experiments?|numbers|paper|scores?)\b",
    re.I,
)
PROJECT_NAME = regex(r"(?=\D)[\w.]+(?:[-_][\w.]+){2,}")
"""A title such as “tidy-models-docker”: how repositories are called, not what a section is about."""

GUIDE = regex(r"(?:set-?up|set(?:ting)?[ -]up|install(?:ation|ing)?) (?:the|your|an?|of|in|on|with)\b", re.I)
"""How the title of a page begins that is one set of instructions: “Set up your account”."""

NAMED_SCRIPT = regex(r"[\w-]+\.(?:ipynb|py|sh|Rmd|R|jl)\b")
MODULE = regex(r"python[\d.]*w?\s+(?:-[uOW]\s+)*-m\s+(?P<name>\w+(?:\.\w+)*)")
TESTED = regex(r"(?:\d+[.)]?\s*)?(?:(?:model|final)\s+)?(?:test(?:s|ing)?|evaluation)(?:\s+results?)?", re.I)
RUN_WORD = regex(r"\b(?:run|execute|launch|start|type|call|use|open)\b", re.I)


PASSIVE = regex(
    r"\.(?:md|markdown|rst|txt|png|jpe?g|gif|svg|pdf|webp|bib|ya?ml|cff)$"
    r"|(?:^|/)(?:licen[cs]e|copying|notice|codeowners|\.[\w-]+)$",
    re.I,
)
"""Files of a repository that only tells: text, pictures, and what the forge reads."""


class Spot(NamedTuple):
    """A line of a page."""

    path: str
    line: int


class Readme(NamedTuple):
    """What the README and the pages that it links to tell a newcomer."""

    path: str
    words: int
    commands: int
    generator: str
    """The tool whose untouched text this is; empty where a person wrote it."""

    install: Spot | None
    usage: Spot | None
    reproduce: Spot | None
    elsewhere: Spot | None
    """Where it sends the reader to documentation outside the repository."""


@fact
def readme_path(repo: Repo) -> str:
    """The path of the README that a forge would show; empty where there is none."""
    ranked = []
    for entry in repo.entries:
        home, name = folder(entry.path), entry.name
        found = NAME.fullmatch(name) if home in HOMES and entry.kind in ("file", "symlink") else None
        if found and (found["suffix"] or "").lower() in SUFFIXES:
            translated = found["language"] is not None
            ranked.append((HOMES.index(home), translated, name.lower() != "readme.md", entry.path))
    return min(ranked)[-1] if ranked else ""


@fact
def front_page(repo: Repo) -> Prose | None:
    """The README's own text, or `None` where there is none or its bytes cannot be read."""
    path = readme_path(repo)
    return prose(repo, followed(repo, path)) if path else None


@fact
def pages(repo: Repo) -> tuple[Prose, ...]:
    """The README and the pages that it links to."""
    page = front_page(repo)
    return (page, *linked(repo, page)) if page else ()


@fact
def readme(repo: Repo) -> Readme | None:
    """What the README tells, or `None` where there is none or its bytes cannot be read."""
    path, page = readme_path(repo), front_page(repo)
    if page is None:
        return None
    lines = list(_commands(page))
    return Readme(
        path,
        page.words,
        len(lines),
        _generator(repo, page),
        _first(_install(repo, p) for p in pages(repo)),
        _first(_usage(repo, p) for p in pages(repo)),
        _first(_reproduce(repo, p) for p in pages(repo)),
        _elsewhere(page),
    )


def _first(spots: Iterable[Spot | None]) -> Spot | None:
    return next((spot for spot in spots if spot), None)


def _generator(repo: Repo, page: Prose) -> str:
    flat = " ".join(page.text.split())
    for tool in repo.standard.of_kind("generator"):
        sentences = tool.facts.get("readme", ())
        if sentences and page.words <= tool.facts["words"] and all(s in flat for s in sentences):
            return tool.name
    return ""


def _commands(page: Prose) -> Iterator[Code]:
    """Lines that may be commands: code, literals, and bare lines of plain text that begin like one."""
    for code in page.code:
        if code.block or not BARE_PATH.fullmatch(code.text.strip()):
            yield Code(code.line, command(code.text), code.block)
    for line in page.said:
        if BARE_COMMAND.match(text := line.text.removeprefix("`")):
            yield Code(line.line, command(text), block=True)


def _titles(page: Prose) -> Iterator[Heading]:
    """The headings of sections; the name of the whole page, such as “Weather by using radar”, is none."""
    first = page.headings[:1]
    named = first and len(page.headings) > 1 and len(clean(first[0].text).split()) > 3
    alone = named and first[0].level < min(heading.level for heading in page.headings[1:])
    alone = alone and not GUIDE.match(clean(first[0].text))
    alone = alone or (first and PROJECT_NAME.fullmatch(first[0].text.strip()) is not None)
    yield from page.headings[1:] if alone else page.headings
    if not page.headings:
        for line in page.said:
            if len(line.text.split()) <= 6 and PLAIN_TITLE.fullmatch(line.text):
                yield Heading(line.line, 7, line.text)


def _sections(page: Prose, title: re.Pattern[str], least: int) -> Iterator[Spot]:
    """The sections whose heading matches and which say something: code, or at least so many words."""
    for heading in _titles(page):
        if not title.search(clean(heading.text)) or (title is USAGE_TITLE and _names_page(page, heading)):
            continue
        first, last = page.section(heading) if page.headings else (heading.line + 1, heading.line + 30)
        below = [line.text for line in page.said if first <= line.line <= last]
        if (
            any(first <= c.line <= last and c.text for c in page.code)
            or len(" ".join(below).split()) >= least
        ):
            yield Spot(page.path, heading.line)


def _names_page(page: Prose, heading: Heading) -> bool:
    """Whether a heading above all others is the name of the page: “Tide examples”, but not “Usage”."""
    above = all(heading.level < other.level for other in page.headings if other is not heading)
    return above and heading in page.headings and not USAGE_TITLE.match(clean(heading.text))


def _install(repo: Repo, page: Prose) -> Spot | None:
    for line in _commands(page):
        if INSTALL_COMMAND.search(line.text):
            return Spot(page.path, line.line)
    told = next((s for s in _sections(page, INSTALL_TITLE, 4) if not _sends_on(repo, page, s)), None)
    step = next((line.line for line in page.said if INSTALL_STEP.match(line.text.strip())), None)
    return told or _spot(page, step or lists_needs(repo, page) or hosted(repo, page))


def _sends_on(repo: Repo, page: Prose, spot: Spot) -> bool:
    """Whether all that a section says is to read another page of the repository, which is asked itself."""
    heading = next((h for h in page.headings if h.line == spot.line), None)
    if heading is None:
        return False
    first, last = page.section(heading)
    said = [line for line in page.said if first <= line.line <= last and line.text.strip()]
    if len(said) != 1 or any(first <= c.line <= last and c.block for c in page.code):
        return False
    return any(line == said[0].line and leads_to(repo, page, target) for line, target in page.links())


def _spot(page: Prose, line: int | None) -> Spot | None:
    return Spot(page.path, line) if line else None


def _told(repo: Repo, page: Prose) -> Spot | None:
    """A sentence that tells to run a script that trains, without its whole command."""
    return next((Spot(page.path, line.line) for line in page.said if told_to_train(repo, line.text)), None)


def _usage(repo: Repo, page: Prose) -> Spot | None:
    for line in _commands(page):
        if RUN_COMMAND.search(line.text) and not INSTALL_COMMAND.search(line.text):
            return Spot(page.path, line.line)
    if not _runs(repo):
        return None
    told = (spot for spot in _sections(page, USAGE_TITLE, 8) if not _tells_results(page, spot))
    if found := next(told, None) or _told(repo, page):
        return found
    run = next((line.line for line in page.said if told_to_run(repo, line.text)), None)
    return _spot(page, run or titled(repo, page) or hosted(repo, page))


def _runs(repo: Repo) -> bool:
    """Whether there is anything to run; a list of links may well have sections on training."""
    return any(not PASSIVE.search(path) for path in repo.files)


def _tells_results(page: Prose, spot: Spot) -> bool:
    """Whether a section on tests says how they went: it shows no block of code and tells nobody to run it."""
    heading = next((h for h in page.headings if h.line == spot.line), None)
    if heading is None or not TESTED.fullmatch(clean(heading.text)):
        return False
    first, last = page.section(heading)
    blocks = any(first <= c.line <= last and c.block for c in page.code)
    return not blocks and not any(
        first <= line.line <= last and RUN_WORD.search(line.text) for line in page.said
    )


def _reproduce(repo: Repo, page: Prose) -> Spot | None:
    if told := next(_sections(page, REPRODUCE_TITLE, 4), None):
        return told
    said = {line.line: line.text for line in page.said}
    if named := next((n for n, text in said.items() if _repeats(text)), None):
        return Spot(page.path, named)
    opens_notebook = False
    for line in _commands(page):
        if not RUN_COMMAND.search(line.text) or INSTALL_COMMAND.search(line.text):
            continue
        if SNIPPET.match(line.text):
            continue
        if TRAIN_COMMAND.search(line.text) or _about_training(page, said, line.line):
            return Spot(page.path, line.line)
        if any(starts_training(repo, script) for script in _scripts(line.text)):
            return Spot(page.path, line.line)
        opens_notebook = (
            opens_notebook or regex(r"jupyter|ipython|papermill|nbconvert").search(line.text) is not None
        )
    notebooks = (n for n, text in said.items() if NOTEBOOK.search(text))
    literals = (c.line for c in page.code if NOTEBOOK.search(c.text))
    if opens_notebook and (line_number := next(iter([*notebooks, *literals]), None)):
        return Spot(page.path, line_number)
    return _steps(repo, page) or _told(repo, page) or _spot(page, _by_files(repo, page))


def _by_files(repo: Repo, page: Prose) -> int | None:
    """The line that leads to the notebooks or the script of a training, without any command."""
    installs = any(INSTALL_COMMAND.search(line.text) for line in _commands(page))
    steps = numbered(repo, page) if installs else None
    return steps or titled(repo, page, training_only=True) or hosted(repo, page)


def _scripts(text: str) -> Iterator[str]:
    """The script or the module that a command of Python runs, as a path."""
    if script := SCRIPT.search(text):
        yield script["path"]
    elif (module := MODULE.search(text)) and "." in module["name"]:
        yield module["name"].replace(".", "/") + ".py"


def _about_training(page: Prose, said: dict[int, str], line: int) -> bool:
    """Whether the heading above a command, or the sentence just before its block, speaks of training."""
    heading = page.above(line)
    if heading and (TRAIN_WORD.search(heading.text) or regex(r"\bexperiments?\b", re.I).search(heading.text)):
        return True
    blocks = {c.line: c.text for c in page.code if c.block}
    if TRAIN_WORD.search(_comment(blocks, line)):
        return True
    while line in blocks:
        line -= 1
    near = [said[n] for n in range(max(1, line - 2), line + 1) if n in said]
    return any(TRAIN_WORD.search(text) or REPEATS.search(text) for text in near)


def _comment(blocks: dict[int, str], line: int) -> str:
    """The comment just above a line of a code block; empty where another command stands between."""
    line -= 1
    while line in blocks and (not blocks[line].strip() or blocks[line].startswith(("```", "~~~"))):
        line -= 1
    above = blocks.get(line, "")
    return above if above.startswith("#") else ""


def _repeats(text: str) -> bool:
    """Whether a sentence names the notebook or the script that gives the results again."""
    return RESULTS_AGAIN.search(text) is not None and NAMED_SCRIPT.search(text) is not None


def _steps(repo: Repo, page: Prose) -> Spot | None:
    """A section on running that names a training script or notebook as one of its steps."""
    for spot in _sections(page, USAGE_TITLE, 8):
        last = page.section(Heading(spot.line, 7, ""))[1] if page.headings else spot.line + 30
        for text in [*page.said, *page.code]:
            if spot.line <= text.line <= last and (
                regex(r"\w*train\w*\.(?:py|ipynb|sh|R|jl)\b").search(text.text)
                or shell_trains(repo, text.text)
            ):
                return Spot(page.path, text.line)
    return None


def _elsewhere(page: Prose) -> Spot | None:
    title = regex(r"\W|_").sub("", page.headings[0].text.lower()) if page.headings else ""
    for found in OWN_DOCS.finditer(page.text):
        return Spot(page.path, page.text.count("\n", 0, found.start()) + 1)
    for line, target in page.links():
        host = regex(
            r"https?://([\w-]+)\.(?:readthedocs\.(?:io|org)|gitbook\.io)|https?://[\w-]+\.github\.io/([\w-]+)"
        ).match(target)
        name = regex(r"\W|_").sub("", next(filter(None, host.groups()), "").lower()) if host else ""
        if name and (name in title or (title and title in name)):
            return Spot(page.path, line)
    return None
