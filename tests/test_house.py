"""The rules of the house (DESIGN, STYLE), held by reading our own sources."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from mlscaffold import cli, standard

ROOT = Path(__file__).parents[1]
FLOORS = (
    {"cli", "hooks"},
    {"commands"},
    {"report"},
    {"baselined", "kept", "members"},
    {"audit"},
    {"inventory", "page", "rules", "titles", "upkeep"},
    {"apply", "baseline", "config", "repo", "rule"},
    {
        "edits",
        "standard",
        "arguments",
        "compiled",
        "derived",
        "digests",
        "errors",
        "termination",
        "globs",
        "lazy",
        "looking",
        "named",
        "nearest",
        "needles",
        "printable",
        "progress",
        "records",
        "",
    },
)
"""From the top. A module imports its own floor and those below it; `""` is the package itself."""

READS = {
    "compiled",
    "derived",
    "kept",
    "page",
    "standard",
    "rules.__init__",
    "inventory.__init__",
    "commands.given",
}
"""What reads files of our own, or those that a command line names."""
WRITES = ("commands.new", "upkeep.", "apply.")
"""What makes a new repository and starts git for its first commit, and the one writer of an existing one."""


@cache
def tracked() -> tuple[str, ...]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(p for p in listed.stdout.split("\0") if p and (ROOT / p).is_file())


@cache
def text(path: str) -> str:
    raw = (ROOT / path).read_bytes()
    return "" if b"\0" in raw else raw.decode("utf-8", "replace")


@cache
def tree(path: str) -> ast.Module:
    return ast.parse(text(path))


SOURCES = [p for p in tracked() if p.startswith(("mlscaffold/", "hooks/")) and p.endswith(".py")]


def module(path: str) -> str:
    """`mlscaffold/repo/trees/git.py` as `repo.trees.git`, everything of the hooks as `hooks`."""
    parts = Path(path).with_suffix("").parts[1:]
    return "hooks" if path.startswith("hooks/") else ".".join(parts)


def floor(name: str) -> int:
    room = name.split(".", 1)[0].replace("__init__", "").replace("__main__", "cli")
    return next(i for i, rooms in enumerate(FLOORS) if room in rooms)


def imported(path: str) -> Iterator[str]:
    """Names of our modules that this file imports, wherever in the file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            names = [node.module or ""]
            if node.module == "mlscaffold":
                names = [
                    f"mlscaffold.{alias.name}" for alias in node.names if not alias.name.startswith("__")
                ]
        else:
            continue
        yield from (
            n.removeprefix("mlscaffold").lstrip(".") for n in names if n.split(".")[0] == "mlscaffold"
        )


@pytest.mark.parametrize("path", SOURCES)
def test_imports_point_down(path: str) -> None:
    here = module(path)
    above = [name for name in imported(path) if floor(name) < floor(here)]
    assert not above, f"{path} imports {above}, which stand above it"


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if module(p).startswith("rules.") and "__init__" not in p]
)
def test_a_room_of_rules_imports_no_other(path: str) -> None:
    rooms = [n for n in imported(path) if n.startswith("rules.") and n.count(".") == 2]
    assert not [n for n in rooms if not n.rpartition(".")[2].startswith("_")], "share it in a module with _"


FORBIDDEN_IMPORTS = {"subprocess", "socket", "urllib", "requests", "tempfile", "runpy", "pickle"}
FORBIDDEN_CALLS = {"open", "exec", "eval", "compile", "__import__", "print", "input"}
READERS = {
    "rmtree",
    "copytree",
    "copyfile",
    "move",
    "system",
    "popen",
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "iterdir",
    "rglob",
    "unlink",
    "mkdir",
}


@pytest.mark.parametrize("path", [p for p in SOURCES if not module(p).startswith(("repo.", *WRITES))])
def test_only_repo_reads_and_nothing_runs(path: str) -> None:
    here = module(path)
    printing = {"print"} if here.split(".")[0] in {"cli", "commands", "report"} else set()
    readers = set() if here in READS or here.startswith("standard") else READERS
    for node in ast.walk(tree(path)):
        names: set[str] = set()
        if isinstance(node, ast.Import):
            names = {alias.name.split(".")[0] for alias in node.names} & FORBIDDEN_IMPORTS
        elif isinstance(node, ast.ImportFrom):
            names = {(node.module or "").split(".")[0]} & FORBIDDEN_IMPORTS
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            names = {node.func.id} & (FORBIDDEN_CALLS - printing)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            names = {node.func.attr} & readers
        assert not names, f"{path}:{getattr(node, 'lineno', 0)} uses {names}"


SUMMARY = {"repo.python.parse", "repo.python.summary", "repo.python.trees"}
"""What makes the summary of each file: once, in several processes, kept by its bytes."""

FEW_FILES = {
    "repo.teamwork.commands",
    "repo.environments.setup_files",
    "repo.python.import_places",
    "repo.committed.leftovers",
}
"""Task files and setup.py, at most twelve files of one package, what has marks of a conflict."""


@pytest.mark.parametrize("path", [p for p in SOURCES if module(p) not in SUMMARY | FEW_FILES])
def test_only_the_summary_of_a_file_parses_it(path: str) -> None:
    for node in ast.walk(tree(path)):
        parses = isinstance(node, ast.Attribute) and ast.unparse(node) == "ast.parse"
        if isinstance(node, ast.ImportFrom):
            names = {(node.module or "").rpartition(".")[2]: {alias.name for alias in node.names}}
            parses = "parse" in names.get("python_parse", set()) | names.get("ast", set())
        line = getattr(node, "lineno", 0)
        assert not parses, f"{path}:{line} parses Python: let python_summary ask the tree that it has"


@pytest.mark.parametrize("path", SOURCES)
def test_sizes(path: str) -> None:
    assert text(path).count("\n") <= 350, f"{path} is longer than 350 lines: split it by subject"
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 60, f"{path}:{node.lineno} {node.name} has {length} lines"


LOOKING = {f"re.{name}" for name in ("compile", "search", "match", "fullmatch", "finditer", "findall")}
LOOKING |= {"re.sub", "re.subn", "re.split"}


@pytest.mark.parametrize("path", SOURCES)
def test_patterns_of_ours_are_kept_compiled(path: str) -> None:
    """`re` compiles them in each run anew; what is made of a repository's words is left to it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in LOOKING:
            assert not isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}: use lazy.regex"


@pytest.mark.parametrize("path", SOURCES)
def test_no_pattern_is_compiled_by_an_import(path: str) -> None:
    """`lazy.regex` leaves the work to the first use; what a function does is left to it already."""
    todo: list[ast.AST] = [tree(path)]
    while todo:
        node = todo.pop()
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            todo += ast.iter_child_nodes(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert ast.unparse(node.func) != "re.compile", f"{path}:{node.lineno}: use lazy.regex"


def test_names() -> None:
    vague = {"utils", "helpers", "util", "helper", "common", "misc"}
    assert not [p for p in tracked() if Path(p).name.split(".")[0] in vague]


def test_every_rule_is_a_room_of_two_with_a_strength() -> None:
    from mlscaffold import rules

    rooms = {
        p.removesuffix(".py") for p in SOURCES if module(p).count(".") == 2 and module(p).startswith("rules.")
    }
    rooms = {p for p in rooms if not Path(p).name.startswith("_")}
    pages = {
        p.removesuffix(".md") for p in tracked() if p.startswith("mlscaffold/rules/") and p.endswith(".md")
    }
    assert rooms == pages
    assert {rule.module.replace(".", "/") for rule in rules.load().values()} == rooms
    assert tuple(standard.load().profiles) == cli.PROFILES
    for name, strengths in standard.load().profiles.items():
        assert set(strengths) == set(rules.load()), f"profiles.yml and the rooms disagree (profile {name})"


# What a stranger must never find in our text. Written in pieces, so that this file passes itself.
HOSTS = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "anaconda" + ".org", "npm" + "js.com"]
# Anna, whose bad repository the demo makes, lives nowhere.
MACHINE = re.compile(
    r"(?<![\w.$}])/(?:ro" + r"ot|wo" + r"rk|ho" + r"me/(?!anna/)[a-z]+|Us" + r"ers/[A-Za-z]+)/"
)
UNDONE = re.compile(r"(?:#|//|<!--|\{#)\s*(?:TO" + "DO|FIX" + "ME|XX" + r"X)\b")
VERBS = r"(?:install|add|sync|inject|run|upgrade)(?:\s+[^\s`;&|]+)*?\s+"
STRANGER = [
    # an installer that is given the bare name; our distribution's name, wheels and URLs are fine
    r"\b(?:pip3?|pipx|uv|conda|mamba|poetry|pdm|pixi)\s(?:[^\n`;&|]*\s)?"
    + VERBS
    + r"[\"']?mlscaffold(?![\w./-])",
    r"\buvx\s+(?!--from)[\"']?mlscaffold(?![\w./-])",
    # a requirement line or a list of dependencies
    r"^\s*-?\s*[\"']?mlscaffold\s*(?:[=<>~!]=|\[[\w,]+\])",
    r"(?:additional_dependencies|dependencies|requires)\s*[:=]\s*\[[^\]]*[\"']mlscaffold[\"' =<>~]",
]
SPEAKS_OF_THEM = ("tests/", "mlscaffold/rules/")
"""Test data and the examples of rule pages show what is wrong on purpose."""


def offences(path: str, body: str) -> Iterator[str]:
    for number, line in enumerate(body.splitlines(), 1):
        where = f"{path}:{number}: {line.strip()[:120]}"
        if any(re.search(pattern, line) for pattern in STRANGER):
            yield f"installs a stranger's package: {where}"
        if any(host in line for host in HOSTS):
            yield f"names a package registry: {where}"
        if not path.startswith(SPEAKS_OF_THEM) and MACHINE.search(line):
            yield f"names a place of one machine: {where}"
        if not path.startswith(SPEAKS_OF_THEM) and UNDONE.search(line):
            yield f"left undone: {where}"


def test_our_text_is_clean() -> None:
    ours = [path for path in tracked() if path != "tests/test_house.py"]
    assert not [found for path in ours for found in offences(path, text(path))]


@pytest.mark.parametrize(
    "line",
    [
        "pip install mlscaffold",
        "$ uv tool install --upgrade mlscaffold",
        "pipx run mlscaffold audit",
        "uvx mlscaffold audit",
        "uv pip install 'mlscaffold[new]'",
        "mlscaffold==1.0",
        "  - mlscaffold>=1",
        'additional_dependencies: ["mlscaffold"]',
    ],
)
def test_the_search_finds_the_stranger(line: str) -> None:
    assert list(offences("README.md", line))


@pytest.mark.parametrize(
    "line",
    [
        "pip install mlscaffold-toolkit",
        "uv tool install dist/mlscaffold_toolkit-0.1.0-py3-none-any.whl",
        "uv pip install . && mlscaffold audit",
        "uvx --from ./mlscaffold mlscaffold audit",
        "import mlscaffold",
        "run: mlscaffold audit .",
    ],
)
def test_the_search_leaves_us_alone(line: str) -> None:
    assert not list(offences("README.md", line))
