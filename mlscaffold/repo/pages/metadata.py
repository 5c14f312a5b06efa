"""What a project says of itself in its packaging and its citation: name, authors, licence, address."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator
from typing import Any, Literal

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import toml_document, yaml_document
from mlscaffold.repo.environments.manifests import line_of, table
from mlscaffold.repo.repo import Repo, fact

Field = Literal["name", "title", "description", "author", "email", "license", "url", "date"]
LONGEST = 1000
"""As many characters of one statement are read: nobody has a longer name."""

MOST_PEOPLE = 100
MAIL = regex(r"[^\s<>@,;]+@[^\s<>@,;]+\.[^\s<>@,;]+")
SOURCE_URL = regex(r"source(?:[ _-]?code)?|repository|repo|code|github|gitlab|homepage|home", re.I)
R_FIELD = regex(r"^(?P<key>[A-Z][\w@/]*):[ \t]*(?P<value>.*(?:\n[ \t]+.*)*)", re.M)
R_PERSON = regex(
    r"person\(\s*(?:given\s*=\s*)?[\"'](?P<given>[^\"']+)[\"']\s*"
    r"(?:,\s*(?:family\s*=\s*)?(?:[\"'](?P<family>[^\"']*)[\"']|NULL))?(?P<rest>(?:[^()]|\([^()]{0,200}\)){0,600})\)"
)
R_ROLE = regex(r"role\s*=\s*(?:c\()?[^)]*[\"'](?:aut|cre)[\"']")
AS_TABLE: dict[str, Field] = {"name": "author", "email": "email"}
WORDS: dict[str, Field] = {
    "name": "name", "description": "description", "author": "author", "author_email": "email",
    "license": "license", "url": "url",
}  # fmt: skip


class Said(NamedTuple):
    """One statement: which part of the project's description, and where it stands."""

    field: Field
    value: str
    path: str
    line: int | None = None


@fact
def metadata(repo: Repo) -> tuple[Said, ...]:
    """Every statement of the files at the root: packaging first, citation last."""
    found = [
        *_pyproject(repo),
        *_setup_cfg(repo),
        *_setup_py(repo),
        *_r(repo),
        *_julia(repo),
        *_citation(repo),
    ]
    plain = (said._replace(value=" ".join(said.value[:LONGEST].split())) for said in found)
    return tuple(said for said in plain if said.value)


def stated(repo: Repo, *fields: Field) -> tuple[Said, ...]:
    """The statements of these parts, in the order of the files."""
    return tuple(said for said in metadata(repo) if said.field in fields)


def _pyproject(repo: Repo) -> Iterator[Said]:
    path = "pyproject.toml"
    document = toml_document(repo, path) if path in repo.files else None
    project, poetry = table(document, "project"), table(document, "tool", "poetry")
    for at in (project, poetry):
        for field in ("name", "description"):
            if isinstance(value := at.get(field), str):
                yield Said(WORDS[field], value, path, line_of(repo, path, rf"^\s*{field}\s*="))
        yield from _people(repo, path, at.get("authors"))
        yield from _toml_licence(repo, path, at)
        urls = table(at, "urls") | {
            k: at[k] for k in ("repository", "homepage") if isinstance(at.get(k), str)
        }
        yield from _urls(repo, path, urls)


def _toml_licence(repo: Repo, path: str, at: dict[str, Any]) -> Iterator[Said]:
    value = at.get("license")
    text = value.get("text") if isinstance(value, dict) else value
    if isinstance(text, str) and text.count("\n") < 2:  # some put the whole text there
        yield Said("license", text, path, line_of(repo, path, r"^\s*license\s*="))
    named = [c for c in at.get("classifiers") or () if isinstance(c, str) and c.startswith("License ::")]
    for name in named:
        yield Said("license", name, path, line_of(repo, path, re.escape(name)))


def _urls(repo: Repo, path: str, urls: dict[str, Any]) -> Iterator[Said]:
    for key, value in urls.items():
        if isinstance(value, str) and SOURCE_URL.fullmatch(key):
            yield Said("url", value, path, line_of(repo, path, re.escape(value)))


def _people(repo: Repo, path: str, authors: Any) -> Iterator[Said]:
    """People as tables of name and email, or as `name <email>`."""
    for person in authors[:MOST_PEOPLE] if isinstance(authors, list) else ():
        if isinstance(person, str):
            yield from _person(repo, path, person)
        elif isinstance(person, dict):
            for key, field in AS_TABLE.items():
                if isinstance(value := person.get(key), str) and value.strip():
                    yield Said(field, value, path, line_of(repo, path, re.escape(value)))


def _person(repo: Repo, path: str, text: str) -> Iterator[Said]:
    name, _, rest = text[:LONGEST].partition("<")
    line = line_of(repo, path, re.escape(text[:LONGEST]))
    yield Said("author", name, path, line)
    if mail := MAIL.search(rest):
        yield Said("email", mail[0], path, line)


def _setup_cfg(repo: Repo) -> Iterator[Said]:
    path = "setup.cfg"
    text = repo.text(path) if path in repo.files else None
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text or "")
    except (configparser.Error, ValueError):
        return
    rows = dict(parser.items("metadata")) if parser.has_section("metadata") else {}
    for key, value in rows.items():
        plain = key.replace("-", "_")
        if plain in WORDS and value and not value.startswith(("file:", "attr:")):
            yield Said(WORDS[plain], value, path, line_of(repo, path, rf"^\s*{re.escape(key)}\s*[=:]"))


def _setup_py(repo: Repo) -> Iterator[Said]:
    path = "setup.py"
    text = repo.text(path) if path in repo.files else None
    if not text:
        return
    from mlscaffold.repo.environments.setup_files import setup_words

    for key, (value, line) in setup_words(text, frozenset(WORDS)).items():
        yield Said(WORDS[key], value, path, line)


def _r(repo: Repo) -> Iterator[Said]:
    """The fields of an R package's DESCRIPTION."""
    path = "DESCRIPTION"
    text = (repo.text(path) if path in repo.files else None) or ""
    keys: dict[str, Field] = {"Package": "name", "Title": "description", "License": "license", "URL": "url"}
    for found in R_FIELD.finditer(text):
        key, value = found["key"], found["value"]
        line = text.count("\n", 0, found.start()) + 1
        if key in keys:
            yield Said(keys[key], value.split(",")[0] if key == "URL" else value, path, line)
        elif key == "Authors@R":
            yield from _r_people(path, value, line)
        elif key == "Author" and "Authors@R:" not in text:
            yield Said("author", regex(r"\s*\[[^\]]*\]|<[^>]*>").sub("", value[:LONGEST]), path, line)


def _r_people(path: str, text: str, line: int) -> Iterator[Said]:
    for found in R_PERSON.finditer(text):
        at = line + text.count("\n", 0, found.start())
        if R_ROLE.search(found["rest"]):
            yield Said("author", f"{found['given']} {found['family'] or ''}", path, at)
            if mail := MAIL.search(found["rest"].replace('"', " ").replace("'", " ")):
                yield Said("email", mail[0], path, at)


def _julia(repo: Repo) -> Iterator[Said]:
    path = "Project.toml"
    document = toml_document(repo, path) if path in repo.files else None
    if isinstance(name := table(document).get("name"), str):
        yield Said("name", name, path, line_of(repo, path, r"^\s*name\s*="))
    yield from _people(repo, path, table(document).get("authors"))


def _citation(repo: Repo) -> Iterator[Said]:
    path = "CITATION.cff"
    document = table(yaml_document(repo, path)) if path in repo.files else {}
    keys: dict[str, Field] = {"title": "title", "license": "license", "repository-code": "url"}
    for key, field in keys.items():
        if isinstance(value := document.get(key), str):
            yield Said(field, value, path, line_of(repo, path, rf"^{key}\s*:"))
    if date := document.get("date-released"):
        yield Said("date", str(date), path, line_of(repo, path, r"^date-released\s*:"))
    people = document.get("authors")
    for person in people[:MOST_PEOPLE] if isinstance(people, list) else ():
        parts = (table(person).get(key) for key in ("given-names", "name-particle", "family-names", "name"))
        name = " ".join(part for part in parts if isinstance(part, str))
        last = name.rpartition(" ")[2]
        yield Said("author", name, path, line_of(repo, path, rf":\s*[\"']?[^\n]*{re.escape(last)}"))
        if isinstance(mail := table(person).get("email"), str):
            yield Said("email", mail, path, line_of(repo, path, re.escape(mail)))
