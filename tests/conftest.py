"""Options of this test suite."""

from collections.abc import Iterator

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


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests keep goes away with them, and nothing that the user kept is read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
