"""What the tables of cases share: one merge, written as four texts."""

from textwrap import dedent

from mlscaffold.upkeep.keys import Merged, merge


def merge_texts(
    path: str, base: str | None, ours: str, theirs: str, owned: tuple[str, ...] = ()
) -> tuple[str, list[str], list[str]]:
    """The merged text, the keys in conflict, the keys taken. Texts are dedented, without a first newline."""
    result = merge(path, base if base is None else raw(base), raw(ours), raw(theirs), owned)
    return result.text.decode(), [c.key for c in result.conflicts], list(result.taken)


def raw(text: str) -> bytes:
    return dedent(text).removeprefix("\n").encode()


def expect(result: tuple[str, list[str], list[str]], text: str, **named: list[str]) -> None:
    """Compares a merge with its expected text, `conflicts` and `taken` (both empty where not named)."""
    assert result == (raw(text).decode(), named.get("conflicts", []), named.get("taken", []))


__all__ = ["Merged", "expect", "merge_texts", "raw"]
