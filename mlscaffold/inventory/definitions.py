"""Published facts: pipelines, clusters, infrastructure code and documentation sites."""

from __future__ import annotations

from collections.abc import Iterable

from mlscaffold.inventory import Evidence, Known, inventoried, names
from mlscaffold.repo.data.make_pipeline import make_pipelines
from mlscaffold.repo.definitions import Definition, definitions
from mlscaffold.repo.repo import Repo


def _names(found: Iterable[Definition]) -> Known:
    return names((d.slug, Evidence(d.path, d.line, d.tool)) for d in found)


@inventoried("pipeline", "names")
def pipeline(repo: Repo) -> Known:
    """The tools in which dependent steps are defined; numbered scripts are no pipeline."""
    return _names((*definitions(repo, "pipeline"), *make_pipelines(repo)))


@inventoried("orchestrator", "names")
def orchestrator(repo: Repo) -> Known:
    """The clusters and schedulers for which configuration or job files are tracked."""
    return _names(definitions(repo, "orchestrator"))


@inventoried("iac", "names")
def iac(repo: Repo) -> Known:
    """The tools in which infrastructure is written as code."""
    return _names(definitions(repo, "iac"))


@inventoried("docs_site", "names")
def docs_site(repo: Repo) -> Known:
    """The generators of a documentation site that are configured."""
    return _names(definitions(repo, "docs-site"))
