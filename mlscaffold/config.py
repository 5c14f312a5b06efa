"""What a repository asks of the audit: profile, selection, ignores with reasons, paths and thresholds."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any

from mlscaffold.errors import Stop
from mlscaffold.globs import matches
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.trees.tree import Tree
from mlscaffold.standard import Standard

OWN_FILE = "mlscaffold.toml"
SHARED_FILE = "pyproject.toml"
SIZE_LIMIT = 5_000_000
DEFAULT_PROFILE = "research"
KEYS = ("profile", "standard", "select", "ignore", "exclude", "thresholds")
IGNORE_KEYS = ("code", "reason", "paths", "until", "owner")


class Ignore(NamedTuple):
    """Findings that the repository accepts: which, why, where, until when, and who says so."""

    code: str
    reason: str
    paths: tuple[str, ...] = ()
    until: datetime.date | None = None
    owner: str = ""
    once: bool = False
    """Given on the command line, for one run: it need not match anything."""

    def covers(self, code: str, path: str) -> bool:
        """Whether a finding of `code` at `path` is meant."""
        return code.startswith(self.code) and (not self.paths or any(matches(p, path) for p in self.paths))


class Config(NamedTuple):
    """A checked configuration. `source` is the file that it came from, empty where there is none."""

    profile: str = DEFAULT_PROFILE
    profile_source: str = "the default"
    standard: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[Ignore, ...] = ()
    exclude: tuple[str, ...] = ()
    thresholds: Mapping[str, int] = {}
    source: str = ""

    def selects(self, code: str) -> bool:
        """Whether the rule is asked for; without `select` every rule is."""
        return not self.select or any(code.startswith(prefix) for prefix in self.select)


def read_config(tree: Tree, standard: Standard, codes: Iterable[str]) -> Config:
    """The configuration that lies at the root of `tree`; raises Stop where it is wrong.

    A `pyproject.toml` that is no TOML has no configuration for us: the audit reports it as a finding.
    """
    known = tuple(codes)
    own, shared = _own_table(tree), _shared_table(tree)
    if own is not None and shared is not None:
        raise Stop(
            f"both {OWN_FILE} and [tool.mlscaffold] in {SHARED_FILE} configure mlscaffold. Keep one of them."
        )
    found = own or shared
    return _checked(*found, standard, known) if found else Config()


def with_options(
    config: Config, *, profile: str, select: Iterable[str], ignore: Iterable[str], codes: Iterable[str]
) -> Config:
    """The configuration with what the command line says, which wins; raises Stop for unknown codes."""
    known = tuple(codes)
    chosen, ignored = tuple(select), tuple(ignore)
    for option, codes_given in (("--select", chosen), ("--ignore", ignored)):
        for code in codes_given:
            _known_code(code, known, option)
    return config._replace(
        profile=profile or config.profile,
        profile_source="the command line" if profile else config.profile_source,
        select=chosen or config.select,
        ignore=config.ignore
        + tuple(Ignore(code, "ignored on the command line", once=True) for code in ignored),
    )


class _Source(NamedTuple):
    """Where a table came from, to name the file, the line and the key in what is said of it."""

    file: str
    prefix: str
    text: str

    def at(self, key: str) -> str:
        """`file:line: key`; TOML keeps no lines, so the line is where the key is first written."""
        start = self.text.find("[tool.mlscaffold") if self.prefix else 0
        last = key.rpartition(".")[2]
        found = re.compile(rf"^[^#\n]*?(?<![\w-])[\"']?{re.escape(last)}[\"']?\s*[=\]]", re.M).search(
            self.text, max(start, 0)
        )
        line = f":{self.text.count(chr(10), 0, found.end()) + 1}" if found else ""
        return f"{self.file}{line}: {self.prefix}{key}"


def _read(tree: Tree, name: str) -> str | None:
    try:
        return tree.read(name, SIZE_LIMIT).decode("utf-8-sig")
    except OSError:
        return None


def _toml(text: str) -> dict[str, Any]:
    import tomllib  # most repositories configure nothing

    return tomllib.loads(text)


def _own_table(tree: Tree) -> tuple[dict[str, Any], _Source] | None:
    try:
        text = _read(tree, OWN_FILE)
        return None if text is None else (_toml(text), _Source(OWN_FILE, "", text))
    except (ValueError, RecursionError) as error:
        raise Stop(f"{OWN_FILE} is not valid TOML: {error}. Correct it, or remove it.") from None


def _shared_table(tree: Tree) -> tuple[dict[str, Any], _Source] | None:
    try:
        text = _read(tree, SHARED_FILE)
        if text is None or "mlscaffold" not in text:
            return None
        found = _toml(text).get("tool", {}).get("mlscaffold")
    except (ValueError, RecursionError, AttributeError):
        return None
    if found is None:
        return None
    source = _Source(SHARED_FILE, "tool.", text)
    if not isinstance(found, dict):
        raise Stop(f"{source.at('mlscaffold')} must be a table.")
    return found, _Source(SHARED_FILE, "tool.mlscaffold.", text)


def _checked(table: dict[str, Any], source: _Source, standard: Standard, codes: tuple[str, ...]) -> Config:
    for key in table:
        if key == "tool" and not source.prefix:
            raise Stop(f"{source.file} needs no [tool.mlscaffold]: write its keys without that prefix.")
        if key not in KEYS:
            raise Stop(f"{source.at(key)} is not a setting{_nearest(key, KEYS)}")
    profile = table.get("profile", DEFAULT_PROFILE)
    if profile not in standard.profiles:
        names = tuple(standard.profiles)
        raise Stop(f"{source.at('profile')} is {profile!r}; it can be {', '.join(names)}.")
    return Config(
        profile=profile,
        profile_source=source.file if "profile" in table else "the default",
        standard=_version(table.get("standard", ""), source, standard),
        select=_codes(table, "select", source, codes),
        ignore=tuple(_ignore(entry, source, codes) for entry in _list(table, "ignore", source)),
        exclude=_strings(table, "exclude", source),
        thresholds=_thresholds(table.get("thresholds", {}), source, standard),
        source=source.file,
    )


def _version(value: object, source: _Source, carried: Standard) -> str:
    if not value:
        return ""
    if not (isinstance(value, str) and regex(r"\d+\.\d+").fullmatch(value)):
        raise Stop(f'{source.at("standard")} must be a version of the standard such as "1.0".')
    if in_numbers(value) > in_numbers(str(carried.version)):
        raise Stop(
            f"{source.at('standard')} is {value}, and this mlscaffold knows the standard up to "
            f"{carried.version}: install a newer mlscaffold."
        )
    return value


def in_numbers(version: str) -> tuple[int, ...]:
    """A version of the standard, such as 1.10, so that a newer one is greater."""
    return tuple(map(int, version.split(".")))


def _list(table: Mapping[str, Any], key: str, source: _Source) -> list[Any]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise Stop(f"{source.at(key)} must be a list.")
    return value


def _strings(table: Mapping[str, Any], key: str, source: _Source) -> tuple[str, ...]:
    values = _list(table, key, source)
    for value in values:
        if not isinstance(value, str):
            raise Stop(f"{source.at(key)} must be a list of strings; {value!r} is none.")
    return tuple(values)


def _codes(table: Mapping[str, Any], key: str, source: _Source, codes: tuple[str, ...]) -> tuple[str, ...]:
    chosen = _strings(table, key, source)
    for code in chosen:
        _known_code(code, codes, source.at(key))
    return chosen


def _known_code(code: str, codes: tuple[str, ...], where: str) -> None:
    if not code or not any(known.startswith(code) for known in codes):
        hint = _nearest(code, codes, "`mlscaffold rules` lists them.")
        raise Stop(f"{where}: no rule is called {code!r}{hint}")


def _ignore(entry: object, source: _Source, codes: tuple[str, ...]) -> Ignore:
    where = source.at("ignore")
    if not isinstance(entry, dict):
        raise Stop(f'{where} holds {entry!r}; write {{ code = "…", reason = "…" }} instead.')
    for key in entry:
        if key not in IGNORE_KEYS:
            raise Stop(f"{where}: {key!r} is not a key of an ignore{_nearest(key, IGNORE_KEYS)}")
    code, reason, until = entry.get("code", ""), entry.get("reason", ""), entry.get("until")
    owner = entry.get("owner", "")
    if not code:
        raise Stop(f'{where} does not say what it accepts. Add code = "ENV102", or the beginning of codes.')
    _known_code(str(code), codes, where)
    if not isinstance(reason, str) or not reason.strip():
        raise Stop(
            f"{where}: {code} is ignored without a reason. Add reason = “why this is acceptable here”."
        )
    if until is not None and type(until) is not datetime.date:
        raise Stop(f"{where}: until of {code} must be a date without quotes, such as 2027-01-31.")
    if not isinstance(owner, str):
        raise Stop(f"{where}: owner of {code} must be a text, not {owner!r}.")
    return Ignore(code, reason.strip(), _strings(entry, "paths", source), until, owner)


def _thresholds(table: object, source: _Source, standard: Standard) -> dict[str, int]:
    if not isinstance(table, dict):
        raise Stop(f"{source.at('thresholds')} must be a table.")
    numbers = tuple(k for k, v in standard.values.items() if type(v) is int)
    for key, value in table.items():
        if key not in numbers:
            raise Stop(f"{source.at('thresholds.' + key)} is not a threshold{_nearest(key, numbers)}")
        if type(value) is not int or value < 0:
            raise Stop(f"{source.at('thresholds.' + key)} must be a whole number, not {value!r}.")
    return dict(table)


def _nearest(word: str, known: Iterable[str], otherwise: str = "") -> str:
    from mlscaffold.nearest import nearest  # only after a mistake

    words = list(known)
    if close := nearest(word, words):
        return f". Did you mean {close}?"
    return ". " + (otherwise or f"It can be {', '.join(words)}.")
