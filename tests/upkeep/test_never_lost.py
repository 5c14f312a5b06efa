"""Whatever people and the template do at once, no line of people is lost, and a second update is idle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import World, template

from mlscaffold.upkeep.lock import LOCK

PATHS = ("a.txt", "b.txt", "sub/c.txt", "sub/d.txt")
START = {path: [f"{path} says {n} in a line of its own" for n in range(12)] for path in PATHS}
Lines = dict[str, list[str]]


class Edit(tuple[str, str, int, str]):
    """What is done, to which path, at which line, with which word or new path."""

    __slots__ = ()


EDITS = st.lists(
    st.builds(
        lambda *parts: Edit(parts),
        st.sampled_from(["insert", "insert", "replace", "drop", "rename", "delete", "append"]),
        st.sampled_from(PATHS),
        st.integers(0, 11),
        st.sampled_from(["x", "y", "new/e.txt", "sub/f.txt", "A.txt"]),
    ),
    max_size=6,
)


def edited(edits: list[Edit], who: str) -> Lines:
    """The files after somebody's edits; each line that is written names its author and its number."""
    files = {path: list(lines) for path, lines in START.items()}
    for number, (what, path, at, word) in enumerate(edits):
        if path not in files:
            continue
        line = f"{who} wrote {word} as number {number}"
        match what:
            case "insert":
                files[path].insert(at, line)
            case "append":
                files[path].append(line)
            case "replace" | "drop" if at < len(files[path]):
                files[path][at : at + 1] = [line] if what == "replace" else []
            case "rename" if "/" in word or "." in word:
                files.setdefault(word, files.pop(path))
            case "delete":
                del files[path]
    return files


def texts(files: Mapping[str, list[str]]) -> dict[str, str]:
    return {path: "".join(f"{line}\n" for line in lines) for path, lines in files.items()}


def written_by_people(here: World) -> set[str]:
    files = [p for p in here.root.rglob("*") if p.is_file() and ".git" not in p.parts and p.name != LOCK]
    return {line for p in files for line in p.read_text("utf-8").splitlines() if line.startswith("people")}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people=EDITS, theirs=EDITS, later=EDITS)
def test_never_lost(people: list[Edit], theirs: list[Edit], later: list[Edit]) -> None:
    with TemporaryDirectory() as scratch:
        here = World(Path(scratch, "churn"), template("1", texts(START)))
        for path in START:
            (here.root / path).unlink()
        for path, text in texts(edited(people, "people")).items():
            here.write(path, text)
        here.commit()
        mine = written_by_people(here)
        two = template("2", texts(edited(theirs, "template")))
        here.update(two)
        assert written_by_people(here) == mine
        assert not [step for step in here.plan(two).steps if step.writes], "the second update is idle"
        here.update(template("3", texts(edited(later, "template"))))
        assert written_by_people(here) == mine
        assert not [p for p in here.root.rglob("*.txt") if "<<<<<<<" in p.read_text("utf-8")]
