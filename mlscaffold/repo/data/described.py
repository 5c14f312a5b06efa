"""Where a data dictionary and the data that it describes disagree: columns, types, ranges."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.dictionary import Column, Dictionary
from mlscaffold.repo.data.pipeline_outputs import pipeline_outputs
from mlscaffold.repo.data.tabular import TableFile, table_file, table_paths
from mlscaffold.repo.repo import Repo

INTEGER = regex(r"u?int(?:eger)?(?:8|16|32|64)?|bigint|smallint|long|count|ganzzahl|整数", re.IGNORECASE)
REAL = regex(
    r"float(?:16|32|64)?|double|number|numeric|numerical|real|decimal|continuous|浮点|数值", re.IGNORECASE
)
BOOLEAN = regex(r"bool(?:ean)?", re.IGNORECASE)
TRUTHS = frozenset({"0", "1", "true", "false", "yes", "no", "t", "f", "y", "n", "0.0", "1.0"})
END = r"[-+−]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?"
RANGE = regex(rf"[\[(]?\s*(?P<low>{END})\s*(?:to|–|—|-|\.\.+|…|bis|;|,\s)\s*(?P<high>{END})\s*[\])]?")
BOUND = regex(rf"(?P<sign>≥|>=|>|≤|<=|<)\s*(?P<end>{END})")
LITERALS = regex(r"`([^`]*)`")
LEAST_OVERLAP = 0.6


class Disagreement(NamedTuple):
    """One way in which they differ; `line` is the dictionary's."""

    line: int
    message: str


def same(name: str) -> str:
    """A column name as it is compared: case, spaces and underscores do not matter."""
    return regex(r"[\s_.-]+").sub("", name).lower()


def tables_of(repo: Repo, entry: Dictionary) -> list[TableFile]:
    """The tables at hand that a dictionary is about: those it names, else the one that fits its columns.

    Of several that fit it is the raw one, else the first that the pipeline writes: later ones may be scaled.
    """
    named = [path for path in table_paths(repo) if path in entry.text or _alone(repo, path) in entry.text]
    if named:
        return [table for path in named if (table := table_file(repo, path)) and _fits(table, entry) > 0]
    tables = [table for path in table_paths(repo) if (table := table_file(repo, path))]
    fitting = [table for table in tables if _fits(table, entry) >= LEAST_OVERLAP and len(table.header) > 1]
    raw = [table for table in fitting if "raw" in table.path]
    written = [table for table in fitting if table.path in pipeline_outputs(repo)]
    return fitting if len(fitting) == 1 else raw if len(raw) == 1 else written[:1]


def _alone(repo: Repo, path: str) -> str:
    """The file's bare name where no other file has it; else the path."""
    name = path.rpartition("/")[2]
    return name if len(repo.by_name.get(name.lower(), [path])) == 1 else path


def _fits(table: TableFile, entry: Dictionary) -> float:
    """Which share of the described columns the table has."""
    header = {same(name) for name in table.header}
    described = {same(column.name) for column in entry.columns}
    return len(header & described) / len(described)


def disagreements(entry: Dictionary, tables: list[TableFile]) -> Iterator[Disagreement]:
    """What differs, columns first."""
    described = {same(column.name): column for column in entry.columns}
    for table in tables:
        strange = [
            n for n in table.header if same(n) and not n.startswith("Unnamed: ") and same(n) not in described
        ]
        if strange:
            yield Disagreement(entry.columns[0].line, f"describe {_some(strange)} of {table.path}")
    there = {same(name) for table in tables for name in table.header}
    for name, column in described.items():
        if name not in there:
            files = " and ".join(table.path for table in tables)
            yield Disagreement(column.line, f"correct or remove `{column.name}`: {files} has no such column")
    for table in tables:
        for header in table.header:
            known = described.get(same(header))
            if known and (reason := _broken(table, header, known)):
                yield Disagreement(known.line, f"correct `{known.name}`: {reason}")


def _some(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:4])
    return shown if len(names) <= 4 else f"{shown} and {len(names) - 4} more columns"


def _broken(table: TableFile, header: str, column: Column) -> str:
    """How the values break the described type or range; values themselves are never said."""
    for line, value in table.values(header):
        if "," in value:
            continue  # a decimal comma or a thousand's mark: nobody can tell which
        number = _as_number(value)
        if wrong := _wrong_type(column.type, value, number):
            return f"{wrong} in {table.path}:{line}"
        if number is not None and not _inside(column.limits, number):
            return f"a value outside {column.limits.strip()} in {table.path}:{line}"
        if value not in (_listed(column.limits) or {value}):
            return f"a value that is not listed in {table.path}:{line}"
    return ""


def _wrong_type(kind: str, value: str, number: float | None) -> str:
    if BOOLEAN.fullmatch(kind):
        return "" if value.lower() in TRUTHS else f"a value that is no {kind}"
    if INTEGER.fullmatch(kind):
        return "" if number is not None and number == int(number) else f"a value that is no {kind}"
    if REAL.fullmatch(kind):
        return "" if number is not None else f"a value that is no {kind}"
    return ""


def _as_number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if abs(number) < 1e300 else None


def _listed(limits: str) -> set[str]:
    """The values of a range that is a list of literals, such as `yes`, `no`; empty where it is none."""
    listed = LITERALS.findall(limits)
    rest = regex(r"\bor missing\b|[,;|/{}\s]").sub("", LITERALS.sub("", limits))
    return set(listed) if len(listed) > 1 and not rest else set()


def _inside(limits: str, number: float) -> bool:
    text = regex(r"\s*\bor missing\s*$").sub("", limits.strip().strip("`"))
    if found := RANGE.fullmatch(text):
        low, high = found["low"], found["high"]
        return _end(low) - _slack(low) <= number <= _end(high) + _slack(high)
    if found := BOUND.fullmatch(text):
        end, slack = _end(found["end"]), _slack(found["end"])
        return number >= end - slack if found["sign"] in "≥>=" else number <= end + slack
    return True


def _end(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def _slack(text: str) -> float:
    """Half a unit of the last digit that is written: ends are rounded for people."""
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 0.5 * 10.0 ** (int(exponent or 0) - decimals) * 1.000001 if decimals or exponent else 0.0
