"""What keeps notebooks comparable between commits: filters, diff drivers, paired text, hooks and checks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.attributes import attribute_lines, attributes
from mlscaffold.repo.data.dvc import stages
from mlscaffold.repo.hits import hits
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.ci import ci_commands
from mlscaffold.repo.teamwork.hooks import hook_configs
from mlscaffold.repo.vendored import is_own, own

TOOL = regex(
    r"(nbstripout|nb[-_]clean|nbdev|jupytext|nbdime|databooks|nbqa-strip"
    r"|clear[-_]?output|ClearOutputPreprocessor"
    r"|(?:clean|strip|clear)[-_ ]*(?:jupyter[-_ ]*)?(?:notebooks?|ipynb|nbs?|outputs?)(?![a-z])"
    r"|(?:notebooks?|ipynb|nb)[-_ ]*(?:clean|strip|clear)\w*)",
    re.I,
)
NAMES = {"nb-clean": "nb-clean", "nb_clean": "nb-clean", "clearoutputpreprocessor": "nbconvert"}
CHECKED = regex(
    r"nbstripout\b.*(?:--verify|--dry-run)|nb[-_]clean\s+check|jupytext\b.*--test|nbdev_clean|nbdev\w*-ci|databooks\s+assert"
)
DRIVERS = ("filter", "diff", "merge")
BUILT_IN = frozenset({"", "set", "lfs", "text", "binary", "union", "python", "html"})
SET_UP = (
    ".md", ".rst", ".txt", ".sh", ".bash", ".ps1", ".bat", ".py", ".toml", ".yml", ".yaml", ".json", ".cfg",
    ".gitconfig", "makefile", "justfile", "dockerfile", ".envrc",
)  # fmt: skip
"""Where people write down, or run, the command that a clone needs once."""

SCRIPT = regex(rb"\bpython3?[ \t]+([\w./-]+\.py)\b")
EMPTIES = regex(
    rb"\bexecution_count[\"']?\]?\s{0,9}=\s{0,9}None|\boutputs[\"']?\]?\s{0,9}=\s{0,9}\[\]|ClearOutputPreprocessor"
)

FIXTURE = regex(r"(?:^|/)(?:tests?|testing|fixtures?|test_?data|\.ipynb_checkpoints)/", re.I)
JUPYTEXT = ("jupytext.toml", ".jupytext.toml", "jupytext.yml", ".jupytext", "jupytext.json", "jupytext.yaml")
PAIRS = (".py", ".md", ".r", ".rmd", ".qmd", ".jl", ".myst.md")


COMMANDS = {
    "nbstripout": regex(rb"\bnbstripout[\"',\s]+(?:--?install|install)\b"),
    "jupyternotebook": regex(rb"\bnbdime[\"',\s]+(?:config-git|extensions)\b[^\n]{0,40}--enable"),
    "nbdev": regex(rb"\bnbdev_install(?:_git)?_hooks\b"),
}
"""What sets up each driver, and with it the attributes, in one clone."""


class Keeper(NamedTuple):
    """A tool that keeps notebooks diffable, and where it is wired."""

    tool: str
    path: str
    line: int | None = None


@fact
def own_notebooks(repo: Repo) -> tuple[str, ...]:
    """Tracked notebooks that people write here: no fixtures of tests, and none that a run makes."""
    found = [
        path
        for path, entry in repo.files.items()
        if path.endswith(".ipynb") and entry.tracked and is_own(path) and not FIXTURE.search(path)
    ]
    made = {output.path for stage in stages(repo) for output in stage.outs} if found else set()
    return tuple(path for path in found if path not in made and not _generated(repo, path))


def _generated(repo: Repo, path: str) -> bool:
    return attributes(repo, path).get("linguist-generated", "") not in ("", "false")


@fact
def keepers(repo: Repo) -> tuple[Keeper, ...]:
    """Everything that is wired so that each clone has it, one for each tool."""
    found: dict[str, Keeper] = {}
    for keeper in (*_hooks(repo), *_drivers(repo), *_checks(repo), *_paired(repo), *_nbdev(repo)):
        found.setdefault(keeper.tool, keeper)
    if not found and own_notebooks(repo) and (alone := next(_by_command(repo), None)):
        return (alone,)
    return tuple(found.values())


@fact
def cleaned_by_script(repo: Repo) -> Keeper | None:
    """The line of a Makefile that runs a script of the repository which empties notebooks."""
    for path in own(repo, "makefile", "justfile") if own_notebooks(repo) else ():
        raw = repo.raw(path) or b""
        for called in SCRIPT.finditer(raw):
            script = repo.raw(called[1].decode("utf-8", "replace")) or b""
            if EMPTIES.search(script) and (b"ipynb" in script or b"nbformat" in script):
                return Keeper("a script", path, raw.count(b"\n", 0, called.start()) + 1)
    return None


@fact
def unwired(repo: Repo) -> Keeper | None:
    """The first line of `.gitattributes` that gives notebooks a driver which nothing installs."""
    wired = {driver for driver, _ in _installed(repo)}
    return next((keeper for keeper in _named_drivers(repo) if keeper.tool not in wired), None)


def _hooks(repo: Repo) -> Iterator[Keeper]:
    for config in hook_configs(repo):
        for hook in config.hooks:
            if found := TOOL.search(" ".join((hook.id, hook.repo, hook.entry))):
                yield Keeper(_name(found[0]), config.path, hook.line)


def _name(word: str) -> str:
    word = word.lower()
    return NAMES.get(word, word if word in ("nbstripout", "jupytext", "nbdime", "nbdev") else "a hook")


def _named_drivers(repo: Repo) -> Iterator[Keeper]:
    """The drivers that lines of `.gitattributes` give to at least one notebook here."""
    for line in attribute_lines(repo):
        for kind in DRIVERS:
            driver = line.given.get(kind, "")
            if driver not in BUILT_IN and any(map(line.matches, own_notebooks(repo))):
                yield Keeper(driver, line.path, line.number)


def _drivers(repo: Repo) -> Iterator[Keeper]:
    named = {keeper.tool: keeper for keeper in _named_drivers(repo)}
    for driver, _ in _installed(repo):
        tool = "nbdime" if driver == "jupyternotebook" else driver
        yield Keeper(tool, named[driver].path, named[driver].line)


@fact
def _installed(repo: Repo) -> tuple[tuple[str, str], ...]:
    """The named drivers of which some script or page installs the program, and that file."""
    drivers = list(dict.fromkeys(keeper.tool for keeper in _named_drivers(repo)))
    found = []
    for path in repo.files if drivers else ():
        name = path.rpartition("/")[2].lower()
        if not name.endswith(SET_UP) or name == ".gitattributes" or not is_own(path):
            continue
        raw = repo.raw(path) or b""
        found += [(d, path) for d in drivers if _installs(d, raw)]
    return tuple({driver: (driver, path) for driver, path in reversed(found)}.values())


def _installs(driver: str, raw: bytes) -> bool:
    """Whether a text holds the command that sets this driver up in a clone."""
    word = re.escape(driver.encode())
    if re.search(rb"\b(?:filter|diff|merge)[.](?:%b)\b|\[(?:filter|diff|merge) \"%b\"\]" % (word, word), raw):
        return True
    known = next((pattern for name, pattern in COMMANDS.items() if driver.startswith(name)), None)
    return known is not None and known.search(raw) is not None


def _by_command(repo: Repo) -> Iterator[Keeper]:
    """A script, or a page near the root, with a command that sets up filter and attributes of a clone."""
    for path, rows in hits(repo, "keepers", _setting_up(repo), lambda _path, raw: list(_set_up(raw))):
        yield from (Keeper(tool, path, line) for tool, line in rows)


def _setting_up(repo: Repo) -> Iterator[str]:
    for path in repo.files:
        name = path.rpartition("/")[2].lower()
        deep = path.count("/") > 1 and name.endswith((".md", ".rst", ".txt"))
        if name.endswith(SET_UP) and not deep and is_own(path):
            yield path


def _set_up(raw: bytes) -> Iterator[tuple[str, int]]:
    """The tools that a text sets up, each with the line."""
    if any(word in raw for word in (b"nbstripout", b"nbdime", b"nbdev_install")):
        for driver, command in COMMANDS.items():
            if found := command.search(raw):
                tool = "nbdime" if driver == "jupyternotebook" else driver
                yield tool, raw.count(b"\n", 0, found.start()) + 1


def _checks(repo: Repo) -> Iterator[Keeper]:
    for pipeline, step, command in ci_commands(repo):
        if found := CHECKED.search(command):
            name = TOOL.search(found[0])
            yield Keeper(f"{_name(name[0]) if name else 'a check'} in CI", pipeline.path, step.line)


def _paired(repo: Repo) -> Iterator[Keeper]:
    """jupytext: a setting that pairs every notebook, or most notebooks paired by their own metadata."""
    for path in JUPYTEXT:
        if path in repo.files and b"formats" in (repo.raw(path) or b""):
            yield Keeper("jupytext", path)
    if b"[tool.jupytext" in (repo.raw("pyproject.toml") or b""):
        yield Keeper("jupytext", "pyproject.toml")
    books = own_notebooks(repo)
    paired = [path for path in books if _is_paired(repo, path)]
    if paired and 2 * len(paired) >= len(books):
        yield Keeper("jupytext", paired[0])


def _is_paired(repo: Repo, path: str) -> bool:
    raw = repo.raw(path) or b""
    if b'"jupytext"' not in raw or b'"formats"' not in raw:
        return False
    stem = path[: -len(".ipynb")].rpartition("/")[2].lower()
    return any(repo.by_name.get(stem + end) for end in PAIRS)


def _nbdev(repo: Repo) -> Iterator[Keeper]:
    """What cleans notebooks by hooks of its own, nbdev; its settings say that the project is one."""
    if regex(rb"^nbs_path\s*=|^clean_ids\s*=", re.M).search(repo.raw("settings.ini") or b""):
        yield Keeper("nbdev", "settings.ini")
