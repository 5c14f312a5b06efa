"""A template with answers, rendered in memory: the same files that copier writes.

Copier takes about three seconds of CPU to start and to render twice; a plan needs two renderings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import join
from typing import Any

from mlscaffold.errors import Stop
from mlscaffold.upkeep.answers import Settled, engine
from mlscaffold.upkeep.jinja import Engine
from mlscaffold.upkeep.template import File, Files, Template

ANSWERS_FILE = ".copier-answers.yml"


def render(template: Template, settled: Settled) -> Files:
    """The files of the new repository, without copier's own answers file.

    Raises Stop where a file of the template cannot be rendered.
    """
    rules = template.settings
    jinja = engine(template)
    context = settled.context
    left_out = _left_out(jinja, rules.get("_exclude", []), context)
    below, suffix = rules.get("_subdirectory", ""), rules.get("_templates_suffix", ".jinja")
    made: dict[str, File] = {}
    for source, file in _sources(template, below):
        path = _path(jinja, source.removesuffix(suffix), context)
        if path and not left_out(path) and path != ANSWERS_FILE:
            filled = source.endswith(suffix) and file.mode != "120000"
            made[path] = _filled(jinja, join(below, source), file, context) if filled else file
    return dict(sorted(made.items()))


def _sources(template: Template, below: str) -> Iterator[tuple[str, File]]:
    start = f"{below}/" if below else ""
    for path, file in template.files.items():
        if path.startswith(start):
            yield path[len(start) :], file


def _path(jinja: Engine, source: str, context: Mapping[str, Any]) -> str:
    parts = [jinja.text(part, context) for part in source.split("/")]
    return "/".join(parts) if all(parts) else ""  # a part that renders to nothing leaves the file out


def _filled(jinja: Engine, source: str, file: File, context: Mapping[str, Any]) -> File:
    import jinja2

    try:
        return file._replace(content=jinja.file(source, context).encode())
    except jinja2.TemplateError as error:
        line = f":{error.lineno}" if isinstance(error, jinja2.TemplateSyntaxError) else ""
        raise Stop(f"the template's {source}{line} cannot be rendered: {error}") from None


def _left_out(jinja: Engine, patterns: list[str], context: Mapping[str, Any]) -> Any:
    import pathspec

    kind = "gitignore" if pathspec.__version__.split(".")[0] != "0" else "gitwildmatch"
    lines = [line for pattern in patterns for line in jinja.text(pattern, context).splitlines()]
    return pathspec.PathSpec.from_lines(kind, lines).match_file
