"""Objects of a git repository by name, through one `git cat-file --batch` that starts when first asked."""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
import weakref
from collections.abc import Collection, Sequence
from typing import IO

from mlscaffold.named import NamedTuple
from mlscaffold.repo.trees.git import Git
from mlscaffold.repo.trees.heads import commit_at_head

DRAIN = 1 << 20
"""With more than this left unread, starting a new process is cheaper than reading on."""


AT_ONCE = 60
"""So many names of objects, even of 64 characters, every system's pipe takes while nobody reads."""


class Missing(OSError):
    """An object that this clone does not hold (partial or damaged): what depends on it is unknown."""

    def __init__(self, name: str) -> None:
        super().__init__(errno.ENOENT, "its content is not in this clone", name)


class Blob(NamedTuple):
    """One object: its id, its full size, and its first bytes."""

    oid: str
    size: int
    content: bytes


class Blobs:
    """Reads objects; keeps one process."""

    def __init__(self, git: Git) -> None:
        self.git = git
        self._process: subprocess.Popen[bytes] | None = None
        self._of = 0
        """The process that started it: a copy of that needs one for itself."""

    def get(self, name: str, limit: int) -> Blob:
        """What git understands by `name`, with at most `limit` bytes; raises Missing or OSError."""
        if not name or "\n" in name:
            raise Missing(name)
        ask, answer = self._pipes()
        ask.write(name.encode("utf-8", "surrogateescape") + b"\n")
        ask.flush()
        head = answer.readline().split()
        if len(head) != 3 or not head[2].isdigit():
            if not head:
                self.close()
            raise Missing(name)
        size = int(head[2])
        content = answer.read(min(size, limit))
        self._skip(answer, size - len(content) + 1)
        return Blob(head[0].decode(), size, content)

    def several(self, oids: Sequence[str]) -> dict[str, bytes]:
        """The content of small objects, as many as one question to git can name; those not here are left out.

        All of them are asked before any answer is read, so the names must fit into the pipe (see `AT_ONCE`).
        """
        ask, answer = self._pipes()
        ask.write("".join(f"{oid}\n" for oid in oids).encode())
        ask.flush()
        found = {}
        for oid in oids:
            head = answer.readline().split()
            if not head:
                self.close()
                break
            if len(head) == 3 and head[2].isdigit():
                found[oid] = answer.read(int(head[2]))
                answer.read(1)
        return found

    def sizes(self, oids: Collection[str]) -> dict[str, int]:
        """The size in bytes of each object that this clone holds, by one question for all of them."""
        if not oids:
            return {}
        asked = "".join(f"{oid}\n" for oid in oids).encode()
        batch = ("cat-file", "--buffer", "--batch-check=%(objectname) %(objectsize)")
        told = self.git.run(*batch, given=asked).decode()
        rows = (line.split(" ") for line in told.splitlines())
        return {row[0]: int(row[1]) for row in rows if row[1].isdigit()}

    def head(self) -> str:
        """The hash of HEAD; empty before the first commit."""
        if known := commit_at_head(self.git.where.git_dir, self.git.where.common):
            return known
        try:
            return self.get("HEAD^{commit}", 0).oid
        except OSError:
            return ""

    def close(self) -> None:
        """End the process; the next question starts another."""
        if self._process is not None:
            _end(self._process)
            self._process = None

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None or self._of != os.getpid():
            self._process, self._of = self.git.start("cat-file", "--batch"), os.getpid()
            weakref.finalize(self, _end, self._process)
        if self._process.stdin is None or self._process.stdout is None:
            raise OSError(errno.EPIPE, "git gives no pipes")
        return self._process.stdin, self._process.stdout

    def _skip(self, answer: IO[bytes], rest: int) -> None:
        if rest > DRAIN:
            self.close()
        else:
            answer.read(rest)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    process.wait()
