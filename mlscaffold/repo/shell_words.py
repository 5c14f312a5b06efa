"""Shell text as commands of words: what is quoted or substituted stays whole, as the shell would read it."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple

SUBSTITUTED = r"\$\((?:[^()]|\([^()]*+\))*+\)|`[^`]*+`"
TOKEN = regex(
    r"(?P<space>[ \t\r]+|\\\n)"
    r"|(?P<comment>(?<![^\s;&|(])#[^\n]*)"
    r"|(?P<end>\n|&&|\|\|?|;+|&(?!>)|[()])"
    r"|(?P<away>(?:(?<![^\s;&|])\d|&)?>>?(?:&\d)?)"
    r"|(?P<taken><(?![<(]))"
    rf"|(?P<word>(?>\"(?>{SUBSTITUTED}|\\.|[^\"\\])*+\"|'[^']*+'|{SUBSTITUTED}|\$\{{[^{{}}\n]*+\}}|\\.|[^\s\"'`;&|<>()\\])++)"
    r"|(?P<other>.)",
)
PAIR = regex(r"\"((?:\\.|[^\"\\])*)\"|'([^']*)'|\\(.)")


class Command(NamedTuple):
    """One simple command: its words without quotes, the file that it reads, and what pipes into it."""

    words: tuple[str, ...]
    reads: str = ""
    before: tuple[str, ...] = ()


def shell_commands(text: str) -> Iterator[Command]:
    """The simple commands of `text`, in order; keywords such as `then` stand among the words."""
    words, reads, piped = list[str](), "", tuple[str, ...]()
    expects = ""
    for found in TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind == "word" and expects:
            reads, expects = (_plain(found[0]) if expects == "taken" else reads), ""
        elif kind == "word":
            words.append(_plain(found[0]))
        elif kind == "away" and found[0][-1].isdigit():
            expects = ""
        elif kind in ("away", "taken"):
            expects = kind
        elif kind == "end":
            if words:
                yield Command(tuple(words), reads, piped)
            piped = tuple(words) if found[0] == "|" else ()
            words, reads, expects = [], "", ""
    if words:
        yield Command(tuple(words), reads, piped)


def _plain(word: str) -> str:
    """The word without its quotes; substitutions keep theirs."""
    if word.startswith(("$(", "`")):
        return word
    return PAIR.sub(lambda m: next((g for g in m.groups() if g is not None), ""), word)
