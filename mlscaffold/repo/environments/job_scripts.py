"""Scripts with the header of a batch system: Slurm, PBS, Grid Engine, LSF; submit files of HTCondor."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.definitions import MOST, NOT_USED, SHOWN
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import own

NAMES: tuple[str, ...] = (
    "*.sh",
    "*.bash",
    "*.slurm",
    "*.slrm",
    "*.sbatch",
    "*.slm",
    "*.job",
    "*.qsub",
    "*.pbs",
    "*.sge",
)
NAMES += ("*.lsf", "*.bsub", "*.sub", "*.submit", "*.cmd", "*.run", "*.batch", "*.zsh", "*.csh")
SUBMITTED_IN: tuple[str, ...] = ("*.sh", "makefile", "*.mk", "*.py", "*.md", "*.yml", "*.yaml", "justfile")
CALL = regex(r"\b(?:sbatch|qsub|bsub)[ \t][^\n]*")


class System(NamedTuple):
    """One batch system: what its header lines begin with, and the options that ask for resources."""

    name: str
    header: re.Pattern[str]
    asks: re.Pattern[str]
    advice: str


SLURM_OPTIONS = r"--(?:mem|cpus|cores|ntasks|tasks|nodes|gres|gpus|exclusive|constraint|tres|mincpus)\b"
SLURM_OPTIONS = rf"(?:^|\s)(?:{SLURM_OPTIONS}|-[cnNGCB]\b|-[cnN]\d)"
SYSTEMS = (
    System(
        "Slurm", regex(r"^[ \t]*#SBATCH[ \t]+(.*)$", re.M), regex(SLURM_OPTIONS),
        "--cpus-per-task, --mem and --gres",
    ),
    System(
        "PBS", regex(r"^[ \t]*#PBS[ \t]+(.*)$", re.M), regex(r"(?:^|\s)-l\s*(?!walltime=\S+$)\S"),
        "-l select=1:ncpus=…:mem=…",
    ),
    System(
        "Grid Engine", regex(r"^#\$[ \t]+(-.*)$", re.M),
        regex(r"(?:^|\s)-(?:pe\s|l\s+(?!h_rt=[\d:]+\s*$)\S)"), "-pe and -l",
    ),
    System(
        "LSF", regex(r"^[ \t]*#BSUB[ \t]+(.*)$", re.M), regex(r"(?:^|\s)-(?:n|M|R|gpu|x|v)\b"),
        "-n, -M and -gpu",
    ),
)  # fmt: skip
CONDOR = System(
    "HTCondor",
    regex(r"^[ \t]*(\w+[ \t]*=.*)$", re.M),
    regex(r"^request_\w+|^requirements\s*=|^(?:include|use)\b", re.I),
    "request_cpus, request_memory and request_gpus",
)


class JobScript(NamedTuple):
    """A script for a batch system, where its header begins, and whether that asks for any resource."""

    path: str
    line: int
    system: System
    asks: bool


@fact
def job_scripts(repo: Repo) -> tuple[JobScript, ...]:
    """The scripts that are submitted as they are, by path."""
    found: dict[str, JobScript] = {}
    for path in own(repo, *NAMES):
        if NOT_USED.search(path) or SHOWN.search(path) or path in found:
            continue
        raw = repo.raw(path) or b""
        if len(raw) < MOST and (script := _script(path, raw)):
            found[path] = script
    return tuple(found[path] for path in sorted(found))


def _script(path: str, raw: bytes) -> JobScript | None:
    marks = (b"#SBATCH", b"#PBS", b"#$ -", b"#BSUB")
    system = next((s for s, mark in zip(SYSTEMS, marks, strict=True) if mark in raw), None)
    condor = path.endswith((".sub", ".submit")) and regex(rb"(?im)^[ \t]*queue\b").search(raw)
    system = system or (CONDOR if condor else None)
    if system is None:
        return None
    text = raw.decode("utf-8", "replace").replace("\r\n", "\n")
    rows = list(system.header.finditer(text))
    if not rows or "{{" in text or any("{" in row[1] and "${" not in row[1] for row in rows):
        return None
    asks = any(system.asks.search(row[1].strip()) for row in rows)
    return JobScript(path, text.count("\n", 0, rows[0].start(1)) + 1, system, asks)


@fact
def submitted_with(repo: Repo) -> tuple[str, ...]:
    """The command lines that submit jobs and ask for resources themselves."""
    found: list[str] = []
    for path in own(repo, *SUBMITTED_IN):
        raw = repo.raw(path) or b""
        if len(raw) < MOST and any(word in raw for word in (b"sbatch ", b"qsub ", b"bsub ")):
            text = raw.decode("utf-8", "replace").replace("\\\n", " ")
            found += [call for call in CALL.findall(text) if _asks(call)]
    return tuple(found)


def _asks(call: str) -> bool:
    return any(system.asks.search(call) for system in SYSTEMS)


def is_given_resources(repo: Repo, script: JobScript) -> bool:
    """Whether a command that submits it, or some script through a variable, asks for resources."""
    name = script.path.rpartition("/")[2]
    return any(name in call or "$" in call or "{" in call for call in submitted_with(repo))
