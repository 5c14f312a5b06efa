"""Settings that make deep learning choose deterministic algorithms, beyond seeds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.python.text import written
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.training import Training, training
from mlscaffold.repo.vendored import is_own

VALUE = rb"\s*(?P<value>[\w.]+(?:\[[\"']\w+[\"']\])?)"
SET = tuple(
    regex(pattern)
    for pattern in (
        rb"\bcudnn\.deterministic\s*=(?!=)" + VALUE,
        rb"\buse_deterministic_algorithms\(\s*(?:mode\s*=\s*)?" + VALUE,
        rb"\bset_deterministic\(" + VALUE,
        rb"setattr\([^\n]*cudnn[^\n]*[\"']deterministic[\"']\s*," + VALUE,
        rb"\benable_op_determinism\(\s*\)",
        rb"TF_(?:DETERMINISTIC_OPS|CUDNN_DETERMINISTIC)[\"']?\]?\s*[=,]\s*[\"']?(?P<value>\w+)",
        rb"--?xla_gpu_(?:deterministic_ops|exclude_nondeterministic_ops)(?:=(?P<value>\w+))?",
        rb"\bTrainer\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*?\bdeterministic\s*=" + VALUE,
        rb"\bfull_determinism\s*=" + VALUE,
        rb"\b(?:enable_full_determinism|configure_deterministic_mode|no_random)\(",
        rb"\bmonai\.[\w.]*set_determinism\(|(?<![.\w])(?<!def )set_determinism\((?!\s*\))",
        rb"\bset_random_seed\([^()\n]*\bdeterministic\s*=" + VALUE,
        rb"\bset_seed\([^()\n]*\breproducible\s*=" + VALUE,
    )
)
NEEDLES = (b"determini", b"DETERMINISTIC", b"no_random(", b"reproducible")
CONFIGURED = regex(rb"^[ \t]*deterministic[ \t]*:[ \t]*(?:[Tt]rue|warn)\b", re.M)
OFF = (b"False", b"false", b"0", b"None", b"")


class Deterministic(NamedTuple):
    """One setting, and what it is."""

    spot: Spot
    by: str


@fact
def deep_learning(repo: Repo) -> tuple[Training, ...]:
    """The sources that train with a framework of deep learning."""
    deep = {tool.slug for tool in repo.standard.of_kind("dl-framework")}
    return tuple(run for run in training(repo) if run.framework in deep)


@fact
def deterministic(repo: Repo) -> tuple[Deterministic, ...]:
    """Every setting that is on unless somebody turns it off, by place; comments and tests are not asked."""
    return tuple(_settings(repo))


def _settings(repo: Repo) -> Iterator[Deterministic]:
    for pattern in SET:
        for spot, hit in written(repo, pattern, NEEDLES):
            value = hit.named.get("value")
            if value is None or _on(repo, value):
                yield Deterministic(spot, _said(hit.text))
    for path in repo.named("*.yaml", "*.yml"):
        raw = (repo.raw(path) or b"") if is_own(path) else b""
        if b"deterministic" in raw and (found := CONFIGURED.search(raw)):
            yield Deterministic(Spot(path, raw.count(b"\n", 0, found.start()) + 1), _said(found[0]))


def _said(raw: bytes) -> str:
    words = " ".join(raw.decode("utf-8", "replace").split())
    return words if len(words) < 60 else f"… {words[-50:]}"


def _on(repo: Repo, value: bytes) -> bool:
    """Whether the value is true: itself, or by the default of the option or setting that it names."""
    if value in OFF or value in (b"True", b"1", b"true"):
        return value not in OFF
    name = regex(rb"[.\[\"'\]]+").split(value.rstrip(b"]\"'"))[-1]
    return not any(written(repo, _turned_off(name), (name, name.replace(b"_", b"-"))))


def _turned_off(name: bytes) -> re.Pattern[bytes]:
    """Where an option, a field or an argument of that name is off by default."""
    option = re.escape(name).replace(b"_", b"[_-]")
    return re.compile(
        rb"[\"']-{0,2}%b[\"'](?:[^()]|\([^()]*\))*(?:store_true|default\s*=\s*(?:False|0|None)\b)" % option
        + rb"|\b%b[\"']?\s*(?::[^=\n,]*)?[:=]\s*(?:\w+\(\s*)?(?:default\s*=\s*)?(?:False|false|None|0)\b"
        % option
        + rb"|DEFINE_bool\w*\(\s*[\"']%b[\"']\s*,\s*(?:False|None)" % option
    )
