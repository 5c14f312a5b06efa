"""Who runs what is in a container: the last USER of a Dockerfile's final stage, or what stands in for it."""

from __future__ import annotations

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import jsonc_document
from mlscaffold.repo.environments.containers import Container, Instruction, filled
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import folder

ORDINARY = regex(
    r"mambaorg/micromamba|(^|/)jupyter/|jupyter/[\w-]+-notebook|distroless/\S*nonroot|cgr\.dev/chainguard/"
    r"|amazon/aws-lambda|public\.ecr\.aws/lambda/|bitnami/|nginx-unprivileged|apache/airflow|rocker/binder"
)
"""Images whose own user is an ordinary one, or that a platform runs as one."""

DROPS = regex(r"\b(gosu|su-exec|setpriv|runuser|s6-setuidgid|fixuid)\b")


class RunsAs(NamedTuple):
    """`root` or not, the USER that decides, and what else does."""

    root: bool
    user: Instruction | None
    by: str


def runs_as(repo: Repo, container: Container) -> RunsAs:
    """Who runs the final stage of a Dockerfile; the stages that it starts from count."""
    user = next((stage.user for stage in container.final() if stage.user), None)
    if user:
        return RunsAs(_is_root(container, user), user, f"USER {user.text}")
    other = _otherwise(repo, container)
    return RunsAs(not other, None, other)


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
