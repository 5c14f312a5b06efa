"""Published facts: linters, formatters and hooks."""

from __future__ import annotations

from mlscaffold.inventory import Evidence, Known, flag, inventoried, names
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.hooks import hook_configs, hook_configs_of_parts
from mlscaffold.repo.teamwork.quality import used


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
    """Whether a configuration by a name that pre-commit or prek reads holds a hook, of a part of it too."""
    found = [Evidence(c.path, note=c.tool) for c in hook_configs(repo) if c.tool in ("pre-commit", "prek")]
    return flag(found + [Evidence(c.path, note="of a part") for c in hook_configs_of_parts(repo)])
