"""How far a long reading is: told on a terminal alone, and gone when it is done."""

import os
import pty
import signal
import subprocess
import sys

import pytest

from mlscaffold import progress

READ = """
import time
from mlscaffold import progress
progress.AFTER, progress.EVERY = {after}, 0.05
with progress.told():
    progress.step(3, 77, "practices")
    time.sleep(0.3)
    progress.step(4, 77, "practices")
"""


def told(environment: dict[str, str] | None = None, after: float = 0.05) -> str:
    """What a program that reads for a while writes to the terminal of its errors."""
    outer, inner = pty.openpty()
    env = {name: value for name, value in os.environ.items() if name not in ("CI", "TERM")} | (
        environment or {}
    )
    subprocess.run([sys.executable, "-c", READ.format(after=after)], env=env, stderr=inner, check=True)
    os.set_blocking(outer, False)
    try:
        return os.read(outer, 65536).decode()
    except BlockingIOError:
        return ""
    finally:
        os.close(inner)
        os.close(outer)


pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timer")


def test_a_person_sees_how_far_it_is_and_then_nothing_of_it() -> None:
    said = told()
    assert said.startswith("\r\x1b[Kreading: 3 of 77 practices …\r\x1b[K")
    assert said.endswith(progress.CLEARED)


@pytest.mark.parametrize("environment", [{"CI": "true"}, {"TERM": "dumb"}], ids=["CI", "a plain terminal"])
def test_nothing_is_said_where_nobody_looks(environment: dict[str, str]) -> None:
    assert told(environment) == ""


def test_nothing_is_said_of_what_is_quick() -> None:
    assert told(after=60) == ""


def test_the_timer_is_gone_when_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    before = signal.getsignal(signal.SIGALRM)
    with progress.told():
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    assert signal.getsignal(signal.SIGALRM) == before
