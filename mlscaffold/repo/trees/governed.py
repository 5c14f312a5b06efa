"""A folder of a repository together with the files at the repository's root that serve it as well."""

from __future__ import annotations

from functools import cached_property

from mlscaffold.lazy import regex
from mlscaffold.repo.trees.tree import Entry, Tree

SERVES = regex(
    r"(?:LICEN[CS]E|COPYING|NOTICE|CONTRIBUTING|CODE_OF_CONDUCT|SECURITY|CODEOWNERS|CHANGELOG|CITATION)(?:[._-][\w.-]+)?"
    r"|LICENSES/.+|\.git(?:ignore|attributes|leaks\.toml|modules)|\.pre-commit-config\.ya?ml|\.editorconfig"
    r"|\.python-version|\.tool-versions|mise\.toml|uv\.lock|pixi\.lock|renovate\.json5?|\.mailmap"
    r"|\.(?:github|gitlab|circleci|buildkite|woodpecker)/.+|\.gitlab-ci\.yml|\.travis\.yml|azure-pipelines\.yml"
    r"|bitbucket-pipelines\.yml|Jenkinsfile|\.cirrus\.yml|\.drone\.yml",
)
"""Files that stand once in a repository, at its root, and hold for all of its folders."""

IGNORE = ".gitignore"


class GovernedTree:
    """What lies below a folder, and of the root what serves the folder and that it has not itself."""

    def __init__(self, own: Tree, root: Tree, folder: str) -> None:
        self.own, self.root, self.folder = own, root, folder
        self.label, self.in_git = own.label, own.in_git

    @property
    def commit(self) -> str:
        """The full hash of HEAD or of the revision; empty where there is none."""
        return self.own.commit

    def entries(self) -> list[Entry]:
        """Every path below the folder, and the names of the root's files as they are there, sorted."""
        return sorted([*self.own.entries(), *self._serving.values()])

    def read(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes; raises OSError where it cannot be read."""
        if path in self._serving:
            return self._for_us(path, self.root.read(path, limit))
        return self.own.read(path, limit)

    def ignored(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes of a file of the folder that git ignores; raises OSError."""
        return self.own.ignored(path, limit)

    def committed(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes of the file as git holds it; raises OSError."""
        if path in self._serving:
            return self._for_us(path, self.root.committed(path, limit))
        return self.own.committed(path, limit)

    def history(self, path: str, limit: int) -> bytes:
        """What the folder's past held; raises OSError where there is no history."""
        return self.own.history(path, limit)

    @cached_property
    def _serving(self) -> dict[str, Entry]:
        own = {entry.path.lower().split(".")[0] or entry.path for entry in self.own.entries()}
        found = (entry for entry in self.root.entries() if SERVES.fullmatch(entry.path))
        return {e.path: e for e in found if (e.path.lower().split(".")[0] or e.path) not in own}

    def _for_us(self, path: str, content: bytes) -> bytes:
        if path != IGNORE:
            return content
        folder = self.folder.encode("utf-8", "surrogateescape")
        return b"\n".join(_below(line, folder) for line in content.split(b"\n"))


def _below(line: bytes, folder: bytes) -> bytes:
    """A pattern of the root as one of the folder, line by line; empty where it can mean nothing there."""
    sign, bare = (b"!", line[1:]) if line.startswith(b"!") else (b"", line)
    if b"/" not in bare.rstrip(b"/ \r") or bare.startswith((b"**/", b"#")):
        return line
    inside = bare.lstrip(b"/")
    return sign + inside[len(folder) :] if inside.startswith(folder + b"/") else b""
