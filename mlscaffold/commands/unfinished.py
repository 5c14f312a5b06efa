"""What an earlier command left: one that was cut off is finished before another one looks at the files."""

from __future__ import annotations

import sys
from pathlib import Path

from mlscaffold.apply import recover
from mlscaffold.report.applied import finished


def finish(root: Path) -> None:
    """Finish a run that was cut off, and say so; raises Stop while another run is at work."""
    found = recover(root)
    if found is not None:
        sys.stderr.write(finished(found))
