"""What is made of files of ours, kept where Python keeps bytecode, and made anew when one of them changes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any


def derived(kept: Path, sources: Iterable[Path], make: Callable[[], Any]) -> Any:
    """What `make` gives, plain data, or what it gave for the very same sources."""
    stamp = [f"{path} {(s := path.stat()).st_mtime_ns} {s.st_size}" for path in sources]
    try:
        known = json.loads(kept.read_text("utf-8"))
        if known["stamp"] == stamp:
            return known["made"]
    except (OSError, ValueError, LookupError, TypeError):
        pass
    made = make()
    if not sys.dont_write_bytecode:
        _keep(kept, {"stamp": stamp, "made": made})
    return made


def _keep(path: Path, value: object) -> None:
    """Write `value` for the next start, at once or not at all; a folder that refuses is no error."""
    scratch = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(exist_ok=True)
        scratch.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
        scratch.replace(path)
    except OSError:
        with suppress(OSError):
            scratch.unlink()
