"""What becomes of people's work when a template is updated, hazard by hazard, for three tools.

Each tool makes a project from the first version of a small template, people work in it, and the tool brings
the next version; the outcome is read off the disk and the exit code. `--write PAGE` writes the page of the
documentation instead of printing the table.
"""

import argparse
import datetime
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import shorten
from typing import NamedTuple

from hazard_cases import CASES, HALF, Case, tree_of
from updaters import BIN, TOOLS, VERSIONS, Ran, Scene, installed


class Outcome(NamedTuple):
    """`kept`, `refused`, `exit 0`, `told nothing`, `lost` or `crashed`, and how, in a phrase."""

    word: str
    how: str = ""

    def __str__(self) -> str:
        return f"**{self.word}**{': ' + self.how if self.how else ''}"


Table = dict[str, dict[str, Outcome]]
"""Outcomes by hazard and tool."""


def outcome(case: Case, tool: str) -> Outcome:
    """Walk one tool through one hazard and judge what is there afterwards."""
    with tempfile.TemporaryDirectory(prefix="mlscaffold-hazards-", ignore_cleanup_errors=True) as folder:
        try:
            scene = Scene(Path(folder), tool, case.versions, dict(case.answers))
        except RuntimeError as error:
            return Outcome("crashed", f"no project can be made: {_last(str(error))}")
        case.people(scene)
        scene.commit("ours")
        case.besides(scene)
        before = tree_of(scene.root)
        ran = case.run(scene)
        return judged(case, scene, ran, before)


def judged(  # noqa: PLR0911 (a rank of outcomes)
    case: Case, scene: Scene, ran: Ran, before: dict[str, bytes]
) -> Outcome:
    """From what lies there, the exit code and what was said to the outcome; losses come first."""
    after = tree_of(scene.root)
    lying = b"\n".join(after.values()).decode("utf-8", "surrogateescape")
    missing = [line for line in case.mine if line not in lying]
    back = [path for path in case.gone if path in after]
    if ran.said.startswith(HALF):
        return Outcome("half done", ran.said.splitlines()[0].removeprefix(HALF))
    if missing:
        return Outcome("lost", f"“{missing[0]}” is gone, exit {ran.code}")
    if "Traceback (most recent call last)" in ran.said or (ran.code == 3 and scene.tool == "mlscaffold"):
        return Outcome("crashed", _last(ran.said))
    if ran.code and after == before:
        return Outcome("refused", _last(ran.said))
    if back:
        return Outcome("lost", f"your deletion of {back[0]} is undone")
    if wrong := case.wrong(scene):
        return Outcome(*wrong.split(": ", 1))
    return _left(case, ran, after, before)


def _left(case: Case, ran: Ran, after: dict[str, bytes], before: dict[str, bytes]) -> Outcome:
    """Nothing is lost: whether the exit code, or what was said, tells what is left to do."""
    marked = [
        path
        for path, body in after.items()
        if b"<<<<<<< " in body and b"<<<<<<< " not in before.get(path, b"")
    ]
    rejected = [path for path in after if path.endswith((".rej", ".orig"))]
    if not ran.code and (marked or rejected):
        return Outcome("exit 0", f"conflict markers in {marked[0]}" if marked else f"{rejected[0]} beside it")
    lying = b"\n".join(after.values()).decode("utf-8", "surrogateescape")
    missed = [line for line in case.theirs if line not in lying]
    if missed and case.named not in ran.said:
        return Outcome("told nothing", f"the template's change of {case.named} did not come")
    if missed and not ran.code:
        return Outcome("exit 0", f"the template's change of {case.named} did not come")
    return Outcome("kept", "yours stays, and it asks" if ran.code else "merged" if case.theirs else "")


def _last(said: str) -> str:
    """The line of what a program said that tells most: the error of a traceback, or the last one."""
    lines = [line.strip(" │╭╰─╮╯") for line in said.splitlines()]
    lines = [line for line in lines if line and not line.startswith("mlscaffold 0")]
    errors = [line for line in lines if re.match(r"[\w.]*(Error|Exception|NoCruftFound|Failed)\b", line)]
    text = ([*lines, *errors] or ["it says nothing"])[-1].removeprefix("mlscaffold: ")
    text = re.sub(r"\S*/mlscaffold-hazards-\w+/", "", text)
    return shorten(text, 90, placeholder=" …").replace("|", "\\|")


def table(cases: Sequence[Case], known: Table) -> Table:
    """The outcome of every hazard by tool, two at a time; what is known is not measured again."""
    asked = [(case, tool) for case in cases for tool in TOOLS]

    def measured(one: tuple[Case, str]) -> Outcome:
        case, tool = one
        found = known.get(case.name, {}).get(tool) or outcome(case, tool)
        print(f"{case.name} · {tool}: {found.word} {found.how}", file=sys.stderr, flush=True)
        return found

    with ThreadPoolExecutor(2) as pool:
        outcomes = pool.map(measured, asked)
        found: Table = {}
        for (case, tool), one in zip(asked, outcomes, strict=True):
            found.setdefault(case.name, {})[tool] = one
    return found


def shown(found: Table) -> Iterator[str]:
    """The table as Markdown."""
    yield f"| hazard | {' | '.join(TOOLS)} |\n| --- | --- | --- | --- |"
    for name, row in found.items():
        yield f"| {name} | {' | '.join(str(row[tool]) for tool in TOOLS)} |"


def page(found: Table) -> str:
    """The page of the documentation."""
    own = subprocess.run([BIN / "mlscaffold", "--version"], capture_output=True, text=True, check=True)
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True)
    versions = [own.stdout.strip(), *(f"{name} {version}" for name, version in VERSIONS.items())]
    counted = [
        f"{tool} {sum(row[tool].word in ('kept', 'refused') for row in found.values())}" for tool in TOOLS
    ]
    return PAGE.format(
        today=datetime.datetime.now(datetime.UTC).date().isoformat(),
        versions=", ".join(versions),
        git=git.stdout.strip(),
        count=len(found),
        counted=", ".join(counted),
        table="\n".join(shown(found)),
    )


PAGE = """# What can go wrong when a template is updated, and what becomes of it

A template changes; so did the project that was made from it. Each row below is one such meeting, run
on real git: a small template in two versions, a project that the tool itself made from the first, what
people did meanwhile, and then the tool's own update. What is judged is what lies on the disk
afterwards, and the exit code.

Measured on {today}: {versions}; {git}.
`copier update --defaults`, `cruft update -y` and
`mlscaffold update` were run without a person at the terminal, as a bot or CI runs them, and copier
without `--trust`.

* **kept**: nothing of yours is lost; where something is left to decide, the exit code says so.
* **refused**: nothing was changed, and a sentence says why.
* **exit 0**: nothing is lost, the files hold conflict markers or a change did not come, and the exit
  code says that all is well.
* **told nothing**: the template's change silently did not come, or something came that nobody was told of.
* **half done**: neither the old state nor the new one, and the next run does not mend it.
* **lost**: a line, an answer, a link or a mode of yours is no longer there.
* **crashed**: it ends with a traceback.

{table}

*Kept* or *refused*, of {count}: {counted}.

## What the losses are

**A renamed or deleted file.** copier compares the project with the old version path by path: a file
that the new version has elsewhere, or no longer has, is removed with what people wrote into it, and
no conflict is reported. mlscaffold follows the rename, and asks before it deletes what somebody edited.

**Answers.** Where a choice is no longer offered, copier takes the new default: a project that chose MIT
becomes a BSD project. Where a question gets another name, the old answer is dropped by both others. In
mlscaffold a template declares such renames, every changed answer is listed, and what cannot be carried
over is a question that stops the update.

**Conflicts that look like success.** Both others leave markers in the files and end with exit code 0, so
that a bot commits them. mlscaffold leaves your side in place, ends with 1 and shows both sides;
`--markers` writes them where you want them.

**A part first, the rest later.** Both others record one version for the whole project: what was
left out of one update is taken for done in the next. mlscaffold records a version for each path.

**Files that no text merge may touch.** Pointers of Git LFS and DVC and files in a submodule are written
into by the others; line ends of Windows are mixed with the template's.

**What git does not track.** copier overwrites an ignored file that lies where a new one should go.

**Killed in between.** The others leave a project with half of the files written, which their next run
refuses to touch; `git restore` and `git clean` are left to you. mlscaffold writes a journal first, and
its next run finishes what the killed one began. Ten moments are tried here; mlscaffold's tests kill
what writes the files before every file operation.

## What the table does not say

One scenario a row is no proof that a tool always does so, and each tool was run with the options that a
machine would use: a person at the terminal is asked more. copier can carry a renamed answer with a migration
script, which needs `--trust`. The scenarios are ours, and were written together with mlscaffold.

## Measure it yourself

```console
$ python3 benchmarks/hazards.py
```

`--only WORD` runs some of the hazards; the other tools are installed into an environment of their own.
"""


def main() -> None:
    """Print the table, or write the page."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--only", action="append", default=[], help="part of a hazard's name")
    options.add_argument("--write", type=Path, help="write the documentation's page here")
    options.add_argument("--results", type=Path, help="keep outcomes here, and go on from those that it has")
    given = options.parse_args()
    installed()
    cases = [case for case in CASES if not given.only or any(word in case.name for word in given.only)]
    known: Table = {}
    if given.results and given.results.exists():
        loaded = json.loads(given.results.read_text("utf-8"))
        known = {name: {tool: Outcome(*one) for tool, one in row.items()} for name, row in loaded.items()}
    found = table(cases, known)
    if given.results:
        given.results.write_text(json.dumps(known | found, indent=1), "utf-8")
    if given.write:
        given.write.write_text(page(found), "utf-8")
    else:
        print("\n".join(shown(found)))


if __name__ == "__main__":
    main()
