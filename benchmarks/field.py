"""`python benchmarks/field.py --labels FILE --mirrors DIR`: our facts against labels of real repositories.

DIR holds a bare clone `OWNER+NAME/repo` of each labelled repository; nothing is checked out and nothing
is run. Printed are precision and recall for each fact, then each disagreement with both evidences.
`--peers` runs other auditors on the same commits; `--write PAGE` writes the documentation's page instead.
"""

import argparse
import datetime
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import peers
import scoring
from scoring import Score

from mlscaffold import inventory, standard
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.open import open_tree
from mlscaffold.report.facts import as_json

ROOT = Path(__file__).parents[1]


class Compared(NamedTuple):
    """One fact of one repository: the label, our answer, and how they agree."""

    name: str
    fact: str
    label: dict[str, Any]
    answer: dict[str, Any]
    score: Score


def mirror(mirrors: Path, name: str) -> Path:
    """The clone of a repository, bare or not."""
    return mirrors / name.replace("/", "+") / "repo"


def answers(path: Path, commit: str) -> dict[str, Any]:
    """Our facts of one commit, as `mlscaffold facts --format json` prints them."""
    repo = Repo(open_tree(path, commit), standard.load())
    facts: dict[str, Any] = json.loads(as_json(repo, inventory.take(repo), ""))["facts"]
    return facts


def answered(labels: dict[str, Any], mirrors: Path, only: list[str]) -> dict[str, dict[str, Any]]:
    """Our facts of every labelled repository of which there is a clone, by its name."""
    found = {}
    for name, entry in labels.items():
        path = mirror(mirrors, name)
        if only and not any(word in name for word in only):
            continue
        if not path.is_dir():
            print(f"left out: no clone of {name} at {path}", file=sys.stderr)
            continue
        found[name] = answers(path, entry["commit"])
    return found


def compared(labels: dict[str, Any], given: dict[str, dict[str, Any]]) -> Iterator[Compared]:
    """Every labelled fact that we publish, repository by repository."""
    for name, facts in given.items():
        for fact, label in labels[name]["facts"].items():
            if fact in facts:
                score = scoring.scored(label, facts[fact]["value"])
                if score is not None:
                    yield Compared(name, fact, label, facts[fact], score)


def table(rows: list[Compared]) -> Iterator[str]:
    """Precision and recall by fact, and of all together, as Markdown."""
    yield "| fact | precision | recall | exact | of |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    totals: dict[str, Score] = {}
    for row in rows:
        totals[row.fact] = totals.get(row.fact, Score()).plus(row.score)
    everything = Score()
    for fact, score in sorted(totals.items()):
        everything = everything.plus(score)
        yield _row(f"`{fact}`", score)
    yield _row("**all**", everything)


def _row(name: str, score: Score) -> str:
    return f"| {name} | {_share(score.precision)} | {_share(score.recall)} | {score.exact} | {score.asked} |"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def disagreements(rows: list[Compared]) -> Iterator[str]:
    """What is wrong or missing, with both evidences."""
    for row in rows:
        if row.score.wrong or row.score.missing:
            proof = "; ".join(
                inventory.place(e["path"], e["line"]) + (f" ({e['note']})" if e["note"] else "")
                for e in row.answer["evidence"][:12]
            )
            unsure = "" if row.label.get("verified") else " (not verified)"
            yield f"{row.fact}  {row.name}"
            yield f"    label{unsure}: {_short(row.label['value'])}  [{row.label['evidence']}]"
            yield f"    ours: {_short(row.answer['value'])}  [{proof}]"
            yield from _elements(row.label["value"], row.answer["value"])


def _elements(truth: Any, answer: Any) -> Iterator[str]:
    if isinstance(truth, dict) and "list" in truth and isinstance(answer, dict):
        truth, answer = truth["list"], answer["list"]
    if isinstance(truth, list) and isinstance(answer, list):
        yield f"    missing: {sorted(set(truth) - set(answer))}"
        yield f"    wrong: {sorted(set(answer) - set(truth))[:30]}"


def _short(value: Any) -> str:
    if isinstance(value, dict) and "list" in value:
        return f"{value['total']} lines"
    return str(value)


def page(rows: list[Compared], repositories: int, others: str) -> str:
    """The documentation's page."""
    commit = subprocess.run(
        ["git", "-C", ROOT, "rev-parse", "--short=10", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    return PAGE.format(
        repositories=repositories,
        labels=len(rows),
        commit=commit,
        today=datetime.datetime.now(datetime.UTC).date().isoformat(),
        table="\n".join(table(rows)),
        others=others,
        versions=", ".join(f"{name} {version}" for name, version in peers.VERSIONS.items()),
    )


PAGE = """# How accurate is it?

`mlscaffold facts` was compared with labels that people made by reading {repositories} real
repositories: student work, paper code, research forks, tutorials, vendor examples and production
projects. A second engineer verified most labels; what careful engineers may dispute is left out.
Measured on {today} at commit `{commit}`, over {labels} labelled facts.

*Precision* is the share of what the tool says that is right; *recall* the share of what is there
that it says. Lists are counted element by element, `true` and every word but `n/a` as one claim
each; *exact* counts the repositories for which the whole value agrees.

{table}

## Beside other auditors

The same repositories, by problem: where a tool's own check objects, and whether the label says that
the problem is there. Each cell is precision / recall; an empty one means that the tool has no such
check. Versions: {versions}.

{others}

## What the numbers do not say

These repositories were read while the tool was written, so the numbers say what it reads well, not
what it will read in yours; with {repositories} repositories the intervals are wide. Where it is
wrong about yours, please open an issue: every such case becomes a case on a rule's page.

## Measure it yourself

```console
$ python3 benchmarks/field.py --labels labels.json --mirrors clones
```

`clones` holds a bare clone `OWNER+NAME/repo` of each repository; `labels.json` maps `OWNER/NAME` to
the commit and the facts, each with its `value` and `evidence`. Each disagreement is printed with
both evidences. `--peers` runs the other auditors too.
"""


def main() -> None:
    """Parse the options and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--mirrors", type=Path, required=True)
    parser.add_argument("--only", action="append", default=[], help="part of a repository's name")
    parser.add_argument("--fact", action="append", default=[], help="one fact, as often as wanted")
    parser.add_argument("--peers", action="store_true", help="run other auditors as well")
    parser.add_argument("--write", type=Path, help="write the documentation's page here")
    options = parser.parse_args()
    labels = json.loads(options.labels.read_text("utf-8"))
    given = answered(labels, options.mirrors, options.only)
    rows = [row for row in compared(labels, given) if not options.fact or row.fact in options.fact]
    others = ""
    if options.peers or options.write:
        programs = peers.installed()
        scores = peers.scores(labels, given, lambda name: mirror(options.mirrors, name), programs)
        others = "\n".join(peers.table(scores, programs))
    if options.write:
        options.write.write_text(page(rows, len(given), others), "utf-8")
        return
    if others:
        print(others, end="\n\n")
    print("\n".join(table(rows)), end="\n\n")
    print("\n".join(disagreements(rows)))


if __name__ == "__main__":
    main()
