"""Small worlds for tests of updates: versions of a template, and a real repository that follows one."""

from __future__ import annotations

import datetime
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlscaffold.repo.trees.standing import Standing
from mlscaffold.upkeep.answers import insist, settle
from mlscaffold.upkeep.lock import LOCK, Lock, read_lock, written
from mlscaffold.upkeep.plan import Asked, Questions, planned
from mlscaffold.upkeep.rendering import render
from mlscaffold.upkeep.start import started
from mlscaffold.upkeep.steps import Plan, Step
from mlscaffold.upkeep.template import File, Template

TODAY = datetime.date(2026, 11, 26)
HEAD = "_subdirectory: template\n_envops: {keep_trailing_newline: true}\n"
Body = str | bytes | File


def template(version: str, files: Mapping[str, Body], questions: str = "", upkeep: str = "") -> Template:
    """A version of a small template; `upkeep` is the text below `default:` of standard/upkeep.yml."""
    kept = "upkeep:\n  when: false\n  default:\n" + "".join(f"    {line}\n" for line in upkeep.splitlines())
    head = HEAD + questions + (kept if upkeep else "")
    parts = {"copier.yml": as_file(head)}
    return Template(version, parts | {f"template/{path}": as_file(body) for path, body in files.items()})


def as_file(body: Body) -> File:
    if isinstance(body, File):
        return body
    return File(body.encode() if isinstance(body, str) else body)


def git(folder: Path, *arguments: str) -> str:
    """Run git as a person there would."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    who = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    names = {f"GIT_{r}_{w}": v for r in ("AUTHOR", "COMMITTER") for w, v in (("NAME", "A"), ("EMAIL", "a@b"))}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=clean | who | names, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode("utf-8", "surrogateescape")


class World:
    """A repository made from a version, and its updates to others."""

    def __init__(self, root: Path, first: Template, answers: Mapping[str, Any] | None = None) -> None:
        self.root = root
        self.known = {first.version: first}
        settled = insist(settle(first, answers or {}, root.name))
        made = render(first, settled)
        root.mkdir(parents=True, exist_ok=True)
        git(root, "init", "-q", "-b", "main")
        for path, file in made.items():
            self.write(path, file)
        self.write(LOCK, written(started(first, settled.answers, made)))
        self.commit("start")

    def write(self, path: str, body: Body) -> None:
        file, at = as_file(body), self.root / path
        at.parent.mkdir(parents=True, exist_ok=True)
        at.unlink(missing_ok=True)
        if file.mode == "120000":
            at.symlink_to(file.content.decode())
            return
        at.write_bytes(file.content)
        at.chmod(0o755 if file.mode == "100755" else 0o644)

    def read(self, path: str) -> str:
        return (self.root / path).read_bytes().decode("utf-8", "surrogateescape")

    def commit(self, message: str = "work") -> None:
        git(self.root, "add", "-A")
        git(self.root, "commit", "-q", "--allow-empty", "-m", message)

    def lock(self) -> Lock:
        return read_lock(self.read(LOCK))

    def ask(self, to: Template, **asked: Any) -> Plan | Questions:
        self.known[to.version] = to
        wish = Asked(to, lambda base: self.known.get(base.version), TODAY, **asked)
        return planned(Standing(self.root), self.lock(), wish)

    def plan(self, to: Template, **asked: Any) -> Plan:
        found = self.ask(to, **asked)
        assert isinstance(found, Plan), found
        return found

    def update(self, to: Template, **asked: Any) -> dict[str, str]:
        """Carry a plan out and commit it; each path's fate."""
        plan = self.plan(to, **asked)
        for step in plan.steps:
            if step.writes:
                self._carry_out(step)
        self.write(LOCK, written(plan.lock))
        self.commit("update")
        return {step.path: step.fate for step in plan.steps}

    def _carry_out(self, step: Step) -> None:
        if step.after is None or step.moved_from:
            (self.root / (step.moved_from or step.path)).unlink()
        if step.after is not None:
            self.write(step.path, step.after)
