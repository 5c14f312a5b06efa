"""Seeds that a function takes as an argument, and whether anybody passes one."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Call, Ref, Source, Value
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo

OPTIONAL = rb"\s*\([^)]{0,2000}?\brandom_state\s*(?::[^=,)]{0,80})?=\s*None\b"
"""What follows the name of a function whose seed is None unless it is given."""

PASSES = rb"(?:[^()]|\([^()]*\)){0,2000}?(?:\brandom_state\s*=(?!\s*None\b)|\*\*)"
"""The arguments of a call up to one that is a seed, or that may well hold one."""


BODY = regex(rb"(?:(?!^[ \t]*(?:async[ \t]+)?def\b)[^\n]*\n?)*", re.M)
"""The text up to the next function."""

IMPORTS = regex(rb"^[ \t]*from\s[^\n]*?\simport\s+(?:\([^)]*\)|[^\n]*)", re.M)


def _is_none(repo: Repo, value: Value) -> bool:
    """Whether a value is read from a module of the repository that sets it to None."""
    module, _, name = value.name.rpartition(".") if isinstance(value, Ref) else ("", "", "")
    if not name.isupper() or not module:
        return False
    set_to_none = re.compile(rb"^%b[ \t]*(?::[^=\n]*)?=[ \t]*None\b" % re.escape(name.encode()), re.M)
    modules = repo.by_name.get(f"{module.rpartition('.')[2].lower()}.py", ())
    return any(set_to_none.search(repo.raw(path) or b"") for path in modules)


def left_open(repo: Repo, source: Source, call: Call) -> bool:
    """Whether a call hands on a seed that is None: a constant, or an argument that nobody passes."""
    if any(_is_none(repo, call.keywords.get(name)) for name in ("random_state", "seed")):
        return True
    function = call.inside.rpartition(".")[2]
    handed_on = call.keywords.get("random_state") == Ref(".random_state")
    if not handed_on or source.notebook or function in ("", "__init__"):
        return False
    name = re.escape(function.encode())
    if not re.search(rb"\bdef\s+" + name + OPTIONAL, repo.raw(source.path) or b""):
        return False
    called = rb"(?:(?<!def )\b" + name + rb"\s*\(|\bpartial\s*\(\s*(?:\w+\.)*" + name + rb"\s*,)"
    passed = re.compile(called + PASSES)
    return not any(passed.search(repo.raw(s.path) or b"") for s in code(repo) if function in s.called)


def never_given(repo: Repo, source: Source, call: Call) -> bool:
    """Whether a call seeds by an argument of its function that is None unless given, and nobody gives any."""
    handed = call.args[0] if len(call.args) == 1 and not call.keywords else None
    name, function = handed.name if isinstance(handed, Ref) else "", call.inside.rpartition(".")[2]
    if source.notebook or not function or not name.startswith("."):
        return False
    seed, named = (re.escape(text.encode()) for text in (name[1:], function))
    taken = rb"\bdef\s+%b\s*\([^()]{0,200}?\b%b\s*(?::[^=,)]{0,80})?=\s*None\s*[,)]" % (named, seed)
    raw = repo.raw(source.path) or b""
    begin = re.search(taken, raw)
    body = BODY.match(raw, begin.end()) if begin else None
    if not body or re.search(rb"\b%b\s*=(?!=)" % seed, body[0]):
        return False
    used = re.compile(rb"(?<!def )(?<!import )\b%b\b(?!\s*\(\s*\))" % named)
    texts = (repo.raw(s.path) or b"" for s in code(repo) if function in s.called)
    return not any(used.search(IMPORTS.sub(b"", text)) for text in texts)
