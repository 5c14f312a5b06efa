"""Tests in R, Julia, Scala, Java and Kotlin: what a runner collects, and whether it asserts something."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.repo.repo import Repo

JVM = regex(
    r"(?:^|/)src/(?:[\w-]+/)?(?:test|it|integration[Tt]est|androidTest)/"
    r"|(?:^|/)(?:Test\w+|\w+(?:Tests?|TestCase|IT|Spec|Suite))\.\w+$"
)
JUNIT = regex(
    r"^[ \t]*@(?:Parameterized|Repeated)?Test(?:Factory)?\b|^[ \t]*public[ \t]+void[ \t]+test\w*[ \t]*\(",
    re.M,
)
JUNIT_ASSERTS = regex(
    r"^(?![ \t]*(?://|\*)).*(?:\b[aA]ssert\w*\s*[.(]|\bverify\s*\(|\bfail\s*\(|\bexpected\s*=|\bshould\w+\s*\()",
    re.M,
)
SCALATEST = regex(
    r"^[ \t]*(?:test|it|they|scenario|property|testAsync)\s*\(\s*\""
    r"|^[ \t]*(?!//).*\"\s*(?:in|>>|ignore|should)\s*[{(]",
    re.M,
)
SCALA_ASSERTS = regex(
    r"^(?![ \t]*(?://|\*)).*(?:\bassert\w*\s*[({]|\bexpect\w*\s*[({]|\bintercept\s*\[|===|\b(?:should|must)\w*\s*"
    r"(?:===|==|\(|be\b|equal|have\b|contain|not\b|Be\b|[\w.]+\s*$)|\bforAll\s*[({]|\bcheck\s*[({])",
    re.M,
)
EXPECTS = regex(r"^(?![ \t]*#).*(?<![\w.])expect_\w+\(", re.M)
CHECKS = regex(r"^(?![ \t]*#).*\b(?:checkEquals|checkTrue|checkException|checkIdentical)\w*\(", re.M)
STOPS = regex(r"^(?![ \t]*#).*\bstopifnot\(", re.M)
JULIA_TESTS = regex(r"^[ \t]*@test(?:_\w+)?\b", re.M)

SUITES: dict[str, tuple[tuple[str, re.Pattern[str], re.Pattern[str], re.Pattern[str]], ...]] = {
    ".r": (
        ("testthat", regex(r"(^|/)tests?/(?:testthat/)?test[^/]*$"), EXPECTS, EXPECTS),
        ("tinytest", regex(r"(^|/)inst/tinytest/test[^/]*$"), EXPECTS, EXPECTS),
        ("RUnit", regex(r"(^|/)(?:inst/unitTests|runit)/|(^|/)runit[^/]*$"), CHECKS, CHECKS),
        ("R CMD check", regex(r"(^|/)tests/[^/]+$"), STOPS, STOPS),
    ),
    ".jl": (
        ("julia", regex(r"(^|/)test/"), JULIA_TESTS, JULIA_TESTS),
        ("TestItems", regex(r""), regex(r"^[ \t]*@testitem\b", re.M), JULIA_TESTS),
    ),
    ".scala": (("ScalaTest", JVM, SCALATEST, SCALA_ASSERTS), ("JUnit", JVM, JUNIT, JUNIT_ASSERTS)),
    ".java": (("JUnit", JVM, JUNIT, JUNIT_ASSERTS),),
    ".kt": (("JUnit", JVM, JUNIT, JUNIT_ASSERTS),),
}
"""By the end of a file's name: who runs it, where it lies, what is one test there, and what asserts."""


def counted(repo: Repo, path: str) -> tuple[str, int] | None:
    """The runner and the number of tests of a file that holds a test which asserts, or `None`."""
    for runner, place, each, asserts in SUITES.get(path[path.rfind(".") :].lower(), ()):
        if not place.search(path):
            continue
        text = repo.text(path) or ""
        if asserts.search(text) and (count := len(each.findall(text))):
            return runner, count
    return None
