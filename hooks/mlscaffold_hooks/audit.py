"""The hook `mlscaffold-audit`: fails a commit where the audit finds something that the profile requires."""

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Audit what is about to be committed, or pushed; further arguments are those of `mlscaffold audit`."""
    from mlscaffold.cli import main as mlscaffold

    given = list(sys.argv[1:] if argv is None else argv)
    return mlscaffold(["audit", ".", *_what(given), *given])


def _what(given: Sequence[str]) -> list[str]:
    """The index before a commit; before a push the commit that pre-commit says will be pushed."""
    if any(argument.split("=")[0] in ("--rev", "--staged", "--history") for argument in given):
        return []
    pushed = os.environ.get("PRE_COMMIT_TO_REF", "")
    return ["--rev", pushed] if pushed else ["--staged"]


if __name__ == "__main__":
    sys.exit(main())
