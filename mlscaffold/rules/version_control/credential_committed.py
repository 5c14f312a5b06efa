"""VCS110: a tracked file holds a credential."""

from collections.abc import Iterator
from itertools import groupby

from mlscaffold.repo.in_git import not_in_git
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.secrets import secrets
from mlscaffold.rule import Finding, Place, rule
from mlscaffold.standard import Standard


@rule("VCS110", level="collaboration", since="1.0", when=not_in_git)
def credential_committed(repo: Repo, _standard: Standard) -> Iterator[Finding]:
    """One finding for each file and kind of credential; no message, key or place holds the value."""
    found = sorted(secrets(repo), key=lambda s: (s.path, s.name, s.line))
    for (path, name), group in groupby(found, key=lambda s: (s.path, s.name)):
        first, *others = group
        yield Finding(
            path,
            f"holds {name}: revoke it, then read it from the environment; the history keeps what was pushed",
            line=first.line,
            also=tuple(Place(path, other.line) for other in others),
            key=name,
        )
