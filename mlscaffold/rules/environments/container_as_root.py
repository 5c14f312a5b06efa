"""ENV109: what runs in a container must not be root."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.containers import Container, Instruction, dockerfiles, filled
from mlscaffold.repo.documents import jsonc_document
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import folder
from mlscaffold.rule import Finding, Satisfied, rule
from mlscaffold.rules.applies import has_dockerfile
from mlscaffold.standard import Standard

ORDINARY = regex(
    r"mambaorg/micromamba|(^|/)jupyter/|jupyter/[\w-]+-notebook|distroless/\S*nonroot|cgr\.dev/chainguard/"
    r"|amazon/aws-lambda|public\.ecr\.aws/lambda/|bitnami/|nginx-unprivileged|apache/airflow|rocker/binder"
)
"""Images whose own user is an ordinary one, or that a platform runs as one."""

DROPS = regex(r"\b(gosu|su-exec|setpriv|runuser|s6-setuidgid|fixuid)\b")


@rule("ENV109", level="collaboration", since="1.0", when=has_dockerfile)
def container_as_root(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """The last USER of the final stage, and of the stages that it starts from, decides."""
    for container in dockerfiles(repo):
        chain = container.final()
        user = next((stage.user for stage in chain if stage.user), None)
        if user and not _is_root(container, user):
            yield Satisfied(container.path, by=f"USER {user.text}")
        elif user:
            message = f"ends as {user.text}: set an ordinary user after what needs root"
            yield Finding(container.path, message, user.line, key="root")
        elif reason := _otherwise(repo, container):
            yield Satisfied(container.path, by=reason)
        else:
            message = "runs as root: add a user and set USER after what needs root"
            yield Finding(container.path, message, chain[0].line, key="root")


def _is_root(container: Container, user: Instruction) -> bool:
    values = {}
    for stage in container.stages:
        for word in stage.instructions:
            if word.word in ("ARG", "ENV"):
                name, _, value = word.text.replace(" ", "=", 1).partition("=")
                values[name] = value.strip("\"' ")
    name = filled(user.text, values).split(":")[0].strip("\"' ")
    return name in ("root", "0")


def _otherwise(repo: Repo, container: Container) -> str:
    """What makes the container run as an ordinary user although its file names none; else empty."""
    chain = container.final()
    if ORDINARY.search(chain[-1].image):
        return f"the user of {chain[-1].image}"
    words = " ".join(i.text for stage in chain for i in stage.instructions)
    if found := DROPS.search(words):
        return found[1]
    here = folder(container.path)
    beside = f"{here}/devcontainer.json".lstrip("/")
    document = jsonc_document(repo, beside) if beside in repo.files else None
    if isinstance(document, dict) and (user := document.get("remoteUser") or document.get("containerUser")):
        return f"remoteUser {user}" if user != "root" else ""
    return ""
