"""What the template offers for a path: its own rendering where it made the repository, else what fits."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold import standard
from mlscaffold.edits import File
from mlscaffold.repo.cache import Cache
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.open import open_tree
from mlscaffold.repo.trees.overlay import OverlayTree
from mlscaffold.repo.trees.standing import Standing
from mlscaffold.repo.trees.tree import Tree
from mlscaffold.upkeep.adding.adoptable import Withheld
from mlscaffold.upkeep.adding.adoptable import offered as fitting
from mlscaffold.upkeep.answering.infer import inferred
from mlscaffold.upkeep.answers import Answers, insist, settle
from mlscaffold.upkeep.fixing import Offer, Offered
from mlscaffold.upkeep.history import carried
from mlscaffold.upkeep.lock import Lock, lock_at
from mlscaffold.upkeep.past import Renders
from mlscaffold.upkeep.rendering import render
from mlscaffold.upkeep.template import Template


def offer(standing: Standing, tree: Tree, cache: Cache | None = None) -> Offer:
    """How a fix from the template is made in this repository.

    Where nobody recorded answers, those count that `tree` implied before the first fix.
    """
    lock = lock_at(standing)
    if lock is not None and lock.scope == "all":
        return _own(lock, standing.root.name)
    if lock is not None:
        return adoption(carried(), lock.base.answers, cache)

    proven: dict[str, str | None] = {}

    def offered(now: Tree, path: str) -> Offered:
        if not proven:
            found = inferred(Repo(tree, standard.load(), (), cache))
            proven.update({one.question: one.value for one in found if one.confidence != "default"})
        return _fitting(Repo(now, standard.load(), (), cache), path, carried(), proven)

    return offered


def adoption(template: Template, answers: Answers, cache: Cache | None = None) -> Offer:
    """What fits somebody else's repository, with the answers that were recorded for it."""

    def offered(tree: Tree, path: str) -> Offered:
        return _fitting(Repo(tree, standard.load(), (), cache), path, template, answers)

    return offered


def renders(standing: Standing, lock: Lock) -> Renders:
    """How any version of the template renders what this repository follows: everything, or what it added.

    What was added is made from the repository's facts again, as if the file were not there yet.
    """
    if lock.scope == "all":
        return render
    return lambda template, settled: dict(_again(standing, lock, template, settled.answers))


def _again(
    standing: Standing, lock: Lock, template: Template, answers: Answers
) -> Iterator[tuple[str, File]]:
    tree = open_tree(standing.root, "HEAD")
    adopted = adoption(template, answers)
    for path, kept in lock.files.items():
        source = kept.source or path
        found = standing.object(kept.blob)
        if found is not None and kept.base and lock.bases[kept.base].tree == template.tree:
            yield source, File(found, kept.mode)  # of this very template: the facts alone change no file
            continue
        made = adopted(OverlayTree(tree, {path: None}), source).files
        yield from ((p, file) for p, file in made.items() if p == source or p in lock.files)
        if source not in made and found is not None:
            yield source, File(found, kept.mode)  # nothing to say about it any more: it stays as it came


def _fitting(repo: Repo, path: str, template: Template, answers: Answers) -> Offered:
    known = {question: value for question, value in answers.items() if value is not None}
    match fitting(path, template, known, repo):
        case Withheld(reason):
            return Offered({}, reason)
        case made:
            return Offered(made.files, made.why)


def _own(lock: Lock, folder: str) -> Offer:
    files = render(carried(), insist(settle(carried(), lock.base.answers, folder)))

    def offered(_tree: Tree, path: str) -> Offered:
        if path not in files:
            return Offered({}, f"the template has no {path} with these answers")
        return Offered({path: files[path]})

    return offered
