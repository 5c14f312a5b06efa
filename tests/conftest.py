"""Options of this test suite."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

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


@pytest.fixture
def as_nobody() -> Iterator[tuple[Path, Callable[[], None]]]:
    """A folder that anybody may enter, and what makes this process nobody, to whom all in it then belongs."""
    if sys.platform == "win32":
        pytest.skip("folders have no permissions")

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        was = os.geteuid()

        def become() -> None:
            if os.geteuid() == 0:
                for path in [folder, *folder.rglob("*")]:
                    os.lchown(path, 65534, 65534)
                os.seteuid(65534)

        try:
            yield folder, become
        finally:
            os.seteuid(was)
