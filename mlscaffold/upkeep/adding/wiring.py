"""The lines that lead to added files: an entry in the navigation of a site that lists its pages."""

from __future__ import annotations

from mlscaffold.lazy import regex
from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.pages.sites import Site, sites
from mlscaffold.repo.repo import Repo
from mlscaffold.upkeep.template import File, Files

NAV = regex(r"^nav:[ \t]*(?:#.*)?$")
ITEM = regex(r"^(?P<indent>[ \t]*)- ")
TITLES = {"index": "Overview"}


def wired(repo: Repo, added: tuple[str, ...]) -> Files:
    """The site configurations that must list these pages, with their whole new text."""
    made: dict[str, File] = {}
    for site in sites(repo):
        pages = [path for path in added if path.startswith(f"{site.source}/") and path.endswith(".md")]
        if site.tool == "MkDocs" and pages and (text := _listed(repo, site, pages)):
            made[site.path] = File(text.encode())
    return made


def orphan(repo: Repo, path: str) -> bool:
    """Whether Sphinx would read the page and complain that no list of its own leads to it."""
    return path.endswith(".md") and any(
        site.tool == "Sphinx"
        and path.startswith(f"{site.source}/")
        and b"myst" in (repo.raw(site.path) or b"")
        for site in sites(repo)
    )


def _listed(repo: Repo, site: Site, pages: list[str]) -> str:
    """The configuration with each page at the end of its navigation; empty where it has none."""
    document = yaml_document(repo, site.path)
    nav = document.get("nav") if isinstance(document, dict) else None
    text = repo.text(site.path) or ""
    if not isinstance(nav, list):
        return ""
    lines = text.split("\n")
    start = next((at for at, line in enumerate(lines) if NAV.match(line)), None)
    end = _end(lines, start + 1) if start is not None else None
    if start is None or end is None:
        return ""
    indent = ITEM.match(lines[start + 1 : end + 1][0])
    margin = indent["indent"] if indent else "  "
    entries = [f"{margin}- {_title(page)}: {page[len(site.source) + 1 :]}" for page in pages]
    return "\n".join([*lines[: end + 1], *entries, *lines[end + 1 :]])


def _end(lines: list[str], start: int) -> int | None:
    """The last line of the list that begins at `start`."""
    last = None
    for at in range(start, len(lines)):
        line = lines[at]
        if line.strip() and not line.startswith((" ", "\t", "-", "#")):
            break
        if line.strip() and not line.lstrip().startswith("#"):
            last = at
    return last


def _title(page: str) -> str:
    """What a page is called in a navigation: by its name, of an index by its folder's."""
    *_, above, name = ("", *page.split("/"))
    stem = name.removesuffix(".md")
    words = (above if stem == "index" else regex(r"^\d+-").sub("", stem)).replace("-", " ")
    return words[:1].upper() + words[1:]
