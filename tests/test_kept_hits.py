"""What was found in a file is kept by its bytes: the same answers, whatever is known already."""

import datetime
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from mlscaffold import rules, standard
from mlscaffold.page import page_of
from mlscaffold.repo import ahead, hits, kept_hits
from mlscaffold.repo.asked import Asked
from mlscaffold.repo.cache import Cache
from mlscaffold.repo.committed.secrets import secrets
from mlscaffold.repo.long_facts import FIRST, LONG
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.report.words import lines
from mlscaffold.rule import Rule

TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8" + "i9J0k1L2m3N4o5P6q7R8"
BOOK = {
    "cell_type": "code",
    "source": "!cd /scratch/jane/run\nimport torch\nmodel.load_weights('a.h5')\n",
    "outputs": [],
}
FILES: dict[str, str | bytes] = {
    "README.md": "# Churn\n\nThe data is in `data/people.csv`.\n",
    "src/a.py": "import mlflow\nimport torch\nmodel = torch.load('/home/jane/model.pt')\nmodel.fit(x, y)\n",
    "src/b.py": "import pandas as pd\nfrom .a import model\npd.read_csv('data/people.csv')\nset_seed(1)\n",
    "src/checks.py": "import pandera\nimport hashlib\nassert sha.hexdigest() == EXPECTED\n",
    "src/latin.py": "import torch  # caf\xe9\n".encode("latin-1"),
    "src/merge.py": "<<<<<<< a\n=======\n>>>>>>> b\n",
    "notebooks/a.ipynb": json.dumps({"cells": [BOOK], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}),
    "conf/train.yaml": "lr: 0.1\nroot: /scratch/jane/data\n",
    "run.sh": "#!/bin/sh\n#SBATCH -n 1\nnbstripout --install\n",
    "fetch.sh": "wget https://github.com/a/b/raw/main/data.csv\n",
    "src/key.py": f"import wandb\nKEY = '{TOKEN}'\nroot = '/scratch/kim/data'\n",
    "conf/.env": "TOKEN=x\n",
}
EDITED = FILES | {"src/b.py": "\nimport numpy\nnumpy.load('/home/kim/a.npy', allow_pickle=True)\n"}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(hits, "MANY", 0)
    return tmp_path / "cache" / "facts.sqlite"


def facts(files: Mapping[str, str | bytes], cache: Cache | None) -> list[object]:
    repo = Repo(MemoryTree(dict(files)), standard.load(), cache=cache)
    with ahead.ahead(repo, FIRST, LONG):
        found = [re.sub(r" at 0x\w+", "", repr(fact(repo))) for fact in LONG]
    if cache is not None:
        cache.close()
    return [*found, sorted(repo.unreadable.values())]


def rows(file: Path) -> Iterator[dict[str, object]]:
    with sqlite3.connect(file) as connection:
        for (value,) in connection.execute("SELECT value FROM facts WHERE value LIKE '[%'"):
            nothing, found = json.loads(value)
            yield dict.fromkeys(nothing.split()) | found


def test_facts_are_the_same_without_a_cache_with_an_empty_one_again_and_after_an_edit(file: Path) -> None:
    expected, edited = facts(FILES, None), facts(EDITED, None)
    assert expected != edited
    assert [facts(FILES, Cache(file)) for _ in range(2)] == [expected, expected]
    assert [facts(EDITED, Cache(file)) for _ in range(2)] == [edited, edited]
    assert facts(FILES, Cache(file)) == expected


def test_one_file_alone_is_searched_after_it_was_edited(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts(FILES, Cache(file))
    longer = FILES | {"src/checks.py": f"{FILES['src/checks.py']!s}x = 1\n"}
    searched = set()
    plain = kept_hits.Hits.found

    def noting(self, repo, name, paths, find):  # type: ignore[no-untyped-def]
        return plain(self, repo, name, paths, lambda path, raw: (searched.add(path), find(path, raw))[1])

    monkeypatch.setattr(kept_hits.Hits, "found", noting)
    facts(longer, Cache(file))
    assert searched == {"src/checks.py", "src/key.py"}


def test_the_same_bytes_under_another_ending_are_another_file(file: Path) -> None:
    text = '{"cells": [], "metadata": {"kernelspec": {"language": "R"}}, "also": [\n"import pandas\\n"]}\n'
    assert "pandas" not in str(facts({"a.ipynb": text}, Cache(file)))
    for other in ("a.py", "b/c.PY", "c.sh", "d.yaml", "e.ipynb"):
        moved = {other: text}
        assert facts(moved, Cache(file)) == facts(moved, None)
    assert "pandas" in str(facts({"a.py": text}, Cache(file)))


def test_nothing_is_kept_of_a_file_that_holds_a_credential(file: Path) -> None:
    facts(FILES, Cache(file))
    kept = list(rows(file))
    assert any(row.get("imports") == [["pandas", 1, False]] for row in kept)
    assert not any("wandb" in str(row) for row in kept)
    facts({"conf/.env": "PASSWORD=" + "vK39sLq8" + "2Zx7Tb4mN1p\n"}, Cache(file.with_name("other.sqlite")))
    assert list(rows(file.with_name("other.sqlite"))) == []


def test_what_nobody_asked_for_a_credential_is_not_kept(file: Path) -> None:
    cache = Cache(file)
    repo = Repo(MemoryTree({"a.py": "x = 1\n"}), standard.load(), cache=cache)
    assert list(hits.hits(repo, "x", ["a.py"], lambda _path, raw: len(raw))) == [("a.py", 6)]
    cache.put(cache.key("a", b"x"), "1")
    cache.close()
    assert list(rows(file)) == []


@pytest.mark.parametrize("value", ["", "[]", "[1, 2]", '["a", []]', '["a"]', '["a", {}, 1]', "[" * 9000])
def test_a_row_that_nobody_of_us_wrote_is_a_miss(file: Path, value: str) -> None:
    expected = facts(FILES, Cache(file))
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE facts SET value = ?", (value,))
    assert facts(FILES, Cache(file)) == expected


def test_another_version_of_the_readers_finds_nothing_of_this_one(file: Path) -> None:
    facts(FILES, Cache(file))
    cache = Cache(file)
    cache._stamp = b"another version"
    repo = Repo(MemoryTree(dict(FILES)), standard.load(), cache=cache)
    hits.know(repo, FILES)
    known = hits.hits_of(repo)
    assert known is not None
    assert not any(known.rows)


def test_copies_of_the_process_tell_what_they_found(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = facts(FILES, None)
    monkeypatch.setattr(ahead, "PAYS", 0)
    monkeypatch.setattr(ahead, "processors", lambda: 3)
    alone = file.with_name("alone.sqlite")
    assert facts(FILES, Cache(file)) == expected
    monkeypatch.setattr(ahead, "processors", lambda: 1)
    assert facts(FILES, Cache(alone)) == expected
    assert sorted(map(sorted, rows(file))) == sorted(map(sorted, rows(alone)))


def test_what_two_processes_asked_under_one_name_is_put_together() -> None:
    here, there = kept_hits.Column(3), kept_hits.Column(3)
    here.asked[0], there.asked[2], there.values[2] = 1, 1, "found"
    here.add(there)
    assert (bytes(here.asked), here.values) == (b"\1\0\1", {2: "found"})


def spoken(rule: Rule, repo: Repo) -> list[str]:
    if reason := rule.not_applicable(repo):
        return [f"not applicable {reason}"]
    return [line for answer in rule.answers(repo, repo.standard) for line in lines(answer)] or ["passed"]


def test_every_page_says_the_same_when_all_is_known(file: Path) -> None:
    """One cache for the examples of all rules: what is known of one file is right wherever its bytes lie."""
    cache = Cache(file)
    every = [rule for rule in rules.load().values() if not rule.last]
    for _ in range(2):
        for rule in every:
            for case in page_of(rule).cases:
                repo = Repo(case.tree(), standard.load(), cache=cache)
                repo.asked = Asked(datetime.date(2026, 1, 1))
                secrets(repo)
                assert "\n".join(spoken(rule, repo)) == "\n".join(case.outcome), case.title
                cache.save()
    cache.close()
