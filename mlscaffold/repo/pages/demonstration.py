"""Whether a repository shows how something is done: templates, samples, tutorials have no result to keep."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.repo.pages.readme import front_page
from mlscaffold.repo.prose import clean
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.repo import Repo, fact

NAME = (
    r"(?:templates?|cookiecutters?|boilerplate|skeleton|starter(?:[- ]kit)?|examples?|samples?|demos?"
    r"|demonstrations?|tutorials?|workshops?|hands[- ]on|walkthrough|solution accelerators?"
    r"|best practices|playground"
    r"|plantillas?|ejemplos?|vorlagen?|beispiele?|exemples?|教程|示例|模板)"
)
SEVERAL = (
    r"(?:templates?|tutorials?|workshops?|boilerplate|best practices"
    r"|examples of (?:how|using|running|training)"
    r"|(?:example|sample|demo) (?:code|projects?|pipelines?|notebooks?|workflows?|implementations?)"
    r"|(?:code|usage|project|pipeline) (?:examples?|samples?))"
)
"""What a repository holds that shows how; rows of a data set are called samples too."""

REPOSITORY = r"\bthis\s+(?:\w+\s+){0,2}?(?:repo(?:sitory)?|project|code ?base)\b"
TITLE = regex(rf"(?:^|[\s_/:(-]){NAME}(?:$|[\s_/:),.!-])", re.I)
SAID = regex(
    rf"{REPOSITORY}[^.\n]{{0,60}}?\b(?:is|serves as)\s+(?:an?|the|our)\s+(?:[\w-]+ ){{0,5}}{NAME}\b"
    rf"|{REPOSITORY}[^.\n]{{0,60}}?\b(?:contains?|holds?|hosts?|provides?|includes?|is"
    rf"|offers?)\b[^.\n]{{0,80}}"
    rf"\b{SEVERAL}\b|{REPOSITORY} (?:demonstrates|illustrates|shows how)\b"
    r"|\bcollection of (?:[\w-]+ ){0,3}(?:projects|pipelines|notebooks|scripts|examples|samples)\b"
    rf"|^\W*an? (?:[\w-]+ ){{0,5}}{NAME}\b(?! data| size)",
    re.I,
)
BEGINNING = 12
"""Lines of sentences in which a README says what it is."""


@fact
def demonstration(repo: Repo) -> Spot | None:
    """The line of the README that says so: its title, or one of the first sentences."""
    page = front_page(repo)
    if page is None:
        return None
    for heading in page.headings[:1]:
        if TITLE.search(clean(heading.text)):
            return Spot(page.path, heading.line)
    for line in page.said[:BEGINNING]:
        if SAID.search(line.text):
            return Spot(page.path, line.line)
    return None
