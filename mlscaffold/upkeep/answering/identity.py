"""Who makes a project and what it is called: answers from its metadata, its README and its licence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.pages.instructions import INSTALL_COMMAND
from mlscaffold.repo.pages.licence_terms import main_terms
from mlscaffold.repo.pages.metadata import MAIL, Said, stated
from mlscaffold.repo.pages.readme import front_page
from mlscaffold.repo.prose import Code, Heading, Prose
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.committers import committed_most
from mlscaffold.upkeep.answering.proven import Answer, Place, at, proposed

PLACEHOLDER = regex(
    r"(?:add your|a short|short|your|the|enter|insert|some|project)?\s*(?:project )?description"
    r"(?: (?:here|of the project|goes here))?\.?|a short description of the project[\w ]{0,12}"
    r"|todo|tbd|none|describe your .*|your[ _-]?(?:full[ _-]?)?name.*|firstname lastname|author"
    r"|your?[._-]?\w*@.*|.*@(?:email|mail)\.com|.*@example\.(?:com|org)",
    re.I,
)
"""What a template leaves for somebody to write."""

GENERIC = regex(
    r"(?:the )?(?:read ?me|introduction|overview|about|installation|install|getting started|requirements"
    r"|usage|description|contents?|table of contents|news|abstract|project (?:name|title)|quick ?start"
    r"|welcome.*|updates?|[^\w]*|.*\bproject_name\b.*|src|src_?\d?|unknown)",
    re.I,
)
"""Headings and names that name no project."""

OPENING = regex(r"\W*(?:introduction|overview|about|abstract|description|summary|what is .*)\W*", re.I)
MOST_NAME, MOST_SENTENCE, MOST_AUTHOR = 60, 200, 100
SENTENCE = regex(r"(.{20,200}?[.!?。])(?:\s|$)")
LEAST_WORDS, LEAST_OF_SENTENCE = 4, 3
"""Fewer words are a slogan or a label, unless they end as a sentence does."""

ORDER = regex(
    r"(?:please )?(?:install|clone|download|run|to (?:install|run|use)|first,|make sure|see)\b", re.I
)
NO_SENTENCE = regex(r"[|\\@{}<>]|^\W*$|:$|\b(?:arxiv|doi)\b", re.I)
"""What lists of people, rows of links and addresses have in them."""


def same_words(one: str, other: str) -> bool:
    """Whether two names differ only in case, blanks, hyphens and underscores."""
    plain = [regex(r"[\W_]+").sub("", text).lower() for text in (one, other)]
    return plain[0] == plain[1] != ""


def project_name(repo: Repo) -> Answer:
    """The name in the metadata, spelled as the README's title spells it; else that title, else the folder."""
    title = _title(repo)
    named = [said for said in stated(repo, "name") if not GENERIC.fullmatch(said.value)]
    if named:
        first = named[0]
        spelled = title is not None and same_words(title[1].text, first.value)
        places = (at(first, "name"), *((_place(title, "title"),) if spelled else ()))
        return Answer("project_name", title[1].text if title and spelled else first.value, places)
    if title:
        return Answer("project_name", title[1].text, (_place(title, "title"),), "likely")
    if cited := [said for said in stated(repo, "title") if len(said.value) <= MOST_NAME]:
        return Answer("project_name", cited[0].value, (at(cited[0], "title"),), "likely")
    folder = folder_name(repo)[:MOST_NAME]
    return Answer("project_name", folder, (), "default", "the folder's name: nothing else names it")


def folder_name(repo: Repo) -> str:
    """What the repository's folder is called."""
    return regex(r"[\\/]").split(regex(r" at \S+$|, as staged$").sub("", repo.tree.label))[-1]


def _title(repo: Repo) -> tuple[Prose, Heading] | None:
    """The first heading of the README, of a long one what stands before its colon, if that can be a name."""
    page = front_page(repo)
    for heading in page.headings[:1] if page else ():
        text = regex(r"^[^\w(]+|[^\w)?]+$").sub("", heading.text)
        text = text if len(text) <= MOST_NAME else text.partition(": ")[0]
        if page and len(text) <= MOST_NAME and regex(r"\w").search(text) and not GENERIC.fullmatch(text):
            return page, heading._replace(text=text)
    return None


def _place(found: tuple[Prose, Heading] | None, note: str) -> Place:
    return Place(found[0].path, found[1].line, note) if found else Place("")


def description(repo: Repo) -> Answer:
    """The description in the metadata, else the README's first sentence."""
    names = [said.value for said in stated(repo, "name")]
    for said in stated(repo, "description"):
        if not PLACEHOLDER.fullmatch(said.value) and not any(same_words(said.value, name) for name in names):
            text = _short(said.value)
            cut = "its first sentence: the whole is too long for a title" if text != said.value else ""
            if text:
                return Answer("description", text, (at(said, "description"),), "certain", cut)
    if found := _first_sentence(repo):
        return Answer("description", found[0], (found[1],), "likely")
    return proposed("description", "no file describes it")


def _short(text: str) -> str:
    """The text if it fits, else its first sentence; empty where that does not fit either."""
    if len(text) <= MOST_SENTENCE:
        return text
    first = SENTENCE.match(text)
    return first[1] if first else ""


def _first_sentence(repo: Repo) -> tuple[str, Place] | None:
    page = front_page(repo)
    for line in _paragraphs(page) if page else ():
        text = _short(line[1])
        if _describes(text):
            return (SENTENCE.match(text) or [text, text])[1], Place(
                page.path if page else "", line[0], "first sentence"
            )
    return None


def _describes(text: str) -> bool:
    """Whether it is a sentence about the project, and none that tells how to get or start it."""
    least = LEAST_OF_SENTENCE if text.endswith((".", "!")) else LEAST_WORDS
    orders = ORDER.match(text) or INSTALL_COMMAND.search(text)
    return len(text.split()) >= least and not (
        orders or NO_SENTENCE.search(text) or PLACEHOLDER.fullmatch(text)
    )


def _paragraphs(page: Prose) -> Iterator[tuple[int, str]]:
    """The lines that belong together, of the README's beginning."""
    start, words, last = 0, list[str](), 0
    for line in _opening(page):
        if words and line.line != last + 1:
            yield start, _bare(" ".join(words))
            words = []
        start = start if words else line.line
        if not regex(r"\s*(?:[|>*+-]|\d+\.|!\[|:)").match(line.text):
            words.append(line.text)
        last = line.line
    if words:
        yield start, _bare(" ".join(words))


def _opening(page: Prose) -> list[Code]:
    """The lines under the title, or under a heading that announces what the project is."""
    first = page.headings[0] if page.headings else None
    above = ((line, page.above(line.line)) for line in page.said[:60])
    return [line for line, title in above if title in (None, first) or OPENING.fullmatch(title.text)]


def _bare(text: str) -> str:
    plain = regex(r"[*`_]{1,3}(?=\S)|(?<=\S)[*`_]{1,3}|\[|\]|:\w+:|\(\s*\)").sub("", text)
    return regex(r" (?=[.,;:!?](?:\s|$))").sub("", " ".join(plain.split()))


def author(repo: Repo) -> Answer:
    """The authors of the first file that names any, else the copyright's holder, else who committed most."""
    said = [s for s in stated(repo, "author") if not PLACEHOLDER.fullmatch(s.value)]
    if said:
        mine = [s for s in said if s.path == said[0].path]
        return Answer("author", _joined(mine), tuple(at(s, "author") for s in mine[:3]))
    for text in main_terms(repo):
        if text.holder and len(text.holder) <= MOST_AUTHOR and not PLACEHOLDER.fullmatch(text.holder):
            return Answer("author", text.holder, (at(text, "holder of the copyright"),), "likely")
    if name := committed_most(repo):
        return Answer("author", name, (), "likely", "who made the most commits: no file names an author")
    return proposed("author", "no file names an author")


def _joined(people: list[Said]) -> str:
    """Their names with commas, or the first of too many."""
    names = list(dict.fromkeys(s.value for s in people))
    text = ", ".join(names)
    return text if len(text) <= MOST_AUTHOR else f"{names[0][: MOST_AUTHOR - 11]} and others"


def author_email(repo: Repo) -> Answer:
    """The first address in the metadata; git's own record of addresses is nobody's publication."""
    for said in stated(repo, "email"):
        found = MAIL.search(said.value)
        if found and not PLACEHOLDER.fullmatch(found[0]):
            return Answer("author_email", found[0], (at(said, "address"),))
    return Answer("author_email", "", (), "default", "no file gives an address")


def year(repo: Repo) -> Answer:
    """The first year of the copyright, else that of the release that the citation names."""
    for text in main_terms(repo):
        if text.year:
            return Answer("year", text.year, (at(text, "copyright"),))
    for said in stated(repo, "date"):
        if found := regex(r"(?:19|20)\d\d").match(said.value):
            return Answer("year", found[0], (at(said, "release"),), "likely")
    return proposed("year", "no file states a copyright")
