"""Published facts: the files by which people work together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mlscaffold.inventory import Evidence, Known, flag, inventoried
from mlscaffold.lazy import regex
from mlscaffold.repo.pages import community
from mlscaffold.repo.pages.community import Kept
from mlscaffold.repo.repo import Repo


def _flag(found: Iterable[Kept]) -> Known:
    return flag(Evidence(kept.path, kept.line, kept.by) for kept in found)


@inventoried("license", "flag")
def license(repo: Repo) -> Known:  # noqa: A001 (the name that is published)
    """Whether a licence text lies at the root, or the README holds the terms."""
    return _flag(community.licences(repo))


@inventoried("citation", "flag")
def citation(repo: Repo) -> Known:
    """Whether a file says how to cite this work; an entry in the README alone is none."""
    return _flag(k for k in community.citations(repo) if "citation" in k.path.lower())


@inventoried("codeowners", "flag")
def codeowners(repo: Repo) -> Known:
    """Whether a CODEOWNERS file lies where a forge reads it."""
    return _flag(k for k in community.code_owners(repo) if k.by == "CODEOWNERS")


@inventoried("contributing", "flag")
def contributing(repo: Repo) -> Known:
    """Whether a file or a page says how to contribute; a section of the README is none."""
    found = (k for k in community.contributing_guides(repo) if k.line is None)
    return _flag(k for k in found if regex(r"contribut|hacking", re.I).search(k.path))


@inventoried("changelog", "flag")
def changelog(repo: Repo) -> Known:
    """Whether a file or a folder of entries tells the changes; a section of the README is none."""
    return _flag(k for k in community.changelogs(repo) if k.line is None)


@inventoried("pr_template", "flag")
def pr_template(repo: Repo) -> Known:
    """Whether a template for pull or merge requests lies where a forge reads it."""
    return _flag(community.pull_request_templates(repo))
