"""What a command leads to: targets of make, just, tox, nox and task scripts, followed by name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import json_document, toml_document, yaml_document
from mlscaffold.repo.environments.manifests import table
from mlscaffold.repo.python.parse import parse
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder, own

RULE = regex(r"^(?P<names>[\w./%-][\w ./%-]*?)\s*:(?![=:])(?P<needs>[^#=\n]*)(?:#.*)?$")
JUST_RULE = regex(r"^@?(?P<names>[\w-]+)(?P<parameters>(?:\s+[\w*+$=\"'./-]+)*)\s*:(?!=)(?P<needs>[^\n]*)$")
SCRIPT_RUNNERS = regex(r"^(?:poe|(?:pdm|rye|hatch|pixi|npm|yarn|pnpm) run|yarn|pnpm|npm)\s+(?P<rest>.+)$")
INSTALL = regex(
    r"\b(?:pip3?|conda|mamba|micromamba|apt|apt-get|brew|pipx|npm|poetry|pdm|uv)\s+(?:\w+ )?(?:install|add)\b"
)
SPLIT = regex(r"\n|&&|\|\||;|(?<!\|)\|(?!\|)|\s&\s")
REMARK = regex(r"\s#\s.*$")
PREFIX = regex(r"^(?:sudo |time |exec |nohup |xvfb-run (?:-\S+ )*|\w+=\S* )+")
IN_ENVIRONMENT = regex(r"^(?:poetry|pipenv|uv|conda) run (?:(?:--?\S+|-n \S+) )*(?=\S)")
PYTHON = regex(r"python[\d.]*|py|.*python.*\$?\W*")
DEPTH = 6


class Target(NamedTuple):
    """One named thing to run, what it runs, and the targets that run before it."""

    runner: str
    name: str
    path: str
    line: int | None
    commands: tuple[str, ...]
    needs: tuple[str, ...] = ()


@fact
def targets(repo: Repo) -> tuple[Target, ...]:
    """Every target that a file of the repository defines, the shallowest file first."""
    return tuple(_targets(repo))


def _targets(repo: Repo) -> Iterator[Target]:
    yield from _of_make(repo)
    yield from _of_python(repo)
    for path in own(repo, "taskfile.yml", "taskfile.yaml"):
        for name, body in table(yaml_document(repo, path), "tasks").items():
            yield Target("task", str(name), path, None, tuple(strings(body)))
    for path in own(repo, "mise.toml", ".mise.toml"):
        for name, body in table(toml_document(repo, path), "tasks").items():
            needs = tuple(strings(body.get("depends"))) if isinstance(body, dict) else ()
            run = body.get("run") if isinstance(body, dict) else body
            yield Target("mise", name, path, None, tuple(strings(run)), needs)
    for path in own(repo, "package.json"):
        for name, body in table(json_document(repo, path), "scripts").items():
            yield Target("script", name, path, None, tuple(strings(body)))
    for path in own(repo, "pyproject.toml", "pixi.toml"):
        yield from _scripts(repo, path)


def _of_python(repo: Repo) -> Iterator[Target]:
    for name, runner in {"noxfile.py": "nox", "tasks.py": "invoke"}.items():
        for path in own(repo, name):
            yield from python_targets(repo, path, runner)
    for path in own(repo, "*.py") if "tasks/__init__.py" in repo.files else ():
        if path.startswith("tasks/") and path.count("/") == 1:
            yield from _collection(repo, path)


def _collection(repo: Repo, path: str) -> Iterator[Target]:
    """The tasks of a module of invoke's `tasks` package; each is known as `module.task`."""
    module = path.rpartition("/")[2].removesuffix(".py")
    prefix = "" if module == "__init__" else f"{module}."
    for target in python_targets(repo, path, "invoke"):
        needs = tuple(prefix + need for need in target.needs)
        yield target._replace(name=prefix + target.name, needs=needs)


def _of_make(repo: Repo) -> Iterator[Target]:
    for path in own(repo, "makefile", "gnumakefile", "makefile.*", "*.mk"):
        yield from _rules(repo, path, "make", RULE)
    for path in own(repo, "justfile", ".justfile"):
        yield from _rules(repo, path, "just", JUST_RULE)
    for path in own(repo, "tox.ini", "setup.cfg"):
        if "[testenv" in (text := repo.text(path) or ""):
            yield from _tox(path, text)


def strings(value: Any) -> Iterator[str]:
    """Every string in parsed YAML, TOML or JSON, in order."""
    stack = [value]
    while stack:
        item = stack.pop()
        match item:
            case str():
                yield item
            case dict():
                stack += reversed(list(item.values()))
            case list():
                stack += reversed(item)


def _rules(repo: Repo, path: str, runner: str, rule: re.Pattern[str]) -> Iterator[Target]:
    names: list[str] = []
    needs: list[str] = []
    body: list[str] = []
    start = 0
    for number, line in enumerate([*(repo.text(path) or "").split("\n"), "end:"], 1):
        if line[:1] in ("\t", " ") and names:
            body.append(line.strip().lstrip("@-+"))
        elif found := rule.match(line):
            for name in names:
                yield Target(runner, name, path, start, tuple(body), tuple(needs))
            names = [n for n in found["names"].split() if not n.startswith(".")]
            needs = found["needs"].split()
            start, body = number, []


def _tox(path: str, text: str) -> Iterator[Target]:
    import configparser

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError):
        return
    for section in parser.sections():
        if section.startswith("testenv"):
            body = parser.get(section, "commands", fallback="")
            yield Target("tox", section.partition(":")[2], path, None, tuple(body.splitlines()))


def _scripts(repo: Repo, path: str) -> Iterator[Target]:
    document = toml_document(repo, path)
    tool = table(document, "tool") if path.endswith("pyproject.toml") else {"pixi": document}
    tables = [table(tool, "poe", "tasks"), table(tool, "pdm", "scripts"), table(tool, "rye", "scripts")]
    tables += [table(tool, "pixi", "tasks"), table(tool, "taskipy", "tasks")]
    tables += [table(environment, "scripts") for environment in table(tool, "hatch", "envs").values()]
    tables += [table(feature, "tasks") for feature in table(tool, "pixi", "feature").values()]
    for rows in tables:
        for name, body in rows.items():
            yield Target("script", name, path, None, tuple(strings(body)))
    if table(tool, "tox"):
        yield Target("tox", "", path, None, tuple(strings(table(tool, "tox"))))


def python_targets(repo: Repo, path: str, runner: str) -> Iterator[Target]:
    """The functions of a task script, each with the words of the commands that it and its callees build."""
    known = _functions(repo)
    if path not in known:
        known[path] = tuple(_of_script(repo, path))
    return (target._replace(runner=runner) for target in known[path])


@fact
def _functions(_repo: Repo) -> dict[str, tuple[Target, ...]]:
    return {}


def _of_script(repo: Repo, path: str) -> Iterator[Target]:
    module = parse(repo.text(path) or "").tree
    if module is None:
        return
    functions = {n.name: n for n in module.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
    for name, function in functions.items():
        nodes = tuple(ast.walk(function))
        called = [n.func.id for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
        needs = tuple(dict.fromkeys(c for c in called if c in functions and c != name))
        yield Target("", name, path, function.lineno, tuple(_built(nodes)), needs)


def _built(nodes: tuple[ast.AST, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Call | ast.List | ast.Tuple):
            parts = node.args if isinstance(node, ast.Call) else node.elts
            words = [word for part in parts for word in _words(part)]
            if words:
                yield " ".join(words)


def _words(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(v.value) if isinstance(v, ast.Constant) else "…" for v in node.values)
    elif isinstance(node, ast.Attribute) and node.attr == "executable":
        yield "python"


def simple_commands(text: str) -> Iterator[str]:
    """The single commands of a shell text, without leading variables, `sudo`, `time` and the like."""
    for part in SPLIT.split(text.replace("\\\n", " ")):
        command = PREFIX.sub("", REMARK.sub("", part).strip())
        command = IN_ENVIRONMENT.sub("", command)
        if command and not command.startswith("#"):
            yield command


def expand(repo: Repo, text: str, base: str = "") -> Iterator[str]:
    """Every simple command that running `text` in the folder `base` leads to; never a command twice."""
    seen: set[str] = set()
    stack = [(text, base, 0)]
    while stack:
        shell, here, level = stack.pop()
        for command in simple_commands(shell):
            if (command, here) == ("", "") or f"{here}:{command}" in seen or len(seen) > 2000:
                continue
            seen.add(f"{here}:{command}")
            yield command
            if level < DEPTH and not INSTALL.search(command):
                stack += [(more, at, level + 1) for more, at in _next(repo, command, here)]


def _next(repo: Repo, command: str, here: str) -> Iterator[tuple[str, str]]:
    """What one simple command runs in its turn, as far as the repository's files say it."""
    import shlex

    try:
        words = shlex.split(command)
    except ValueError:
        words = command.split()
    if not words:
        return
    first, rest = words[0].rpartition("/")[2], words[1:]
    if PYTHON.fullmatch(first) and rest[:1] == ["-m"] and len(rest) > 1:
        first, rest = (rest[1], rest[2:]) if rest[1] in ("tox", "nox", "invoke") else (first, rest)
    if first in ("make", "gmake", "just", "task", "inv", "invoke", "nox", "tox", "mise"):
        yield from _by_runner(repo, first, rest, here)
    elif found := SCRIPT_RUNNERS.match(command):
        names = {word.rpartition(":")[2] for word in found["rest"].split()[:6]}
        yield from _bodies(repo, [t for t in targets(repo) if t.runner == "script" and t.name in names])
    elif PYTHON.fullmatch(first) and (script := _script(repo, rest, here)):
        path, arguments = script
        yield from _bodies(repo, list(_named_functions(repo, path, arguments)))
    else:
        shell = first in ("bash", "sh", "zsh", "source", ".", "dash")
        candidate = next((w for w in rest if not w.startswith("-")), "") if shell else words[0]
        path = _path(repo, candidate, here)
        if path and (shell or path.endswith((".sh", ".bash"))):
            yield repo.text(path) or "", here


def _path(repo: Repo, word: str, here: str) -> str:
    word = word.removeprefix("./")
    for path in (f"{here}/{word}".lstrip("/"), word):
        if path in repo.files:
            return path
    return ""


def _script(repo: Repo, rest: list[str], here: str) -> tuple[str, list[str]] | None:
    for at, word in enumerate(rest):
        if word.endswith(".py"):
            path = _path(repo, word, here)
            return (path, rest[at + 1 :]) if path else None
        if not word.startswith("-"):
            return None
    return None


def _named_functions(repo: Repo, path: str, arguments: list[str]) -> Iterator[Target]:
    names = {a.replace("-", "_") for a in arguments if regex(r"[\w-]+").fullmatch(a)}
    if not names:
        return
    found = list(python_targets(repo, path, "python"))
    for target in found:
        if (
            regex(r"^(task|cmd|do|command|run)_|_(task|command)$").sub("", target.name) in names
            or target.name in names
        ):
            yield from _with_needs(found, target)


def _with_needs(among: list[Target], target: Target) -> Iterator[Target]:
    """The target and those that it needs, each once."""
    by_name = {(t.path, t.name): t for t in among}
    stack, seen = [target], set[str]()
    while stack:
        at = stack.pop()
        if at.name in seen:
            continue
        seen.add(at.name)
        yield at
        stack += [by_name[at.path, n] for n in at.needs if (at.path, n) in by_name]


def _bodies(repo: Repo, found: list[Target]) -> Iterator[tuple[str, str]]:
    for target in found:
        for part in _with_needs([t for t in targets(repo) if t.runner == target.runner] or found, target):
            for command in part.commands:
                yield command, folder(part.path) if part.runner in ("make", "just") else ""


def _by_runner(repo: Repo, runner: str, rest: list[str], here: str) -> Iterator[tuple[str, str]]:
    runner = {"gmake": "make", "inv": "invoke"}.get(runner, runner)
    skip, names = "", list[str]()
    for word in rest:
        if skip == "-C":
            here = f"{here}/{word}".strip("/")
        elif skip in ("-e", "-s", "-f"):
            names += regex(r"[,\s]+").split(word) if skip != "-f" else []
        elif not word.startswith("-") and "=" not in word:
            names.append(word)
        skip = word if word in ("-C", "-e", "-s", "-f", "-j", "-k") and skip == "" else ""
    own = [t for t in targets(repo) if t.runner == runner]
    beside = [t for t in own if folder(t.path) == here] or own
    if not names and runner in ("make", "just", "task"):
        names = [beside[0].name] if beside else []
    chosen = [t for t in beside if not names or _is_named(t.name, names)]
    if runner == "tox" and not any(t.commands for t in chosen):
        chosen = [t for t in beside if t.name == ""]
    yield from _bodies(repo, chosen)


def _is_named(name: str, asked: list[str]) -> bool:
    """Whether a target, or the collection that it belongs to, is among those that are asked for."""
    return name in asked or name.replace("_", "-") in asked or name.partition(".")[0] in asked
