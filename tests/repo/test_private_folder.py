"""The folder of our own in which git runs."""

import stat
import sys
from pathlib import Path

import pytest

from mlscaffold.repo.trees.private import private_folder, remove


def test_each_is_new_and_for_this_user_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    first, second = private_folder("ours-"), private_folder("ours-")
    assert first != second
    assert {first.parent, second.parent} == {tmp_path}
    if sys.platform != "win32":
        assert stat.S_IMODE(first.stat().st_mode) == 0o700


def test_a_folder_that_is_gone_gives_way_to_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "gone"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert private_folder("ours-").parent == tmp_path


def test_what_links_lead_to_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "main").write_text("a\n", "utf-8")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    ours = private_folder("ours-")
    (ours / "info").mkdir()
    (ours / "info" / "exclude").write_text("b\n", "utf-8")
    (ours / "refs").symlink_to(theirs)
    (ours / "info" / "one").symlink_to(theirs / "main")
    (ours / "info" / "nowhere").symlink_to(tmp_path / "nowhere")
    remove(ours)
    assert not ours.exists()
    assert (theirs / "main").read_text("utf-8") == "a\n"
    remove(ours)
