"""Jinja over a template that lies in memory, set up as copier sets it up."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Any

from mlscaffold.errors import Stop
from mlscaffold.repo.cache import users_folder
from mlscaffold.upkeep.template import Files

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

MOST = 1000
"""Compiled templates that are kept: about twenty versions of the template."""
MISSING = (
    "the template needs copier's engine. Install the extra: pip install 'mlscaffold-toolkit[new]' "
    "(from the checkout or wheel that you installed mlscaffold from)."
)


class Engine:
    """Renders strings and files of one template. Compiled templates are kept in the user's cache folder."""

    def __init__(self, files: Files, options: Mapping[str, Any]) -> None:
        self._files = files
        self._options = options

    def text(self, source: str, context: Mapping[str, Any]) -> str:
        """A string as a template; raises jinja2.TemplateError."""
        if "{" not in source:
            return source
        return self._environment.from_string(source).render(context)

    def file(self, path: str, context: Mapping[str, Any]) -> str:
        """A file of the template by its path; raises jinja2.TemplateError."""
        return self._environment.get_template(path).render(context)

    @cached_property
    def _environment(self) -> SandboxedEnvironment:
        jinja2, sandbox = _jinja2()
        options = dict(self._options)
        if options.get("undefined") == "jinja2.StrictUndefined":
            options["undefined"] = jinja2.StrictUndefined
        environment: SandboxedEnvironment = sandbox.SandboxedEnvironment(
            loader=jinja2.FunctionLoader(self._load),
            extensions=["jinja2_ansible_filters.AnsibleCoreFiltersExtension"],
            bytecode_cache=_kept(jinja2),
            **options,
        )
        return environment

    def _load(self, path: str) -> str | None:
        file = self._files.get(path)
        return file.content.decode("utf-8").replace("\r\n", "\n") if file else None


def _jinja2() -> tuple[ModuleType, ModuleType]:
    try:
        import jinja2
        import jinja2.sandbox
        import jinja2_ansible_filters  # type: ignore[import-untyped]  # noqa: F401
    except ImportError:
        raise Stop(MISSING) from None
    return jinja2, jinja2.sandbox


def _kept(jinja2: ModuleType) -> Any:
    """Where compiled templates are kept: they are keyed by their source and by Jinja's version."""
    home = users_folder()
    if home is None:
        return None
    folder = home / "jinja"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        full = len(os.listdir(folder)) > MOST  # noqa: PTH208 (names alone, and fast)
    except OSError:
        return None
    kept = jinja2.FileSystemBytecodeCache(str(folder))
    if full:
        kept.clear()
    return kept
