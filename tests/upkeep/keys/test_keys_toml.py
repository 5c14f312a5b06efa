import re

import pytest
from cases import expect, merge_texts

from mlscaffold.upkeep.keys import NotByKeys

BASE = """
    # Settings of churn

    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "churn"
    requires-python = ">=3.11"
    dependencies = [
      "numpy>=1.26",
      "pandas",  # tables
    ]

    [tool.black]
    line-length = 100

    [tool.ruff]
    line-length = 100
    lint = {select = ["E", "F"]}

    # how tests run
    [tool.pytest.ini_options]
    addopts = "-q"
"""


def test_both_sides_change_different_keys() -> None:
    ours = BASE.replace('"numpy>=1.26",', "'numpy >= 2.0',   # mine\n      \"polars\",").replace(
        "[tool.black]\n    line-length = 100", "[tool.black]\n    line-length=88 # wide enough"
    )
    theirs = (
        BASE.replace('">=3.11"', '">=3.12"  # end of life')
        .replace('"pandas",  # tables', '"pandas>=2",  # tables\n      # models\n      "torch",')
        .replace('select = ["E", "F"]', 'select = ["E", "F", "I"]')
        .replace("# how tests run", "[tool.mypy]\n    strict = true\n\n    # how tests run")
    )
    merged = """
    # Settings of churn

    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "churn"
    requires-python = ">=3.12"  # end of life
    dependencies = [
      'numpy >= 2.0',   # mine
      "polars",
      "pandas>=2",  # tables
      # models
      "torch",
    ]

    [tool.black]
    line-length=88 # wide enough

    [tool.ruff]
    line-length = 100
    lint = {select = ["E", "F", "I"]}

    [tool.mypy]
    strict = true

    # how tests run
    [tool.pytest.ini_options]
    addopts = "-q"
"""
    taken = ["project.requires-python", "project.dependencies[pandas]", "project.dependencies[torch]"]
    expect(
        merge_texts("pyproject.toml", BASE, ours, theirs),
        merged,
        taken=[*taken, "tool.ruff.lint.select[I]", "tool.mypy"],
    )


def test_both_change_one_key() -> None:
    ours = BASE.replace('addopts = "-q"', 'addopts = "-q -x"')
    theirs = BASE.replace('addopts = "-q"', 'addopts = "-q --strict-markers"')
    conflicts = ["tool.pytest.ini_options.addopts"]
    expect(merge_texts("pyproject.toml", BASE, ours, theirs), ours, conflicts=conflicts)


def test_a_section_that_theirs_removes_goes_with_its_comment() -> None:
    theirs = BASE.replace('\n    # how tests run\n    [tool.pytest.ini_options]\n    addopts = "-q"\n', "")
    ours = BASE.replace("churn", "leavers")
    gone = theirs.replace("churn", "leavers")
    expect(merge_texts("a.toml", BASE, ours, theirs), gone, taken=["tool.pytest.ini_options"])


@pytest.mark.parametrize(
    "mine", ['addopts = "-v"', 'addopts = "-q"  # keep it quiet', 'addopts = "-q"\n    testpaths = ["tests"]']
)
def test_a_section_that_theirs_removes_stays_where_i_worked_in_it(mine: str) -> None:
    theirs = BASE.replace('\n    # how tests run\n    [tool.pytest.ini_options]\n    addopts = "-q"\n', "")
    ours = BASE.replace('addopts = "-q"', mine)
    expect(merge_texts("a.toml", BASE, ours, theirs), ours, conflicts=["tool.pytest.ini_options"])


def test_a_comment_that_theirs_leaves_behind_is_not_written_twice() -> None:
    theirs = BASE.replace('[tool.pytest.ini_options]\n    addopts = "-q"\n', "")
    ours = BASE.replace('"-q"', '"-v"')
    expect(merge_texts("a.toml", BASE, ours, theirs), ours, conflicts=["tool.pytest.ini_options"])


def test_what_i_removed_stays_away() -> None:
    ours = BASE.replace("[tool.black]\n    line-length = 100\n\n", "").replace('"pandas",  # tables\n', "")
    theirs = BASE.replace('"hatchling"', '"hatchling>=1.27"')
    merged = ours.replace('"hatchling"', '"hatchling>=1.27"')
    expect(merge_texts("a.toml", BASE, ours, theirs), merged, taken=["build-system.requires[hatchling]"])


def test_what_i_removed_and_theirs_changed_is_a_conflict() -> None:
    ours = BASE.replace("[tool.black]\n    line-length = 100\n\n", "")
    theirs = BASE.replace("[tool.black]\n    line-length = 100", "[tool.black]\n    line-length = 110")
    expect(merge_texts("a.toml", BASE, ours, theirs), ours, conflicts=["tool.black"])


def test_an_adoption_adds_sections_and_keys_and_keeps_mine() -> None:
    ours = """
        [project]
        name = "old"
        dependencies = ["numpy"]
        [tool.black]
        line-length = 79"""
    merged = """
        [build-system]
        requires = ["hatchling"]
        build-backend = "hatchling.build"

        [project]
        name = "old"
        requires-python = ">=3.11"
        dependencies = ["numpy"]
        [tool.black]
        line-length = 79

        [tool.ruff]
        line-length = 100
        lint = {select = ["E", "F"]}

        # how tests run
        [tool.pytest.ini_options]
        addopts = "-q\""""
    text, conflicts, taken = merge_texts("pyproject.toml", None, ours, BASE)
    expect((text, conflicts, taken[:2]), merged, taken=["project.requires-python", "build-system"])


def test_arrays_of_tables_are_merged_by_name() -> None:
    base = """
        [[tool.mypy.overrides]]
        module = "torch.*"
        ignore_missing_imports = true

        [[tool.mypy.overrides]]
        module = "sklearn.*"
        ignore_missing_imports = true
    """
    ours = base.replace('"torch.*"', '"torch.*" # slow').replace(
        "[[", '[[tool.mypy.overrides]]\n        module = "mine.*"\n        strict = false\n\n        [[', 1
    )
    theirs = base.replace('sklearn.*"\n', 'sklearn.*"\n        follow_imports = "skip"\n')
    merged = ours.replace('sklearn.*"\n', 'sklearn.*"\n        follow_imports = "skip"\n')
    taken = ["tool.mypy.overrides[sklearn.*].follow_imports"]
    expect(merge_texts("a.toml", base, ours, theirs), merged, taken=taken)


def test_dotted_keys_quoted_keys_and_strings_of_lines() -> None:
    base = """
        tool.black.line-length = 100
        "a b".'c' = 1
        text = \"\"\"
          # no comment
          [no.header]
        \"\"\"
        when = 1979-05-27 07:32:00
    """
    ours = base.replace("1979", "1980")
    theirs = base.replace("100", "110").replace("# no comment", "# still none").replace("= 1\n", "= 2\n")
    merged = theirs.replace("1979", "1980")
    expect(
        merge_texts("a.toml", base, ours, theirs),
        merged,
        taken=["tool.black.line-length", "'a b'.c", "text"],
    )


def test_an_inline_table_takes_a_key() -> None:
    base = 'torch = {version = "2.1"}\n'
    ours = "torch = { version = \"2.1\", source = 'mine' } # here\n"
    theirs = 'torch = {version = "2.1", optional = true}\n'
    merged = "torch = { version = \"2.1\", optional = true, source = 'mine' } # here\n"
    expect(merge_texts("Pipfile", base, ours, theirs), merged, taken=["torch.optional"])


def test_an_empty_array_is_filled_as_theirs_writes_it() -> None:
    base = 'x = 1\nselect = []\nname = "a"\n'
    ours = base.replace('"a"', '"b"')
    theirs = base.replace("[]", "[\n  # imports\n  'I',\n]")
    expect(merge_texts("a.toml", base, ours, theirs), theirs.replace('"a"', '"b"'), taken=["select[I]"])


def test_the_last_item_without_a_comma() -> None:
    base = "x = [\n  'a',\n  'b'\n]\n"
    ours = "x = [\n  'a',\n  'b', 'mine'\n]\n"
    theirs = "x = [\n  'a',\n  'b',\n  'c'\n]\n"
    assert merge_texts("a.toml", base, ours, theirs)[0] == "x = [\n  'a',\n  'b',\n  'c', 'mine'\n]\n"
    assert merge_texts("a.toml", base, base.replace("'a'", "'A'"), theirs)[0] == theirs.replace("'a'", "'A'")


@pytest.mark.parametrize(
    "broken", ["a = ", "a = 1\na = 2\n", "[x]\n[x]\n", "a = 1\r\nb = 2\n", "a." * 9999 + "a = 1\n"]
)
def test_no_toml(broken: str) -> None:
    for ours, theirs in ((broken, "a = 3\n"), ("a = 3\n", broken)):
        with pytest.raises(NotByKeys):
            merge_texts("a.toml", "a = 1\n", ours, theirs)


def test_numbers_in_an_array_are_one_value() -> None:
    base, ours, theirs = "b = [0.9, 0.99]\n", "b = [0.8, 0.99]\n", "b = [0.7, 0.99]\n"
    expect(merge_texts("a.toml", base, ours, theirs), ours, conflicts=["b"])


SECTION = """
    [tool.ruff]
    line-length = 100

    [tool.ruff.lint]
    select = ["E"]
    ignore = ["E501"]

    [tool.black]
    line-length = 100
"""
DOTTED = """
    [tool.ruff]
    line-length = 100
    lint.select = ["E"]
    lint.ignore = ["E501"]

    [tool.black]
    line-length = 100
"""
INLINE = """
    [tool.ruff]
    line-length = 100
    lint = { select = ["E"], ignore = ["E501"] }

    [tool.black]
    line-length = 100
"""


@pytest.mark.parametrize("ours", [SECTION, DOTTED, INLINE])
@pytest.mark.parametrize("base", [SECTION, DOTTED, INLINE])
@pytest.mark.parametrize("theirs", [SECTION, DOTTED, INLINE])
def test_one_table_in_three_shapes(base: str, ours: str, theirs: str) -> None:
    mine = ours.replace('["E501"]', '["E501", "D"]')
    yours = theirs.replace('["E"]', '["E", "F"]')
    merged = mine.replace('["E"]', '["E", "F"]')
    table = ["tool.ruff.lint.select[F]"]
    expect(merge_texts("pyproject.toml", base, mine, yours), merged, taken=table)


@pytest.mark.parametrize("ours", [SECTION, DOTTED, INLINE])
@pytest.mark.parametrize("theirs", [SECTION, DOTTED, INLINE])
def test_an_adoption_adds_to_a_table_in_its_shape(ours: str, theirs: str) -> None:
    mine = re.sub(r"\n *(lint\.)?ignore = .*|, ignore = \S+", "", ours)
    expect(merge_texts("pyproject.toml", None, mine, theirs), ours, taken=["tool.ruff.lint.ignore"])


def test_an_adoption_keeps_my_table_where_theirs_has_a_value() -> None:
    ours = """
        [project]
        name = "a"
        readme.file = "README.md"
        version = "1"
        [project.license]
        file = "LICENSE"
    """
    theirs = """
        [project]
        name = "b"
        license = "MIT"
        readme = "README.md"
        classifiers = []
        [project.version]
        attr = "a"
    """
    merged = ours.replace('README.md"', 'README.md"\n        classifiers = []')
    text, conflicts, taken = merge_texts("pyproject.toml", None, ours, theirs)
    assert (text.count("classifiers"), conflicts, taken) == (1, [], ["project.classifiers"])
    assert sorted(text.split()) == sorted(merged.split())
    with pytest.raises(NotByKeys):
        merge_texts("pyproject.toml", "", ours, theirs)
