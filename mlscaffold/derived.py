"""What is made of files of ours, kept where Python keeps bytecode, and made anew when one of them changes."""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any


def derived(folder: Path, name: str, stamp: list[str], make: Callable[[], Any]) -> Any:
    """What `make` gives, plain data, or what it gave when the stamp of its sources was the same.

    `folder` is one of ours; the data is kept among its bytecode under that name.
    """
    kept = folder / "__pycache__" / f"{name}.{sys.implementation.cache_tag}"
    try:
        known, made = marshal.loads(kept.read_bytes())  # noqa: S302 (as far to be trusted as the bytecode)
        if known == stamp:
            return made
    except (OSError, EOFError, ValueError, TypeError):
        pass
    made = make()
    if not sys.dont_write_bytecode:
        _keep(kept, (stamp, made))
    return made


def stamp(
    folder: str | Path, ending: str | tuple[str, ...], *, deep: bool = True, within: str = ""
) -> list[str]:
    """What names this state of the files with that ending in a folder of ours, wherever it was installed."""
    rows: list[str] = []
    with os.scandir(folder) as found:
        for item in found:
            if item.name.endswith(ending):
                status = item.stat()
                rows.append(f"{within}{item.name} {status.st_mtime_ns} {status.st_size}")
            elif deep and item.name != "__pycache__" and item.is_dir():
                rows += stamp(item.path, ending, within=f"{within}{item.name}/")
    return sorted(rows)


def _keep(path: Path, value: tuple[list[str], Any]) -> None:
    """Write `value` for the next start, at once or not at all; a folder that refuses is no error."""
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(exist_ok=True)
        scratch.write_bytes(marshal.dumps(value))
        scratch.replace(path)
    except OSError:
        with suppress(OSError):
            scratch.unlink()
