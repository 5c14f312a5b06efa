"""VCS110: a tracked file holds a credential."""

from collections import Counter
from collections.abc import Iterator

from mlscaffold.repo.committed.in_git import not_in_git
from mlscaffold.repo.committed.secrets import Secret, secrets
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, rule
from mlscaffold.standard import Standard


@rule("VCS110", level="collaboration", since="1.0", when=not_in_git)
def credential_committed(repo: Repo, _standard: Standard) -> Iterator[Finding]:
    """One finding for each value, with all its places; no message, key or place holds the value."""
    values: dict[int, list[Secret]] = {}
    for secret in secrets(repo):
        values.setdefault(secret.number, []).append(secret)
    before: Counter[tuple[str, str]] = Counter()
    for first, *others in values.values():
        places = dict.fromkeys(Place(other.path, other.line) for other in others)
        places.pop(Place(first.path, first.line), None)
        before[first.path, first.name] += 1
        nth = before[first.path, first.name]
        yield Finding(
            first.path,
            f"holds {first.name}: revoke it, then read it from the environment; "
            "the history keeps what was pushed",
            line=first.line,
            also=tuple(places),
            key=first.name if nth == 1 else f"{first.name} {nth}",
        )
