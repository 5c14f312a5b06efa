"""A notebook cell as Python: magics and shell lines taken out, every line at its place."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.repo.repo import Repo

KEPT = ("time", "timeit", "capture", "prun", "memit", "mprun", "python", "python3", "py", "debug")
"""Magics whose body or rest of the line is Python of the notebook's own kernel."""

CELL_MAGIC = regex(r"\A(?:[ \t]*\n|[ \t]*#[^\n]*\n)*[ \t]*%%(?P<name>\w+)(?P<rest>[^\n]*)")
WRITES_PYTHON = regex(r"(?:writefile|file)\b[^\n]*\.py[\"']?\s*\Z")
"""Magics whose body is a script that another process runs: it was written here, and is nowhere else."""

LANGUAGE = regex(r"\A(?:[ \t]*\n)*[ \t]*%(?:sql|md|sh|scala|r|fs|run|html|bash)\b")
TIMED = regex(r"^(?P<indent>[ \t]*)%(?:time|prun|memit)[ \t]+(?P<code>[^-\s].*)$", re.M)
SHELL = regex(r"^(?P<indent>[ \t]*)[!%?](?:[^\n]*\\\n)*[^\n]*$", re.M)
TAKEN = regex(r"^(?P<head>[ \t]*[\w.,\[\]'\" \t]+=[ \t]*)[!%](?:[^\n]*\\\n)*[^\n]*$", re.M)
HELP = regex(r"^(?P<indent>[ \t]*)[\w.\[\]]+\?{1,2}[ \t]*$", re.M)

KERNEL = regex(r"\"language\"\s*:\s*\"([\w+-]+)\"")


def python_of(source: str) -> str:
    """The Python that the cell runs, line by line; empty for a cell in another language."""
    if magic := CELL_MAGIC.match(source):
        if magic["name"] not in KEPT and not WRITES_PYTHON.match(magic["name"] + magic["rest"]):
            return ""
        head = magic.group()
        source = "\n" * head.count("\n") + source[len(head) :]
    elif LANGUAGE.match(source):
        return ""
    if not any(sign in source for sign in "!%?"):
        return source
    source = TIMED.sub(r"\g<indent>\g<code>", source)
    source = SHELL.sub(lambda m: _same_lines(m["indent"] + "pass", m.group()), source)
    source = TAKEN.sub(lambda m: _same_lines(m["head"] + "None", m.group()), source)
    return HELP.sub(r"\g<indent>pass", source)


def _same_lines(new: str, old: str) -> str:
    return new + "\n" * old.count("\n")


def in_python(repo: Repo, path: str) -> bool:
    """Whether the kernel of a notebook is Python's, as far as the text says without being parsed."""
    named = KERNEL.findall(repo.text(path) or "")
    return not named or "python" in named[-1].lower()
