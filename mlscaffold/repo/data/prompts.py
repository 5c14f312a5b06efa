"""Prompts and evaluation sets that code takes from services, sheets or files, and whether git has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from posixpath import basename, join, normpath

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.data_files import SAMPLE
from mlscaffold.repo.data.dvc import kept_by_dvc
from mlscaffold.repo.ignore import ignored
from mlscaffold.repo.python.third_party import imports
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder, is_own

TEST = regex(r"(?:^|/)(?:tests?|testing|docs?)/|(?:^|/)test_[^/]*$", re.I)
Q = rb"\\?[\"']"
SERVICES = (
    (
        b"langchain",
        regex(rb"\bhub\.pull\(\s*%b(?P<name>[\w./-]+)(?P<version>:\w+)?%b" % (Q, Q)),
        "the hub of LangChain",
    ),
    (
        b"langsmith",
        regex(rb"\.pull_prompt\(\s*%b(?P<name>[\w./-]+)(?P<version>:\w+)?%b" % (Q, Q)),
        "LangSmith",
    ),
    (
        b"langfuse",
        regex(
            rb"\.get_prompt\(\s*(?:name\s*=\s*)?%b(?P<name>[\w./ -]+)%b(?P<version>[^)]{0,300}\bversion\s*=)?"
            % (Q, Q)
        ),
        "Langfuse",
    ),
    (
        b"prompts:/",
        regex(rb"%bprompts:/(?P<name>[\w.-]+)(?:@\w+)?(?P<version>/\d+)?%b" % (Q, Q)),
        "MLflow's prompt registry",
    ),
    (
        b"langsmith",
        regex(
            rb"\.list_examples\([^)]{0,300}?dataset_name\s*=\s*%b(?P<name>[^\"'\\\n]+)%b(?P<version>[^)]{0,300}?as_of)?"
            % (Q, Q)
        ),
        "LangSmith",
    ),
)
"""A word that the file must hold, the call with its name and version, and the service."""

SHEET = regex(rb"docs\.google\.com/spreadsheets/d/(?P<name>[\w-]{8})")
DECIDES = regex(rb"prompt|eval|golden|benchmark|judge", re.I)
OPENED = regex(
    rb"\b(?:open|read_text|Path|FileSystemLoader|load_prompt|read_csv|read_json|read_excel|load_yaml)\(\s*[rf]?"
    rb"%b(?P<name>[\w./ -]{1,200}\.(?:txt|md|j2|jinja2?|prompt|ya?ml|jsonl?|csv|tsv|xlsx))%b"
    rb"(?P<mode>\s*,\s*%b[wax])?" % (Q, Q, Q)
)
_PACKAGES = """
    openai anthropic litellm langchain langchain_openai langchain_anthropic langchain_core langchain_community
    langgraph llama_index langfuse langsmith mistralai cohere ollama vllm dspy groq together guidance
    instructor semantic_kernel
"""
PACKAGES = frozenset(_PACKAGES.split())
"""What code imports that calls a language model."""

PROMPT_NAME = regex(r"prompt|instruction|system[-_]message|persona", re.I)
EVALUATES = regex(
    r"(?:^|[/_.-])(?:evals?|eval(?:uation)?[-_]?(?:sets?|cases)|golden?|gold|benchmarks?|judge|test[-_]?cases?"
    r"|questions?)(?:[/_.-]|$)",
    re.I,
)
MADE = regex(
    r"(?:^|/)(?:out|outputs?|results?|reports?|logs?|runs?|cache|tmp|predictions?|answers?)[/_.]", re.I
)
"""Where files are what a run wrote."""

MOST = 100
"""As many places of one kind are told of one file."""


class Outside(NamedTuple):
    """A prompt or evaluation set that git does not hold: where it is read, its name, and where it lies."""

    path: str
    line: int
    name: str
    home: str


@fact
def model_callers(repo: Repo) -> tuple[str, ...]:
    """The repository's own code that calls language models."""
    needed = imports(repo).needed
    paths = {place.path for name in PACKAGES & needed.keys() for place in needed[name]}
    return tuple(sorted(path for path in paths if not TEST.search(path)))


@fact
def outside_git(repo: Repo) -> tuple[Outside, ...]:
    """Everything of the kind, by path and line."""
    if not model_callers(repo):
        return ()
    homes = {folder(path) for path in model_callers(repo)}
    near = (p for p in repo.files if p.endswith((".py", ".ipynb")) and is_own(p) and not TEST.search(p))
    found = []
    for path in near:
        raw = repo.raw(path) or b""
        found += [*_from_services(path, raw), *_from_sheets(path, raw)]
        if folder(path) in homes:
            found += _from_files(repo, path, raw)
    return tuple(sorted(set(found)))


def _from_services(path: str, raw: bytes) -> Iterator[Outside]:
    for word, pattern, service in SERVICES:
        if word in raw:
            for call in _spoken(raw, pattern):
                if not call["version"]:
                    yield Outside(path, _line(raw, call), call["name"].decode("latin-1"), service)


def _from_sheets(path: str, raw: bytes) -> Iterator[Outside]:
    """Sheets that the code itself calls prompts or evaluation sets, on the same line."""
    if b"docs.google.com/spreadsheets" not in raw:
        return
    for found in _spoken(raw, SHEET):
        start, end = raw.rfind(b"\n", 0, found.start()) + 1, raw.find(b"\n", found.end())
        if DECIDES.search(raw[start : end if end >= 0 else len(raw)]):
            yield Outside(path, _line(raw, found), "a shared sheet", "Google Sheets")


def _from_files(repo: Repo, path: str, raw: bytes) -> Iterator[Outside]:
    """Files that are read as prompts or evaluation sets, and that git ignores or does not track."""
    for found in _spoken(raw, OPENED) if b"(" in raw else ():
        name = found["name"].decode("latin-1")
        decides = PROMPT_NAME.search(name) or EVALUATES.search(name)
        if found["mode"] or not decides or SAMPLE.search(name) or MADE.search(name):
            continue
        for at in dict.fromkeys(map(normpath, (name, join(folder(path), name)))):
            if at in repo.files and repo.files[at].tracked:
                break
            if _kept_out(repo, at):
                yield Outside(path, _line(raw, found), name, "a file that git does not hold")
                break


def _kept_out(repo: Repo, path: str) -> bool:
    """Whether `.gitignore` names the file, or it lies untracked here; DVC's own outputs have a version."""
    if path.startswith("..") or any(
        path == o.path or path.startswith(f"{o.path}/") for o in kept_by_dvc(repo)
    ):
        return False
    if path in repo.files:
        return not repo.files[path].tracked
    tracked_elsewhere = any(repo.files[p].tracked for p in repo.by_name.get(basename(path).lower(), ()))
    return not tracked_elsewhere and ignored(repo)(path)


def _spoken(raw: bytes, pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """The matches outside comments."""
    for found in islice(pattern.finditer(raw), MOST):
        start = raw.rfind(b"\n", 0, found.start()) + 1
        if not raw[start : found.start()].lstrip(b" \t\"'").startswith(b"#"):
            yield found


def _line(raw: bytes, found: re.Match[bytes]) -> int:
    return raw.count(b"\n", 0, found.start()) + 1
