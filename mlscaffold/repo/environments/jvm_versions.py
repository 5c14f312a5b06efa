"""Whether builds of Java, Scala and Kotlin name one version of each dependency."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.environments.manifests import Manifest, manifests
from mlscaffold.repo.repo import Repo

DEPENDENCY = regex(r"<dependency>(?P<said>.{0,2000}?)</dependency>", re.S)
VERSION = regex(r"<version>\s*(?P<version>[^<]*?)\s*</version>")
MANAGED = regex(r"<parent>|<scope>\s*import\s*</scope>")
"""Another build that the versions come from, which is itself named with its version."""

ARTIFACT = regex(
    r"[\"'][\w.-]+[\"']\s*%{1,3}\s*[\"'][\w.-]+[\"'](?:\s*%\s*(?P<sbt>[\"'][^\"'\n]+[\"']|[A-Za-z][\w.]*))?"
    r"|\b(?:implementation|api|compile|compileOnly|runtimeOnly|testImplementation|testCompile)\b[ (]+"
    r"[\"'][\w.-]+:[\w.-]+(?::(?P<gradle>[^\"'\n]+))?[\"']"
)
FOR_ALL = regex(r"\.map\s*\(\s*_\s*%\s*\w")
LOOSE = regex(r"[\[(,+]|latest|release$", re.I)
"""Ranges, and names for whatever is newest."""


def pinning(repo: Repo) -> str:
    """`exact`, `partial` or `none`; builds without dependencies pin nothing."""
    found = [
        fixed
        for manifest in manifests(repo)
        if manifest.language == "jvm"
        for fixed in _fixed(manifest, repo.text(manifest.path) or "")
    ]
    return "exact" if found and all(found) else "partial" if any(found) else "none"


def _fixed(manifest: Manifest, text: str) -> Iterator[bool]:
    if manifest.path.endswith("pom.xml"):
        for hit in DEPENDENCY.finditer(text):
            version = VERSION.search(hit["said"])
            yield not LOOSE.search(version["version"]) if version else MANAGED.search(text) is not None
        return
    for hit in ARTIFACT.finditer(text):
        said = hit["sbt"] or hit["gradle"] or ""
        yield not LOOSE.search(said) if said else FOR_ALL.search(text) is not None
