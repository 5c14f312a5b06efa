"""How other templates call what ours asks, and what their answers mean among our choices."""

from __future__ import annotations

import re
from collections.abc import Callable

from mlscaffold.lazy import regex
from mlscaffold.repo.pages.licence_terms import licence_named
from mlscaffold.upkeep.answering.terms import offered

KEYS: dict[str, tuple[str, ...]] = {
    "project_name": ("project_name", "friendly_name", "project_title"),
    "description": (
        "description", "project_short_description", "project_description", "short_description",
        "package_description",
    ),
    "author": (
        "author", "author_name", "author_full_name", "author_fullname", "full_name", "authors",
        "copyright_holder", "maintainer_name",
    ),
    "author_email": ("author_email", "email", "copyright_holder_email", "maintainer_email"),
    "license": ("license", "open_source_license", "copyright_license", "project_license", "license_type"),
    "environment": ("environment_manager", "dependency_manager", "package_manager"),
    "package_name": (
        "package_name", "python_package_import_name", "python_package", "module_name", "import_name",
        "project_slug", "package_slug",
    ),
    "distribution_name": (
        "distribution_name", "python_package_distribution_name", "pypi_name", "pypi_package_name",
    ),
    "data_remote": ("dataset_storage",),
    "repository_url": ("repository_url", "repo_url", "project_url", "github_url", "url"),
    "year": ("copyright_year", "year", "copyright_date"),
}  # fmt: skip
"""Our question, and their keys, the most telling first."""

ENVIRONMENTS = {
    "uv": "uv",
    "conda": "conda-lock",
    "conda-lock": "conda-lock",
    **dict.fromkeys(("pip-tools", "virtualenv", "pip", "venv"), "pip-tools"),
    **dict.fromkeys(("pipenv", "poetry", "pixi", "pdm", "hatch"), ""),
}
"""Managers by their names: our answer, empty where we have none."""

UNSAID = ("no license file", "no license", "none", "other", "")
SAYS_NOTHING = regex(r"bsd(?: licen[cs]e)?|", re.I)


def translated(question: str, value: str) -> str | None:
    """The value among our choices; empty where we have none for it, None where it says nothing."""
    return READ[question](value) if question in READ else value


def _licence(value: str) -> str | None:
    named = licence_named(value)
    if named.lower() in UNSAID or SAYS_NOTHING.fullmatch(named):
        return None
    return named if named in offered() else ""


def _year(value: str) -> str | None:
    found = regex(r"(?:19|20)\d\d").search(value)
    return found[0] if found else None


READ: dict[str, Callable[[str], str | None]] = {
    "license": _licence,
    "environment": lambda value: ENVIRONMENTS.get(value.lower()),
    "data_remote": lambda value: "none" if value.lower() == "none" else None,
    "year": _year,
    "package_name": lambda value: value if value.isidentifier() else None,
    "repository_url": lambda value: value if value.startswith("https://") else None,
}
