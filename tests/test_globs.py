"""Patterns of paths and names."""

from fnmatch import fnmatchcase

from hypothesis import example, given
from hypothesis import strategies as st

from mlscaffold.globs import like

NAMES = st.text("ab.*?[]!\n", max_size=8)


@given(NAMES, NAMES)
@example("aba", "ab*ba")
@example("ab", "ab*")
@example("abab", "*ab*ab")
@example("ab", "*ab*ab")
@example("aab", "**b")
@example("a*b", "a*b")
@example("ab\n", "ab")
@example("a", "[!b]")
def test_a_name_is_like_a_pattern_where_the_library_says_so(name: str, pattern: str) -> None:
    assert like(name, pattern) == fnmatchcase(name, pattern)
