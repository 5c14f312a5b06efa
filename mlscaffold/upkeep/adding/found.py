"""What an added file must know of the repository that it is added to: the `found` of the adopted texts."""

from __future__ import annotations

import shlex

from mlscaffold.named import NamedTuple
from mlscaffold.repo.committed.line_ends import windows_texts
from mlscaffold.repo.data.data_sets import data_sets
from mlscaffold.repo.environments.containers import dockerfiles
from mlscaffold.repo.environments.locks import deps_pinned
from mlscaffold.repo.notebooks.cells import notebooks
from mlscaffold.repo.pages.community import changelogs, code_owners, contributing_guides, security_policies
from mlscaffold.repo.pages.reproduce_commands import single_commands
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.default_branch import default_branch
from mlscaffold.repo.teamwork.quality import used
from mlscaffold.repo.training.training import training
from mlscaffold.repo.vendored import is_own
from mlscaffold.upkeep.adding.columns import DataTable, columns
from mlscaffold.upkeep.adding.ecosystems import Ecosystem, ecosystems
from mlscaffold.upkeep.adding.environments import Environment, environments, of_r
from mlscaffold.upkeep.adding.indentation import Indent, indents
from mlscaffold.upkeep.adding.jobs import RUNS, Job, NoJob, Pins, installs, job, recorded
from mlscaffold.upkeep.adding.starts import starts
from mlscaffold.upkeep.answering.hosting import forge_name

USUAL = ("main", "master")
CODE = (".py", ".ipynb", ".sh", ".r", ".rmd", ".jl", ".yaml", ".yml", ".toml")
"""What runs, and what it is configured with."""

BESIDE = ("docs", "doc", "documentation", "test", "tests")
"""Folders of the root whose names say what is in them."""


class Found(NamedTuple):
    """Facts in the shape in which texts use them. Paths are those of the repository, `/` between them."""

    forge: str
    branches: tuple[str, ...]
    """The branches that a push is tested on: the default one, and what most are called."""

    environment: Environment
    install: tuple[str, ...]
    """The commands that install the root's environment on a person's machine, none where nothing tells."""

    container_install: str
    """The same in one line, with the manager itself."""

    jobs: tuple[Job, ...]
    no_job: str
    starts: tuple[str, ...]
    """Commands that run the project, the one that makes its result first."""

    whole: str
    """The one command that makes the whole result again."""

    linters: tuple[str, ...]
    formatters: tuple[str, ...]
    notebooks: tuple[str, ...]
    outputs: bool
    """Whether some notebook is kept with its outputs."""

    ecosystems: tuple[Ecosystem, ...]
    tables: tuple[DataTable, ...]
    data: tuple[str, ...]
    trains: bool
    indents: tuple[Indent, ...]
    windows: bool
    """Whether git holds texts with the line ends of Windows."""

    folders: tuple[str, ...]
    """The folders of the root that hold code."""

    image_from: tuple[str, ...]
    """The files with exact versions that an image can install, none where nothing holds them."""

    dockerfile: str
    owners: str
    guide: str
    changelog: str
    policy: str
    paths: frozenset[str]
    pins: Pins

    @property
    def test(self) -> str:
        """The command that runs the tests of the first job, as a person types it."""
        first = next(iter(self.jobs), None)
        return inside(first.folder, local(first.test)) if first else ""

    @property
    def request(self) -> str:
        """What the forge calls a proposed change."""
        return "merge request" if self.forge == "GitLab" else "pull request"

    @property
    def entry(self) -> tuple[str, ...]:
        """What a container starts: the words of the first command that Python alone runs."""
        run = RUNS.get(self.environment.manager, "")
        plain = (c.removeprefix(run) for c in self.starts if c.removeprefix(run).startswith("python "))
        return tuple(next(plain, "python").split())

    @property
    def source(self) -> str:
        """The folder whose packages a container must be told of."""
        inside = any(path.startswith("src/") and path.endswith(".py") for path in self.paths)
        return "src" if inside else ""

    def ignorable(self, folder: str) -> bool:
        """Whether a folder of that name would hold no code that an image needs."""
        return not any(path.startswith(f"{folder}/") and path.lower().endswith(CODE) for path in self.paths)


def found(repo: Repo, pins: Pins) -> Found:
    """The facts of one repository; `pins` are the template's versions of tools that a text may name."""
    kept = environments(repo)
    made = [job(repo, one, pins) for one in dict.fromkeys((*kept, *of_r(repo)))]
    books = [book for book in notebooks(repo) if is_own(book.path)]
    whole = [single.command for single in single_commands(repo)]
    return Found(
        forge=forge_name(repo),
        branches=tuple(dict.fromkeys(filter(None, (default_branch(repo), *USUAL)))),
        environment=kept[0],
        install=_local_install(repo, kept[0], pins),
        container_install=" && ".join(installs(repo, kept[0], pins)),
        jobs=tuple(one for one in made if isinstance(one, Job)),
        no_job=next((one.reason for one in made if isinstance(one, NoJob)), ""),
        starts=tuple(_inside(kept[0].manager, command) for command in starts(repo)),
        whole=whole[0] if whole else "",
        linters=_tools(repo, "linter"),
        formatters=_tools(repo, "formatter"),
        notebooks=tuple(book.path for book in books),
        outputs=any(book.with_outputs for book in books),
        ecosystems=ecosystems(repo),
        tables=columns(repo),
        data=data_sets(repo),
        trains=bool(training(repo)),
        indents=indents(repo),
        windows=bool(windows_texts(repo)),
        folders=_folders(repo),
        image_from=_exact(repo, kept[0]),
        dockerfile=next((c.path for c in dockerfiles(repo) if "/" not in c.path), ""),
        owners=next((kept.path for kept in code_owners(repo)), ""),
        guide=next((kept.path for kept in contributing_guides(repo)), ""),
        changelog=next((kept.path for kept in changelogs(repo)), ""),
        policy=next((kept.path for kept in security_policies(repo)), ""),
        paths=frozenset(repo.files),
        pins={**pins, **recorded(repo, kept[0])},
    )


def _local_install(repo: Repo, environment: Environment, pins: Pins) -> tuple[str, ...]:
    """Without the manager, which a person has."""
    if environment.manager == "renv":
        return ("Rscript -e 'renv::restore()'",)
    tools = tuple(f"python -m pip install {name}==" for name in pins)
    commands = (c for c in installs(repo, environment, pins) if not c.startswith(tools))
    return tuple(inside(environment.folder, local(command)) for command in commands)


def inside(folder: str, command: str) -> str:
    """A command that is run in a folder, and leaves whoever types it where they are."""
    return f"(cd {shlex.quote(folder)} && {command})" if folder else command


def _inside(manager: str, command: str) -> str:
    """A call of Python in the manager's environment; one of conda is active by then."""
    return local(RUNS.get(manager, "") + command) if command.startswith("python ") else command


def local(command: str) -> str:
    """A command of CI as somebody types it, in an environment of conda that is active."""
    plain = command.removeprefix(RUNS["conda"]).replace('"$CONDA/bin/conda"', "conda")
    return plain.replace(" --quiet --name ci", "").replace(" --name ci --conda conda", "")


def _exact(repo: Repo, environment: Environment) -> tuple[str, ...]:
    if environment.lock:
        return (environment.lock,)
    plain = environment.manager in ("pip", "conda") and deps_pinned(repo) == "exact"
    return (environment.runtime,) if plain and environment.runtime else ()


def _tools(repo: Repo, kind: str) -> tuple[str, ...]:
    return tuple(repo.standard.tools[use.slug].name for use in used(repo, kind))


def _folders(repo: Repo) -> tuple[str, ...]:
    code = (".py", ".ipynb", ".r", ".rmd", ".jl")
    tops = (path.partition("/")[0] for path in repo.files if path.lower().endswith(code) and "/" in path)
    return tuple(dict.fromkeys(top for top in tops if not top.startswith(".") and top not in BESIDE))
