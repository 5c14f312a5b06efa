"""What code fetches from hubs, addresses and hosted services, and whether it says which version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.fetched_text import Pin, by_text
from mlscaffold.repo.python.facts import Call, Ref, Source, Spot, Value
from mlscaffold.repo.python.source import code, names_found
from mlscaffold.repo.repo import Repo, fact

What = Literal["model", "data set", "files", "code", "address", "package", "hosted model"]

PRETRAINED = regex(
    r"^(?:transformers|diffusers|sentence_transformers|peft|tokenizers|optimum|span_marker|setfit|auto_gptq|accelerate)"
    r"\.(?:\w+\.)*(?:from_pretrained|SentenceTransformer|CrossEncoder|pipeline)$"
)
FILES = regex(r"^huggingface_hub\.(?:\w+\.)*(?:hf_hub_download|snapshot_download)$")
DATASET = regex(r"^datasets\.(?:\w+\.)*load_dataset$")
HOSTED = regex(
    r"^(?:openai|anthropic|litellm|langchain_openai|langchain_anthropic|langchain_google_genai|langchain"
    r"|google\.generativeai|google\.genai)\."
)
HUB_NAME = regex(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
LOCAL = regex(
    r"(?:models?|outputs?|out|ckpts?|checkpoints?|results?|data|datasets?|saved?\w*|artifacts?|runs?|experiments?|exp"
    r"|logs?|tmp|temp|pretrained\w*|weights?|cache|trained\w*|path|local|assets|resources|content|src|files?|your\w*"
    r"|my\w*|work\w*|scratch)/|.*\.(?:pt|pth|bin|safetensors|json|txt|py|zip|h5|csv|onnx|gguf)$",
    re.I,
)
"""How a name begins, or ends, that is rather a folder or file at hand."""

CANONICAL = regex(
    r"(?:(?:distil)?(?:bert|roberta|gpt2|mbert)|xlm|xlnet|t5|mt5|bart|albert|electra|camembert|openai-gpt|ctrl"
    r"|flaubert|all-MiniLM|all-mpnet|all-distilroberta|paraphrase-|multi-qa-|msmarco-|stsb-|nli-)[\w.-]*"
)
"""Models that the hub knows without an owner."""

LOADERS = frozenset(
    [
        "csv",
        "json",
        "text",
        "parquet",
        "arrow",
        "pandas",
        "imagefolder",
        "audiofolder",
        "xml",
        "webdataset",
        "sql",
    ]
)
FLOATING = frozenset(["main", "master", "head", "latest", "dev", "develop"])
ALIAS = regex(
    r"(?:openai/)?(?:gpt-(?:3\.5-turbo(?:-16k)?|4(?:-32k|-turbo|-turbo-preview|-vision-preview)?|4o(?:-mini)?"
    r"|4\.1(?:-mini|-nano)?|5(?:\.\d)?(?:-mini|-nano|-pro)?)|o[134](?:-mini|-pro|-preview)?)"
    r"|(?:\w+/)?(?:chatgpt|claude|gemini|mistral|command|grok)[\w.-]*-latest"
    r"|(?:\w+/)?gemini-(?:1\.[05]|2\.[05])-(?:pro|flash|flash-lite)"
)
"""Names that a provider moves from one snapshot to the next."""

DEPLOYED = regex(rb"AzureOpenAI|AzureChatOpenAI|azure_endpoint|api_type[\"'\s=:]+azure|base_url\s*=")
"""Where the name of a model is that of a deployment or of another server."""


MOST_NAMES = 1000
"""As many variables are looked up: each costs a search of its file."""


class Fetched(NamedTuple):
    """One fetch: what, by which name, and whether a version is pinned (`None`: cannot be told)."""

    spot: Spot
    what: What
    name: str
    pinned: bool | None


@fact
def fetched(repo: Repo) -> tuple[Fetched, ...]:
    """Every fetch of the repository's own code, by path and line."""
    found = [one for source in code(repo) for one in _of_source(repo, source)]
    found += [_of_text(pin) for pin in by_text(repo)]
    return tuple(sorted(found, key=lambda f: (f.spot.path, f.spot.line or 0)))


def _of_text(pin: Pin) -> Fetched:
    return Fetched(Spot(pin.path, pin.line), "package" if pin.package else "address", pin.name, pin.pinned)


def _of_source(repo: Repo, source: Source) -> Iterator[Fetched]:
    named = _names(repo)
    for call in source.calls:
        if call.name in named and (found := _of_call(repo, source, call)):
            yield Fetched(source.spot(call.line), *found)


@fact
def _names(repo: Repo) -> frozenset[str]:
    """The names of calls that fetch something, as far as names tell."""
    kinds = (names_found(repo, pattern) for pattern in (PRETRAINED, FILES, DATASET, HOSTED))
    return frozenset(["torch.hub.load"]).union(*kinds)


def _of_call(repo: Repo, source: Source, call: Call) -> tuple[What, str, bool | None] | None:
    if PRETRAINED.match(call.name):
        name = _named(
            repo, source, call, "pretrained_model_name_or_path", "model_name_or_path", "model_id", "model"
        )
        if call.last == "pipeline":
            name = _text(repo, source, call.keywords.get("model"))
        return _hub(repo, "model", name, call)
    if FILES.match(call.name):
        return _hub(repo, "files", _named(repo, source, call, "repo_id"), call)
    if DATASET.match(call.name):
        name = _named(repo, source, call, "path")
        local = name in LOADERS or "data_files" in call.keywords or "data_dir" in call.keywords
        return None if local else _hub(repo, "data set", name, call)
    if call.name == "torch.hub.load":
        return _torch_hub(_named(repo, source, call, "repo_or_dir"), call)
    if HOSTED.match(call.name):
        return _hosted(repo, source, call)
    return None


def _named(repo: Repo, source: Source, call: Call, *keywords: str) -> str | None:
    """The first argument as text, wherever it is given; `None` where it cannot be told."""
    given = next((call.keywords[key] for key in keywords if key in call.keywords), None)
    return _text(repo, source, given if given is not None else next(iter(call.args), None))


def _text(repo: Repo, source: Source, value: Value) -> str | None:
    """A text, or what the only assignment to a name of this file gives."""
    if isinstance(value, str):
        return value
    name = value.name.lstrip(".") if isinstance(value, Ref) else ""
    if not name.isidentifier():
        return None
    known = _constants(repo)
    if (source.path, name) not in known and len(known) < MOST_NAMES:
        known[source.path, name] = _assigned(repo.raw(source.path) or b"", name)
    return known.get((source.path, name))


@fact
def _constants(_repo: Repo) -> dict[tuple[str, str], str | None]:
    return {}


def _assigned(raw: bytes, name: str) -> str | None:
    """The text that every assignment to a name gives; `None` where there is another, or none."""
    value = rb"\\?[\"']([^\"'\\\n]{1,200})\\?[\"']"
    assigned = rb"(?<![\w.])%b\s{0,9}(?::\s{0,9}str\s{0,9})?=(?!=)\s{0,9}(?:%b)?" % (name.encode(), value)
    texts = {found[1] for found in re.finditer(assigned, raw)}
    only = texts.pop() if len(texts) == 1 else None
    return only.decode("utf-8", "replace") if only else None


def _hub(repo: Repo, what: What, name: str | None, call: Call) -> tuple[What, str, bool | None] | None:
    pinned = _revision(call)
    if name is None:
        return (what, "", True) if pinned else (what, "", None)
    if not _on_hub(repo, what, name):
        return None
    return what, name, bool(pinned)


def _revision(call: Call) -> bool:
    """Whether a revision is passed that is no branch."""
    value = call.keywords.get("revision")
    if isinstance(value, str):
        return value.lower() not in FLOATING
    return value is not None or "**" in call.keywords


def _on_hub(repo: Repo, what: What, name: str) -> bool:
    """Whether a name is one of the hub and not a folder that a run writes."""
    if HUB_NAME.fullmatch(name):
        first = name.partition("/")[0] + "/"
        return not LOCAL.match(name) and not any(path.startswith(first) for path in repo.files)
    if what == "data set":
        return regex(r"[a-z][\w-]+").fullmatch(name) is not None and not any(
            p.startswith(f"{name}/") for p in repo.files
        )
    return what == "model" and CANONICAL.fullmatch(name) is not None


def _torch_hub(name: str | None, call: Call) -> tuple[What, str, bool | None] | None:
    if call.keywords.get("source") == "local":
        return None
    if name is None:
        return "code", "", None
    owner, _, ref = name.partition(":")
    return ("code", owner, bool(ref) and ref.lower() not in FLOATING) if HUB_NAME.fullmatch(owner) else None


def _hosted(repo: Repo, source: Source, call: Call) -> tuple[What, str, bool | None] | None:
    name = next(
        (n for k in ("model", "model_name") if (n := _text(repo, source, call.keywords.get(k)))), None
    )
    if not name or not ALIAS.fullmatch(name) or DEPLOYED.search(repo.raw(source.path) or b""):
        return None
    return "hosted model", name, False
