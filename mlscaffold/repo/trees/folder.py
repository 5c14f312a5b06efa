"""A plain folder without git, walked without following links and without looking into environments."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from mlscaffold.errors import Stop
from mlscaffold.repo.trees.reading import ENVIRONMENT_MARKS, REBUILT, kind_of, read_regular
from mlscaffold.repo.trees.tree import Entry

MOST = 200_000


class FolderTree:
    """Every file below a folder, none of them tracked by anything."""

    in_git = False
    commit = ""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self.label = str(folder)
        self._folder = str(folder)
        self._most = most

    def entries(self) -> list[Entry]:
        """Every path, sorted; raises Stop where there are more than can be a repository."""
        return sorted(self._entries.values())

    def read(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes of a file that was listed; raises OSError."""
        entry = self._entries.get(path)
        if entry is None or entry.kind != "file":
            raise FileNotFoundError(path)
        return read_regular(f"{self._folder}/{path}", limit)

    def ignored(self, path: str, limit: int) -> bytes:
        """Raises FileNotFoundError: without git nothing is ignored."""
        del limit
        raise FileNotFoundError(path)

    def committed(self, path: str, limit: int) -> bytes:
        """Raises FileNotFoundError: nothing is committed here."""
        del limit
        raise FileNotFoundError(path)

    def history(self, path: str, limit: int) -> bytes:
        """Raises FileNotFoundError: without git there is no history."""
        del limit
        raise FileNotFoundError(path)

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        waiting = [""]
        while waiting:
            here = waiting.pop()
            for path, item in self._list(here, found):
                status = item.stat(follow_symlinks=False)
                kind = kind_of(status.st_mode)
                if kind is None:
                    waiting += [path] if item.name not in REBUILT else []
                else:
                    executable = bool(status.st_mode & 0o111)
                    found[path] = Entry(path, kind, status.st_size, tracked=False, executable=executable)
            if len(found) > self._most:
                raise Stop(
                    f"{self._folder} holds more than {self._most:,} files: audit a project folder inside it"
                )
        return found

    def _list(self, here: str, found: dict[str, Entry]) -> list[tuple[str, os.DirEntry[str]]]:
        """What lies in one folder; an environment is empty, a closed folder is an entry of its own."""
        try:
            with os.scandir(f"{self._folder}/{here}" if here else self._folder) as items:
                listed = list(items)
        except OSError:
            found[here] = Entry(here, "special", tracked=False)
            return []
        if here and any(item.name in ENVIRONMENT_MARKS for item in listed):
            return []
        return [
            (f"{here}/{item.name}" if here else item.name, item) for item in listed if item.name != ".git"
        ]
