"""A bounded minute of the fuzzer; by hand it may run for longer: `python tests/fuzz.py SECONDS`."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.skipif(not importlib.util.find_spec("atheris"), reason="atheris is made for Linux on x86-64")
def test_a_minute_of_fuzzing_finds_no_crash() -> None:
    fuzzer = Path(__file__).with_name("fuzz.py")
    done = subprocess.run([sys.executable, fuzzer, "50"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done " in done.stderr
