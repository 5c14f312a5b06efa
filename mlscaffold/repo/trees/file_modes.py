"""Whether the execute bit of a file in the work tree says anything."""

from __future__ import annotations

import os

from mlscaffold.lazy import regex
from mlscaffold.repo.trees.git import Where

NO_FILEMODE = regex(rb"(?im)^\s*filemode\s*=\s*(?:false|no|off|0)\b")


def keeps_modes(where: Where) -> bool:
    """Whether git found that the file system keeps execute bits, when it made the repository."""
    if os.name == "nt":
        return False
    try:
        return not NO_FILEMODE.search((where.common / "config").read_bytes())
    except OSError:
        return True
