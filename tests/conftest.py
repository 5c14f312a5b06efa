"""Options of this test suite."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full-array", action="store_true", help="generated projects: every row of the covering array"
    )
    parser.addoption(
        "--write-transcripts",
        action="store_true",
        help="write what the commands in README and docs print now",
    )
