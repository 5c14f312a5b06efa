"""Work in several processes: all of it is done, whatever happens to one of them, and none stays."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from mlscaffold.repo.workers import spread

HERE = os.getpid()


def double(number: int) -> int:
    return 2 * number


def deadly(number: int) -> int:
    if number == 3 and multiprocessing.parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def failing(number: int) -> int:
    if number == 3:
        raise LookupError("three")
    return 2 * number


def large(number: int) -> bytes:
    return bytes(number)


@pytest.mark.parametrize("work", [double, deadly])
@pytest.mark.parametrize("count", [1, 2, 9])
def test_every_piece_is_done_once(work: type[double], count: int) -> None:
    assert sorted(spread(work, range(8), count)) == [(n, 2 * n) for n in range(8)]
    assert not multiprocessing.active_children()


def test_pieces_larger_than_a_pipe() -> None:
    pieces = [bytes(3_000_000)] * 3
    assert [len(answer) for _, answer in spread(len_of, pieces, 2)] == [3_000_000] * 3


def len_of(piece: bytes) -> bytes:
    return piece


def test_an_error_of_the_work_is_heard_here(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(LookupError, match="three"):
        list(spread(failing, range(8), 2))
    assert not multiprocessing.active_children()
    assert capfd.readouterr() == ("", "")


def test_processes_end_when_nobody_wants_more() -> None:
    answers = spread(double, range(100), 2)
    next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


SLOW = """
import os, sys, time
sys.path.insert(0, {here!r})
from mlscaffold.repo.workers import spread

def slow(number):
    os.write(1, b"%d\\n" % os.getpid())  # one write: two processes share this pipe
    time.sleep(30)

if __name__ == "__main__":
    list(spread(slow, range(4), 2))
"""


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return "zombie" in Path(f"/proc/{process}/status").read_text() if sys.platform == "linux" else False


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_leaves_no_process(tmp_path: Path, how: signal.Signals) -> None:
    script = tmp_path / "slow.py"
    script.write_text(SLOW.format(here=str(Path(__file__).parents[2])))
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as parent:
        assert parent.stdout is not None
        children = [int(parent.stdout.readline()) for _ in range(2)]
        while parent.poll() is None:  # Python drops a signal that comes while it finalizes something
            parent.send_signal(how)
            with suppress(subprocess.TimeoutExpired):
                parent.wait(5)
        end = time.monotonic() + 40
        while not all(map(gone, children)) and time.monotonic() < end:
            time.sleep(0.1)
        assert all(map(gone, children))
