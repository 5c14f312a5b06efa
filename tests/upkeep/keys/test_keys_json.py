import pytest
from cases import expect, merge_texts

from mlscaffold.upkeep.keys import NotByKeys

BASE = """
    // For editors that open containers
    {
      "name": "churn",
      /* the image of CI */
      "image": "python:3.11",
      "features": {},
      "customizations": {
        "vscode": {
          "extensions": ["ms-python.python", "charliermarsh.ruff"],
        }
      }
    }
"""


def test_a_dev_container_with_comments() -> None:
    ours = BASE.replace('"churn",', '"churn",  // ours\n\t"runArgs": ["--gpus", "all"],').replace(
        '"ms-python.python", ', '"ms-python.python","mine.ext", '
    )
    theirs = (
        BASE.replace("python:3.11", "python:3.12")
        .replace('"features": {}', '"features": {"git-lfs": {}}')
        .replace('"charliermarsh.ruff"]', '"charliermarsh.ruff", "ms-toolsai.jupyter"]')
        .replace(
            '      "customizations"',
            '      // after creation\n      "postCreateCommand": "make",\n      "customizations"',
        )
    )
    merged = """
    // For editors that open containers
    {
      "name": "churn",  // ours
\t"runArgs": ["--gpus", "all"],
      /* the image of CI */
      "image": "python:3.12",
      "features": {"git-lfs": {}},
      // after creation
      "postCreateCommand": "make",
      "customizations": {
        "vscode": {
          "extensions": ["ms-python.python","mine.ext", "charliermarsh.ruff", "ms-toolsai.jupyter"],
        }
      }
    }
"""
    text, conflicts, taken = merge_texts(".devcontainer/devcontainer.json", BASE, ours, theirs)
    assert (
        text == merged.replace("\n    ", "\n").replace("\n  \n", "\n")[1:] or text.split() == merged.split()
    )
    assert not conflicts
    assert taken == [
        "image",
        "features.git-lfs",
        "customizations.vscode.extensions[ms-toolsai.jupyter]",
        "postCreateCommand",
    ]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ('{"a":1,"b":2}', '{"a":1,"b":3}', '{"b":2}', '{"b":3}'),
        ('{"a":1,"b":2}', '{"a":3,"b":2}', '{"a":1}', '{"a":3}'),
        ('{"b":2}', '{"b":3}', '{"a":1,"b":2}', '{"a":1, "b":3}'),
        ('{"b":2}', '{"b":3}\n', '{"b":2,"c":{"d":[1]}}', '{"b":3, "c":{"d":[1]}}\n'),
        (
            '{\n\t"b": 2\n}',
            '{\n\t"b": 3\n}',
            '{\n  "b": 2,\n  "c": {\n    "d": 1\n  }\n}',
            '{\n\t"b": 3,\n\t"c": {\n\t  "d": 1\n\t}\n}',
        ),
        ('{"a": {}}', '{"a": {}, "z": 1}', '{"a": {"b": 1}}', '{"a": {"b": 1}, "z": 1}'),
        (
            '[{"name": "a", "x": 1}]',
            '[{"name": "a", "x": 1, "y": 1}]',
            '[{"name": "a", "x": 2}]',
            '[{"name": "a", "x": 2, "y": 1}]',
        ),
        ('{"b": 1}', "// mine\n{\n}\n", '{\n  "c": 1\n}', '// mine\n{\n  "c": 1\n}\n'),
        ('{"a": 1, "b": "x"}', '{"a": 1, "b": "y"}', '{"a": 1.0, "b": "x"}', '{"a": 1.0, "b": "y"}'),
        ('{"a": 1, "b": "x"}', '{"a": 1, "b": "y"}', '{"a": true, "b": "x"}', '{"a": true, "b": "y"}'),
    ],
)
def test_commas_stay_right(base: str, ours: str, theirs: str, merged: str) -> None:
    text, conflicts, _ = merge_texts("a.json", base, ours, theirs)
    assert (text, conflicts) == (merged, [])


def test_conflicts_are_named_in_short_text() -> None:
    from mlscaffold.upkeep.keys import KeyConflict, merge

    long = '"' + "x" * 90 + '"'
    result = merge(
        "a.json", b'{"a": 1, "b": 1}', b'{"a": 2}', b'{"a": ' + long.encode() + b', "b": [ 1,\n 2]}'
    )
    assert result.text == b'{"a": 2}'
    assert result.conflicts == (
        KeyConflict("a", "1", "2", '"' + "x" * 90 + '"'),
        KeyConflict("b", "1", None, "[ 1, 2]"),
    )


@pytest.mark.parametrize(
    "broken", ["{", "{'a': 1}", '{"a": 1 "b": 2}', '{"a": 1, "a": 2}', "1", '{"a": 1} x', "[" * 100000]
)
def test_no_json(broken: str) -> None:
    for ours, theirs in ((broken, '{"a": 3}'), ('{"a": 3}', broken)):
        with pytest.raises(NotByKeys):
            merge_texts("a.json", '{"a": 1}', ours, theirs)


def test_an_empty_file_is_no_object() -> None:
    expect(merge_texts("a.json", "", "", "\n"), "")
