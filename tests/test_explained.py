"""A rule's page at a terminal: short, in its width, and with every word that it has."""

import pytest

from mlscaffold import rules
from mlscaffold.cli import main
from mlscaffold.page import page_of
from mlscaffold.report.explained import in_short, laid_out
from mlscaffold.report.terminal import Terminal
from mlscaffold.rule import Rule

PAGE = """\
# A thing is wrong

It is wrong.

## Why

Because it is
([Somebody](https://example.org/)).

## Example: one

````markdown title="README.md"
## A heading of the example, which is longer than any terminal that is asked for here is wide
````

```outcome
failed README.md:1 say what it is for, how it is installed and how it is run
  also LICENSE
```

## Quiet: another

```outcome
passed
```

## Unknown: a third

```outcome
unknown why
```

## How to fix

- Write one thing after the
  other.
- Stop.

| a table | stays |
|---|---|

## When it does not apply

Never.
"""


def test_the_short_page_has_the_fix_right_after_the_first_case() -> None:
    said = in_short(PAGE, "DOC101")
    heads = [line for line in said.splitlines() if line.startswith("## ")]
    inside = "## A heading of the example, which is longer than any terminal that is asked for here is wide"
    assert heads == ["## Why", "## Example: one", inside, "## How to fix", "## When it does not apply"]
    assert said.endswith(
        "Never.\n\n2 more cases, of which 1 must stay quiet: mlscaffold explain --all DOC101\n"
    )


def test_prose_takes_the_width_and_files_stay_as_they_are() -> None:
    said = laid_out(PAGE, Terminal(width=40))
    assert "\nBecause it is\n([Somebody](https://example.org/)).\n" in said
    assert "\n- Write one thing after the other.\n- Stop.\n\n| a table | stays |\n|---|---|\n" in said
    assert (
        "\nfailed README.md:1 say what it is for,\n    how it is installed and how it is\n    run\n" in said
    )
    assert "\n  also LICENSE\n```\n" in said
    assert "## A heading of the example, which is longer than any terminal that is asked for" in said
    assert laid_out(PAGE, Terminal()) == PAGE


@pytest.mark.parametrize("rule", rules.load().values(), ids=list(rules.load()))
def test_no_page_loses_a_word(rule: Rule) -> None:
    text = page_of(rule).text
    assert laid_out(text, Terminal(width=60)).split() == text.split()


def test_every_case_is_printed_where_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "REP101"]) == 0
    short = capsys.readouterr().out
    assert main(["explain", "REP101", "--all"]) == 0
    whole = capsys.readouterr().out
    assert whole.endswith(page_of(rules.load()["REP101"]).text)
    assert short.count("```outcome") == 1 < whole.count("```outcome")
