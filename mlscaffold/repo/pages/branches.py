"""How a change reaches the main branch: what pages say of it, and protections that are kept as code."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.pages.community import HOMES, contributing_guides
from mlscaffold.repo.pages.readme import readme_path
from mlscaffold.repo.prose import Prose, prose
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.symlinks import followed
from mlscaffold.repo.vendored import folder, is_own

STATED = regex(
    r"\bgit[- ]?flow\b|\bgit(?:hub|lab) flow\b|\btrunk[- ]based\b"
    r"|\b(?:feature|topic|short(?:-lived)?|release|hotfix|working|personal|develop(?:ment)?|default|main|new|own|separate)"
    r"[ -]branch(?:es)?\b"
    r"|\bbranch(?:es)?\b[^.\n]{0,60}\b(?:main|master|develop|trunk|merge[ds]?|pull request|merge request)\b"
    r"|\b(?:main|master|develop|trunk)\b[^.\n]{0,60}\bbranch(?:es)?\b"
    r"|\bgit (?:checkout -b|switch -c|switch --create)\b|\bfork\b[^.\n]{0,80}\b(?:pull request|branch)\b"
    r"|\b(?:patches?|changes?)\b[^.\n]{0,40}\bmailing list\b|分支|ブランチ",
    re.I,
)
PAGES = regex(
    r"(?:contributing|contribute|development|developing|developers?[-_]guide|hacking|agents|claude|branching"
    r"|(?:git[-_]?|branching[-_]?)?workflow|git[-_]?flow|git[-_]guide|maintaining|release|releasing|governance"
    r"|onboarding|pull_request_template)(?:\.\w+)?",
    re.I,
)
PAGE_ENDS = ("", "md", "rst", "txt", "org", "adoc", "markdown")
RULESETS = regex(
    r"(?:^|/)\.?(?:github/)?\.?rulesets?/[^/]+\.(?:json|ya?ml)$"
    r"|(?:^|/)\.?(?:branch[-_]protection|protected[-_]branches|repo(?:sitory)?[-_]settings)[^/]*\.(?:ya?ml|json|toml|tf)$"
    r"|^\.github/(?:settings|safe-settings|branch-protection|policies/.+|ruleset[\w-]*)\.(?:ya?ml|json)$"
    r"|^\.(?:allstar|gitlab)/branch[\w-]*\.ya?ml$",
    re.I,
)
INSIDE = {
    ".asf.yaml": regex(rb"^\s*protected_branches\s*:", re.M),
    ".mergify.yml": regex(rb"^(?:pull_request_rules|queue_rules)\s*:", re.M),
    ".github/mergify.yml": regex(rb"^(?:pull_request_rules|queue_rules)\s*:", re.M),
    "bors.toml": regex(rb"^status\s*=", re.M),
}
"""Files of bots that let nothing reach a branch but through them."""

RESOURCE = regex(
    rb"\b(?:github_branch_protection(?:_v3)?|github_repository_ruleset|github_organization_ruleset"
    rb"|gitlab_branch_protection|azuredevops_branch_policy_\w+|bitbucket_branch_restriction)\b"
)
COMMAND = regex(rb"gh api[^\n]{0,200}(?:/protection|/rulesets)|api/v4/projects/[^\n]{0,80}protected_branches")


class Said(NamedTuple):
    """A page that states the workflow, or a file with protections."""

    path: str
    line: int | None = None


@fact
def stated_workflow(repo: Repo) -> Said | None:
    """The first place in pages for contributors that says how branches are used."""
    paths = dict.fromkeys(
        (*(kept.path for kept in contributing_guides(repo)), *_pages(repo), readme_path(repo))
    )
    for path in paths:
        page = prose(repo, followed(repo, path)) if path else None
        if page and (line := _first(page)):
            return Said(path, line)
    return None


def _pages(repo: Repo) -> list[str]:
    found = []
    for entry in repo.entries:
        home, end = folder(entry.path), entry.name.rpartition(".")[2].lower() if "." in entry.name else ""
        near = home in HOMES or (home.startswith(("docs/", "doc/")) and is_own(entry.path))
        if entry.kind in ("file", "symlink") and near and end in PAGE_ENDS and PAGES.fullmatch(entry.name):
            found.append(entry.path)
    return found


def _first(page: Prose) -> int | None:
    """The first line that speaks of branches; the addresses of links are not read."""
    lines = [(said.line, said.text) for said in (*page.said, *page.code)]
    lines += [(heading.line, heading.text) for heading in page.headings]
    return next((line for line, text in sorted(lines) if STATED.search(text)), None)


@fact
def protections(repo: Repo) -> Said | None:
    """The first file that holds protections of branches as code."""
    for path in repo.files:
        if RULESETS.search(path) and is_own(path) and repo.files[path].size:
            return Said(path)
        if (mark := INSIDE.get(path)) and mark.search(repo.raw(path) or b""):
            return Said(path)
    return next((said for path in repo.files if (said := _as_code(repo, path))), None)


def _as_code(repo: Repo, path: str) -> Said | None:
    """Where infrastructure code, or a script, sets protections."""
    if not path.endswith((".tf", ".sh", ".yml", ".yaml")) or not is_own(path):
        return None
    raw = repo.raw(path) or b""
    if not any(word in raw for word in (b"protect", b"ruleset", b"branch")):
        return None
    found = (RESOURCE if path.endswith(".tf") else COMMAND).search(raw)
    return Said(path, raw.count(b"\n", 0, found.start()) + 1) if found else None
