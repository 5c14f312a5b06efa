"""The hook `mlscaffold-audit`: fails a commit where the audit finds something that the profile requires."""

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Audit the repository that the commit is made in; further arguments are those of `mlscaffold audit`."""
    from mlscaffold.cli import main as mlscaffold

    return mlscaffold(["audit", ".", *(sys.argv[1:] if argv is None else argv)])


if __name__ == "__main__":
    sys.exit(main())
