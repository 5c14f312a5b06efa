"""Google Cloud Build: what its steps run, and whether that is more than to build an image and ship it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.shell_words import shell_commands

_SHIPS = """
    docker docker-compose executor kaniko-project buildx pack img podman skopeo crane gcloud
    cloud-sdk google-cloud-cli gsutil bq gke-deploy kubectl kustomize helm skaffold terraform git
    curl wget echo printf cd export set mkdir cp mv rm cat sed envsubst sleep exit chmod ls tar
    unzip true apt-get apt apk if then else elif fi [ [[ test for do done while
"""
SHIPS = frozenset(_SHIPS.split())
"""Programs that build an image, bring it somewhere, or stand around such commands in a script."""


class Ran(NamedTuple):
    """What one step runs: a script of a shell or the words of another program, and what names its place."""

    text: str
    place: str


def scripts(document: Any) -> Iterator[Ran]:
    """What the steps run: the last argument of a shell, after `-c`, or a program with its arguments."""
    import shlex

    for step in _steps(document):
        given = step.get("args")
        if not isinstance(given, list) or not given:
            continue
        if len(given) > 1 and regex(r"-\w*c").fullmatch(str(given[-2])):
            yield Ran(str(given[-1]), str(given[-1]))
        elif program := step.get("entrypoint"):
            yield Ran(" ".join(shlex.quote(str(word)) for word in (program, *given)), str(given[-1]))


def only_ships(document: Any) -> bool:
    """Whether every step builds or ships: such a file is a deployment, which nothing has to trigger."""
    return all(_ships(step) for step in _steps(document))


def _steps(document: Any) -> list[dict[str, Any]]:
    steps = document.get("steps")
    return [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []


def _ships(step: dict[str, Any]) -> bool:
    """Whether the programs of one step, or else the image that runs it, are known to build or ship."""
    texts = [str(step["script"])] if "script" in step else [ran.text for ran in scripts({"steps": [step]})]
    if texts:
        return all(_is_shipping(command.words) for text in texts for command in shell_commands(text))
    given = step.get("args")
    image = str(step.get("name", "")).partition("@")[0].partition(":")[0]
    return _is_shipping((image, *map(str, given if isinstance(given, list) else ())))


def _is_shipping(words: tuple[str, ...]) -> bool:
    program = words[0].rpartition("/")[2]
    runs = program.startswith("docker") and not {"run", "exec"}.isdisjoint(words[1:3])
    return "=" in words[0] or (program in SHIPS and not runs)
