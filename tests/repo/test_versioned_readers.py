"""Whatever stands in the files of DVC, git and data packages, the rules about them give answers."""

import json

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlscaffold import rules, standard
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree

CODES = "VCS109 VCS112 VCS113 VCS114 VCS115 VCS116 VCS117 VCS119 VCS120 VCS121"
RULES = [rules.load()[code] for code in CODES.split()]
_KEYS = "cmd deps outs params metrics plots foreach do matrix vars wdir frozen always_changed"
KEYS = _KEYS.split()
_WORDS = """
    stages path md5 cache remote repo version resources schema fields name type train train@a
    ${a} ${item.b} ${item} ${a.b[0]} a.py ../x / * '' params.yaml s3://b/x 1e-5
"""
WORDS = [*KEYS, *_WORDS.split()]
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.floats(), st.sampled_from(WORDS))
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(WORDS), st.integers(0, 2)), inner, max_size=4),
    ),
    max_leaves=20,
)
STAGE = st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, TREES))
PIPELINE = st.fixed_dictionaries(
    {"stages": st.dictionaries(st.sampled_from(["train", "a", "b@c"]), STAGE, max_size=3)},
    optional={"vars": TREES},
)
_LINES = """[core]|['remote "a"']|remote = a|url = /tmp/x|url = http://u:p@h/|[|=|"|\\|*.ipynb filter=x|\0
|* text=auto -x !y|[attr]b -diff|password = secret|é"""
LINES = st.lists(st.sampled_from(_LINES.split("|")), max_size=8).map("\n".join)
YAML = TREES.map(yaml.safe_dump)
FILES = st.fixed_dictionaries(
    {
        "dvc.yaml": st.one_of(PIPELINE, TREES).map(yaml.safe_dump),
        "dvc.lock": TREES.map(lambda tree: yaml.safe_dump({"stages": tree})),
        "params.yaml": YAML,
        "a.dvc": YAML,
        ".dvc/config": LINES,
        ".gitattributes": LINES,
        ".lfsconfig": LINES,
        "datapackage.json": TREES.map(lambda tree: json.dumps({"version": "1.0.0", "resources": tree})),
        "a.ipynb": st.just("{}"),
        "a.py": st.just("import openai"),
    }
)


def ask(files: dict[str, str | bytes]) -> None:
    repo = Repo(MemoryTree(files, history=dict.fromkeys(files, b"\x00{}\x00")), standard.load())
    for rule in RULES:
        if not rule.not_applicable(repo):
            list(rule.answers(repo, repo.standard))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILES)
def test_any_structure_is_answered(files: dict[str, str | bytes]) -> None:
    ask(files)


@pytest.mark.parametrize("name", ["dvc.yaml", "dvc.lock", "a.dvc", ".dvc/config", ".gitattributes", "a.json"])
@settings(max_examples=30, deadline=None)
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_answered(name: str, raw: bytes) -> None:
    ask({"dvc.yaml": "stages: {a: {cmd: x, outs: [b]}}", name: raw, "x.ipynb": "{}"})
