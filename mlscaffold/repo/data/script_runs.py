"""How pipelines run the repository's scripts: in which folder, and with which words on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join, normpath

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.dvc import stages
from mlscaffold.repo.data.snakemake import snakemake_rules
from mlscaffold.repo.python.facts import Call, Source
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.commands import simple_commands, targets
from mlscaffold.repo.vendored import folder, own

PYTHON = regex(r"(?:\S*/)?(?:python[\d.]*|ipython|\$\(?\{?PY\w*[)}]?)")
SWITCHES = ("store_true", "store_false", "count", "store_const")


class Run(NamedTuple):
    """One run of a script: the folder that it is started in, and the words after its name.

    `named` are the files that Snakemake hands over, as the script calls them (`snakemake.input.0`).
    """

    home: str
    words: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()


@fact
def script_runs(repo: Repo) -> dict[str, tuple[Run, ...]]:
    """The runs of each script in DVC, Snakemake, Makefiles, task files and shell scripts, by its path."""
    found: dict[str, list[Run]] = {}
    for home, text in _texts(repo):
        for command in simple_commands(text):
            if PYTHON.match(command) and (run := _run(repo, home, command)):
                found.setdefault(run[0], []).append(run[1])
    for rule in snakemake_rules(repo):
        if rule.script in repo.files:
            found.setdefault(rule.script, []).append(Run("", (), rule.files))
    return {path: tuple(dict.fromkeys(runs)) for path, runs in found.items()}


def _texts(repo: Repo) -> Iterator[tuple[str, str]]:
    for stage in stages(repo):
        yield stage.home, stage.command
    for target in targets(repo):
        yield folder(target.path), "\n".join(target.commands)
    for path in own(repo, "*.sh"):
        yield "", repo.text(path) or ""
    for rule in snakemake_rules(repo):
        yield "", rule.filled()


def _run(repo: Repo, home: str, command: str) -> tuple[str, Run] | None:
    import shlex

    try:
        words = shlex.split(command)[1:]
    except ValueError:
        return None
    while words and words[0].startswith("-") and words[0] != "-m":
        words.pop(0)
    if words[:1] == ["-m"] and len(words) > 1:
        words = [words[1].replace(".", "/") + ".py", *words[2:]]
    path = normpath(join(home, words[0])) if words and words[0].endswith(".py") else ""
    return (path, Run(home, tuple(words[1:]))) if path in repo.files else None


def option_values(source: Source, name: str, runs: tuple[Run, ...]) -> frozenset[str]:
    """What an option or argument of a script's command line may be: as it is run, else its default."""
    declared = [
        call for call in source.calls if call.last == "add_argument" or call.name.startswith("click.")
    ]
    position = 0
    for call in declared:
        flags = [a for a in call.args if isinstance(a, str)]
        positional = bool(flags) and not flags[0].startswith("-")
        if name in _destinations(call, flags):
            given = {_given(run.words, flags, None if not positional else position, declared) for run in runs}
            default = call.keywords.get("default")
            return frozenset(filter(None, given)) or frozenset([default] if isinstance(default, str) else [])
        position += positional
    return frozenset()


def _destinations(call: Call, flags: list[str]) -> set[str]:
    if isinstance(dest := call.keywords.get("dest"), str):
        return {dest}
    return {flag.lstrip("-").replace("-", "_") for flag in flags}


def _given(words: tuple[str, ...], flags: list[str], position: int | None, declared: list[Call]) -> str:
    switches = {a for call in declared if _switch(call) for a in call.args}
    plain: list[str] = []
    waiting = list(reversed(words))
    while waiting:
        word = waiting.pop()
        if not word.startswith("-"):
            plain.append(word)
            continue
        flag, equals, value = word.partition("=")
        if not equals and word not in switches and waiting:
            value = waiting.pop()
        if flag in flags:
            return value
    return plain[position] if position is not None and position < len(plain) else ""


def _switch(call: Call) -> bool:
    return call.keywords.get("action") in SWITCHES or call.keywords.get("is_flag") is True
