"""Data dictionaries: documents that say what the fields of the data mean, and what they say of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import json_document, yaml_document
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.pages.open_items import MARKER, Unwritten, placeholders
from mlscaffold.repo.pages.readme import readme_path
from mlscaffold.repo.prose import SUFFIXES, Heading, Prose, Row, Table, clean, decoded, prose
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import vendored

NAMED = regex(
    r"(?:^|/)[^/]*(?:data[-_ ]?(?:dictionary|dict|sheet|card|description|contract)"
    r"|data[-_ ]?documentation|dataset[-_ ]?(?:card|description)|codebook|code[-_]book"
    r"|variable[-_ ]?(?:list|descriptions?)|feature[-_ ]?descriptions?)s?[^/]*$",
    re.IGNORECASE,
)
SCHEMA = regex(
    r"(?:^|/)(?:datapackage|table[-_]?schema|(?:[\w-]+[-_.])?schema|columns|fields|variables|features)\.(?:json|ya?ml)$",
    re.IGNORECASE,
)
OF_A_PROGRAM = regex(
    r"(?:^|[/_.-])(?:sample|forms?|ui|config(?:uration)?|settings?|values|requests?|responses?|openapi|swagger|api|plugin"
    r"|manifest|props|theme)[-_.]schema\.\w+$",
    re.IGNORECASE,
)
ASKS = regex(rb"[\"']?(?:ui:\w+|widget|placeholder|inputType|formType|component)[\"']?[ \t]*:")
"""Schemas of what people or programs fill in: a form, settings, a request."""

CROISSANT = regex(r"(?:^|/)(?:[^/]+[-_.])?croissant(?:[-_.][^/]+)?\.json(?:ld)?$", re.IGNORECASE)
DBT = regex(r"(?:^|/)(?:models|seeds|snapshots|sources)/(?:[^/]+/)*[^/]+\.ya?ml$", re.IGNORECASE)
"""Where dbt keeps the descriptions of its tables, by whatever file name."""

NOT_OURS = regex(r"template|(?:^|/)tests?/|(?:^|/)fixtures?/|\.(?:py|ipynb|jinja|j2)$", re.IGNORECASE)
_NEAR = (
    r"(?:^|/)(?:data|datasets?)/(?:[^/]+/)*[^/]*read[-_ ]?me[^/]*$",
    r"^docs?/(?:[^/]+/)*[^/]*data[^/]*$",
)
NEAR_DATA = regex("|".join(_NEAR), re.IGNORECASE)
NEAR = tuple(regex(one, re.IGNORECASE) for one in _NEAR)
"""The same one by one: more words are known of each."""

UNREADABLE = (".xlsx", ".xls", ".pdf", ".docx", ".ods")

NAME_HEAD = regex(
    r"(?:data )?(?:columns?|fields?|variables?|features?|attributes?)(?: ?names?)?|spalten?|feld|merkmal"
    r"|colonnes?|champs?|columnas?|campos?|variáve(?:l|is)|列名?|字段名?|变量名?|特征|属性"
    r"|カラム|変数|項目|변수|컬럼|столбец|поле|признак",
    re.IGNORECASE,
)
LOOSE_HEAD = regex(r"names?|keys?|parameter|名称|名前|이름", re.IGNORECASE)
MEANING_HEAD = regex(
    r"meaning|descriptions?|definitions?|explanation|what it (?:is|means)|details|notes?|comments?|label"
    r"|bedeutung|beschreibung|signification|significado|descripci[óo]n|descri[çc][ãa]o"
    r"|含义|说明|描述|解释|意味|説明|설명|описание|значение",
    re.IGNORECASE,
)
TYPE_HEAD = regex(r"(?:data ?)?types?|dtypes?|typ|tipo|类型|型|타입|тип", re.IGNORECASE)
RANGE_HEAD = regex(
    r"(?:value |valid )?ranges?|(?:allowed |possible )?values|domain|levels|bereich|rango|取值(?:范围)?",
    re.I,
)
ABOUT_DATA = regex(
    r"\bdata\b|dataset|dictionary|column|field|variable|attribute|schema|codebook|daten|datos|donn[ée]es|dados"
    r"|variáve(?:l|is)|variabl[ei]n?\b|variabil|merkmale|spalten|colonnes?|columnas?|colunas?"
    r"|数据|データ|데이터|данны",
    re.IGNORECASE,
)
NOT_DATA = regex(r"\benv|config|parameter|option|argument|setting|\bapi\b|endpoint|request|response", re.I)
DEFINED = regex(
    r"^(?:[-*+•]\s+|\d+[.)]\s+)?[`*_]{0,3}(?P<name>[^\W\d][\w .()/%-]{0,40}?)[`*_]{0,3}\s*"
    r"(?:\([^)]{1,40}\))?[`*_]{0,3}\s*(?::|–|—|\s-|=)[`*_]{0,3}\s*(?P<meaning>\S.{6,})$"
)
OF_DATA_PAGE = regex(
    r"(?:(?:raw|input|target|original|engineered|derived) )?"
    r"(?:features?|columns?|variables?|schema)(?: \([^)]*\))?:?"
)
WHOLE = regex(r"\b(?:data ?sets?|corpus|corpora|benchmark|split)\b", re.IGNORECASE)
"""What is defined is a whole data set, not a field of one."""

ANNOUNCES = regex(
    r"\b(?:data ?set|set of|data)\b[^.]*\b(?:variables|columns|fields|attributes|features)\b[^.]*:\W*$"
    r"|\b(?:variables|columns|fields|attributes|features)\b[^.]*\b(?:data ?set|data)\b[^.]*:\W*$",
    re.I,
)
A_DATA_SET = regex(
    r"\W*(?:(?:about|the|our) )*data ?sets?\b(?!.*\b(?:tools?|manager|generator|label|pipeline))"
    r"|\W*data (?:overview|description)",
    re.I,
)

SHEET = regex(
    r"for what purpose was the data ?set created|^motivation$|^composition$|^collection process"
    r"|^preprocessing|^distribution$|^maintenance$|who created the data ?set|what do the instances",
    re.IGNORECASE,
)


class Column(NamedTuple):
    """One field as a dictionary describes it."""

    line: int
    name: str
    type: str
    limits: str
    meaning: str


class Dictionary(NamedTuple):
    """A document that says what fields mean; `columns` is empty where it does so in sentences."""

    path: str
    columns: tuple[Column, ...]
    unwritten: Unwritten | None
    text: str


@fact
def dictionaries(repo: Repo) -> tuple[Dictionary, ...]:
    """The data dictionaries, datasheets and described schemas of the repository."""
    found = (_read(repo, path) for path in _candidates(repo))
    return tuple(entry for entry in found if entry)


def _candidates(repo: Repo) -> Iterator[str]:
    front, dbt = readme_path(repo), "dbt_project.yml" in repo.by_name
    named = repo.files if dbt else {front, *likely(repo, NAMED, SCHEMA, *NEAR, CROISSANT)}
    for path, entry in repo.files.items():
        if not entry.size or path not in named or vendored(path) or NOT_OURS.search(path):
            continue
        if (
            path == front
            or NAMED.search(path)
            or SCHEMA.search(path)
            or NEAR_DATA.search(path)
            or (dbt and DBT.search(path))
            or CROISSANT.search(path)
        ):
            yield path


def _read(repo: Repo, path: str) -> Dictionary | None:
    named = NAMED.search(path) is not None
    suffix = "." + path.rpartition(".")[2].lower() if "." in path.rpartition("/")[2] else ""
    if suffix in UNREADABLE:
        return Dictionary(path, (), None, "") if named else None
    if suffix in (".json", ".jsonld", ".yaml", ".yml"):
        return _schema(repo, path)
    if suffix in (".csv", ".tsv"):
        return _sheet(repo, path) if named else None
    page = prose(repo, path) if suffix in SUFFIXES else None
    return _document(page, named=named) if page else None


def _document(page: Prose, *, named: bool) -> Dictionary | None:
    columns = tuple(c for table in page.tables if _fits(page, table, named=named) for c in _columns(table))
    described = sum(1 for column in columns if _says(column.meaning))
    if len(columns) >= 2 and (described >= 1 or named):
        return Dictionary(page.path, columns, placeholders(page.text), page.text)
    if _defines(page, named=named) or len({h.text for h in page.headings if SHEET.search(h.text)}) >= 3:
        return Dictionary(page.path, (), placeholders(page.text), page.text)
    if named and MARKER.search(page.text):
        # the template's own page before there is data: DOC121 says that it is open
        return Dictionary(page.path, (), placeholders(page.text), page.text)
    return None


def _says(meaning: str) -> bool:
    return bool(regex(r"\w{2}").search(meaning)) and "[to write:" not in meaning


def _fits(page: Prose, table: Table, *, named: bool) -> bool:
    """Whether a table describes fields: elsewhere than in a dictionary, its heading must speak of data."""
    head = [clean(cell) for cell in table.header.cells]
    if not head or not any(MEANING_HEAD.fullmatch(cell) for cell in head):
        return False
    if NAME_HEAD.fullmatch(head[0]):
        strict = regex(r"columns?(?: names?)?|列名?|字段名?", re.I).fullmatch(head[0])
        return named or bool(strict) or _about_data(page, table.header)
    return named and bool(LOOSE_HEAD.fullmatch(head[0]))


def _about_data(page: Prose, header: Row) -> bool:
    heading = page.above(header.line)
    title = heading.text if heading else ""
    return ABOUT_DATA.search(title) is not None and not NOT_DATA.search(title)


def _columns(table: Table) -> Iterator[Column]:
    head = [clean(cell) for cell in table.header.cells]

    def cell(row: Row, pattern: re.Pattern[str]) -> str:
        for index, title in enumerate(head):
            if index and pattern.fullmatch(title) and index < len(row.cells):
                return row.cells[index]
        return ""

    for row in table.rows:
        name = row.cells[0].strip().strip("`*").strip()
        if name:
            kind, limits = clean(cell(row, TYPE_HEAD)), cell(row, RANGE_HEAD)
            yield Column(row.line, name, kind, limits, clean(cell(row, MEANING_HEAD)))


def _defines(page: Prose, *, named: bool) -> bool:
    """Whether a list gives the meaning of two fields or more: in a dictionary, else under such a heading."""
    near = NEAR_DATA.search(page.path) is not None
    last = page.text.count("\n") + 1
    spans = [page.section(h) for h in page.headings if _field_list(h, near)]
    if not page.headings:
        heads = (s for s in page.said if s.text.endswith(":") and len(s.text.split()) <= 4)
        spans = [(s.line + 1, last) for s in heads if _field_list(Heading(s.line, 1, s.text), near)]
    if named:
        spans = [(1, last)]
    return len(_defined(page, spans)) >= 2 or _below_data(page) or _announced(page)


def _defined(page: Prose, spans: list[tuple[int, int]]) -> list[str]:
    """The names whose meaning the lines of these spans give."""
    lines = [s.text for s in page.said if any(first <= s.line <= last for first, last in spans)]
    defined = [m for text in lines if (m := DEFINED.match(text)) and len(m["meaning"].split()) >= 2]
    return [m["name"] for m in defined if not WHOLE.search(m["name"])]


def _below_data(page: Prose) -> bool:
    """Whether a section on features below a heading on the data set gives the meaning of three columns."""
    for heading in page.headings:
        of_data = any(A_DATA_SET.match(clean(h.text)) for h in page.around(heading.line))
        if of_data and _field_list(heading, near=True) and _explains(page, page.section(heading)):
            return True
    return False


def _announced(page: Prose) -> bool:
    """Whether a sentence announces the variables of the data, and a list explains three of them or more."""
    for said in page.said:
        if ANNOUNCES.search(said.text) and not NOT_DATA.search(said.text):
            after = (heading.line for heading in page.headings if heading.line > said.line)
            if _explains(page, (said.line + 1, next(after, page.text.count("\n") + 2) - 1)):
                return True
    return False


def _explains(page: Prose, span: tuple[int, int]) -> bool:
    """Whether these lines give the meaning of three names or more that are one word each."""
    return len([name for name in _defined(page, [span]) if " " not in name.strip()]) >= 3


def _field_list(heading: Heading, near: bool) -> bool:
    """Whether a heading announces fields; on a page about data, features or a schema are enough."""
    title = clean(heading.text).lower()
    return (near and OF_DATA_PAGE.fullmatch(title) is not None) or bool(
        regex(
            r"\b(?:data (?:fields|dictionary|columns|description|schema)|columns?(?: descriptions?)?"
            r"|(?<!environment )(?<!env )variable(?:s| descriptions?| definitions?)"
            r"|attributes?(?: information)?|(?:data ?set|input|data) features|fields)\b"
            r"|字段|数据字典|データ項目"
        ).search(title)
    )


def _schema(repo: Repo, path: str) -> Dictionary | None:
    if OF_A_PROGRAM.search(path) or ASKS.search(repo.raw(path) or b""):
        return None
    read = json_document if path.lower().endswith((".json", ".jsonld")) else yaml_document
    found = list(_described(read(repo, path), 0))
    if sum(1 for _, _, meaning in found if meaning) < 2:
        return None
    columns = tuple(Column(1, name, kind, "", meaning) for name, kind, meaning in found)
    return (
        Dictionary(path, columns, None, "")
        if len({c.name for c in columns}) == len(columns)
        else Dictionary(path, (), None, "")
    )


def _described(value: Any, level: int) -> Iterator[tuple[str, str, str]]:
    """Name, type and description of each field of a schema: lists of named mappings, or mappings by name."""
    if level > 8:
        return
    match value:
        case {"name": str() as name, "description": str() as meaning, **rest} if not _nested(rest):
            yield name, str(rest.get("type", "")), meaning
        case dict():
            for key, inner in value.items():
                if key == "properties" and isinstance(inner, dict):
                    yield from _properties(inner)
                elif key in (
                    "columns",
                    "fields",
                    "schema",
                    "resources",
                    "models",
                    "sources",
                    "tables",
                    "features",
                    "seeds",
                    "snapshots",
                    "recordSet",
                    "field",
                ):
                    yield from _properties(inner) if _by_name(inner) else _described(inner, level + 1)
        case list():
            for inner in value:
                yield from _described(inner, level + 1)


def _nested(rest: dict[Any, Any]) -> bool:
    return any(isinstance(v, list) and v and isinstance(v[0], dict) and "name" in v[0] for v in rest.values())


def _by_name(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(v, dict) and "description" in v for v in value.values())


def _properties(value: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, entry in value.items():
        if isinstance(entry, dict):
            yield str(name), str(entry.get("type", "")), str(entry.get("description", ""))


def _sheet(repo: Repo, path: str) -> Dictionary | None:
    """A dictionary kept as a table file: a row for each field."""
    import csv

    text = decoded(repo.raw(path) or b"")[:200_000]
    try:
        rows = list(csv.reader(text.split("\n"), delimiter="\t" if path.endswith(".tsv") else ","))
    except csv.Error:
        return None
    header, *body = rows or [[]]
    lines = tuple(Row(number, tuple(row)) for number, row in enumerate(body, 2) if row)
    table = Table(Row(1, tuple(header)), lines)
    if not _fits(Prose(path, "", "", (), (), (), ()), table, named=True):
        return None
    return Dictionary(path, tuple(_columns(table)), None, "")
