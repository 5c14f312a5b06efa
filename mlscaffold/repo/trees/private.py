"""A folder of our own for temporary files.

`tempfile` and `shutil` can do more, and bring random numbers and five kinds of archives: 2 % of an audit.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

NAMED = ("TMPDIR", "TEMP", "TMP")
"""The variables that say where temporary files go, as `tempfile` asks for them."""

USUAL = "/tmp"  # noqa: S108 (a new folder in it is nobody else's)


def private_folder(prefix: str) -> Path:
    """A new folder that this user alone may enter; raises OSError where no folder takes one."""
    place = next(filter(None, map(os.environ.get, NAMED)), USUAL)
    folder = Path(place).absolute() / f"{prefix}{os.urandom(8).hex()}"
    try:
        folder.mkdir(0o700)
    except OSError:
        import tempfile  # it knows more places

        return Path(tempfile.mkdtemp(prefix=prefix))
    return folder


def remove(folder: Path) -> None:
    """Take the folder away, and nothing that a link in it leads to."""
    for here, folders, files in os.walk(folder, topdown=False):
        for name in (*files, *folders):
            path = Path(here, name)
            with suppress(OSError):
                if name in files or path.is_symlink():
                    path.unlink()
                else:
                    path.rmdir()
    with suppress(OSError):
        folder.rmdir()
