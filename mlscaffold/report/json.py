"""The report as JSON: every rule with its outcome, complete even where rules fail or crash."""

from __future__ import annotations

import json
from typing import Any

from mlscaffold.audit import OUTCOMES, Report, Result, fingerprint
from mlscaffold.baseline import Entry
from mlscaffold.config import Ignore
from mlscaffold.edits import Command, Edit, Fix, FromTemplate
from mlscaffold.printable import shown
from mlscaffold.rule import Answer, Finding, Open, Place, Satisfied, Unknown
from mlscaffold.titles import title_of

SCHEMA = 1


def render(report: Report) -> str:
    """One JSON document; `audit.schema.json` beside this file describes it."""
    document = {
        "schema": SCHEMA,
        "tool": {"name": "mlscaffold-toolkit", "version": report.tool},
        "standard": report.standard,
        "repository": {
            "label": shown(report.label),
            "commit": report.commit,
            "git": report.in_git,
            "files": report.files,
        },
        "profile": report.config.profile,
        "profile_source": report.config.profile_source,
        "configuration": report.config.source,
        "counts": {outcome: len(report.of(outcome)) for outcome in OUTCOMES},
        "failed": [r.rule.code for r in report.failed],
        "off": list(report.off),
        "results": [_result(r) for r in report.results],
        "packages": [shown(path) for path in report.packages],
        "members": [
            {
                "path": shown(member.path),
                "files": member.report.files,
                "failed": [r.rule.code for r in member.report.failed],
                "results": [_result(r) for r in member.report.results],
            }
            for member in report.members
        ],
        "baseline": {
            "source": report.baseline.source,
            "places": sum(entry.places for entry in report.baseline.entries),
            "gone": [_entry(entry) for entry in report.gone],
        },
        "ignores": {
            "stale": [_ignore(i) for i in report.stale],
            "expired": [_ignore(i) for i in report.expired],
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _result(result: Result) -> dict[str, Any]:
    return {
        "code": result.rule.code,
        "name": result.rule.name,
        "title": title_of(result.rule),
        "level": result.rule.level,
        "strength": result.strength,
        "outcome": result.outcome,
        "reason": shown(result.reason),
        "new": result.new,
        "crashed": result.crashed,
        "answers": [_answer(result, answer) for answer in result.answers],
        "suppressed": [
            {"finding": _answer(result, s.finding), "ignore": _ignore(s.by)} for s in result.suppressed
        ],
        "baselined": [_answer(result, finding) for finding in result.baselined],
    }


def _answer(result: Result, answer: Answer) -> dict[str, Any]:
    match answer:
        case Finding():
            return {
                "kind": "finding",
                **_place(answer),
                "message": shown(answer.message),
                "fingerprint": fingerprint(result.rule.code, answer),
                "also": [_place(also) for also in answer.also],
                "fix": _fix(answer.fix),
            }
        case Satisfied(path=path, by=by):
            return {"kind": "satisfied", "path": shown(path), "by": shown(by)}
        case Open(path=path, message=message, line=line):
            return {"kind": "open", "path": shown(path), "line": line, "message": shown(message)}
        case Unknown(reason=reason, path=path):
            return {"kind": "unknown", "path": shown(path), "reason": shown(reason)}


def _place(at: Finding | Place) -> dict[str, Any]:
    return {"path": shown(at.path), "line": at.line, "cell": at.cell, "cell_line": at.cell_line}


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    match fix:
        case Edit(path=path, text=text, safe=safe):
            return {"kind": "edit", "path": shown(path), "text": text, "safe": safe}
        case FromTemplate(path=path):
            return {"kind": "template", "path": shown(path)}
        case Command(argv=argv, why=why):
            return {"kind": "command", "argv": [shown(a) for a in argv], "why": why}
        case None:
            return None


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "path": shown(entry.path),
        "fingerprint": entry.fingerprint,
        "places": entry.places,
    }


def _ignore(ignore: Ignore) -> dict[str, Any]:
    return {
        "code": ignore.code,
        "reason": ignore.reason,
        "paths": list(ignore.paths),
        "until": ignore.until.isoformat() if ignore.until else None,
        "owner": ignore.owner,
    }
