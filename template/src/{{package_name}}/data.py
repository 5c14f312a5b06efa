"""The data: where it comes from, the contract that it keeps, and its split.

The contract is the table in docs/data-dictionary.md. `describe` writes it from the
data, people complete and tighten it, and `prepare` refuses data that breaks it.
"""

import json
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from sklearn import datasets
from sklearn.model_selection import train_test_split

from . import settings as conf
from .settings import COLUMNS, DATA, DICTIONARY, TEST, TRAIN, Settings, UserError

SHIPPED = {
    "breast_cancer": datasets.load_breast_cancer,
    "diabetes": datasets.load_diabetes,
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
}
DTYPES = {"float": "float64", "integer": "int64", "category": "str", "text": "str"}
MOST_CATEGORIES = 20
ACCEPT = "Correct it, or accept it: `python tasks.py describe`"
ORIGIN = "[to write: origin, licence and owner of the data, and how long it is kept]"
HEADER = ("Column", "Type", "Unit", "Range", "Meaning")


class Column(NamedTuple):
    """One row of the data dictionary, as it is written there."""

    name: str
    type: str
    unit: str
    range: str
    meaning: str


# ------------------------------------------------------------------- stages


def describe(*, only_if_new: bool = False) -> None:
    """Write the columns of the data into the dictionary; keep what people wrote.

    With `only_if_new`, a dictionary that already describes `data.source` stays.
    """
    settings = conf.load()
    if only_if_new and settings.source and described_source() == settings.source:
        return
    columns = infer(load(settings))
    known = {column.name: column for column in contract()}
    rows = []
    for column in columns:
        old = known.get(column.name, column)
        rows.append(column._replace(unit=old.unit, meaning=old.meaning))
    text = DICTIONARY.read_text(encoding="utf-8")
    if described_source() != settings.source:
        text = fill_block(text, "origin", ORIGIN)
    text = fill_block(text, "columns", contract_block(settings.source, rows))
    DICTIONARY.write_text(text, encoding="utf-8", newline="\n")
    print(f"{DICTIONARY}: {len(rows)} columns of {settings.source}")


def ingest() -> None:
    """Read the source and store it as one table."""
    frame = load(conf.load())
    write(frame, DATA)
    print(f"{DATA}: {len(frame)} rows, {frame.shape[1]} columns")


def prepare() -> None:
    """Check the data against the contract, then split it: nothing is fitted before."""
    settings = conf.load()
    columns = contract()
    if described_source() != settings.source:
        raise UserError(
            f"{DICTIONARY} describes {described_source() or 'nothing yet'}, not "
            f"{settings.source}: run `python tasks.py describe`"
        )
    frame = pd.read_csv(DATA)
    broken = list(violations(frame, columns))
    if broken:
        lines = [f"{DATA} breaks the contract in {DICTIONARY}:", *broken]
        raise UserError("\n".join([*lines, ACCEPT]))
    kept = used(columns, settings)
    check_classes(frame[settings.target], settings)
    frame = typed(frame, kept)[list(kept)]
    train, test = split(frame, settings)
    write(train, TRAIN)
    write(test, TEST)
    COLUMNS.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"{TRAIN}: {len(train)} rows; {TEST}: {len(test)} rows")


# ------------------------------------------------------------------- reading


def load(settings: Settings) -> pd.DataFrame:
    """Give all rows that have a target, shape (rows, columns)."""
    if not settings.source:
        raise UserError(
            "params.yaml: data.source is empty. Set it to a CSV file, for example "
            "data/raw/mine.csv, set data.target and data.task, and run this again."
        )
    frame = load_shipped(settings) if is_shipped(settings) else load_file(settings)
    if settings.target not in frame:
        names = ", ".join(map(str, frame.columns))
        raise UserError(
            f"params.yaml: data.target is {settings.target!r}; the columns are {names}"
        )
    complete = frame.dropna(subset=[settings.target])
    if len(complete) < len(frame):
        print(f"{len(frame) - len(complete)} rows have no {settings.target}: left out")
    return complete.reset_index(drop=True)


def is_shipped(settings: Settings) -> bool:
    """Tell whether the source is a data set inside scikit-learn."""
    return settings.source.startswith("sklearn:")


def load_shipped(settings: Settings) -> pd.DataFrame:
    """Give a data set that ships with scikit-learn, its target named as in params."""
    name = settings.source.removeprefix("sklearn:")
    if name not in SHIPPED:
        known = ", ".join(f"sklearn:{known}" for known in SHIPPED)
        raise UserError(f"params.yaml: data.source is none of {known}")
    options = {"scaled": False} if name == "diabetes" else {}
    bunch = SHIPPED[name](as_frame=True, **options)
    frame = bunch.frame.rename(columns={"target": settings.target})
    if "target_names" in bunch:
        names = dict(enumerate(map(str, bunch.target_names)))
        frame[settings.target] = frame[settings.target].map(names)
    return frame


def load_file(settings: Settings) -> pd.DataFrame:
    """Give the content of a CSV file (of a TSV file, if it is called so)."""
    path = Path(settings.source)
    if not path.is_file():
        raise UserError(
            f"{path} does not exist: correct data.source in params.yaml, put the file "
            "back, or fetch it with `dvc pull`"
        )
    separator = "\t" if path.suffix == ".tsv" else ","
    try:
        frame = pd.read_csv(path, sep=separator)
    except (ValueError, pd.errors.ParserError) as reason:
        raise UserError(f"{path} is not a CSV file in UTF-8: {reason}") from reason
    frame.columns = [" ".join(str(name).split()) for name in frame.columns]
    for name in frame.select_dtypes("bool"):
        frame[name] = frame[name].astype("str")
    return frame


def read(path: Path) -> pd.DataFrame:
    """Give a prepared table, shape (rows, used columns), with the contract's types."""
    if not path.is_file():
        command = f"python -m {__package__}.data prepare"
        raise UserError(f"{path} does not exist yet: run `{command}`")
    types = json.loads(COLUMNS.read_text("utf-8"))
    dtypes = {name: DTYPES[kind] for name, kind in types.items()}
    return pd.read_csv(path, dtype=dtypes)


def write(frame: pd.DataFrame, path: Path) -> None:
    """Write a table with the same bytes on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


# ------------------------------------------------------------------- contract


def infer(frame: pd.DataFrame) -> list[Column]:
    """Give the contract that the data itself suggests; units and meanings are open."""
    found = []
    for name in frame:
        kind, limits = infer_column(frame[name])
        found.append(
            Column(str(name), kind, "[to write: unit]", limits, "[to write: meaning]")
        )
    return found


def infer_column(series: pd.Series) -> tuple[str, str]:
    """Give a column's type and range."""
    present = series.dropna()
    missing = " or missing" if len(present) < len(series) else ""
    if pd.api.types.is_bool_dtype(present):
        present = present.astype("str")
    if len(present) and pd.api.types.is_numeric_dtype(present):
        kind = "float" if missing or series.dtype.kind == "f" else "integer"
        return kind, f"{present.min().item()} to {present.max().item()}{missing}"
    values = sorted(set(present.astype("str")))
    plain = not set("".join(values)) & set("`|\\") and "".join(values).isprintable()
    if values and len(values) <= MOST_CATEGORIES and plain:
        return "category", ", ".join(f"`{value}`" for value in values) + missing
    return "text", "any" + missing


def violations(frame: pd.DataFrame, columns: list[Column]) -> Iterator[str]:
    """Give a sentence for each way in which the data breaks the contract."""
    named = [column.name for column in columns]
    for name in frame:
        if name not in named:
            yield f"{name}: a column that the contract does not have"
    for column in columns:
        if column.name not in frame:
            yield f"{column.name}: the column is missing"
        elif reason := violation(frame[column.name], column):
            yield f"{column.name}: {reason}"


def violation(series: pd.Series, column: Column) -> str:
    """Say how one column breaks its row of the contract; empty when it keeps it."""
    limits = column.range.removesuffix(" or missing")
    if column.type not in DTYPES:
        return f"{column.type!r} is no type: use one of {', '.join(DTYPES)}"
    if series.hasnans and limits == column.range:
        return f"{series.isna().sum()} values are missing"
    if column.type == "text":
        return ""
    if column.type == "category":
        return strange_category(series.dropna(), limits)
    return strange_number(series.dropna(), column.type, limits)


def strange_category(present: pd.Series, limits: str) -> str:
    """Say which values are not listed; empty when all are."""
    allowed = set(re.findall(r"`([^`]*)`", limits))
    strange = sorted(set(present.astype("str")) - allowed)
    return f"{', '.join(strange[:5])} is none of {limits}" if strange else ""


def strange_number(present: pd.Series, kind: str, limits: str) -> str:
    """Say which values are no numbers, or outside the range; empty when none is."""
    if len(present) and not pd.api.types.is_numeric_dtype(present):
        return f"holds text, the contract says {kind}"
    if kind == "integer" and (present % 1 != 0).any():
        return "holds fractions, the contract says integer"
    low, high = bounds(limits)
    strange = present[(present < low) | (present > high)]
    return f"{strange.iloc[0]} lies outside {limits}" if len(strange) else ""


def bounds(limits: str) -> tuple[float, float]:
    """Give the ends of a range such as `0.5 to 7`; `any` has none."""
    if limits == "any":
        return -math.inf, math.inf
    try:
        low, high = limits.split(" to ")
        return float(low), float(high)
    except ValueError:
        raise UserError(
            f"{DICTIONARY}: the range {limits!r} is not `low to high`"
        ) from None


def used(columns: list[Column], settings: Settings) -> dict[str, str]:
    """Give name and type of the columns that a model sees: no text, none ignored."""
    kept = {
        column.name: column.type
        for column in columns
        if column.type != "text" and column.name not in settings.ignore
    }
    number = kept.get(settings.target) in ("float", "integer")
    if settings.target not in kept:
        raise UserError(f"the target {settings.target} is free text, or ignored")
    if settings.task == "regression" and not number:
        raise UserError(f"regression needs a number: {settings.target} is none")
    if len(kept) < 2:
        raise UserError("no column is left to learn from: all are text or ignored")
    return kept


def check_classes(target: pd.Series, settings: Settings) -> None:
    """Raise `UserError` for numbers that are measured or counted, and are no classes."""
    count = target.nunique()
    if settings.task == "regression" or not pd.api.types.is_numeric_dtype(target):
        return
    measured = bool((target % 1 != 0).any()) or 10 * count > len(target)
    if count > MOST_CATEGORIES and measured:
        raise UserError(
            f"the target {settings.target} has {count} different values: set data.task "
            "to regression in params.yaml, or make classes of it in the source"
        )


def typed(frame: pd.DataFrame, types: dict[str, str]) -> pd.DataFrame:
    """Give the frame with the contract's types; missing values stay missing."""
    return frame.astype({name: DTYPES[kind] for name, kind in types.items()})


def split(frame: pd.DataFrame, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give train and test rows, in their order; classes keep their shares."""
    try:
        if settings.subset < 1:
            frame, _ = train_test_split(
                frame,
                train_size=settings.subset,
                random_state=settings.seed,
                stratify=strata(frame, settings),
            )
        train, test = train_test_split(
            frame,
            test_size=settings.test_size,
            random_state=settings.seed,
            stratify=strata(frame, settings),
        )
    except ValueError as reason:
        raise UserError(f"{len(frame)} rows cannot be split: {reason}") from reason
    return train.sort_index(), test.sort_index()


def strata(frame: pd.DataFrame, settings: Settings) -> pd.Series | None:
    """Give the classes to stratify by, where each has enough rows for both sides."""
    if settings.task == "regression" or frame[settings.target].value_counts().min() < 2:
        return None
    return frame[settings.target]


# ------------------------------------------------------------------- Markdown


def contract() -> list[Column]:
    """Give the columns that the data dictionary describes."""
    if not DICTIONARY.is_file():
        raise UserError(f"{DICTIONARY} is missing")
    block = read_block(DICTIONARY.read_text(encoding="utf-8"), "columns")
    rows = [cells(line) for line in block.splitlines() if line.startswith("|")]
    for row in rows:
        if len(row) != len(HEADER):
            raise UserError(f"{DICTIONARY}: not five cells: {' | '.join(row)}")
    return [Column(*row) for row in rows[2:]]


def described_source() -> str:
    """Give the source that the dictionary's table was made from."""
    block = read_block(DICTIONARY.read_text(encoding="utf-8"), "columns")
    found = re.search(r"^Columns of `([^`]+)`:$", block, re.MULTILINE)
    return found[1] if found else ""


def contract_block(source: str, columns: list[Column]) -> str:
    """Give the dictionary's table as Markdown."""
    return f"Columns of `{source}`:\n\n{table(HEADER, columns)}"


def table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Give a Markdown table."""
    lines = [header, ("---",) * len(header), *rows]
    escaped = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in escaped)


def cells(line: str) -> list[str]:
    """Give the cells of one line of a Markdown table."""
    parts = re.split(r"(?<!\\)\|", line.strip().strip("|"))
    return [part.strip().replace("\\|", "|") for part in parts]


def read_block(text: str, name: str) -> str:
    """Give what stands between `<!-- name: begin -->` and `<!-- name: end -->`."""
    return block_pattern(name, text)[2].strip()


def fill_block(text: str, name: str, content: str) -> str:
    """Give the text with other content between the two marks of a block."""
    found = block_pattern(name, text)
    filled = f"{found[1]}\n\n{content}\n\n{found[3]}"
    return text[: found.start()] + filled + text[found.end() :]


def block_pattern(name: str, text: str) -> re.Match[str]:
    """Find a block and its two marks."""
    pattern = rf"(<!-- {name}: begin -->)(.*?)(<!-- {name}: end -->)"
    found = re.search(pattern, text, re.DOTALL)
    if not found:
        raise UserError(
            f"the marks `<!-- {name}: begin -->` and `{name}: end` are missing"
        )
    return found


def main() -> None:
    """Run one stage: describe, ingest or prepare."""
    match sys.argv[1:]:
        case ["describe"]:
            describe()
        case ["describe", "--if-new"]:
            describe(only_if_new=True)
        case ["ingest"]:
            ingest()
        case ["prepare"]:
            prepare()
        case _:
            raise UserError(
                f"use: python -m {__package__}.data describe|ingest|prepare"
            )


if __name__ == "__main__":
    conf.run(main)
