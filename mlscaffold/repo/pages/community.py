"""Files by which people work together: licence, citation, changelog, owners, templates, guides, policy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.pages.readme import front_page
from mlscaffold.repo.prose import Prose
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.symlinks import followed
from mlscaffold.repo.trees.tree import Entry
from mlscaffold.repo.vendored import folder, is_own

FORGES = (".github", ".gitlab", ".gitea", ".forgejo", ".bitbucket", ".azuredevops", ".vsts")
HOMES = ("", "docs", "doc", *FORGES)
"""The root, the documentation, and the folders that a forge reads."""

TEXT = r"(?:\.(?:md|markdown|rst|txt|text|org|adoc|asciidoc|html|pdf))?"
NOT_TEXT = regex(
    r"\.(?:py|ipynb|js|ts|java|c|h|cpp|go|rs|sh|ya?ml|toml|json|cfg|ini|svg|png|in|tmpl|tpl|j2)$", re.I
)
LICENCE = regex(
    r"(?!.*(?:header|check|template|third))(?:(?:[\w.-]+[-_.])?(?:un)?licen[cs]es?(?:[-_.][\w.+-]+)?"
    r"|copying(?:[-_.].+)?|lizenz" + TEXT + ")",
    re.I,
)
TERMS = regex(
    r"permission\s+is\s+hereby\s+granted,\s+free|redistribution\s+and\s+use\s+in\s+source\s+and\s+binary",
    re.I,
)
CITATION = regex(
    r"citation(?:\.(?:cff|bib|md|rst|txt))?|citations\.(?:cff|bib)|\.zenodo\.json|codemeta\.json", re.I
)
CHANGELOG = regex(
    r"(?:change[-_ ]?log|changes|history|news|release[-_ ]?(?:notes|history)|releases|whats[-_]?new)" + TEXT,
    re.I,
)
CHANGE_FOLDERS = regex(
    r"(?:^(?:(?:docs?|src)/(?:[^/]+/){0,2})?(?:changelog(?:\.d)?|changes\.d|\.changeset|\.changes|newsfragments|news\.d|releasenotes"
    r"|release[-_]notes)|^changes)/[^./][^/]*\.(?!(?:py|js|ts|tsx|jsx|json|html|css)$)\w+$",
    re.I,
)
RELEASES = regex(r"releases?\.(?:md|rst|txt)", re.I)
MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg", "description", "project.toml")
RELEASE_NOTES = regex(
    r"\.github/(?:release-drafter[\w.-]*|release)\.ya?ml|\.releaserc(?:\.\w+)?|release\.config\.[cm]?js|\.?cliff\.toml"
    r"|\.?release-please-config\.json"
)
CONTRIBUTING = regex(
    r"(?:contributing|contribute|hacking|developing|development|developer[-_]guide)" + TEXT, re.I
)
SECURITY = regex(r"security(?:[-_]policy)?" + TEXT, re.I)
PULL_REQUEST = regex(r"(?:pull|merge)_request_template(?:\.(?:md|txt|markdown|rst|adoc))?", re.I)
PULL_REQUEST_FOLDER = regex(r"(?:pull_request_template|merge_request_templates)", re.I)
ISSUE = regex(r"issue_template(?:\.(?:md|txt|ya?ml|markdown))?", re.I)
ISSUE_FOLDER = regex(r"(?:issue_template|issue_templates|issue_template_forms)", re.I)
OWNER = regex(r"(?:^|\s)(?:@@?[\w./-]+|[\w.+-]+@[\w-]+\.[\w.]+)")


class Kept(NamedTuple):
    """A file, or a section of the README, that meets a practice."""

    path: str
    by: str
    line: int | None = None


def _entries(repo: Repo, homes: tuple[str, ...]) -> Iterator[Entry]:
    """Files with something in them, links to such files included, that lie directly in one of `homes`."""
    by_folder = _by_folder(repo)
    for entry in sorted(entry for home in homes for entry in by_folder.get(home, ())):
        target = followed(repo, entry.path) if entry.kind == "symlink" else entry.path
        if target in repo.files and repo.files[target].size != 0:
            yield entry


@fact
def _by_folder(repo: Repo) -> dict[str, list[Entry]]:
    """The entries of each folder, by its lower-cased path."""
    found: dict[str, list[Entry]] = {}
    for entry in repo.entries:
        found.setdefault(folder(entry.path).lower(), []).append(entry)
    return found


def _named(repo: Repo, pattern: re.Pattern[str], by: str, homes: tuple[str, ...] = HOMES) -> Iterator[Kept]:
    for entry in _entries(repo, homes):
        if pattern.fullmatch(entry.name) and not NOT_TEXT.search(entry.name):
            yield Kept(entry.path, by)


def _section(repo: Repo, title: str, least: int) -> Iterator[Kept]:
    """A section of the README with such a title and at least so many words in it."""
    page = front_page(repo)
    for heading in page.headings if page else ():
        if page and re.search(title, heading.text, re.I) and _length(page, page.section(heading)) >= least:
            yield Kept(page.path, f"its section “{heading.text}”", heading.line)


def _length(page: Prose, span: tuple[int, int]) -> int:
    first, last = span
    return sum(len(line.text.split()) for line in (*page.said, *page.code) if first <= line.line <= last)


@fact
def licences(repo: Repo) -> tuple[Kept, ...]:
    """Licence texts at the root, or in REUSE's `LICENSES/`."""
    found = list(_named(repo, LICENCE, "licence file", ("", "licenses", ".github", ".gitlab")))
    found.sort(key=lambda kept: (len(kept.path), kept.path))
    return (
        tuple(found)
        or tuple(Kept(e.path, "licence file") for e in _entries(repo, ("licenses", "license")))
        or tuple(_written_out(repo))
    )


@fact
def licences_of_folders(repo: Repo) -> tuple[Kept, ...]:
    """Licence texts of folders below the root that are not others' code, by path."""
    found = []
    for path, entry in repo.files.items():
        is_text = LICENCE.fullmatch(entry.name) and not NOT_TEXT.search(entry.name)
        if is_text and entry.size and folder(path) and is_own(path):
            found.append(Kept(path, "licence file"))
    return tuple(found)


def _written_out(repo: Repo) -> Iterator[Kept]:
    """The README, where it holds the terms themselves."""
    page = front_page(repo)
    if page and (terms := TERMS.search(page.text)):
        line = page.text.count("\n", 0, terms.start()) + 1
        yield Kept(page.path, f"the licence's own words from line {line}", line)


@fact
def citations(repo: Repo) -> tuple[Kept, ...]:
    """Files that say how to cite this work."""
    found = [e for e in _entries(repo, ("", "inst", ".github")) if CITATION.fullmatch(e.name)]
    return tuple(Kept(e.path, "citation file") for e in found)


@fact
def changelogs(repo: Repo) -> tuple[Kept, ...]:
    """A changelog as a file, as a folder of fragments, or as a section of the README."""
    found = [*_named(repo, CHANGELOG, "changelog", (*HOMES, "docs/source", "docs/src", "doc/source"))]
    found += _released(repo)
    found += [Kept(p, "changelog entries") for p in repo.files if CHANGE_FOLDERS.search(p)][:1]
    found += [Kept(e.path, "release notes, which a tool writes") for e in _writers(repo)]
    found = found or list(_of_packages(repo))
    return tuple(found or _section(repo, r"\bchange ?log\b|\brelease notes\b|what'?s new|更新日志|变更", 5))


def _of_packages(repo: Repo) -> Iterator[Kept]:
    """The changelogs of a repository of several packages, where each of two or more keeps its own."""
    packages = {folder(p) for name in MANIFESTS for p in repo.by_name.get(name, ()) if is_own(p)} - {""}
    kept = [
        Kept(e.path, "changelog of a package")
        for home in sorted(packages)
        for e in _entries(repo, (home.lower(),))
        if (CHANGELOG.fullmatch(e.name) and not NOT_TEXT.search(e.name)) or RELEASES.fullmatch(e.name)
    ]
    if len({folder(one.path) for one in kept}) > 1:
        yield from kept


def _writers(repo: Repo) -> Iterator[Entry]:
    """The configuration of what drafts release notes on the forge, or writes the changelog with a release."""
    yield from (e for e in _entries(repo, ("", ".github")) if RELEASE_NOTES.fullmatch(e.path))


def _released(repo: Repo) -> Iterator[Kept]:
    """A `RELEASE.md` whose headings are versions: others of that name tell how to make a release."""
    for entry in _entries(repo, ("",)):
        if RELEASES.fullmatch(entry.name):
            text = repo.text(followed(repo, entry.path)) or ""
            if (
                len(regex(r"^(?:#{1,4} )?\W{0,3}(?:release |version |v)?\d+\.\d+", re.M | re.I).findall(text))
                >= 2
            ):
                yield Kept(entry.path, "changelog")


@fact
def code_owners(repo: Repo) -> tuple[Kept, ...]:
    """Files that name an owner, where a forge or a bot reads them; of two, the first counts."""
    homes = (".github", "", "docs", ".gitlab", ".gitea", ".forgejo", ".bitbucket")
    found = [e for e in _entries(repo, homes) if e.name == "CODEOWNERS"]
    found += [e for e in _entries(repo, ("",)) if re.fullmatch(r"OWNERS|MAINTAINERS" + TEXT, e.name)]
    found.sort(key=lambda e: homes.index(folder(e.path)))
    return tuple(Kept(e.path, e.name, _owner_line(repo, e)) for e in found)


def _owner_line(repo: Repo, entry: Entry) -> int | None:
    """The first line that names somebody."""
    text = repo.text(followed(repo, entry.path)) or ""
    for number, line in enumerate(text.split("\n"), 1):
        ruled = line.split("#", 1)[0] if entry.name == "CODEOWNERS" else line
        if OWNER.search(ruled) or (entry.name != "CODEOWNERS" and ruled.strip(" -#:")):
            return number
    return None


def strays(repo: Repo, name: str) -> list[str]:
    """Files of that name (in any case) that lie where no forge reads them, the shallowest first."""
    read = {kept.path for kept in code_owners(repo)}
    return [path for path in repo.named(name) if path not in read]


@fact
def pull_request_templates(repo: Repo) -> tuple[Kept, ...]:
    """Templates for pull and merge requests."""
    found = list(_named(repo, PULL_REQUEST, "pull-request template"))
    return (*found, *_in_folders(repo, PULL_REQUEST_FOLDER, "pull-request template"))


@fact
def issue_templates(repo: Repo) -> tuple[Kept, ...]:
    """Templates and forms for issues; the chooser's `config.yml` alone is none."""
    found = [Kept(e.path, "issue template") for e in _entries(repo, HOMES) if ISSUE.fullmatch(e.name)]
    return (*found, *_in_folders(repo, ISSUE_FOLDER, "issue template"))


def _in_folders(repo: Repo, name: re.Pattern[str], by: str) -> Iterator[Kept]:
    for path in likely(repo, name):
        entry, parent = repo.files[path], folder(path)
        home, last = folder(parent), parent.rpartition("/")[2]
        if not name.fullmatch(last) or home not in HOMES or entry.size == 0:
            continue
        if regex(r"\.(?:md|txt|ya?ml|rst)$", re.I).search(path) and not entry.name.lower().startswith(
            "config.y"
        ):
            yield Kept(path, by)


@fact
def contributing_guides(repo: Repo) -> tuple[Kept, ...]:
    """How to contribute: a file, a page of the documentation, or a section of the README that says how."""
    found = list(_named(repo, CONTRIBUTING, "contributing guide"))
    deeper = (
        p for p, e in repo.files.items() if p.startswith(("docs/", "doc/")) and _contributing(p, e.name)
    )
    found += [
        Kept(path, "contributing guide") for path in deeper if repo.files[path].size and path.count("/") > 1
    ]
    return tuple(
        found or _section(repo, r"\bcontribut(?:ing|e|ion)|^\W*develop(?:ing|ment)\W*$|贡献|貢献|기여", 25)
    )


def _contributing(path: str, name: str) -> bool:
    folder_name = folder(path).rpartition("/")[2]
    first = regex(r"(?:index|read_?me|overview)\.(?:md|rst)", re.I).fullmatch(name) is not None
    return CONTRIBUTING.fullmatch(name) is not None or (
        first and CONTRIBUTING.fullmatch(folder_name) is not None
    )


@fact
def security_policies(repo: Repo) -> tuple[Kept, ...]:
    """How to report a weakness: a policy, `security.txt`, or a section of the README."""
    found = list(_named(repo, SECURITY, "security policy", (*HOMES, ".well-known")))
    return tuple(found or _section(repo, r"\bsecurity\b|\bvulnerabilit", 8))
