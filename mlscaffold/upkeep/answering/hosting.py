"""Where a repository and its data are kept, and who reviews: answers from remotes and configurations."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.repo.data.dvc_config import configs
from mlscaffold.repo.pages.community import code_owners as owner_files
from mlscaffold.repo.pages.metadata import stated
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.symlinks import followed
from mlscaffold.repo.teamwork.ci import pipelines
from mlscaffold.repo.teamwork.forge_address import Address, address_of, forge_address
from mlscaffold.upkeep.answering.proven import Answer, Place, not_expressible, proposed

FORGES = {
    "github.com": "GitHub", "gitlab.com": "GitLab", "bitbucket.org": "Bitbucket", "codeberg.org": "Codeberg",
    "dev.azure.com": "Azure DevOps", "ssh.dev.azure.com": "Azure DevOps", "git.sr.ht": "SourceHut",
    "huggingface.co": "Hugging Face",
}  # fmt: skip
SAMPLE = regex(r"/(?:user(?:name)?|your[\w-]*|owner|org(?:anization)?|example)/[\w.-]+/?$", re.I)
"""The last two parts of an address that a template left to be filled in."""

FOLDERS = {".github": "GitHub", ".gitlab": "GitLab", ".gitea": "Gitea", ".forgejo": "Forgejo"}
SERVICES = {"github": "GitHub", "gitlab": "GitLab", "bitbucket": "Bitbucket", "azure": "Azure DevOps"}
REMOTES = (("s3", "s3://"), ("gcs", "gs://"), ("azure", "azure://"), ("ssh", "ssh://"))


def forge(repo: Repo) -> Answer:
    """By the remote or a stated address, else by what only one forge reads."""
    if found := _address(repo):
        address, place = found
        name = _host_name(address.host)
        if name:
            return _on(name, (place,), certain=True)
    marks = _marks(repo)
    if not marks:
        return proposed("forge", "nothing tells where it is hosted")
    if len(marks) > 1:
        return not_expressible(
            "forge",
            f"it is set up for {' and '.join(marks)}, and no remote says which",
            tuple(marks.values()),
        )
    name, place = next(iter(marks.items()))
    return _on(name, (place,), certain=False)


def forge_name(repo: Repo) -> str:
    """The forge, by its remote or by what only it reads; empty where nothing tells, all where several do."""
    named = _host_name(found[0].host) if (found := _address(repo)) else ""
    return named or " and ".join(_marks(repo))


def _on(name: str, places: tuple[Place, ...], *, certain: bool) -> Answer:
    if name != "GitHub":
        return not_expressible("forge", f"it is hosted on {name}", places)
    return Answer("forge", "github", places, "certain" if certain else "likely")


def _host_name(host: str) -> str:
    known = FORGES.get(host) or next(
        (n for n in ("gitlab", "gitea", "forgejo", "bitbucket") if n in host), ""
    )
    return {"gitlab": "GitLab", "gitea": "Gitea", "forgejo": "Forgejo", "bitbucket": "Bitbucket"}.get(
        known, known
    )


def _marks(repo: Repo) -> dict[str, Place]:
    """Each forge whose own files are here, with the first of them."""
    found: dict[str, Place] = {}
    for pipeline in pipelines(repo):
        if pipeline.service in SERVICES:
            found.setdefault(SERVICES[pipeline.service], Place(pipeline.path, None, "its CI"))
    for path in repo.files:
        if (name := FOLDERS.get(path.partition("/")[0])) and "/" in path:
            found.setdefault(name, Place(path, None, "read by it alone"))
    return found


def _address(repo: Repo) -> tuple[Address, Place] | None:
    """The remote's address, else the first in the metadata that a forge has."""
    if remote := forge_address(repo):
        return remote, Place(".git/config", remote.line, f"remote {remote.remote}")
    for said in stated(repo, "url"):
        address = address_of(said.value)
        if (
            address
            and address.host in FORGES
            and address.url.count("/") >= 4
            and not SAMPLE.search(address.url)
        ):
            return address, Place(said.path, said.line, "address")
    return None


def repository_url(repo: Repo) -> Answer:
    """The address as a browser opens it, without any login."""
    found = _address(repo)
    if not found:
        return proposed("repository_url", "no remote and no file names its address")
    return Answer("repository_url", found[0].url, (found[1],), "certain" if found[0].remote else "likely")


def data_remote(repo: Repo) -> Answer:
    """The kind of storage that DVC uses by default."""
    kind, place, why = _storage(repo)
    if kind is None:
        return not_expressible("data_remote", why, (place,) if place else ())
    return Answer("data_remote", kind, (place,) if place else (), "certain", why)


def data_remote_url(repo: Repo) -> Answer:
    """The address of that storage; a login in it never leaves the file."""
    kind, place, why = _storage(repo)
    if kind is None:
        return not_expressible("data_remote_url", why, (place,) if place else ())
    return Answer("data_remote_url", _url(repo) if kind != "none" else "", (place,) if place else ())


def _storage(repo: Repo) -> tuple[str | None, Place | None, str]:
    root = next((c for c in configs(repo) if c.path == ".dvc/config"), None)
    remote = root.remotes.get(root.default) or next(iter(root.remotes.values()), None) if root else None
    if root is None or remote is None:
        return "none", None, "DVC has no storage here" if root else "DVC is not used here"
    line = remote.options["url"].line if "url" in remote.options else remote.line
    place = Place(root.path, line, f"remote {remote.name}")
    if regex(r"://[^/@]*:[^/@]*@").search(remote.url):
        return None, place, "its address holds a password: take it out of the file that is committed"
    kind = next((kind for kind, scheme in REMOTES if remote.url.startswith(scheme)), None)
    if kind is None and regex(r"/[^/]|[A-Za-z]:/").match(remote.url):
        kind = "disk"
    scheme = remote.url.partition("://")[0] if "://" in remote.url else "a folder beside the clone"
    return kind, place, "" if kind else f"DVC keeps data by {scheme}"


def _url(repo: Repo) -> str:
    root = next(c for c in configs(repo) if c.path == ".dvc/config")
    remote = root.remotes.get(root.default) or next(iter(root.remotes.values()))
    return remote.url


def code_owners(repo: Repo) -> Answer:
    """The owners of everything in CODEOWNERS, else of its first rule."""
    question = "code_owners"
    for kept in owner_files(repo):
        if kept.by != "CODEOWNERS" or kept.line is None:
            continue
        rows = _rules(repo.text(followed(repo, kept.path)) or "")
        whole = [row for row in rows if row[1] in ("*", "/", "/**", "**")] or rows[:1]
        if whole and whole[-1][2]:
            line, pattern, owners = whole[-1]
            confidence = "certain" if pattern == "*" else "likely"
            place = Place(kept.path, line, f"owners of {pattern}")
            return Answer(question, owners, (place,), "certain" if confidence == "certain" else "likely")
    return proposed(question, "no file names owners")


def _rules(text: str) -> list[tuple[int, str, str]]:
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        words = line.split("#", 1)[0].split()
        if len(words) > 1 and not line.startswith(("[", "^[")):
            found.append((number, words[0], " ".join(words[1:])))
    return found
