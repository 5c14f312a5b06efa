"""VCS111: training reads data whose version nothing names."""

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.data.data_files import is_data, tracked
from mlscaffold.repo.data.versioning import data_reads, data_versioning, named_versions
from mlscaffold.repo.kind import kind
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.training import simulated, training
from mlscaffold.rule import Finding, Open, Satisfied, Unknown, rule
from mlscaffold.rules.own_experiments import own_experiments
from mlscaffold.standard import Standard

MADE = regex(
    r"(?:^|/)(?:out|outputs?|results?|reports?|predictions?|submissions?|logs?|figures?)/|submission", re.I
)
"""Where tables are what a run wrote, not what it read."""

ADVICE = {
    "file": "track it with DVC or Git LFS, or name a version, date or checksum where it is read",
    "hub": "name the data set's commit where it is loaded, with revision=",
    "table": "name the table's version or date in the query, or track an export with DVC or Git LFS",
    "elsewhere": "name the object's version or verify its checksum, or track a copy with DVC or Git LFS",
}
"""How to name a version, for each source of data."""


def uses_no_data(repo: Repo) -> str | None:
    """Where nothing is trained and nothing shipped, no data needs a version."""
    if training(repo) and kind(repo).name != "library":
        acted = simulated(repo)
        return f"{acted.path} learns from a simulation" if acted and not data_reads(repo) else None
    shipped = any(is_data(repo, entry) for entry in repo.files.values())
    if shipped or data_versioning(repo):
        return None
    return own_experiments(repo) or "nothing here trains a model or ships data"


@rule("VCS111", level=1, since="1.0", when=uses_no_data)
def data_without_version(repo: Repo, _standard: Standard) -> Iterator[Finding | Open | Satisfied | Unknown]:
    """Satisfied by every tool in use; else by git or by the code itself; else at the first read of data."""
    if tools := data_versioning(repo):
        yield from (Satisfied(tool.path, by=tool.name) for tool in tools)
    elif kept := next((e.path for e in tracked(repo) if is_data(repo, e) and not MADE.search(e.path)), ""):
        yield Satisfied(kept, by="git itself")
    elif named := named_versions(repo):
        yield from (Satisfied(one.path, by=one.name) for one in named)
    else:
        yield _unversioned(repo)


def _unversioned(repo: Repo) -> Finding | Open | Unknown:
    from mlscaffold.repo.data.arguments import data_argument

    if given := data_argument(repo):
        return Open(
            given.path,
            f"takes its data from where {given.name} says: state which version, with a date or checksum",
            given.line,
        )
    trained = {found.source.path for found in training(repo)}
    near = {path.partition("/")[0] for path in trained}
    reads = sorted(
        data_reads(repo),
        key=lambda r: (r.path not in trained, r.path.partition("/")[0] not in near, r.path, r.line),
    )
    if reads:
        path, line, source, _ = reads[0]
        return Finding(
            path, f"reads data that nothing versions: {ADVICE[source]}", line=line, key="unversioned"
        )
    lying = next((e.path for e in repo.files.values() if is_data(repo, e)), "")
    if lying:
        return Finding(lying, f"is data that nothing versions: {ADVICE['file']}", key="unversioned")
    first = training(repo)[0]
    return Unknown("cannot tell where this training gets its data from", first.source.path)
