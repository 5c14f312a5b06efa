"""What a SIGTERM does: an end in order."""

import sys
from contextlib import suppress

from mlscaffold.errors import TERMINATED


def end_in_order() -> None:
    """Let a SIGTERM, as a cancelled CI job gets, take our temporary folders away before the end."""
    import signal

    def end(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # whoever asks twice does not wait for any order
        sys.exit(TERMINATED)

    with suppress(ValueError):  # only a program's first thread may say so
        signal.signal(signal.SIGTERM, end)
