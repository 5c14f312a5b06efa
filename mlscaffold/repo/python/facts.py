"""What one Python source says, as small records: names resolved to their imports, places, no syntax tree."""

from __future__ import annotations

import re
from collections.abc import Callable

from mlscaffold.named import NamedTuple

Role = str
"""`code`, `test` or `vendored`; empty before anybody asked for it."""


MAIN = "__main__"
"""What encloses the calls of a module that run only when it is started itself."""


class Spot(NamedTuple):
    """A place in a file; of a notebook, the line of the JSON file with the cell and the line in that cell."""

    path: str
    line: int | None = None
    cell: int | None = None
    cell_line: int | None = None


class Ref(NamedTuple):
    """A value that is no constant: the dotted name it is read from, or an empty name."""

    name: str


Value = str | int | float | bool | bytes | complex | None | Ref | tuple["Value", ...]


class Call(NamedTuple):
    """One call. `name` is dotted and follows imports (`th.load` of `import torch as th` is `torch.load`).

    A name that no import explains starts with a dot (`.model.fit`); what a call returns is written with
    brackets (`ruamel.yaml.YAML().load`). `inside` is the qualified name of the enclosing function.
    """

    name: str
    line: int
    args: tuple[Value, ...]
    keywords: dict[str, Value]
    inside: str

    @property
    def last(self) -> str:
        """The name's last part."""
        return self.name.rpartition(".")[2]

    def given(self, keyword: str) -> bool:
        """Whether the keyword is passed with something else than None, or may be, by `**`."""
        return self.keywords.get(keyword) is not None or "**" in self.keywords


class Named(NamedTuple):
    """A name or string worth remembering, and its line."""

    text: str
    line: int


class Fit(NamedTuple):
    """A step fitted on rows that are split afterwards: its line, what is fitted, the line of the split."""

    line: int
    step: str
    split: int


class Written(NamedTuple):
    """Rows, or a fitted step, that are written to a file.

    Names of files may have holes (`file_names`). `fit` is the line and the step that the values come out of,
    where any was fitted before a split; `rows` are the files that the values were read from. For a step that
    is written itself, `fitted_on` are the files whose rows it was fitted on.
    """

    line: int
    path: str
    fit: tuple[int, str] | None
    rows: tuple[str, ...]
    fitted_on: tuple[str, ...] = ()


class Parted(NamedTuple):
    """A split for evaluation: the line, and the files of the rows and of the steps applied to them."""

    line: int
    rows: tuple[str, ...]


class Listing(NamedTuple):
    """A listing whose order nothing fixes: its line and call, and where its text starts and ends."""

    line: int
    call: str
    start: tuple[int, int]
    end: tuple[int, int]


class Interest(NamedTuple):
    """Which calls, names and strings the walk keeps; everything else is forgotten with the tree."""

    roots: frozenset[str]
    methods: frozenset[str]
    keywords: frozenset[str]
    names: re.Pattern[str]
    strings: re.Pattern[str]
    known: dict[str, bool]
    """The names that were asked before: sources repeat them."""

    def wants(self, name: str) -> bool:
        """Whether the name is worth remembering."""
        wanted = self.known.get(name)
        if wanted is None:
            wanted = self.known[name] = self.names.search(name) is not None
        return wanted


class Source:
    """The summary of one Python file or notebook. Lines count within the file, or over a notebook's cells."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.role: Role = ""
        self.imports: dict[str, int] = {}
        self.calls: list[Call] = []
        self.called: set[str] = set()
        self.names: dict[str, int] = {}
        self.constants: list[tuple[str, int]] = []
        self.strings: list[Named] = []
        self.bases: dict[str, list[str]] = {}
        self.decorated: set[str] = set()
        self.tests = 0
        self.main = False
        self.fits: list[Fit] = []
        self.wrappers: dict[str, str] = {}
        """Functions that fit a step on their first argument, and the step."""
        self.written: list[Written] = []
        self.parted: list[Parted] = []
        self.listings: list[Listing] = []
        self.unread: tuple[int, str] | None = None
        """The first line that this Python cannot parse, and why; the rest of the source was still read."""
        self.broken = False
        """Whether the file is not valid Python; what of it could be parsed was read."""
        self.where: Callable[[int], Spot] | None = None

    @property
    def notebook(self) -> bool:
        """Whether the source is a notebook."""
        return self.path.endswith(".ipynb")

    def spot(self, line: int) -> Spot:
        """Where a line stands."""
        return self.where(line) if self.where else Spot(self.path, line)

    def imports_any(self, roots: frozenset[str] | set[str]) -> bool:
        """Whether any of the packages is imported."""
        return any(name.partition(".")[0] in roots for name in self.imports)
