"""The template's released versions, which this version of mlscaffold carries: read without a network."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path

from mlscaffold.errors import Stop
from mlscaffold.repo.trees.git import Git
from mlscaffold.upkeep.bundle import DAMAGED, Bundle, rank, read
from mlscaffold.upkeep.template import File, Files, Template, current, tree_id
from mlscaffold.upkeep.unpacked import Unpacked, unpacked

BUNDLE = Path(__file__).with_name("history.bundle")


@cache
def carried() -> Template:
    """The template that this version of mlscaffold carries, with its version where it is a released one."""
    template = current()
    return template._replace(version=History().released(template))


def files_at(git: Git, tree: str, *paths: str) -> Files:
    """The files of a tree, or those below the named paths of it; raises Stop where git cannot read them."""
    listed = git.run("ls-tree", "-r", "-z", "--full-tree", tree, "--", *paths)
    rows = [entry.partition(b"\t") for entry in listed.split(b"\0") if entry]
    found = [(path.decode(), *meta.decode().split()) for meta, _, path in rows]
    answer = git.run("cat-file", "--batch", given="".join(f"{oid}\n" for _, _, _, oid in found).encode())
    contents = _contents(answer)
    return {path: File(next(contents, b""), mode) for path, mode, _, _ in found}


def _contents(answer: bytes) -> Iterator[bytes]:
    """Each object of what `cat-file --batch` printed; one that is missing is empty."""
    at = 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        size = answer[at:end].split()[-1]
        start, length = end + 1, int(size) if size.isdigit() else -1
        yield answer[start : start + length]
        at = start + length + 1


class History:
    """The released versions that one bundle holds. A bundle that is not there holds none."""

    def __init__(self, bundle: Path = BUNDLE) -> None:
        self.path = bundle

    def versions(self) -> tuple[str, ...]:
        """Every released version, oldest first; raises Stop where the bundle is damaged."""
        return tuple(self._bundle.commits)

    def latest(self) -> str:
        """The newest version; empty where there is none."""
        versions = self.versions()
        return versions[-1] if versions else ""

    def released(self, template: Template) -> str:
        """The newest version that holds exactly these files; empty where none does."""
        if not self.versions():
            return ""
        tree, trees = template.tree, self._repository.trees()
        return next((version for version in reversed(self.versions()) if trees[version] == tree), "")

    def template(self, version: str) -> Template:
        """That version of the template; raises Stop, with what there is, for one that is not carried."""
        if version not in self.versions():
            raise Stop(self._unknown(version))
        files = _read(self._repository, version)
        if files is None:  # something took from the cache folder, or wrote into it
            self._repository = unpacked(self._bundle, anew=True)
            files = _read(self._repository, version)
        if files is None:
            raise Stop(DAMAGED)
        return Template(version, files)

    def _unknown(self, version: str) -> str:
        asked, latest = rank(version), rank(self.latest())
        if asked is not None and (latest is None or asked > latest):
            newest = f"carries versions up to {self.latest()}" if latest else "carries no released version"
            return f"this mlscaffold {newest} of the template, and {version} is newer: update mlscaffold"
        listed = ", ".join(self.versions()) or "none"
        return f"the template has no released version {version!r}; there are: {listed}"

    @cached_property
    def _bundle(self) -> Bundle:
        return read(self.path)

    @cached_property
    def _repository(self) -> Unpacked:
        return unpacked(self._bundle)


def _read(repository: Unpacked, version: str) -> Files | None:
    """The files of the version, or nothing where the repository does not hold all of them as they were."""
    tree = repository.trees()[version]
    try:
        files = files_at(repository.git, tree)
    except Stop:
        return None
    return files if tree_id(files) == tree else None
