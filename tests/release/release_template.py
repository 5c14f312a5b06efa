"""Release the template: `make release-template VERSION=1.2.3`.

It adds one commit with a tag to the bundle that the wheel carries, and records in the golden file what this
version makes of a few sets of answers. The same files, date and git give the same bundle.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mlscaffold.errors import Stop
from mlscaffold.repo.trees.git import Git, repository_at
from mlscaffold.upkeep import bundle as bundles
from mlscaffold.upkeep.answers import insist, settle
from mlscaffold.upkeep.bundle import Bundle, rank
from mlscaffold.upkeep.history import History, files_at
from mlscaffold.upkeep.rendering import render
from mlscaffold.upkeep.template import PARTS, Template, from_folder, tree_id
from mlscaffold.upkeep.unpacked import fill

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = "mlscaffold/upkeep/history.bundle"
GOLDEN = "tests/upkeep/golden.json"
WHO = b"mlscaffold <mlscaffold@localhost>"
PACK = (
    "--threads=1",
    "--no-reuse-delta",
    "--no-reuse-object",
    "--compression=9",
    "--window=50",
    "--depth=50",
)
"""How objects are packed: nothing is taken over from an older pack, and no thread decides about an order."""

FOLDER = "churn"
SAME = {"author": "Ada", "year": "2026"}
ANSWERS: tuple[dict[str, str], ...] = (
    SAME,
    {
        **SAME,
        "project_name": "Überlauf & Co",
        "license": "Proprietary",
        "profile": "production",
        "environment": "uv",
        "accelerator": "gpu",
        "data_remote": "s3",
        "data_remote_url": "s3://team/dvc",
        "code_owners": "@a @b",
    },
    {
        **SAME,
        "license": "Apache-2.0",
        "profile": "research",
        "environment": "conda-lock",
        "tracker": "none",
        "example": "none",
        "author_email": "ada@example.org",
    },
)


def release(version: str, date: datetime.date, root: Path = ROOT, answers: Sequence[Any] = ANSWERS) -> None:
    """Release what the checkout holds; raises Stop, with nothing written, where that cannot be."""
    old = bundles.read(root / BUNDLE)
    _may_follow(old, version)
    template = _clean(root)._replace(version=version)
    history = History(root / BUNDLE)
    if history.versions() and history.released(template) == history.latest():
        raise Stop(f"nothing changed since {history.latest()}: there is nothing to release")
    new = extended(old, template, date)
    made = [rendering(template, given) for given in answers]
    record = {"commit": new.commits[version], "tree": template.tree, "renderings": made}
    golden = read_golden(root / GOLDEN) | {version: record}
    (root / BUNDLE).write_bytes(bundles.written(new))
    (root / GOLDEN).write_text(json.dumps(golden, indent=2, ensure_ascii=False) + "\n", "utf-8")


def read_golden(file: Path) -> dict[str, Any]:
    """What is recorded of each version, oldest first; nothing before the first release."""
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return found


def rendering(template: Template, given: Mapping[str, Any]) -> dict[str, Any]:
    """Answers, and the id of the tree that the template makes of them."""
    made = render(template, insist(settle(template, given, FOLDER)))
    return {"answers": dict(given), "tree": tree_id(made)}


def extended(old: Bundle, template: Template, date: datetime.date) -> Bundle:
    """The bundle with one version more; raises Stop for a version that may not follow."""
    _may_follow(old, template.version)
    with tempfile.TemporaryDirectory(prefix="mlscaffold-release-") as scratch:
        git = fill(Path(scratch) / "all", old).git
        last = list(old.commits.values())[-1:]
        git.run("fast-import", "--quiet", given=b"".join(_stream(template, date, last)))
        commit = git.run("rev-parse", "--verify", f"refs/tags/{template.version}^{{commit}}").decode().strip()
        commits = {**old.commits, template.version: commit}
        wanted = "".join(f"{one}\n" for one in commits.values()).encode()
        pack = git.run("pack-objects", "--revs", "--stdout", "--delta-base-offset", "-q", *PACK, given=wanted)
    return Bundle(commits, pack)


def _may_follow(old: Bundle, version: str) -> None:
    place = rank(version)
    newest = list(old.commits)[-1:]
    if place is None:
        raise Stop(f"{version!r} is no version: write it as 1.2.3, 1.2.3a1, 1.2.3b1 or 1.2.3rc1")
    if version in old.commits:
        raise Stop(f"{version} is released already, and a release never changes: take a newer version")
    if any(place <= (rank(last) or place) for last in newest):
        raise Stop(f"{version} is not newer than {newest[0]}, the last release: take a newer version")


def _clean(root: Path) -> Template:
    """The checkout's template; raises Stop where its files are not those of the last commit."""
    where = repository_at(root)
    if where is None:
        raise Stop(f"{root} is no git repository: release from a checkout")
    now, then = from_folder(root), files_at(Git(where), "HEAD", *PARTS)
    changed = [path for path in {**now.files, **then} if now.files.get(path) != then.get(path)]
    if changed:
        raise Stop(f"commit the template first; these files are not as committed: {', '.join(changed[:9])}")
    return now


def _stream(template: Template, date: datetime.date, last: Sequence[str]) -> Iterator[bytes]:
    """What git fast-import makes the commit of: https://git-scm.com/docs/git-fast-import."""
    midnight = datetime.datetime.combine(date, datetime.time(), datetime.UTC)
    when = b" %d +0000\n" % int(midnight.timestamp())
    yield b"commit refs/tags/" + template.version.encode() + b"\n"
    yield b"author " + WHO + when + b"committer " + WHO + when
    yield _data(f"template {template.version}\n".encode())
    yield from (b"from " + parent.encode() + b"\n" for parent in last)
    yield b"deleteall\n"
    for path, file in template.files.items():
        yield b"M " + file.mode.encode() + b" inline " + _quoted(path) + b"\n" + _data(file.content)


def _data(content: bytes) -> bytes:
    return b"data %d\n" % len(content) + content + b"\n"


def _quoted(path: str) -> bytes:
    plain = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return b'"' + plain.encode() + b'"'


def main() -> int:
    """Release; say what there is now."""
    parser = argparse.ArgumentParser(description="Release the template as it is committed.")
    parser.add_argument("version", help="newer than every released one: 1.2.3, 1.2.3rc1")
    today = datetime.datetime.now(datetime.UTC).date()
    parser.add_argument("--date", type=datetime.date.fromisoformat, default=today, help="2026-01-31; today")
    given = parser.parse_args()
    try:
        release(given.version, given.date)
    except Stop as stop:
        sys.stderr.write(f"{stop}\n")
        return 2
    versions = ", ".join(History(ROOT / BUNDLE).versions())
    sys.stdout.write(f"{BUNDLE}: {versions}\nCommit it together with {GOLDEN}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
