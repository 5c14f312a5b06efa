"""ENV109: what runs in a container must not be root."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.environments.container_users import runs_as
from mlscaffold.repo.environments.containers import dockerfiles
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Satisfied, rule
from mlscaffold.rules.applies import has_dockerfile
from mlscaffold.standard import Standard


@rule("ENV109", level="collaboration", since="1.0", when=has_dockerfile)
def container_as_root(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """The last USER of the final stage, and of the stages that it starts from, decides."""
    for container in dockerfiles(repo):
        found = runs_as(repo, container)
        if not found.root:
            yield Satisfied(container.path, by=found.by)
        elif found.user:
            message = f"ends as {found.user.text}: set an ordinary user after what needs root"
            yield Finding(container.path, message, found.user.line, key="root")
        else:
            message = "runs as root: add a user and set USER after what needs root"
            yield Finding(container.path, message, container.final()[0].line, key="root")
