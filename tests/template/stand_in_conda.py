"""A small front end over py-rattler that takes the words that conda-lock and tasks.py give to `conda`.

There is no conda binary and no channel where the tests run: this solves and installs for real, from the
stand-in channel that STAND_IN_CHANNEL names, whatever channel is asked for.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path

import rattler.index
import yaml


def solve(specs: list[str], platform: str) -> list[rattler.RepoDataRecord]:
    channel = rattler.Channel(os.environ["STAND_IN_CHANNEL"])
    wanted = rattler.solve([channel], specs, platforms=[platform, "noarch"])  # type: ignore[list-item]
    return asyncio.run(wanted)


def install(records: list[rattler.RepoDataRecord], prefix: str) -> None:
    asyncio.run(rattler.install(records, prefix, show_progress=False))


def plan(records: list[rattler.RepoDataRecord]) -> dict[str, object]:
    """Return what `conda create --dry-run --json` prints."""
    fetch = [
        {
            **json.loads(record.to_json()),
            "channel": record.channel,
            "fn": record.file_name,
            "url": str(record.url),
            "name": record.name.normalized,
            "version": str(record.version),
        }
        for record in records
    ]
    link = [{"name": f["name"], "dist_name": f["fn"].removesuffix(".tar.bz2")} for f in fetch]
    return {"success": True, "actions": {"FETCH": fetch, "LINK": link}}


def from_file(file: Path, platform: str) -> list[rattler.RepoDataRecord]:
    """Solve an environment.yml, or take the packages of an @EXPLICIT list."""
    text = file.read_text("utf-8")
    if "@EXPLICIT" not in text:
        return solve(yaml.safe_load(text)["dependencies"], platform)
    urls = {line.partition("#")[0] for line in text.splitlines() if "://" in line}
    names = [url.rpartition("/")[2].rsplit("-", 2)[0] for url in urls]
    return [record for record in solve(names, platform) if str(record.url) in urls]


def main(words: list[str]) -> int:
    if "--version" in words:
        sys.stdout.write("conda 26.1.0 (a stand-in over py-rattler)\n")
        return 0
    if words[0] == "index":
        asyncio.run(rattler.index.index_fs(Path(words[1])))
        return 0
    read = argparse.ArgumentParser()
    read.add_argument("--prefix", "-p")
    read.add_argument("--file", "-f", type=Path)
    read.add_argument("--channel", action="append")
    for flag in ("--dry-run", "--json", "--override-channels", "--yes", "--quiet", "--copy"):
        read.add_argument(flag, action="store_true")
    read.add_argument("words", nargs="*")
    given = read.parse_intermixed_args(words)
    platform = os.environ.get("CONDA_SUBDIR", "linux-64")
    if given.dry_run:
        specs = [word for word in given.words if word != "create"]
        json.dump(plan(solve(specs, platform)), sys.stdout)
    else:
        install(from_file(given.file, platform), given.prefix)
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)  # py-rattler's threads can abort an interpreter that is shutting down
