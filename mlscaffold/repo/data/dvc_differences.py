"""Where `dvc.lock` and the pipeline beside it disagree: what `dvc status` says, without the program."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join, normpath
from typing import Any

from mlscaffold.named import NamedTuple
from mlscaffold.repo.attributes import attributes
from mlscaffold.repo.data.data_files import POINTERS
from mlscaffold.repo.data.dvc import Stage, fits, in_tree, stages
from mlscaffold.repo.data.dvc_lock import Lock
from mlscaffold.repo.data.dvc_templates import MISSING, look_up, parameters
from mlscaffold.repo.repo import Repo, fact


class Difference(NamedTuple):
    """One way in which a stage is no longer what ran, as the end of a sentence."""

    stage: Stage
    said: str


def differences(repo: Repo, lock: Lock) -> Iterator[Difference]:
    """What differs, stage by stage in the order of the pipeline, the plainest reason of each alone."""
    for stage in stages(repo):
        if stage.file != lock.pipeline or lock.ran is None:
            continue
        ran = [lock.ran[name] for name in _names(stage, lock.ran)]
        if not ran:
            if (stage.deps or stage.outs) and not stage.name.endswith("*"):
                yield Difference(stage, "has not run since it was added")
        elif not stage.idle and (said := next(filter(None, (_differs(repo, stage, one) for one in ran)), "")):
            yield Difference(stage, said)


def _names(stage: Stage, ran: dict[str, Any]) -> list[str]:
    if stage.name in ran:
        return [stage.name]
    if "*" not in stage.name:
        return []
    start, _, end = stage.name.partition("*")
    return [name for name in ran if isinstance(name, str) and name.startswith(start) and name.endswith(end)]


def _differs(repo: Repo, stage: Stage, ran: Any) -> str:
    """How the stage differs from the lock's entry; empty where it does not."""
    if not isinstance(ran, dict):
        return ""
    command = ran.get("cmd", "")
    told = "\n".join(map(str, command)) if isinstance(command, list) else str(command)
    if not fits(_words(stage.command), _words(told)):
        return "ran with another command"
    deps, outs = _by_path(ran.get("deps")), _by_path(ran.get("outs"))
    for kind, written, there in (
        ("reads", stage.deps, deps),
        ("writes", [output.written for output in stage.outs], outs),
    ):
        for name in written:
            if not _holds(there, normpath(name)):
                return f"{kind} {name}, which was not so when it ran"
    return _params_differ(repo, stage, ran) or _content_differs(repo, stage, deps, outs)


def _holds(there: dict[str, dict[str, Any]], name: str) -> bool:
    return name in there or ("${" in name and any(fits(name, known) for known in there))


def _words(text: str) -> str:
    return " ".join(text.split())


def _by_path(entries: Any) -> dict[str, dict[str, Any]]:
    rows = entries if isinstance(entries, list) else []
    return {normpath(str(row.get("path", ""))): row for row in rows if isinstance(row, dict)}


def _params_differ(repo: Repo, stage: Stage, ran: dict[str, Any]) -> str:
    recorded = ran.get("params")
    recorded = recorded if isinstance(recorded, dict) else {}
    for file, keys in stage.params:
        known = recorded.get(file)
        if "${" in file or not isinstance(known, dict):
            if keys and "${" not in file and file not in recorded:
                return f"reads {keys[0]} of {file}, which was not so when it ran"
            continue
        if missing := next((key for key in keys if key not in known and "${" not in key), ""):
            return f"reads {missing} of {file}, which was not so when it ran"
        now = parameters(repo, normpath(join(stage.home, file)))
        for key, value in known.items() if now is not None else ():
            if (not keys or key in keys) and not _same(look_up(now, str(key)), value):
                return f"ran with another value of {key}"
    return ""


def _same(now: Any, then: Any) -> bool:
    """Whether two values are the same as far as YAML's two versions agree on what they are."""
    if now == then:
        return True
    now, then = _plain(now), _plain(then)
    if isinstance(now, dict) and isinstance(then, dict):
        return now.keys() == then.keys() and all(_same(now[k], then[k]) for k in now)
    if isinstance(now, list) and isinstance(then, list):
        return len(now) == len(then) and all(map(_same, now, then))
    if isinstance(now, str) != isinstance(then, str) and None not in (now, then) and now is not MISSING:
        return not isinstance(now, (dict, list)) and not isinstance(then, (dict, list))
    return bool(now == then)


def _plain(value: Any) -> Any:
    """A text that is a number in either version of YAML as that number."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value.strip()
    return value


def _content_differs(
    repo: Repo, stage: Stage, deps: dict[str, dict[str, Any]], outs: dict[str, dict[str, Any]]
) -> str:
    """A file of the tree that the lock knows by another hash."""
    for name in stage.deps:
        if _changed(repo, normpath(join(stage.home, name)), deps.get(normpath(name))):
            return f"ran with another {name}"
    for output in stage.outs:
        if not output.cached and _changed(repo, output.path, outs.get(normpath(output.written))):
            return f"wrote another {output.written}"
    return ""


@fact
def _hashes(_repo: Repo) -> dict[str, frozenset[str]]:
    return {}


def _hashes_of(repo: Repo, path: str, raw: bytes) -> frozenset[str]:
    """The hashes of a file with each kind of line ends: DVC 2 and Windows each have their own."""
    known = _hashes(repo)
    if path not in known:
        unix = raw.replace(b"\r\n", b"\n")
        known[path] = frozenset(map(_md5, (raw, unix, unix.replace(b"\n", b"\r\n"))))
    return known[path]


def _changed(repo: Repo, path: str, row: dict[str, Any] | None) -> bool:
    known = str((row or {}).get("md5") or "")
    entry = repo.files.get(path)
    if len(known) != 32 or entry is None or not in_tree(path) or path.endswith(".ipynb"):
        return False
    raw = repo.raw(path)
    if raw is None or raw.startswith(POINTERS) or attributes(repo, path).get("filter"):
        return False
    return known not in _hashes_of(repo, path, raw)


def _md5(raw: bytes) -> str:
    import hashlib

    return hashlib.md5(raw, usedforsecurity=False).hexdigest()
