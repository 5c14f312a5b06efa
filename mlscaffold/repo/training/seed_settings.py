"""Where a seed can be set without editing code, and where one is a number in the code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Call, Ref, Source, Spot
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.randomness import drawn
from mlscaffold.repo.training.training import training
from mlscaffold.repo.vendored import is_own

SETTINGS = (".yml", ".yaml", ".toml", ".json", ".cfg", ".ini", ".gin", ".env", ".conf", ".jsonnet")
KEY = regex(
    rb"^[ \t,{-]*[\"']?(?:[\w.-]*[._-])?(?:seeds?|random_?(?:state"
    rb"|seed)s?)(?:[._-]\w+)?[\"']?[ \t]*[:=]",
    re.I | re.M,
)
IN_CODE = regex(
    rb"\bHfArgumentParser\(|"
    rb"\b(?:add_argument|option|Option|DEFINE_\w+|arg|opt"
    rb"|addParam)\([^()\n]{0,80}[\"'](?:--?)?[\w-]{0,30}seed"
    rb"|^[ \t]+\w{0,20}(?:seed|random_state)s?[ \t]*:[ \t]*[\w.\[\]| ]{0,40}(?:=|$)"
    rb"|(?:environ|getenv)[^\n]{0,30}SEED|\bfor[ \t]+[\w, ]{0,30}seeds?\b[\w, ]{0,30}[ \t]in\b"
    rb"|\b(?:cfg|conf|config|args|arguments|params|param|parameters|opts?|options|hparams?|flags"
    rb"|settings|ctx|run|wandb\.config)"
    rb"(?:\.\w+){0,3}(?:\.|\[[\"']|\.get\([\"'])\w{0,20}(?:seed|random_state)"
    rb"|sys\.argv[^\n]{0,40}seed|seed[^\n]{0,40}sys\.argv",
    re.I | re.M,
)
"""A flag, a field, a variable of the environment, a loop over seeds, a parser that has a seed by itself, or a
read from what was configured."""

ON_COMMAND = regex(rb"(?:--|\b)[\w.-]{0,30}seed[= ][\"']?[$\d]", re.I)
SCRIPTS = (".sh", ".bash", ".slurm", ".sbatch", "makefile", "justfile")
ASIDE = regex(r"^\.(?!env)|(?:^|/)(?:tests?|docs?)/|lock|package\.json", re.I)
OF_SETTINGS = regex(
    r"(?:^|/)(?:\w*config\w*|settings|\w*params?|\w*options|constants?|args|arguments)(?:\.py|/)", re.I
)
SETS = regex(r"^(?:\w+_)?(?:seed|random_state)(?:_\w+)?$|seed_everything|fix_random|reproducib", re.I)
GIVES = ("seed", "random_state", "random_seed", "manual_seed", "generator")
MOST_BYTES = 200_000


@fact
def configured_seed(repo: Repo) -> Spot | None:
    """The first place where a seed is a setting, a flag or a variable of the environment."""
    for path in repo.files:
        name = path.lower()
        if not is_own(path) or ASIDE.search(path):
            continue
        if name.endswith(SETTINGS):
            found = _search(repo, path, KEY)
        elif name.endswith(SCRIPTS):
            found = _search(repo, path, ON_COMMAND)
        else:
            found = _search(repo, path, IN_CODE) if name.endswith((".py", ".ipynb")) else None
        if found:
            return found
    return None


def _search(repo: Repo, path: str, pattern: re.Pattern[bytes]) -> Spot | None:
    raw = (repo.raw(path) or b"")[:MOST_BYTES]
    if b"seed" not in (lowered := raw.lower()) and b"random_state" not in lowered:
        return None
    found = pattern.search(raw)
    return Spot(path, raw.count(b"\n", 0, found.start()) + 1) if found else None


@fact
def fixed_seeds(repo: Repo) -> tuple[Spot, ...]:
    """The lines of scripts that draw, or seed, with a number in the code; those that train come first."""
    found = {spot for source in code(repo) if not source.notebook for spot in _fixed(repo, source)}
    trained = {run.source.path for run in training(repo)}
    return tuple(sorted(found, key=lambda spot: (spot.path not in trained, spot.path, spot.line or 0)))


def _fixed(repo: Repo, source: Source) -> Iterator[Spot]:
    asked = {(at.line, at.call) for random in drawn(repo) for at in random.seeds if at.source is source}
    for call in source.calls:
        helper = SETS.search(call.last) is not None
        if (helper or (call.line, call.name.lstrip(".?")) in asked) and _by_number(
            repo, source, call, first=helper
        ):
            yield source.spot(call.line)


def _by_number(repo: Repo, source: Source, call: Call, *, first: bool) -> bool:
    given = [call.keywords[key] for key in GIVES if key in call.keywords] or (call.args[:1] if first else [])
    for value in given:
        if isinstance(value, int) and not isinstance(value, bool):
            return True
        name = value.name.lstrip(".") if isinstance(value, Ref) else ""
        if name.isidentifier() and not OF_SETTINGS.search(source.path) and not _overridden(repo, source):
            number = rb"^[ \t]*%b[ \t]*(?::[ \t]*int[ \t]*)?=[ \t]*\d+[ \t]*(?:#[^\n]*)?$" % name.encode()
            return re.search(number, repo.raw(source.path) or b"", re.M) is not None
    return False


def _overridden(repo: Repo, source: Source) -> bool:
    """Whether the script runs another file or its command line over its own constants."""
    return regex(rb"\bexec\(|globals\(\)").search(repo.raw(source.path) or b"") is not None


def seeds_in_scripts(repo: Repo) -> bool:
    """Whether anything outside notebooks seeds what is drawn."""
    return any(not at.source.notebook for random in drawn(repo) for at in random.seeds)
