"""ENV117: a team shares how its editors and workbenches are set up."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import FromTemplate
from mlscaffold.repo.definitions import definitions
from mlscaffold.repo.environments.containers import containers
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import own
from mlscaffold.rule import Finding, Satisfied, rule
from mlscaffold.rules.applies import has_code
from mlscaffold.standard import Standard

PATH = ".editorconfig"
FILES = {
    PATH: "EditorConfig",
    ".gitpod.yml": "Gitpod",
    "*.sublime-project": "Sublime Text",
    ".dir-locals.el": "Emacs",
    ".exrc": "Vim",
    ".nvim.lua": "Neovim",
    "jupyter_server_config.*": "Jupyter",
    "jupyter_notebook_config.*": "Jupyter",
    "jupyter_lab_config.*": "Jupyter",
    "devfile.yaml": "a devfile",
}
FOLDERS = {".zed/settings.json": "Zed", ".helix/languages.toml": "Helix", ".fleet/settings.json": "Fleet"}


@rule("ENV117", level="collaboration", since="1.0", when=has_code)
def no_shared_workbench(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """Any editor's or workbench's settings in the repository, or a container for development."""
    found = dict(_found(repo))
    for path, by in found.items():
        yield Satisfied(path, by=by)
    if not found:
        message = (
            "no editor or workbench is set up alike for all: add .editorconfig, or an editor's own settings"
        )
        yield Finding(PATH, message, fix=FromTemplate(PATH), key="missing")


def _found(repo: Repo) -> Iterator[tuple[str, str]]:
    """One place of each tool."""
    places = [(path, by) for name, by in FILES.items() for path in own(repo, name)]
    places += [(path, by) for path, by in FOLDERS.items() if path in repo.files]
    places += [(c.path, "a development container") for c in containers(repo) if c.kind == "devcontainer"]
    places += [(place.path, place.tool) for place in definitions(repo, "workbench")]
    seen: set[str] = set()
    for path, by in places:
        if by not in seen and repo.files[path].size:
            seen.add(by)
            yield path, by
