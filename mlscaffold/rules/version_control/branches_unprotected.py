"""VCS116: nobody says how a change reaches the main branch, or nothing keeps the protections as code."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import FromTemplate
from mlscaffold.repo.committed.in_git import not_in_git
from mlscaffold.repo.pages.branches import protections, stated_workflow
from mlscaffold.repo.pages.community import contributing_guides
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Satisfied, rule
from mlscaffold.standard import Standard

GUIDE = "CONTRIBUTING.md"
RULESET = ".github/rulesets/main.json"


@rule("VCS116", level="collaboration", since="1.0", when=not_in_git, after=("TEAM110",))
def branches_unprotected(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """The workflow in a page for contributors; on GitHub, also the protections in a file."""
    if said := stated_workflow(repo):
        yield Satisfied(said.path, by=f"what line {said.line} says of branches")
    else:
        guide = next((kept.path for kept in contributing_guides(repo)), "")
        yield Finding(
            guide or GUIDE,
            "say from which branch work starts, how long it lives, and how it is merged",
            fix=None if guide else FromTemplate(GUIDE),
            key="workflow",
        )
    if kept := protections(repo):
        yield Satisfied(kept.path, by="protections as code")
    elif any(path.startswith(".github/") for path in repo.files):
        yield Finding(
            RULESET,
            "keep what protects the main branch as code: reviews, checks and no force push, "
            "in a ruleset that GitHub imports",
            fix=FromTemplate(RULESET),
            key="protections",
        )
