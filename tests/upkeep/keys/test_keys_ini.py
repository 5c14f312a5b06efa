import pytest
from cases import expect, merge_texts

from mlscaffold.upkeep.keys import NotByKeys

SETUP = """
    # Package of churn
    [metadata]
    name = churn
    version: 0.1

    [options]
    packages = find:
    install_requires =
        numpy>=1.26
        # tables
        pandas

    [options.extras_require]
    dev = pytest

    [flake8]
    max-line-length=100
    per-file-ignores =
        tests/*: S101
"""


def test_setup_cfg() -> None:
    ours = SETUP.replace("pandas\n", "pandas==2.1\n        polars\n").replace("=100", " = 88")
    theirs = (
        SETUP.replace("numpy>=1.26", "numpy>=2")
        .replace("pandas\n", "pandas\n        torch\n")
        .replace("packages = find:\n", "packages = find:\n    # floor\n    python_requires = >=3.11\n")
        .replace("    [flake8]", "    [mypy]\n    strict = true\n\n    [flake8]")
        .replace("S101", "S101\n        docs/*: D")
    )
    merged = """
    # Package of churn
    [metadata]
    name = churn
    version: 0.1

    [options]
    packages = find:
    # floor
    python_requires = >=3.11
    install_requires =
        numpy>=2
        # tables
        pandas==2.1
        torch
        polars

    [options.extras_require]
    dev = pytest

    [mypy]
    strict = true

    [flake8]
    max-line-length = 88
    per-file-ignores =
        tests/*: S101
        docs/*: D
"""
    taken = [
        "options.install_requires[numpy]",
        "options.install_requires[torch]",
        "options.python_requires",
        "flake8.per-file-ignores[docs/*: D]",
        "mypy",
    ]
    expect(merge_texts("setup.cfg", SETUP, ours, theirs), merged, taken=taken)


def test_commands_are_one_value() -> None:
    base = "[testenv]\ndeps =\n  pytest\ncommands =\n  pytest\n"
    ours = (
        base.replace("  pytest\ncommands", "  pytest\n  mine\ncommands")
        .replace("=\n  pytest\n", "=\n  pytest -x\n")
        .replace("deps =\n  pytest -x", "deps =\n  pytest")
    )
    theirs = base.replace("commands =\n  pytest", "commands =\n  coverage run")
    expect(merge_texts("tox.ini", base, ours, theirs), ours, conflicts=["testenv.commands"])


def test_a_comment_of_mine_in_a_value_is_a_conflict() -> None:
    base = "[run]\nomit = a/*\n    b/*\n"
    ours, theirs = base.replace("    b/*", "    # slow\n    b/*"), base.replace("b/*", "c/*")
    expect(merge_texts(".coveragerc", base, ours, theirs), ours, conflicts=["run.omit"])


def test_a_comment_at_the_margin_does_not_end_a_value() -> None:
    base = "[tool:pytest]\naddopts =\n    -ra\n#    --strict\n    --tb=short\n# end\n"
    ours, theirs = base.replace("-ra", "-rA"), base.replace("--tb=short", "--tb=short\n    -q")
    merged = ours.replace("--tb=short", "--tb=short\n    -q")
    expect(merge_texts("setup.cfg", base, ours, theirs), merged, taken=["tool:pytest.addopts[-q]"])


def test_options_before_the_first_section() -> None:
    base = "root = true\n\n[*]\nindent_size = 4\n\n[*.md]\ntrim = false\n"
    ours = base.replace("indent_size = 4", "indent_size = 2 \nmine = 1").replace("[*.md]", "; prose\n[*.md]")
    theirs = base.replace("[*.md]", "[Makefile]\nindent_style = tab\n\n[*.md]")
    merged = ours.replace("; prose", "[Makefile]\nindent_style = tab\n\n; prose")
    expect(merge_texts(".editorconfig", base, ours, theirs), merged, taken=["Makefile"])


def test_indented_options_of_dvc() -> None:
    base = "[core]\n    remote = store\n['remote \"store\"']\n    url = s3://bucket/a\n"
    ours = base.replace("s3://bucket/a", "s3://bucket/mine")
    theirs = base.replace("store\n[", "store\n    autostage = true\n[")
    merged = theirs.replace("s3://bucket/a", "s3://bucket/mine")
    expect(merge_texts(".dvc/config", base, ours, theirs), merged, taken=["core.autostage"])


@pytest.mark.parametrize(
    "broken", ["[a]\nx = 1\nx = 2\n", "[a]\n[a]\n", "[a]\nword\n", "[a\nb = 1\n", "  x\n"]
)
def test_no_ini(broken: str) -> None:
    for ours, theirs in ((broken, "[a]\nx = 3\n"), ("[a]\nx = 3\n", broken)):
        with pytest.raises(NotByKeys):
            merge_texts("tox.ini", "[a]\nx = 1\n", ours, theirs)
