"""A rule's Markdown page: its title, its summary, and the cases that it shows, as data that tests can run."""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.repo.trees.past import Old, Past, written
from mlscaffold.repo.trees.tree import Entry
from mlscaffold.rule import Rule
from mlscaffold.titles import page_path

FENCE = regex(r"^(?P<ticks>`{3,})(?P<info>[^`\n]*)\n(?P<body>.*?)^(?P=ticks)[ \t]*$", re.M | re.S)
WORD = regex(r"""(?P<key>[\w-]+)(?:=(?P<quote>["']?)(?P<value>.*?)(?P=quote))?(?=\s|$)""")


class Case:
    """One section of a page: the repository that it shows and what the rule says of it.

    A fence with `title="path"` is a file (`untracked`, `executable`, `base64`, `size=N` where it is larger
    than shown, `symlink`, `submodule` and `ignored` say more), `fixed="path"` is that file after the
    finding's edit, `past="path" size=N packed=N` a file that only the history holds, `earlier="path"`
    what an earlier commit held, and `outcome` holds what the rule says, a line each; `no-git` on it means
    a plain folder, `partial="why"` half a history.
    """

    def __init__(self, title: str, line: int) -> None:
        self.title, self.line = title, line
        self.files: dict[str, str | bytes] = {}
        self.entries: dict[str, Entry] = {}
        self.ignored: dict[str, str | bytes] = {}
        self.fixed: dict[str, str] = {}
        self.outcome: list[str] = []
        self.in_git = True
        self.partial = ""
        self.past: list[Old] = []
        self.earlier: dict[str, list[bytes]] = {}

    def tree(self) -> MemoryTree:
        """The repository that the case shows."""
        history = {path: b"\0".join((b"", *texts)) for path, texts in self.earlier.items()}
        history[""] = written(Past(tuple(self.past), self.partial))
        return MemoryTree(
            self.files, entries=self.entries, in_git=self.in_git, ignored=self.ignored, history=history
        )


class Page(NamedTuple):
    """What `explain` prints, the docs publish and the tests run."""

    title: str
    summary: str
    text: str
    cases: tuple[Case, ...]


def page_of(rule: Rule) -> Page:
    """The page that lies beside the rule's code; raises FileNotFoundError where there is none."""
    return parse(page_path(rule).read_text("utf-8"))


def parse(text: str) -> Page:
    """Read a page: `# title`, a summary paragraph, and a case for each section with an `outcome` fence."""
    title = next((ln[2:].strip() for ln in text.splitlines() if ln.startswith("# ")), "")
    body = text.split("\n", 1)[1] if text.startswith("# ") else text
    summary = " ".join(body.strip().split("\n\n", 1)[0].split())
    cases = tuple(case for case in _sections(text) if case.outcome)
    return Page(title, summary, text, cases)


def _sections(text: str) -> Iterator[Case]:
    fences = list(FENCE.finditer(text))
    heads = [
        m
        for m in regex(r"^##+ (.+)$", re.M).finditer(text)
        if not any(f.start() < m.start() < f.end() for f in fences)
    ]
    for here, after in zip(heads, [*heads[1:], None], strict=True):
        end = after.start() if after else len(text)
        case = Case(here.group(1), text.count("\n", 0, here.start()) + 1)
        for fence in fences:
            if here.end() <= fence.start() < end:
                _take(case, fence)
        yield case


def _take(case: Case, fence: re.Match[str]) -> None:
    kind, _, rest = fence["info"].strip().partition(" ")
    words = {m["key"]: m["value"] for m in WORD.finditer(rest)}
    if kind == "outcome":
        case.outcome += fence["body"].rstrip("\n").split("\n")
        case.in_git = "no-git" not in words
        case.partial = words.get("partial") or ""
    elif path := words.get("fixed"):
        case.fixed[path] = fence["body"]
    elif path := words.get("earlier"):
        case.earlier.setdefault(path, []).append(fence["body"].encode())
    elif path := words.get("past"):
        case.past.append(Old(path, int(words["size"] or 0), int(words["packed"] or 0)))
    elif path := words.get("title"):
        _take_file(case, path, words, fence["body"])


def _take_file(case: Case, path: str, words: dict[str, str | None], body: str) -> None:
    content = a2b_base64(body) if "base64" in words else body.encode()
    if "ignored" in words:
        case.ignored[path] = content
        return
    case.files[path] = content
    case.entries[path] = Entry(
        path,
        kind="symlink" if "symlink" in words else "submodule" if "submodule" in words else "file",
        size=int(words.get("size") or len(content)),
        tracked="untracked" not in words,
        executable="executable" in words,
    )
