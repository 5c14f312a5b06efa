"""Documents of strangers: any bytes as README, card or dictionary give facts, never a crash or a hang."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlscaffold import rules, standard
from mlscaffold.repo.pages.cards import model_cards
from mlscaffold.repo.pages.readme import readme
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree

DOCUMENTS = [rule for rule in rules.load().values() if ".documentation." in rule.module]
PIECES = st.sampled_from(
    ["# ", "## Install", "Model card", "\n", "\n\n", "| a | b |", "|---|---|", "```", "::", "\t", "    ",
     "===", "---\n", "pip install x", "[x](docs/a.md)", "[x](../../etc/passwd)", "<h1>", "</h1>",
     "<!--", "-->", "`", "0.95 %", "NaN", "1e999",
     "[to write: x]", "model-index:",
     "- value: 1", "{{", "Column", "Meaning", "accuracy", ",", '"', "\ufeff", "\u2028", "数据"]
)  # fmt: skip
TEXT = st.lists(PIECES | st.text(max_size=8), max_size=60).map("".join)
NAMES = (
    "README.md",
    "README.rst",
    "docs/model-card.md",
    "docs/data-dictionary.md",
    "data/raw.csv",
    "docs/a.md",
    "metrics.json",
)


def ask(files: dict[str, str | bytes]) -> Repo:
    """The repository, after every rule about documents has given all its answers."""
    repo = Repo(MemoryTree(files), standard.load())
    for rule in DOCUMENTS:
        if not rule.not_applicable(repo):
            list(rule.answers(repo, repo.standard))
    return repo


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), TEXT | st.binary(max_size=200), min_size=1))
def test_any_content_gives_answers(files: dict[str, str | bytes]) -> None:
    ask(files)


@pytest.mark.parametrize(
    "piece",
    ["<h1>", "[[", "](", "`", "<!--", "| ", "= ", "--- |", "link:x", "# a\n", "**", "a,", "[to write:"],
)
def test_repeated_marks_come_to_an_end(piece: str) -> None:
    """At this size an expression that backtracks would take minutes, which no run of the tests survives."""
    text = piece * (150_000 // len(piece))
    repo = ask(
        {"README.md": text, "docs/model-card.md": text, "data-dictionary.md": text, "data/raw.csv": text}
    )
    assert readme(repo) is not None


@pytest.mark.parametrize(
    "raw",
    [
        "# Tide\n\npip install tide\n".encode("utf-16"),
        "# Gezeiten für Häfen\n\npip install tide\n".encode("latin-1"),
    ],
)
def test_readme_in_another_encoding_is_still_read(raw: bytes) -> None:
    found = readme(Repo(MemoryTree({"README.md": raw}), standard.load()))
    assert found is not None
    assert found.install == ("README.md", 3)


def test_links_lead_nowhere_outside_the_repository() -> None:
    files = {
        "README.md": "[a](../secret.md) [b](/etc/passwd) [c](docs/%2e%2e/own.md)",
        "own.md": "make install",
    }
    found = readme(Repo(MemoryTree(files), standard.load()))
    assert found is not None
    assert found.install == ("own.md", 1)


def test_front_matter_of_a_card_states_numbers() -> None:
    results = "  results:\n  - metrics:\n    - type: accuracy\n      value: 0.95\n"
    card = f"---\nmodel-index:\n- name: x\n{results}---\n# X\n"
    (found,) = model_cards(Repo(MemoryTree({"MODEL_CARD.md": card}), standard.load()))
    assert [(n.label, n.value, n.line) for n in found.numbers] == [("accuracy", 0.95, 7)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# Tide levels by using radar\n\nWe predict it.\n\n## Results\n\nGood ones.\n", set()),
        ("# Usage\n\nCall it with a file name and look at what it prints.\n\n## More\n\nx\n", {"usage"}),
        ("# A\n\nTo replicate Table 2, run\n\n```\nbash two.txt\n```\n", {"usage", "reproduce"}),
        ("# A\n\n`again.ipynb` shows how to reproduce the results of the paper.\n", {"reproduce"}),
        ("# A\n\nNobody could reproduce it; `b.py` is ours.\n", set()),
        ("# A\n\nTo train:\n\n```\npoetry run tides --config c.yml\n```\n", {"usage", "reproduce"}),
        ("# A\n\n```\npoetry run pip install x\n```\n", set()),
        ("# A\n\nTo rerun the experiments:\n\n```\npython x.py\n```\n", {"usage", "reproduce"}),
        ("# A\n\nTo rerun the server:\n\n```\npython x.py\n```\n", {"usage"}),
        ("# A\n\n`run.py` reproduces the plots.\n", {"reproduce"}),
        ("# A\n\n```\ntides/\n    matlab files\n```\n", set()),
        ("# A\n\n```\nmatlab -r tides\n```\n", {"usage"}),
        ("# A\n\nSee `tides/README.md`.\n", {"install"}),
        ("# A\n\nWe keep two studies. See the corresponding READMEs.\n", {"install"}),
        ("# A\n\nOne README, two studies.\n", set()),
        ("# A\n\n## How to regenerate the paper\n\nFollow the Makefile to its end.\n", {"reproduce"}),
        ("# A\n\n## Experimental setup\n\nOne GPU with 24 GB, and a big processor.\n", set()),
        ("# A\n\n## Project setup\n\nAsk Jane for the key of the door.\n", {"install"}),
        ("# A\n\n## Prerequisites\n\nWhat you need is [here](tides/levels.md).\n", set()),
        ("# A\n\n## Prerequisites\n\nWhat you need is [here](tides/README.md).\n", {"install"}),
        ("# A\n\n## Prerequisites\n\nWhat you need is [here](https://example.org/a).\n", {"install"}),
        ("# Set up your own station\n\nAsk Jane for the key.\n\n## Door\n\nOpen it.\n", {"install"}),
        ("# Experimental tide set up\n\nAsk Jane for the key.\n\n## Door\n\nOpen it.\n", set()),
        ("# A\n\n```\n~ $ pip install x\n```\n", {"install"}),
        ("# A\n\n```\n~/tides $ python x.py\n```\n", {"usage"}),
        ("# A\n\nTo train for Brest\n> python x.py --place brest\n", {"usage", "reproduce"}),
        ("# A\n\n0. Needs:\n    * A tool (run `pip install x`).\n", {"install"}),
        ("# A\n\nText.\n\n    - run `pip install x`\n", set()),
        ("# A\n\nIt trains; see `./tides/log.py`.\n\n## Training\n\nNot yet.\n", set()),
        ("# A\n\nFetch with `./fetch.sh`.\n", {"usage"}),
        ("# A\n\n## Training\n\n```\nfrom a import tides\ntides.fit(x, y)\n```\n", {"usage"}),
        ("# Levels of tides using radar\n\nHere are nine words that say what this was.\n", set()),
        ("# Tide examples\n\nHere are nine words that say what this was.\n\n## Data\n\nx\n", set()),
        ("# A\n\nTo see it, one needs to call run.py (using python) in the folder.\n", {"usage"}),
        ("# A\n\nTo see it, one needs to call walk.py (using python) in the folder.\n", set()),
        ("# A\n\nAll packages that it needs are in `needs/requirements.txt`.\n", {"install"}),
        ("# A\n\nAll packages that it needs are in `requirements-old.txt`.\n", set()),
        ("# A\n\n- `needs/requirements.txt`: packages that it needs\n", set()),
        ("# A\n\n## Use cases\n\nHere are nine words that say what this was.\n", set()),
        ("# A\n\n## Using it\n\nHere are nine words that say what it does.\n", {"usage"}),
        ("# A\n\n## Tide prediction\n\nHere are nine words that say what this was.\n", set()),
        ("# A\n\n## Make predictions\n\nGive it a file, and it writes one beside it.\n", {"usage"}),
        ("# A\n\n## Environment variables\n\nA key and a door that it opens.\n", set()),
    ],
)
def test_what_a_readme_tells(text: str, told: set[str]) -> None:
    files = {
        "README.md": text,
        "tides/README.md": "# Tides\n\n```\npip install tides\n```\n",
        "tides/levels.md": "# Levels\n\nKnow what a mean is.\n",
        "needs/requirements.txt": "numpy\n",
        "run.py": "print(1)\n",
    }
    page = readme(Repo(MemoryTree(files), standard.load()))
    assert page is not None
    assert {name for name in ("install", "usage", "reproduce") if getattr(page, name)} == told


def test_a_step_that_names_a_script_is_a_step_to_the_model() -> None:
    files = {
        "README.md": "# A\n\n## Get started\n\n1. Wait\n2. Run training with `run_pipeline.py`\n",
        "run_pipeline.py": "from training import fit\nfit()\n",
        "training.py": "import torch\nloss.backward()\n",
    }
    said = "# A\n\nRun run_pipeline.py first to train a model.\n"
    page = readme(Repo(MemoryTree({**files, "README.md": said}), standard.load()))
    assert page is not None
    assert (page.usage, page.reproduce) == (("README.md", 3), ("README.md", 3))
    page = readme(Repo(MemoryTree(files), standard.load()))
    other = readme(Repo(MemoryTree({**files, "run_pipeline.py": "pass\n"}), standard.load()))
    assert page is not None
    assert other is not None
    assert (page.reproduce is not None, other.reproduce is not None) == (True, False)


FIT = "import torch\nloss.backward()\n"
NOTEBOOK = (
    '{"cells": [{"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source":'
    ' ["from sklearn.svm import SVC\\n", "SVC().fit(x, y)\\n"]}], "metadata": {}, "nbformat": 4}'
)


@pytest.mark.parametrize(
    ("text", "files", "told"),
    [
        ("[a](colab.research.google.com/github/j/t/blob/main/a.ipynb)", {}, set()),
        (
            "[a](colab.research.google.com/github/j/t/blob/main/a.ipynb)",
            {"a.ipynb": NOTEBOOK},
            {"install", "usage", "reproduce"},
        ),
        ("With [Colab](https://colab.research.google.com/).", {}, set()),
        (
            "`pip install x`\n\n[1](01-a.ipynb) [2](02-b.ipynb)",
            {"01-a.ipynb": "", "02-b.ipynb": ""},
            {"install"},
        ),
        (
            "`pip install x`\n\n[1](01-a.ipynb) [2](02-b.ipynb)",
            {"01-a.ipynb": "", "02-b.ipynb": NOTEBOOK},
            {"install", "reproduce"},
        ),
        ("[1](01-a.ipynb) [2](02-b.ipynb)", {"01-a.ipynb": "", "02-b.ipynb": NOTEBOOK}, set()),
        ("## b.ipynb\n\nChange the code and re-run it.", {"b.ipynb": NOTEBOOK}, {"usage", "reproduce"}),
        ("## b.ipynb\n\nChange the code and re-run it.", {"b.ipynb": ""}, {"usage"}),
        ("## b.ipynb\n\nWhat we learned.", {"b.ipynb": NOTEBOOK}, set()),
        (
            "## Training\n\nOne book and one talk that are worth your evening.",
            {"a.png": "", "LICENSE": ""},
            set(),
        ),
        ("## Training\n\nOne book and one talk that are worth your evening.", {"a.R": ""}, {"usage"}),
        (
            "Just run `[NAME]_test.py` (e.g. `tides_test.py`).",
            {"a/tides_test.py": FIT},
            {"usage", "reproduce"},
        ),
        ("Just run `[NAME]_test.py` (e.g. `tides_test.py`).", {"a/tides_test.py": "pass"}, {"usage"}),
        ("Open `a/b.ipynb` and run all cells.", {"a/b.ipynb": NOTEBOOK}, {"usage", "reproduce"}),
        ("Then run `Tide levels.ipynb`.", {"Tide levels.ipynb": "{}"}, {"usage"}),
        ("First run the notebook b.ipynb.", {"a/b.ipynb": NOTEBOOK}, {"usage", "reproduce"}),
        ("All is in `a/b.ipynb`.", {"a/b.ipynb": NOTEBOOK}, set()),
        ("1. Clone it\n2. Install the dependencies\n", {"a.py": ""}, {"install"}),
        ("We install dependencies of none.", {"a.py": ""}, set()),
        ("See also (e.g. `tides_test.py`).", {"a/tides_test.py": FIT}, set()),
        (
            "Then run the **Model of Tides notebook** to the end.",
            {"03_tides.ipynb": NOTEBOOK},
            {"usage", "reproduce"},
        ),
        ("Then run the **Model of Waves notebook** to the end.", {"03_tides.ipynb": NOTEBOOK}, set()),
        ("Then run the **Model of Tides notebook** to the end.", {"03_tides.ipynb": ""}, set()),
        (
            "1. dvc init\n2. dvc repro\n3. dvc dag",
            {"dvc.yaml": "stages:\n  a:\n    cmd: python a.py\n", "a.py": FIT},
            {"usage", "reproduce"},
        ),
        ("1. dvc init\n2. dvc repro\n3. dvc dag", {"a.py": FIT}, set()),
        ("1. dvc repro runs all that is new", {"dvc.yaml": "", "a.py": FIT}, set()),
    ],
)
def test_notebooks_that_a_readme_leads_to(text: str, files: dict[str, str], told: set[str]) -> None:
    page = readme(Repo(MemoryTree({"README.md": f"# A\n\n{text}\n", **files}), standard.load()))
    assert page is not None
    assert {name for name in ("install", "usage", "reproduce") if getattr(page, name)} == told


def test_a_script_trains_that_hands_its_work_on() -> None:
    files = {
        "README.md": "# A\n\n```\npython main.py\n```\n",
        "main.py": "from flow.steps import all\nall()\n",
        "flow/steps.py": "from flow.fitting import fit\n",
        "flow/fitting.py": "import torch\nloss.backward()\n",
    }
    serving = {
        **files,
        "main.py": "from flow.serving import all\n",
        "flow/serving.py": files["flow/steps.py"],
    }
    pages = [readme(Repo(MemoryTree(given), standard.load())) for given in (files, serving)]
    assert [page is not None and page.reproduce is not None for page in pages] == [True, False]


def test_the_report_of_a_run_is_no_page() -> None:
    page = "<html><body>\n\npython predict.py tides.csv\n\n"
    for length, found in ((0, True), (200_000, False)):
        files = {
            "README.md": "# A\n\n[more](report.html)\n",
            "report.html": page + "<!--" + length * "x" + "-->",
        }
        told = readme(Repo(MemoryTree(files), standard.load()))
        assert told is not None
        assert (told.usage is not None) == found
