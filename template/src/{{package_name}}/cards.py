"""Model cards: filled from the results, and compared with them as the dictionary is.

What a program can know stands between two marks and is written here. Everything
else in these files belongs to people and stays as it is.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from . import data
from . import settings as conf
from .settings import CARD, DATA, DICTIONARY, METRICS, Settings, UserError

UNFILLED = "Not filled yet: run `python tasks.py repro`."
FACTS = ("Fact", "Value")
MARKS = re.compile(r"<!-- (\w+): begin -->.*<!-- \1: end -->", re.DOTALL)
METRIC = ("Metric", "Value", "95 % interval")


def main() -> int:
    """Fill the cards, or with `--check` say where they disagree with the results."""
    settings = conf.load()
    match sys.argv[1:]:
        case []:
            fill(settings)
            return 0
        case ["--check"]:
            wrong = list(disagreements(settings))
            print("\n".join(wrong) or "cards and dictionary agree with the results")
            return 1 if wrong else 0
        case _:
            raise UserError(f"use: python -m {__package__}.cards [--check]")


def fill(settings: Settings) -> None:
    """Write what the results say into every card."""
    for path, blocks in known(settings).items():
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        text = before or new_card(path)
        for name, content in blocks.items():
            text = data.fill_block(text, name, content)
        if text != before:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"{path}: filled")


def disagreements(settings: Settings) -> Iterator[str]:
    """Give a sentence for each line of a card that the results contradict."""
    for path, blocks in known(settings).items():
        if not path.is_file():
            yield f"{path} is missing: run `python -m {__package__}.cards`"
            continue
        text = path.read_text(encoding="utf-8")
        for name, expected in blocks.items():
            found = data.read_block(text, name)
            if found not in (expected, UNFILLED):
                yield from differing(path, text, name, expected)
    yield from left_over(settings)
    if DATA.is_file() and data.described_source() == settings.source:
        for reason in data.violations(pd.read_csv(DATA), data.contract()):
            yield f"{DICTIONARY}: {reason}"


def differing(path: Path, text: str, name: str, expected: str) -> Iterator[str]:
    """Give the lines of one block that differ, each with its place in the file."""
    block = data.block_pattern(name, text)
    first = text[: block.start(2)].count("\n") + 1
    wanted = expected.splitlines()
    for number, line in enumerate(block[2].splitlines(), first):
        if line and line not in wanted:
            yield f"{path}:{number}: the results do not say {line!r}"
    written = block[2].splitlines()
    for line in wanted:
        if line not in written:
            yield f"{path}:{first}: the results say {line!r}"


def left_over(settings: Settings) -> Iterator[str]:
    """Name the cards of models that params.yaml no longer has."""
    expected = {card_path(name, settings) for name in settings.models}
    for path in sorted(CARD.parent.glob(f"{CARD.stem}-*.md")):
        if path not in expected:
            yield f"{path} is about a model that params.yaml does not have: delete it"


def known(settings: Settings) -> dict[Path, dict[str, str]]:
    """Give what the results say: for each file the content of its blocks."""
    blocks: dict[Path, dict[str, str]] = {}
    results = json.loads(METRICS.read_text("utf-8")) if METRICS.is_file() else {}
    for name in settings.models:
        if name in results:
            blocks[card_path(name, settings)] = {
                "details": details(name, settings),
                "data": training_data(results["rows"], settings),
                "metrics": metrics(results[name]),
            }
    return blocks


def card_path(name: str, settings: Settings) -> Path:
    """Give a model's card: model-card.md for one model, a file each for the others."""
    if name == main_model(settings):
        return CARD
    return CARD.with_name(f"{CARD.stem}-{name}.md")


def main_model(settings: Settings) -> str:
    """Give the model that model-card.md is about: the one it names, else the first."""
    text = CARD.read_text(encoding="utf-8") if CARD.is_file() else ""
    found = re.search(r"^\| Model \| `([^`]+)` \|$", text, re.MULTILINE)
    named = found[1] if found else ""
    return named if named in settings.models else next(iter(settings.models))


def details(name: str, settings: Settings) -> str:
    """Give the facts of one model as a table."""
    model = settings.models[name]
    given = model.get("settings") or {}
    chosen = [f"`{key}={value}`" for key, value in given.items()]
    rows = [
        ("Model", f"`{name}`"),
        ("Kind", f"`{model['kind']}`"),
        ("Task", settings.task),
        ("Settings", ", ".join(chosen) or "those of the library"),
        ("Seed", str(settings.seed)),
        ("File", f"`models/{name}.skops`"),
    ]
    return data.table(FACTS, rows)


def training_data(rows: dict[str, Any], settings: Settings) -> str:
    """Give where the rows came from and how they were split, as a table."""
    facts = [
        ("Source", f"`{settings.source}`"),
        ("Target", f"`{settings.target}`"),
        ("Rows to train", str(rows["train"])),
        ("Rows to test", str(rows["test"])),
        ("Share of the data used", f"{rows['share']:.0%}"),
    ]
    if version := data_version():
        facts.append(("Version (MD5 in dvc.lock)", f"`{version}`"))
    return data.table(FACTS, facts)


def data_version() -> str:
    """Give the hash under which DVC keeps the ingested data, where DVC ran."""
    lock = Path("dvc.lock")
    stages = yaml.safe_load(lock.read_text("utf-8"))["stages"] if lock.is_file() else {}
    outs = stages.get("ingest", {}).get("outs", [])
    return next((out["md5"] for out in outs if out["path"] == DATA.as_posix()), "")


def metrics(result: dict[str, float]) -> str:
    """Give the metrics of one model on the test rows as a table."""
    rows = [
        (name, f"{result[name]:.3f}", f"{result[name + '_low']:.3f} to {high:.3f}")
        for name in result
        if (high := result.get(f"{name}_high")) is not None
    ]
    return data.table(METRIC, rows)


def new_card(path: Path) -> str:
    """Give the card of a further model: the first card's form, its answers open."""
    name = path.stem.removeprefix(f"{CARD.stem}-")
    first = CARD.read_text(encoding="utf-8")
    _, *sections = re.split(r"^(?=## )", first, flags=re.MULTILINE)
    parts = [f"# Model card: {name}\n\n"]
    for section in sections:
        heading = section.splitlines()[0]
        block = MARKS.search(section)
        title = heading.removeprefix("## ").lower()
        body = block[0] if block else f"[to write: {title} of this model]"
        parts.append(f"{heading}\n\n{body}\n\n")
    return "".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    conf.run(main)
