"""Under which terms a repository may be used: licences told by their words or by their names."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.pages.community import Kept, licences
from mlscaffold.repo.prose import decoded
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.symlinks import followed
from mlscaffold.repo.vendored import folder

MIT = (
    "permission is hereby granted, free of charge, to any person obtaining a copy of this software",
    "the above copyright notice and this permission notice shall be included in all copies",
    'the software is provided "as is", without warranty of any kind',
)
BSD = (
    "redistribution and use in source and binary forms, with or without modification, are permitted",
    "redistributions of source code must retain the above copyright notice",
    "in no event shall the",
)
APACHE = (
    "apache license version 2.0, january 2004",
    "terms and conditions for use, reproduction, and distribution",
)
KNOWN = (
    ("MIT", MIT, 190),
    ("BSD-3-Clause", (*BSD, "neither the name of"), 270),
    ("Apache-2.0", APACHE, 1800),
)
"""Our identifier, sentences that the text must hold, and more words than the text itself has."""

OTHERS = (
    ("AGPL-3.0", r"gnu affero general public license\s+version 3"),
    ("LGPL", r"gnu lesser general public license\s+version|gnu library general public license"),
    ("GPL-3.0", r"gnu general public license\s+version 3"),
    ("GPL-2.0", r"gnu general public license\s+version 2"),
    ("MPL-2.0", r"mozilla public license"),
    ("EUPL", r"european union public licen[cs]e"),
    ("CC0-1.0", r"cc0 1\.0 universal|creative commons legal code cc0"),
    ("CC-BY-NC", r"attribution-noncommercial"),
    ("CC-BY-SA", r"attribution-sharealike"),
    ("CC-BY", r"creative commons attribution|attribution 4\.0 international"),
    ("OpenRAIL", r"open ?rail"),
    ("Unlicense", r"this is free and unencumbered software"),
    ("ISC", r"permission to use, copy, modify, and/or distribute this software for any purpose"),
    ("EPL", r"eclipse public license"),
    ("MIT-0", r"permission is hereby granted, free of charge, to any person obtaining a copy"),
    ("BSD-4-Clause", r"all advertising materials mentioning"),
    ("BSD-3-Clause-Clear", r"no express or implied licenses to any party's patent"),
    ("BSD-2-Clause", r"redistribution and use in source and binary forms"),
)
ADDED = regex(
    r"commons clause|non-?commercial|llvm exception|for good, not evil|all advertising materials mentioning"
    r"|no express or implied licenses to any party's patent|except as contained in this notice, the name"
    r"|research purposes only|may not be used for"
)
"""Words that make other terms of a text which is else the usual one."""

NAMES = (
    ("MIT", r"(?:the )?(?:mit|expat)(?: licen[cs]e)?(?: \(mit\))?(?: \+ file licen[cs]e(?:\.md)?)?"),
    (
        "Apache-2.0",
        r"apache(?: software)?(?: licen[cs]e)?[ ,(-]*(?:version |v)?2(?:\.0)?\)?(?:-only| licen[cs]e)?",
    ),
    (
        "BSD-3-Clause",
        r"(?:the )?(?:new |modified |revised )?bsd[ -]*(?:3|three)(?:[ -]clause)?(?: licen[cs]e)?",
    ),
    ("BSD-3-Clause", r"(?:the )?(?:new|modified|revised) bsd(?: licen[cs]e)?"),
    ("Proprietary", r"proprietary(?: licen[cs]e)?|(?:licenseref-)?proprietary|other/proprietary licen[cs]e"),
    ("Proprietary", r"all rights reserved|not open source|licenseref-all-rights-reserved"),
)
NOTICE = regex(r"licensed under the apache license, version 2\.0 \(the \"license\"\)")
NOTICE_WORDS = 150
"""The paragraph that Apache's licence asks for in each file, which some take for the licence."""

CLOSED = regex(r"all rights reserved", re.I)
GRANTS = regex(
    r"(?:hereby|is|are) (?:granted|permitted)|hereby grant|licen[cs]ed? under|redistribution and use"
    r"|creative commons|public licen[cs]e"
)
CLOSED_WORDS = 400
COPYRIGHT = regex(
    r"^\W{0,6}copyright[ \t]{0,9}(?:\(c\)|©|&copy;)?[ \t]{0,9}:?[ \t]{0,9}(?:\(c\)[ \t]{0,9})?"
    r"(?P<year>(?:19|20)\d\d)"
    r"(?:[ \t]{0,9}[-–—,][ \t]{0,9}(?:(?:19|20)\d\d|\d\d|present|now)){0,60}[,.:;]?[ \t]{0,9}(?:by[ \t]|-)?"
    r"[ \t]{0,9}(?P<holder>[^\n]{0,200})",
    re.I | re.M,
)
OF_THE_TEXT = regex(r"free software foundation|creative commons|mozilla|european (?:union|community)", re.I)
SIZE = 100_000
MAIN = regex(r"(?:un)?licen[cs]e|copying", re.I)


class Terms(NamedTuple):
    """One licence text: its identifier, empty where nobody knows it, and whose copyright it states."""

    path: str
    name: str
    line: int | None = None
    year: str = ""
    holder: str = ""


@fact
def terms(repo: Repo) -> tuple[Terms, ...]:
    """What each licence text of the repository says; of several, the one called LICENSE first."""
    found = [_read(repo, kept) for kept in licences(repo)]
    return tuple(sorted(found, key=lambda t: (not _is_main(t.path), folder(t.path) != "", t.path)))


def main_terms(repo: Repo) -> tuple[Terms, ...]:
    """The texts that hold for the whole: the one called LICENSE, else all."""
    found = terms(repo)
    first = tuple(t for t in found if _is_main(t.path) and not folder(t.path))
    return first or found


def _is_main(path: str) -> bool:
    return MAIN.fullmatch(path.rpartition("/")[2].partition(".")[0]) is not None


def _read(repo: Repo, kept: Kept) -> Terms:
    path = kept.path
    text = decoded((repo.raw(followed(repo, path)) or b"")[:SIZE])
    text = _section(text, kept.line) if kept.line else text
    found = next((c for c in COPYRIGHT.finditer(text) if not OF_THE_TEXT.search(c["holder"])), None)
    if found is None:
        return Terms(path, recognised(text))
    line = text.count("\n", 0, found.start("year")) + 1
    return Terms(path, recognised(text), line, found["year"], _holder(found["holder"]))


def _section(text: str, line: int) -> str:
    """Of a README the terms alone, with the lines above them blank, so that places stay right."""
    lines = text.split("\n")
    first = next((n for n in range(line - 1, max(line - 8, 0), -1) if COPYRIGHT.match(lines[n - 1])), line)
    kept = [*[""] * (first - 1), *lines[first - 1 : line - 1]]
    for row in lines[line - 1 :]:
        if row.startswith(("#", "```", "---")):
            break
        kept.append(row)
    return "\n".join(kept)


def _holder(text: str) -> str:
    """A name without the words that only licences have around it."""
    bare = regex(r"\(?all rights reserved\)?\.?|<[^>]*>|\(?https?://\S+\)?", re.I).sub("", text)
    return " ".join(bare.split()).strip(" ,.;:-|*\"'")


def recognised(text: str) -> str:
    """The identifier of a licence by its words; empty where they are of no licence that is known here."""
    plain = _plain(text)
    for name, sentences, most in KNOWN:
        if all(s in plain for s in sentences) and len(plain.split()) <= most and not ADDED.search(plain):
            return name
    if NOTICE.search(plain) and len(plain.split()) <= NOTICE_WORDS:
        return "Apache-2.0"
    for name, words in OTHERS:
        if re.search(words, plain):
            return _changed(name, plain)
    if CLOSED.search(text) and not GRANTS.search(plain) and len(plain.split()) <= CLOSED_WORDS:
        return "Proprietary"
    return ""


def _changed(name: str, plain: str) -> str:
    """Of a well-known text with more in it than usual, a name that says so."""
    usual = next((known for known, sentences, _ in KNOWN if all(s in plain for s in sentences)), "")
    return f"{usual} with additions" if usual and name in ("MIT-0", "BSD-2-Clause") else name


def _plain(text: str) -> str:
    """Lower-case words with single blanks; copyright lines, quotes and marks of Markdown do not matter."""
    body = COPYRIGHT.sub("", text)
    body = regex(r"[“”„‘’`´]+|''").sub('"', body)
    body = regex(r"[*#>_|]|<[^>\n]{1,200}>|^\s*//", re.M).sub(" ", body)
    return regex(r"\s+").sub(" ", body).strip().lower()


def licence_named(text: str) -> str:
    """Our identifier of a licence that is called by its name, else the name itself."""
    bare = " ".join(regex(r"\bLicense ::|\bOSI Approved(?: ::)?").sub("", text).split())
    return next((name for name, words in NAMES if re.fullmatch(words, bare, re.I)), bare)
