"""TEAM112: no security policy."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.pages.community import security_policies
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, rule
from mlscaffold.rules.expected import expected
from mlscaffold.standard import Standard


@rule("TEAM112", level="collaboration", since="1.0")
def no_security_policy(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """A policy, security.txt, or a section of the README on reporting weaknesses."""
    yield from expected(
        security_policies(repo),
        "SECURITY.md",
        "there is no security policy: say how to report a weakness, and to whom",
    )
