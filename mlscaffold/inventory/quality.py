"""Published facts: linters, formatters and hooks."""

from __future__ import annotations

from mlscaffold.inventory import Evidence, Known, flag, inventoried, names
from mlscaffold.repo.hooks import PRE_COMMIT, hook_configs
from mlscaffold.repo.quality import used
from mlscaffold.repo.repo import Repo


@inventoried("linters", "names")
def linters(repo: Repo) -> Known:
    """Linters and type checkers that are configured, or that a hook, a target or CI runs."""
    return names((use.slug, Evidence(use.path, use.line)) for use in used(repo, "linter"))


@inventoried("formatter", "names")
def formatter(repo: Repo) -> Known:
    """Formatters that are configured, or that a hook, a target or CI runs."""
    return names((use.slug, Evidence(use.path, use.line)) for use in used(repo, "formatter"))


@inventoried("precommit", "flag")
def precommit(repo: Repo) -> Known:
    """Whether a configuration that pre-commit or prek reads holds a hook."""
    found = [c for c in hook_configs(repo) if c.path == PRE_COMMIT or c.tool == "prek"]
    return flag(Evidence(c.path, note=f"{c.tool}, {len(c.hooks)} hooks") for c in found)
