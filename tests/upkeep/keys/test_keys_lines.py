from cases import expect, merge_texts

IGNORE = """
    # Python
    __pycache__/
    *.pyc

    # data
    /data/*
    !/data/README.md
"""


def test_ignore_files_keep_order_negations_and_comments() -> None:
    ours = IGNORE.replace("*.pyc", "*.py[co]").replace(
        "!/data/README.md", "!/data/README.md\n    !/data/mine.csv"
    )
    theirs = IGNORE.replace("*.pyc\n", "*.pyc\n    # environments\n    .venv/\n").replace(
        "/data/*\n", "/data/*\n    !/data/*.dvc\n"
    )
    merged = """
    # Python
    __pycache__/
    *.py[co]
    # environments
    .venv/

    # data
    /data/*
    !/data/*.dvc
    !/data/README.md
    !/data/mine.csv
"""
    expect(merge_texts(".gitignore", IGNORE, ours, theirs), merged, taken=[".venv/", "!/data/*.dvc"])


def test_what_theirs_removes_goes_and_what_i_removed_stays_away() -> None:
    ours, theirs = IGNORE.replace("    *.pyc\n", ""), IGNORE.replace("    __pycache__/\n", "")
    merged = "# data\n/data/*\n!/data/README.md\n"
    expect(merge_texts(".dockerignore", IGNORE, ours, theirs), merged, taken=["__pycache__/"])


def test_an_adoption_adds_lines_that_are_missing() -> None:
    expect(
        merge_texts(".gitignore", None, "*.log\n*.pyc", IGNORE),
        "*.log\n*.pyc\n\n# Python\n__pycache__/\n\n# data\n/data/*\n!/data/README.md",
        taken=["__pycache__/", "/data/*", "!/data/README.md"],
    )


def test_attributes_are_known_by_their_pattern() -> None:
    base = "*.csv filter=lfs\n*.sh text\n"
    ours, theirs = (
        "*.csv   filter=lfs\n*.sh text eol=lf\n",
        "*.csv filter=lfs diff=lfs\n*.sh text\n*.png binary\n",
    )
    merged = "*.csv filter=lfs diff=lfs\n*.sh text eol=lf\n*.png binary\n"
    text, conflicts, taken = merge_texts(".gitattributes", base, ours, theirs)
    assert (text, conflicts, taken) == (merged, [], ["*.csv", "*.png"])


def test_requirements_are_known_by_distribution() -> None:
    base = "-r base.in\nnumpy\nscikit_learn>=1\n"
    ours = base.replace("numpy", "numpy<2  # old API").replace("scikit_learn>=1", "scikit-learn>=1.2")
    theirs = base.replace("scikit_learn>=1", "scikit-learn>=1.5") + "torch>=2\n"
    merged = ours + "torch>=2\n"
    expect(
        merge_texts("requirements.in", base, ours, theirs),
        merged,
        taken=["torch"],
        conflicts=["scikit-learn"],
    )
    owned = merge_texts("requirements.in", base, ours, theirs, ("*",))
    expect(owned, merged, taken=["torch"])


def test_a_group_of_lines_stays_together() -> None:
    ours = "# mine\n*.pyc\n*.log\n\n# more\n*.tmp\n"
    theirs = "*.pyc\n*.pyo\n\n# data\n/data/*\n!/data/a\n"
    merged = "# mine\n*.pyc\n*.pyo\n*.log\n\n# data\n/data/*\n!/data/a\n\n# more\n*.tmp\n"
    expect(merge_texts(".gitignore", None, ours, theirs), merged, taken=["*.pyo", "/data/*", "!/data/a"])
