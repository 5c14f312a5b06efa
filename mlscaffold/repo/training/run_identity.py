"""What ties a recorded run to the code, environment, data and seed that made it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.python.source import code
from mlscaffold.repo.python.text import written
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.trackers import dvc_metrics, tools, trackers
from mlscaffold.repo.vendored import is_own

ASKS_GIT = regex(
    rb"rev-parse|\bhexsha\b|\bhead\.(?:commit|object)\b|\bgit\.Repo\(|\bget_(?:\w+_)?(?:git|commit|sha|revision)(?:_\w+)?\b"
    rb"|\bgit_?(?:sha|hash|commit|revision|rev|info|version|describe|diff|branch|head|state)\w*|GIT_COMMIT|GITHUB_SHA"
    rb"|COMMIT_SHA|\bcommit_?(?:hash|id|sha)\b|\bpygit2\b|\bdulwich\b|\bcollect_env\b|create_git_tag|log_system_params"
    rb"""|["']git["'][ \t]*,|["']git (?:log|describe|show|diff)""",
    re.IGNORECASE,
)
COPIES_CODE = regex(
    rb"\bcopy\w*\([^)\n]{0,80}__file__"
    rb"|\b(?:save|backup|copy|snapshot|dump|store|log)_?(?:code|sources?|src|scripts?)(?:_\w+)?\b",
    re.IGNORECASE,
)
LISTS_PACKAGES = regex(
    rb"\bpip3?[\"', \t]{1,4}freeze\b|\bconda[\"', \t]{1,4}(?:list|env export)\b|\bpkg_resources\b"
    rb"|\bimportlib[._]metadata\b|\bcollect_env\b|\bwatermark\b|\bsession_info\b|requirements[\w-]*\.txt|log_system_params|__version__",
)
NAMES_DATA = regex(
    rb"\blog_input\b|\bfrom_(?:pandas|numpy|huggingface)\b|\buse_artifact\b|\b(?:md5|sha1|sha256|hexdigest|checksum)\b"
    rb"|\bdvc\.api\b|\bdata(?:set)?_(?:version|hash|rev\w*|id|name|dir|path|file)\b|\bversion_as_of\b|\brevision\b",
    re.IGNORECASE,
)
SEED = regex(rb"seed|random_state", re.IGNORECASE)
SETTINGS = (".yaml", ".yml", ".toml", ".json", ".ini", ".cfg", ".gin", ".sh")


class Tied(NamedTuple):
    """Where a run's record gets the version of its code, and by what."""

    spot: Spot
    by: str


@fact
def code_version(repo: Repo) -> Tied | None:
    """What records which code a run was made with, or `None`."""
    for find in (_by_pipeline, _by_tracker, _by_text):
        if found := next(find(repo), None):
            return found
    return None


def _by_pipeline(repo: Repo) -> Iterator[Tied]:
    if spot := dvc_metrics(repo):
        yield Tied(spot, "DVC, whose results are part of a commit")


def _by_tracker(repo: Repo) -> Iterator[Tied]:
    facts = {tool.slug: tool.facts for tool in tools(repo)}
    for tracked in trackers(repo):
        how = facts[tracked.slug].get("commit")
        if how and not (tracked.slug == "mlflow" and only_in_notebooks(repo)):
            yield Tied(tracked.spot, f"{tracked.name} ({how})")


def _by_text(repo: Repo) -> Iterator[Tied]:
    for pattern in (ASKS_GIT, COPIES_CODE):
        for spot, hit in written(repo, pattern):
            yield Tied(spot, hit.said.strip("\"', "))


@fact
def only_in_notebooks(repo: Repo) -> bool:
    """Whether MLflow, which looks for the commit of the script that runs, is used in notebooks alone."""
    having = [source for source in code(repo) if source.imports_any({"mlflow"})]
    return bool(having) and all(source.notebook for source in having)


@fact
def unrecorded(repo: Repo) -> tuple[str, ...]:
    """What else no run can be traced to, where not even the code's version is recorded; only what is sure."""
    missing = []
    if not _anywhere(repo, LISTS_PACKAGES):
        missing.append("the environment")
    if not _anywhere(repo, NAMES_DATA):
        missing.append("the version of the data")
    if not _anywhere(repo, SEED) and not any(SEED.search(repo.raw(p) or b"") for p in _settings(repo)):
        missing.append("the seed")
    return tuple(missing)


def _anywhere(repo: Repo, pattern: re.Pattern[bytes]) -> bool:
    return next(written(repo, pattern), None) is not None


def _settings(repo: Repo) -> Iterator[str]:
    for path in repo.named(*(f"*{end}" for end in SETTINGS)):
        if is_own(path) and repo.files[path].size < 200_000:
            yield path
