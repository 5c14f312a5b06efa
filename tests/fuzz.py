"""Coverage-guided fuzzing of everything that reads a foreign file: `python tests/fuzz.py [SECONDS]`.

Atheris changes the bytes so that they reach new lines of our readers. A crash of a rule, an inventory that
crashes, a raw escape code in the report or more than ten seconds for one input ends the run with that input.
"""

import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parent / "repo"))
with atheris.instrument_imports(include=["mlscaffold.repo", "mlscaffold.inventory"]):
    import test_any_bytes as readers

    readers.rules.load()
NAMES = readers.NAMES.split()
DICTIONARY = [word for word in readers.WORDS.replace("\n    ", "|").split("|") if word.strip()]


def one_input(data: bytes) -> None:
    """The first byte of each part chooses a file's name, the rest is its content."""
    files = {NAMES[part[0] % len(NAMES)]: part[1:] for part in data.split(b"\0\0\0") if part}
    assert readers.crashed(files) == [], files


def main() -> None:
    """Fuzz for the seconds given, or until somebody interrupts."""
    seconds = sys.argv[1] if len(sys.argv) > 1 else "0"
    with tempfile.TemporaryDirectory() as scratch:
        words = Path(scratch) / "words.txt"
        quoted = (
            "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "replace")) for word in DICTIONARY
        )
        words.write_text("".join(f'"{word}"\n' for word in quoted), "utf-8")
        corpus = Path(scratch) / "corpus"
        corpus.mkdir()
        for number, name in enumerate(NAMES):
            (corpus / name.replace("/", "_")).write_bytes(bytes([number]) + "\n".join(DICTIONARY).encode())
        options = [f"-max_total_time={seconds}", f"-dict={words}", "-timeout=10", "-max_len=4096"]
        atheris.Setup(
            [sys.argv[0], *options, f"-artifact_prefix={tempfile.gettempdir()}/", str(corpus)], one_input
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
