"""argv → command → exit code, and the one boundary where errors end."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from mlscaffold import __version__
from mlscaffold.arguments import Parser, codes, practices, step
from mlscaffold.errors import CRASHED, INTERRUPTED, OK, REFUSED, Stop

PROFILES = ("research", "team", "production")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit code."""
    try:
        given = sys.argv[1:] if argv is None else list(argv)
        _fit_streams()
        if not given:
            parser().print_help(sys.stderr)
            return REFUSED
        asked = next((word for word in given if word[:1] != "-"), "")
        return _run(parser(asked).parse_args(given))
    except Stop as stop:
        sys.stderr.write(f"mlscaffold: {stop}\n")
        return REFUSED
    except KeyboardInterrupt:
        sys.stderr.write("mlscaffold: interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        # the reader, such as `head`, has what it wants; keep Python from writing the rest at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception:  # noqa: BLE001 (the boundary)
        return _crash()


def _fit_streams() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream.encoding and stream.encoding.lower() != "utf-8":
            from mlscaffold.report.signs import fit  # hardly anybody needs it

            fit(stream)


def _crash() -> int:
    import traceback

    sys.stderr.write(traceback.format_exc())
    sys.stderr.write(f"mlscaffold {__version__}: this is our mistake. Please report the lines above.\n")
    return CRASHED


def _run(args: argparse.Namespace) -> int:
    from mlscaffold.termination import end_in_order

    end_in_order()
    options = {key: value for key, value in vars(args).items() if key != "command"}
    if args.command not in ("audit", "facts"):
        return _called(args.command, options)
    gc.disable()  # both are short, and make hardly any cycles to look for
    code = _audited(options) if args.command == "audit" else _called(args.command, options)
    from mlscaffold.compiled import keep

    keep()
    gc.freeze()  # else the interpreter looks through everything once more before it ends
    return code


def _called(command: str, options: dict[str, Any]) -> int:
    from importlib import import_module  # one verb, one file, one function of that name

    run = getattr(import_module(f"mlscaffold.commands.{command}"), command)
    return int(run(**options))


def _audited(options: dict[str, Any]) -> int:
    past, every = options.pop("history"), options.pop("every")
    if past or every:
        from mlscaffold.commands.history import history

        for name in ("rev", "staged", "packages", "baseline", "everything", "strict"):
            if options.pop(name):
                raise Stop(
                    "a history takes none of --rev, --staged, --packages, --all, --strict "
                    "and the options of a baseline: leave it out"
                )
        return history(options.pop("path"), every=every or "tag", **options)
    from mlscaffold.commands.audit import audit

    return audit(options.pop("path"), **options)


def parser(asked: str | None = None) -> argparse.ArgumentParser:
    """Every command and option, from which the docs are made; or the asked command alone."""
    top = Parser(
        prog="mlscaffold",
        description="The executable standard for machine-learning repositories.",
        epilog="Exit codes: 0 nothing required is wrong, 1 something is or is left to decide, "
        "2 wrong use or a question, 3 a bug of ours.",
    )
    top.add_argument("--version", action="version", version=f"mlscaffold-toolkit {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    known = asked in [name for name, *_ in COMMANDS]
    for name, help_, description, options in COMMANDS:
        if not known or name == asked:
            command = commands.add_parser(name, help=help_, description=description)
            if asked in (None, name):
                options(command)
    return top


NEW = "Make a machine-learning repository in which everything works, with a first commit."
AUDIT = "Read a repository, run nothing of it, and say what falls short, why it matters and how to fix it."
FACTS = "Read a repository, run nothing of it, and print what it is and uses, with the places that prove it."
ADOPT = "Begin with a state file, a configuration and a baseline of today's findings; then add practices."
LEAVE = "Remove what an adoption added, the configuration and the state. Everything else still runs."
UPDATE = (
    "Merge a newer version of the standard, or another answer, into a repository. What people wrote stays."
)
DRIFT = "Compare each governed file with what the template wrote there: conforming, behind, drifted, missing."
FIX = "Apply the fixes of findings one at a time, asking the rule again. Only --unsafe runs commands."
EXPLAIN = "Print why a practice matters, examples, the fix, and when the rule does not apply."
RULES = "List every rule with what each profile asks: required, advised or off."


def _new(command: argparse.ArgumentParser) -> None:
    command.add_argument("path", help="the folder to make; it must not exist or must be empty")
    command.add_argument(
        "--data", action="append", default=[], metavar="KEY=VALUE", help="answer a question (repeatable)"
    )
    command.add_argument("--answers", default="", metavar="FILE", help="a YAML file of answers")
    command.add_argument("--yes", action="store_true", help="ask nothing: take the defaults")
    command.add_argument("--no-git", dest="git", action="store_false", help="make no git repository")


def _audit(command: argparse.ArgumentParser) -> None:
    command.add_argument("path", nargs="?", default=".", help="a repository or folder (default: this one)")
    source = command.add_mutually_exclusive_group()
    source.add_argument("--rev", default="", help="audit this git revision, without a check-out")
    source.add_argument("--staged", action="store_true", help="audit what the next commit would hold")
    source.add_argument("--history", action="store_true", help="a table over all tags and HEAD")
    command.add_argument(
        "--every",
        type=step,
        metavar="STEP",
        help="the same over each month, week or so many commits",
    )
    command.add_argument(
        "--packages",
        action="store_true",
        help="audit each package of a monorepo, or project of a collection, as well",
    )
    known = command.add_mutually_exclusive_group()
    known.add_argument(
        "--write-baseline",
        dest="baseline",
        action="store_const",
        const="write",
        default="",
        help="list what fails today in .mlscaffold.baseline, so that only what is new fails",
    )
    known.add_argument(
        "--update-baseline",
        dest="baseline",
        action="store_const",
        const="update",
        default="",
        help="take out of it what is gone; nothing is ever added",
    )
    command.add_argument("--profile", default="", choices=PROFILES, help="what to ask for")
    command.add_argument(
        "--select", action="extend", type=codes, default=[], metavar="CODES", help="only these rules"
    )
    command.add_argument(
        "--ignore", action="extend", type=codes, default=[], metavar="CODES", help="not these findings"
    )
    _format(command)
    command.add_argument(
        "--all", dest="everything", action="store_true", help="show every place, and what passed and why"
    )
    command.add_argument(
        "--no-cache", dest="cached", action="store_false", help="read every file anew, and keep nothing"
    )
    command.add_argument("--strict", action="store_true", help="fail also where a rule cannot tell")
    _colour(command)


def _facts(command: argparse.ArgumentParser) -> None:
    command.add_argument("path", nargs="?", default=".", help="a repository or folder (default: this one)")
    command.add_argument("--rev", default="", help="read this git revision, without a check-out")
    _format(command)
    command.add_argument(
        "--no-cache", dest="cached", action="store_false", help="read every file anew, and keep nothing"
    )
    _colour(command)


def _adopt(command: argparse.ArgumentParser) -> None:
    command.add_argument("path", nargs="?", default=".", help="a repository (default: this one)")
    command.add_argument(
        "--add",
        action="extend",
        type=practices,
        default=[],
        metavar="CODES",
        help="add these practices, such as VCS105,TEAM103; or `next`, or `all`",
    )
    command.add_argument(
        "--data", action="append", default=[], metavar="KEY=VALUE", help="answer a question (repeatable)"
    )
    command.add_argument("--answers", default="", metavar="FILE", help="a YAML file of answers")
    command.add_argument("--yes", action="store_true", help="ask nothing; a missing answer is an error")
    command.add_argument("--plan", action="store_true", help="say what would be written; write nothing")
    _branch(command)
    command.add_argument("--profile", default="", choices=PROFILES, help="what to ask for")
    _colour(command)


def _leave(command: argparse.ArgumentParser) -> None:
    command.add_argument("path", nargs="?", default=".", help="a repository (default: this one)")
    command.add_argument("--plan", action="store_true", help="say what would go; remove nothing")


def _update(command: argparse.ArgumentParser) -> None:
    command.add_argument("path", nargs="?", default=".", help="a repository (default: this one)")
    command.add_argument("--to", default="", metavar="VERSION", help="this version (default: the newest)")
    what = command.add_mutually_exclusive_group()
    what.add_argument(
        "--plan", action="store_true", help="show what would become of each path; write nothing"
    )
    what.add_argument(
        "--apply",
        dest="saved_plan",
        default="",
        metavar="PLAN",
        help="carry out a plan that --plan --format json printed",
    )
    command.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="FEATURE",
        help="only the files of a feature, such as ci",
    )
    _patterns(command, "--path", "paths", "only these paths")
    _patterns(command, "--mine", "mine", "where both changed something: yours stays")
    _patterns(command, "--template", "template", "where both changed something: take the template's")
    _patterns(command, "--markers", "markers", "where both changed something: write both, between markers")
    command.add_argument(
        "--decline",
        action="append",
        default=[],
        metavar="PATH=REASON",
        help="this repository does not want a file",
    )
    command.add_argument("--until", default="", metavar="DAY", help="declined until this day, as 2027-06-30")
    _branch(command)
    command.add_argument(
        "--data", action="append", default=[], metavar="KEY=VALUE", help="change an answer (repeatable)"
    )
    command.add_argument("--answers", default="", metavar="FILE", help="a YAML file of answers")
    _format(command, "markdown", about="markdown is the text of a pull request (default: text)")
    _colour(command)


def _drift(command: argparse.ArgumentParser) -> None:
    command.add_argument("path", nargs="?", default=".", help="a repository (default: this one)")
    command.add_argument("--diff", dest="diffs", action="store_true", help="show how each path differs")
    _format(command)
    _colour(command)


def _fix(command: argparse.ArgumentParser) -> None:
    command.add_argument("path", nargs="?", default=".", help="a repository (default: this one)")
    command.add_argument(
        "--select", action="extend", type=codes, default=[], metavar="CODES", help="only these findings"
    )
    _patterns(command, "--path", "paths", "not findings: take these paths back as the template wrote them")
    command.add_argument("--profile", default="", choices=PROFILES, help="what to ask for")
    command.add_argument("--diff", action="store_true", help="print a patch; write nothing")
    command.add_argument(
        "--unsafe", action="store_true", help="also what can change results, data or history; runs commands"
    )
    command.add_argument("--dirty", action="store_true", help="also where changes are not committed")
    _branch(command)
    command.add_argument(
        "--no-cache", dest="cached", action="store_false", help="read every file anew, and keep nothing"
    )
    _colour(command)


def _patterns(command: argparse.ArgumentParser, option: str, name: str, text: str) -> None:
    command.add_argument(option, dest=name, action="append", default=[], metavar="PATH", help=text)


def _branch(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--branch", default="", metavar="NAME", help="commit the result to this branch; leave the work tree"
    )


def _format(command: argparse.ArgumentParser, *more: str, about: str = "default: text") -> None:
    command.add_argument(
        "--format", dest="output", default="text", choices=("text", "json", *more), help=about
    )


def _colour(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--color", dest="colour", default="auto", choices=("auto", "always", "never"), help="default: auto"
    )


def _explain(command: argparse.ArgumentParser) -> None:
    command.add_argument("codes", nargs="+", metavar="CODE", help="a rule's code or name")
    command.add_argument("--all", dest="everything", action="store_true", help="with every case of its page")


def _rules(command: argparse.ArgumentParser) -> None:
    command.add_argument("--profile", default="", choices=PROFILES, help="only what this profile asks for")
    _format(command)


COMMANDS: tuple[tuple[str, str, str, Callable[[argparse.ArgumentParser], None]], ...] = (
    ("new", "make a repository that meets the standard", NEW, _new),
    ("audit", "say what a repository lacks", AUDIT, _audit),
    ("facts", "say what a repository is and uses", FACTS, _facts),
    ("adopt", "bring a repository under the standard", ADOPT, _adopt),
    ("update", "bring a newer version of the standard", UPDATE, _update),
    ("drift", "say what differs from the standard", DRIFT, _drift),
    ("fix", "apply what the audit proposes", FIX, _fix),
    ("leave", "take the standard out again", LEAVE, _leave),
    ("explain", "print a rule's page", EXPLAIN, _explain),
    ("rules", "list the rules", RULES, _rules),
)
