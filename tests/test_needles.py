"""Patterns that are asked of much text: their words are told rightly, and every answer stays that of `re`."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mlscaffold.repo
from mlscaffold.compiled import Needles
from mlscaffold.lazy import MANY, MUCH, SHORT, regex
from mlscaffold.looking import methods
from mlscaffold.needles import needles

LAZY = type(regex(""))
LONG = "x" * (SHORT + 1)


def sets(pattern: str | bytes, flags: int = 0) -> list[set[str]]:
    return [set(words) for words in needles(pattern, flags).sets]


@pytest.mark.parametrize(
    ("pattern", "flags", "told"),
    [
        (r"\bread_csv\(", 0, [{"read_csv("}]),
        (rb"read_(?:csv|excel)", 0, [{"read_csv", "read_excel"}]),
        (r"(?:foo|bar)\d+", 0, [{"foo", "bar"}]),
        (r"(?:foo|\d+)", 0, []),
        (r"(?:foo)?\d", 0, []),
        (r"(?:foo)+", 0, [{"foo"}]),
        (r"(?:foo)*bar", 0, [{"bar"}]),
        (r"colou?r", 0, [{"color", "colour"}]),
        (r"Data[Ss]et", 0, [{"DataSet", "Dataset"}]),
        (r"(?i)Alert\s*=\s*Drift", 0, [{"alert"}, {"drift"}]),
        (r"train|training", 0, [{"train"}]),
        (r"(?=foo)bar", 0, [{"bar"}]),
        (r"(?!foo)\w", 0, []),
        (r"(a)?(?(1)foo|bar)", 0, []),
        (r"(foo)\1", 0, [{"foo"}]),
        ("µm", re.I, []),
        ("(?i:foo)bar", 0, [{"bar"}]),
        ("監視|监控", re.I, [{"監視", "监控"}]),
        (r"[^a]", 0, []),
    ],
)
def test_the_words_of_a_pattern(pattern: str | bytes, flags: int, told: list[set[str]]) -> None:
    assert sorted(map(sorted, sets(pattern, flags))) == sorted(map(sorted, told))


def test_a_word_may_stand_behind_a_few_other_characters() -> None:
    told = needles(r"(?<!\w)(?:pd\.|spark\.read\.)?\d?read_csv\s*\(", 0)
    assert (told.starts, told.lead) == (("read_csv",), (0, 12))
    assert needles(r"\w+read_csv", 0).starts == ()


def test_of_alternatives_each_says_all_that_it_holds() -> None:
    told = needles(r"\bassert .*(?:acc|f1)|(?:if .*loss|while .*epochs)", 0).either
    assert told == ((("assert ",), ("f1", "acc")), (("if ",), ("loss",)), (("while ",), ("epochs",)))


def test_a_parser_that_we_do_not_know_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_name: str) -> None:
        raise ImportError

    monkeypatch.setattr("mlscaffold.needles.import_module", gone)
    assert needles("read_csv", 0) == Needles()


def ours() -> dict[str, re.Pattern[Any]]:
    """The patterns of the facts, by name."""
    found: dict[str, re.Pattern[Any]] = {}
    for module in pkgutil.walk_packages(mlscaffold.repo.__path__, "mlscaffold.repo."):
        if module.name.rpartition(".")[2][0] in "acdnps" and not module.ispkg:
            loaded = importlib.import_module(module.name)
            lazy = {name: value for name, value in vars(loaded).items() if isinstance(value, LAZY)}
            found |= {f"{module.name}.{name}": value for name, value in lazy.items()}
    return found


OURS = ours()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_match_holds_a_word_of_each_set(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(OURS)))
    source, flags = OURS[name].pattern, OURS[name].flags
    if isinstance(
        source, bytes
    ):  # the same for Hypothesis, which cannot draw bytes where case does not matter
        source, flags = source.decode("latin-1"), flags | re.A
    text = data.draw(st.from_regex(re.compile(source, flags)))
    for words in needles(source, flags).sets:
        low = text.lower() if flags & re.I else text
        assert any(word in low for word in words) or {"ı", "ſ"} & set(low), (name, words)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_looking_first_finds_what_searching_finds(data: st.DataObject) -> None:
    pattern = OURS[data.draw(st.sampled_from(sorted(OURS)))]
    plain = re.compile(pattern.pattern, pattern.flags)
    source = plain.pattern.decode("latin-1") if isinstance(plain.pattern, bytes) else plain.pattern
    hits = st.from_regex(re.compile(source, plain.flags | (re.A if plain.pattern != source else 0)))
    words = [word for one in needles(source, plain.flags).sets for word in one] or ["x"]
    pieces = st.one_of(hits, st.sampled_from(words), st.sampled_from(["\n", " ", "_", '"', "(", "# ", LONG]))
    drawn = LONG + "".join(data.draw(st.lists(pieces, max_size=12)))
    text = drawn.encode("latin-1", "replace") if isinstance(plain.pattern, bytes) else drawn
    for name, found in methods(plain).items():
        given = ("-", text) if isinstance(text, str) else (b"-", text)
        mine, right = (method(*given[name[:3] != "sub" :]) for method in (found, getattr(plain, name)))
        assert said(mine) == said(right), (name, plain.pattern, text)


def said(answer: Any) -> Any:
    if isinstance(answer, re.Match):
        return answer.span()
    return [match.span() for match in answer] if isinstance(answer, Iterator) else answer


@pytest.mark.parametrize(
    ("pattern", "starts", "one_line"),
    [
        (r"\b(?:read|load)_\w+\(", {"read_", "load_"}, True),
        (r"\bread\s*\(", {"read"}, False),
        (r"(?:\w+\.)?read\(", set(), True),
        (r"[^\"]*read", set(), False),
        (r"read$", {"read"}, False),
        (r"(?m)read$", {"read"}, True),
        (r"read(?!\s*\()", {"read"}, False),
        (r"(?s)read.", {"read"}, False),
        (r"read|reads", {"read"}, True),
    ],
)
def test_where_a_match_starts_and_ends(pattern: str, starts: set[str], one_line: bool) -> None:
    told = needles(pattern, 0)
    assert set(told.starts) == starts
    assert told.one_line == one_line


TEXTS = ("", "foo", "a FOO b", LONG, f"{LONG} foo {LONG} Foo", f"{LONG} baſe", f"{LONG} BASE")


@pytest.mark.parametrize(("pattern", "flags"), [("foo", 0), ("foo|base", re.I), (r"\w", 0), ("(?i)fOO", 0)])
def test_answers_stay_those_of_re(pattern: str, flags: int) -> None:
    plain, lazy = re.compile(pattern, flags), regex(pattern, flags)
    for _ in range(MUCH // len(LONG)):
        for text in TEXTS:
            found, right = lazy.search(text), plain.search(text)
            assert (found and found.span()) == (right and right.span()), text
            assert [m.span() for m in lazy.finditer(text)] == [m.span() for m in plain.finditer(text)]
            assert lazy.findall(text) == plain.findall(text)
            assert lazy.sub("-", text, 1) == plain.sub("-", text, 1)
            assert lazy.subn("-", text) == plain.subn("-", text)
            assert bool(lazy.search(text, 4, 9)) == bool(plain.search(text, 4, 9))


def test_short_texts_are_searched_at_once_for_good() -> None:
    lazy = regex("foo of short texts")
    for _ in range(MANY + 2):
        assert lazy.search("a foo of short texts")
    assert lazy.search == re.compile("foo of short texts").search


def test_much_text_without_the_word_is_not_searched() -> None:
    lazy = regex("(x+x+)+foo")  # takes time without end on what is no match
    assert lazy.search("xxfoo" + "y" * MUCH)
    assert lazy.search("xxfoo" + "y" * MUCH)
    assert lazy.search("x" * MUCH) is None
    assert lazy.search("x" * MUCH + "fo") is None


@pytest.mark.parametrize("new", ["", "-", r"<\1>", lambda match: match[1].upper()])
@pytest.mark.parametrize("count", [(), (1,)])
def test_replacing_is_that_of_re(new: Any, count: tuple[int, ...]) -> None:
    plain = re.compile(r"\bread_(csv|json)\(")
    text = f"{LONG}\nread_csv('a')\nxread_csv('b') read_json(\n{LONG} read_csv()"
    assert methods(plain)["sub"](new, text, *count) == plain.sub(new, text, *count)
