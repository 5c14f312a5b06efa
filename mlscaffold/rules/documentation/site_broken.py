"""DOC131: the site of the documentation cannot be built as it is configured, or leaves out the interface."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.kind import kind
from mlscaffold.repo.pages.site_packages import missing_packages
from mlscaffold.repo.pages.site_pages import absent_pages, explains_interface
from mlscaffold.repo.pages.sites import Site, builders, sites
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.standard import Standard


def has_a_site(repo: Repo) -> str | None:
    """A configuration of MkDocs or Sphinx, or a build file that asks for one."""
    return None if sites(repo) or builders(repo) else "no site is built with MkDocs or Sphinx"


@rule("DOC131", level="collaboration", since="1.0", when=has_a_site)
def site_broken(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """What build files name is there, what a site needs is installed, and no entry leads nowhere."""
    for problem in builders(repo):
        yield Finding(problem.path, f"{problem.what}: correct the path, or add the file", problem.line)
    for site in sites(repo):
        found = list(_wrong(repo, site))
        yield from found
        if not found:
            yield Satisfied(site.path, by=f"a site of {site.tool}")


def _wrong(repo: Repo, site: Site) -> Iterator[Finding]:
    if names := missing_packages(repo, site):
        listed, them = ", ".join(names), "it" if len(names) == 1 else "them"
        yield Finding(
            site.path,
            f"the site is built with {listed}, which nothing installs: add {them} to the dependencies",
            key="packages",
        )
    if absent := absent_pages(repo, site):
        first, *others = absent
        more = f" ({len(others)} more such entr{'ies' if len(others) > 1 else 'y'})" if others else ""
        also = tuple(Place(one.path, one.line) for one in others)
        message = f"{first.what} is in the navigation and not there: add the page, or remove the entry{more}"
        yield Finding(first.path, message, first.line, also=also, key="pages")
    if kind(repo).name == "library" and not explains_interface(repo, site):
        yield Finding(
            site.path,
            "the site of this library leaves out its interface: add a page that takes up the docstrings",
            key="interface",
        )
