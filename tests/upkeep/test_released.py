"""Released versions are read from the bundle as they were released, whatever happens to the cache folder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from releases import THREE, history, template

from mlscaffold.errors import Stop
from mlscaffold.upkeep import bundle as bundles
from mlscaffold.upkeep.bundle import Bundle, rank
from mlscaffold.upkeep.history import History, carried
from mlscaffold.upkeep.template import File, Template, current
from mlscaffold.upkeep.unpacked import fill


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where unpacked bundles lie, empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "mlscaffold" / "history"


def test_every_version_comes_back_as_it_was_released(tmp_path: Path) -> None:
    released = history(tmp_path, *THREE)
    assert released.versions() == ("0.1.0", "0.2.0", "0.3.0")
    assert released.latest() == "0.3.0"
    assert [released.template(one.version) for one in THREE] == list(THREE)
    assert [released.released(one._replace(version="")) for one in THREE] == ["0.1.0", "0.2.0", "0.3.0"]
    assert released.released(template("", {"README.md": "edited\n"})) == ""


def test_paths_modes_and_bytes_of_every_kind(tmp_path: Path) -> None:
    odd = template(
        "1.0.0",
        {
            'src/{{ package_name }}/"ü" \\ a\nb.py': "x = 1\r\n",
            "bin/run": File(b"#!/bin/sh\n", "100755"),
            "data": File(b"../elsewhere", "120000"),
            "empty": b"",
            "twice": b"",
            "model.bin": bytes(range(256)) * 40,
            "looks like a header\n": b"0123456789 blob 4\n",
        },
    )
    assert history(tmp_path, odd).template("1.0.0") == odd


def test_the_template_of_this_checkout(tmp_path: Path) -> None:
    ours = Template("1.0.0", current().files)
    released = history(tmp_path, ours)
    assert released.template("1.0.0") == ours
    assert released.released(current()) == "1.0.0"


def test_a_version_that_went_back_is_the_newest_with_these_files(tmp_path: Path) -> None:
    back = THREE[0]._replace(version="0.3.0")
    assert history(tmp_path, *THREE[:2], back).released(THREE[0]) == "0.3.0"


def test_what_is_carried_knows_its_version() -> None:
    assert carried().files == current().files
    assert carried().version == History().released(current())


def test_versions_are_ordered_as_pep_440_does(tmp_path: Path) -> None:
    order = ["0.9.0", "0.10.0a2", "0.10.0a10", "0.10.0b1", "0.10.0rc1", "0.10.0", "1.0.0"]
    written = Bundle(dict.fromkeys(order[::-1], "0" * 40), THREE_PACK)
    (tmp_path / "x.bundle").write_bytes(bundles.written(written))
    assert History(tmp_path / "x.bundle").versions() == tuple(order)


THREE_PACK = bytes.fromhex("5041434b0000000200000000029d08823bd8a8eab510ad6ac75c823cfd3ed31e")
"""A pack that holds nothing."""


@pytest.mark.parametrize("text", ["", "1", "1.0", "v1.0.0", "1.0.0.post1", "1.0.0-rc1", "١.0.0", "1.0.0\n"])
def test_other_forms_are_no_versions(text: str) -> None:
    assert rank(text) is None


def test_without_a_bundle_nothing_is_released(tmp_path: Path) -> None:
    none = History(tmp_path / "history.bundle")
    assert none.versions() == ()
    assert none.latest() == ""
    assert none.released(current()) == ""
    with pytest.raises(Stop, match=r"no released version of the template, and 0\.1\.0 is newer: update mlsc"):
        none.template("0.1.0")


def test_a_version_that_is_not_carried_is_told_with_what_there_is(tmp_path: Path) -> None:
    released = history(tmp_path, *THREE)
    with pytest.raises(
        Stop, match=r"up to 0\.3\.0 of the template, and 0\.3\.1rc1 is newer: update mlscaffold"
    ):
        released.template("0.3.1rc1")
    for unknown in ("0.1.1", "0.3.0b2", "main"):
        with pytest.raises(Stop, match=rf"'{unknown}'; there are: 0\.1\.0, 0\.2\.0, 0\.3\.0$"):
            released.template(unknown)


def flipped(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:-1],
        lambda raw: raw[: len(raw) // 2],
        lambda raw: flipped(raw, len(raw) - 100),
        lambda raw: flipped(raw, 0),
        lambda raw: raw.replace(b"refs/tags/0.2.0", b"refs/heads/main"),
        lambda raw: raw.replace(raw[16:56], b"1" * 40),
        lambda raw: raw.partition(b"PACK")[0] + THREE_PACK,
        lambda _: b"",
        lambda _: b"version https://git-lfs.github.com/spec/v1\n",
    ],
    ids=["cut", "half", "pack", "signature", "branch", "commit", "empty pack", "empty", "pointer"],
)
def test_a_damaged_bundle_says_what_to_do(
    damage: Callable[[bytes], bytes], tmp_path: Path, shelf: Path
) -> None:
    released = history(tmp_path, *THREE)
    released.path.write_bytes(damage(released.path.read_bytes()))
    with pytest.raises(Stop, match="damaged: install mlscaffold-toolkit again"):
        History(released.path).released(THREE[0])
    assert not shelf.is_dir() or not list(shelf.iterdir())


def test_a_bundle_that_lacks_a_file_is_damaged(tmp_path: Path) -> None:
    released = history(tmp_path, *THREE)
    whole = bundles.read(released.path)
    git = fill(tmp_path / "all", whole).git
    wanted = "".join(f"{commit}\n" for commit in whole.commits.values()).encode()
    pack = git.run("pack-objects", "--revs", "--stdout", "-q", "--filter=blob:none", given=wanted)
    released.path.write_bytes(bundles.written(whole._replace(pack=pack)))
    with pytest.raises(Stop, match="damaged: install mlscaffold-toolkit again"):
        History(released.path).template("0.1.0")


def test_a_bundle_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(Stop, match=r"upkeep cannot be read \("):
        History((tmp_path / "upkeep").mkdir() or tmp_path / "upkeep").versions()


def test_a_bundle_is_unpacked_once(tmp_path: Path, shelf: Path) -> None:
    released = history(tmp_path, *THREE)
    assert released.template("0.1.0") == THREE[0]
    (folder,) = shelf.iterdir()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert History(released.path).template("0.2.0") == THREE[1]
    assert {path: path.stat().st_mtime_ns for path in shelf.rglob("*")} == before | {
        folder: folder.stat().st_mtime_ns
    }


@pytest.mark.parametrize("lost", ["objects/pack/*.pack", "objects/pack/*.idx", "mlscaffold-trees", "HEAD"])
@pytest.mark.parametrize(
    "damage",
    [Path.unlink, lambda p: p.write_bytes(b""), lambda p: p.write_bytes(p.read_bytes()[:-20] + b"~" * 20)],
    ids=["removed", "emptied", "spoilt"],
)
def test_what_is_damaged_in_the_cache_is_made_anew(
    lost: str, damage: Callable[[Path], object], tmp_path: Path, shelf: Path
) -> None:
    released = history(tmp_path, *THREE)
    assert released.template("0.1.0") == THREE[0]
    (folder,) = shelf.iterdir()
    (file,) = folder.glob(lost)
    file.chmod(0o600)
    damage(file)
    assert [History(released.path).template(one.version) for one in reversed(THREE)] == list(reversed(THREE))
    assert History(released.path).released(THREE[2]) == "0.3.0"
    assert [path.name for path in shelf.iterdir()] == [folder.name]


READ = """
import sys
from mlscaffold.upkeep.history import History, Path
print(History(Path(sys.argv[1])).template("0.2.0").tree)
"""


def test_several_runs_at_once(tmp_path: Path, shelf: Path) -> None:
    file = history(tmp_path, *THREE).path
    command = [sys.executable, "-c", READ, str(file)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    assert {run.communicate()[0].strip() for run in runs} == {THREE[1].tree}
    assert [path.name for path in shelf.iterdir()] == [bundles.read(file).digest]


def test_what_nobody_used_for_long_goes(tmp_path: Path, shelf: Path) -> None:
    ages = {"old": 31, "young": 29, ".making-x": 2, ".making-y": 0.1}
    for name, days in ages.items():
        (shelf / name).mkdir(parents=True)
        os.utime(shelf / name, (time.time() - days * 86_400,) * 2)
    released = history(tmp_path, *THREE)
    assert released.template("0.1.0") == THREE[0]
    mine = bundles.read(released.path).digest
    assert {path.name for path in shelf.iterdir()} == {"young", ".making-y", mine}
    os.utime(shelf / mine, (1, 1))
    assert History(released.path).template("0.1.0") == THREE[0]
    assert time.time() - (shelf / mine).stat().st_mtime < 3600


def test_without_a_folder_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    released = history(tmp_path, *THREE)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    assert released.template("0.3.0") == THREE[2]
    del released
    assert not list((tmp_path / "scratch").iterdir())


def test_the_caller_s_git_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shelf: Path
) -> None:
    released = history(tmp_path, *THREE)
    hooks = tmp_path / "home" / "template" / "hooks"
    hooks.mkdir(parents=True)
    (hooks / "post-checkout").write_text("#!/bin/sh\nexit 1\n")
    config = f"[init]\n\ttemplateDir = {hooks.parent}\n[core]\n\tbroken = \\x\n"
    (tmp_path / "home" / ".gitconfig").write_text(config)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "home" / ".gitconfig"))
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    assert released.template("0.1.0") == THREE[0]
    assert not list(shelf.rglob("hooks*"))
    assert not (tmp_path / "nowhere").exists()
