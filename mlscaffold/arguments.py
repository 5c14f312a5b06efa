"""How the words of a command line are read, and what is said of one that is not known."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

USUAL = 80
"""Columns of a terminal that does not say how many it has."""


class Layout(argparse.HelpFormatter):
    """The layout of the help, for which argparse asks at every option."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=columns() - 2)


class Parser(argparse.ArgumentParser):
    """A parser that proposes the nearest word for one that it does not know, and whose command says so."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=Layout, **options)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """The options; ends the run where a word is left, at the command that does not know it."""
        found, left = super().parse_known_args(args, namespace)
        if left:
            close = _nearest(left[0].partition("=")[0], [o for a in self._actions for o in a.option_strings])
            self.error(f"unrecognized arguments: {' '.join(left)}{close}")
        return found, left

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, with the nearest choice, and end with 2."""
        wrong, _, choices = message.partition(" (choose from ")
        if choices:
            message += _nearest(
                wrong.rpartition(" ")[2].strip("'"), choices.strip(")").replace("'", "").split(", ")
            )
        super().error(message)


def columns() -> int:
    """The width of the terminal, told as `shutil` tells it, which imports what reads archives."""
    named = os.environ.get("COLUMNS", "")
    if named.isdecimal() and int(named):
        return int(named)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or USUAL
    except (AttributeError, ValueError, OSError):
        return USUAL


def _nearest(word: str, known: Sequence[str]) -> str:
    from mlscaffold.nearest import nearest  # only after a mistake

    begun = (k for k in known if len(word) > 2 and k.startswith(word))
    close = next(begun, "") or nearest(word, known)
    return f". Did you mean {close}?" if close else ""


def codes(text: str) -> list[str]:
    """Codes of rules or their beginnings, between commas or spaces."""
    return [code for code in text.upper().replace(",", " ").split() if code]


def practices(text: str) -> list[str]:
    """The same, with the words `next` and `all`."""
    return [word.lower() if word in ("NEXT", "ALL") else word for word in codes(text)]


def step(text: str) -> str:
    """A step between revisions: a word for it, or how many commits."""
    if text in ("tag", "month", "week") or (text.isdecimal() and int(text) > 0):
        return text
    raise argparse.ArgumentTypeError("it can be tag, month, week or a number of commits")
