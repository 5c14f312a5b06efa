"""What becomes of each path when the template and the people of a repository change it, on real git."""

from __future__ import annotations

from pathlib import Path

import pytest
from worlds import World, git, template

from mlscaffold.apply import apply
from mlscaffold.upkeep.changes import changes
from mlscaffold.upkeep.lock import Declined, written
from mlscaffold.upkeep.plan import Questions
from mlscaffold.upkeep.template import File
from mlscaffold.upkeep.text_merge import installed

TEN = "".join(f"line {n}\n" for n in range(10))
OTHER = "".join(f"another thing {n}\n" for n in range(10))


@pytest.fixture(params=["installed", "2.34"])
def git_version(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Ubuntu 22.04 has git 2.34, whose merge-tree writes no tree."""
    return installed() if request.param == "installed" else (2, 34)


def world(tmp_path: Path, text: str = TEN, path: str = "a.txt") -> World:
    return World(tmp_path / "churn", template("1.0", {path: text}))


def test_nothing_changed(tmp_path: Path) -> None:
    here = world(tmp_path)
    assert here.update(template("2.0", {"a.txt": TEN})) == {}
    assert here.lock().current == "2.0"


def test_taken_while_nobody_edited_it(tmp_path: Path) -> None:
    here = world(tmp_path)
    assert here.update(template("2.0", {"a.txt": TEN + "more\n", "b.txt": "new\n"})) == {
        "a.txt": "update",
        "b.txt": "add",
    }
    assert here.read("a.txt") == TEN + "more\n"
    assert here.update(template("2.0", {"a.txt": TEN + "more\n", "b.txt": "new\n"})) == {}


def test_far_edits_are_merged(tmp_path: Path, git_version: tuple[int, int]) -> None:
    here = world(tmp_path)
    here.write("a.txt", TEN.replace("line 1\n", "mine\n"))
    here.commit()
    assert here.update(template("2.0", {"a.txt": TEN.replace("line 8\n", "theirs\n")}), git=git_version) == {
        "a.txt": "merge"
    }
    assert here.read("a.txt") == TEN.replace("line 1\n", "mine\n").replace("line 8\n", "theirs\n")


def test_edits_of_one_line_are_a_conflict_and_yours_stays(
    tmp_path: Path, git_version: tuple[int, int]
) -> None:
    here = world(tmp_path)
    here.write("a.txt", TEN.replace("line 4\n", "mine\n"))
    here.commit()
    new = template("2.0", {"a.txt": TEN.replace("line 4\n", "theirs\n")})
    plan = here.plan(new, git=git_version)
    assert [(c.base, c.ours, c.theirs) for s in plan.steps for c in s.clashes] == [
        ("line 4\n", "mine\n", "theirs\n")
    ]
    assert plan.asks
    assert (
        b"<<<<<<< yours\nmine\n||||||| before\nline 4\n=======\ntheirs\n>>>>>>> template\n"
        in plan.steps[0].marked
    )
    before = here.read("a.txt")
    assert here.update(new, git=git_version) == {"a.txt": "conflict"}
    assert here.read("a.txt") == before
    assert here.lock().files["a.txt"].base == "1.0"
    assert here.update(new) == {"a.txt": "conflict"}, "it is asked again until somebody decides"
    assert here.update(new, mine=("a.txt",)) == {"a.txt": "kept"}
    assert here.update(new) == {}
    assert here.read("a.txt") == before


def test_near_edits(tmp_path: Path, git_version: tuple[int, int]) -> None:
    here = world(tmp_path)
    here.write("a.txt", TEN.replace("line 4\n", "mine\n"))
    here.commit()
    new = template("2.0", {"a.txt": TEN.replace("line 5\n", "theirs\n")})
    assert here.update(new, git=git_version) == {"a.txt": "conflict"}
    assert here.update(new, template=("a.txt",)) == {"a.txt": "update"}
    assert here.read("a.txt") == TEN.replace("line 5\n", "theirs\n")


def test_both_added_the_same_path(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.write("same.txt", "equal\n")
    here.write("other.txt", "mine\n")
    here.commit()
    new = template("2.0", {"a.txt": TEN, "same.txt": "equal\n", "other.txt": "theirs\n"})
    assert here.update(new) == {"other.txt": "conflict"}
    assert here.read("other.txt") == "mine\n"
    assert set(here.lock().files) == {"a.txt", "same.txt"}


def test_the_template_renames_what_you_edited(tmp_path: Path, git_version: tuple[int, int]) -> None:
    here = world(tmp_path)
    here.write("a.txt", TEN.replace("line 2\n", "mine\n"))
    here.commit()
    new = template("2.0", {"conf/b.txt": TEN.replace("line 8\n", "theirs\n")})
    assert here.update(new, git=git_version) == {"conf/b.txt": "move"}
    assert here.read("conf/b.txt") == TEN.replace("line 2\n", "mine\n").replace("line 8\n", "theirs\n")
    assert not (here.root / "a.txt").exists()
    assert here.update(new) == {}


def test_a_declared_move_is_followed_however_much_changed(tmp_path: Path) -> None:
    here = world(tmp_path)
    new = template("2.0", {"b.txt": OTHER}, upkeep='moves: [{version: "2.0", from: a.txt, to: b.txt}]')
    assert here.update(new) == {"b.txt": "move"}
    assert here.read("b.txt") == OTHER
    assert not (here.root / "a.txt").exists()


def test_the_template_deletes_what_you_edited(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.write("a.txt", TEN + "a fix of mine\n")
    here.commit()
    new = template("2.0", {"z.txt": "z\n"})
    assert here.update(new) == {"a.txt": "conflict", "z.txt": "add"}
    assert here.read("a.txt").endswith("a fix of mine\n")
    assert here.update(new, template=("a.txt",)) == {"a.txt": "delete"}
    assert not (here.root / "a.txt").exists()


def test_the_template_deletes_what_nobody_edited(tmp_path: Path) -> None:
    here = world(tmp_path)
    assert here.update(template("2.0", {"z.txt": "z\n"})) == {"a.txt": "delete", "z.txt": "add"}
    assert not (here.root / "a.txt").exists()
    assert set(here.lock().files) == {"z.txt"}


def test_you_deleted_what_the_template_changes(tmp_path: Path) -> None:
    here = world(tmp_path)
    (here.root / "a.txt").unlink()
    here.commit()
    new = template("2.0", {"a.txt": TEN + "more\n"})
    assert here.update(new) == {"a.txt": "declined?"}
    assert not (here.root / "a.txt").exists()
    here.write(".mlscaffold.lock", written(here.lock()._replace(declined={"a.txt": Declined("no use")})))
    here.commit()
    assert here.update(new) == {"a.txt": "declined"}
    assert not here.plan(new).asks
    here.write(".mlscaffold.lock", written(here.lock()._replace(declined={})))
    here.commit()
    assert here.update(new, template=("a.txt",)) == {"a.txt": "add"}
    assert here.read("a.txt") == TEN + "more\n"


def test_you_renamed_what_the_template_changes(tmp_path: Path, git_version: tuple[int, int]) -> None:
    long = "".join(f"a rather long line with number {n}\n" for n in range(40))
    here = world(tmp_path, long)
    git(here.root, "mv", "a.txt", "mine.txt")
    here.write("mine.txt", long.replace("number 3\n", "number three\n"))
    here.commit()
    new = template("2.0", {"a.txt": long.replace("number 30\n", "number thirty\n")})
    plan = here.plan(new, git=git_version)
    assert [(s.path, s.fate, s.followed) for s in plan.steps] == [("mine.txt", "merge", "a.txt")]
    here.update(new, git=git_version)
    text = here.read("mine.txt")
    assert "number three\n" in text
    assert "number thirty\n" in text
    assert here.lock().files["mine.txt"].source == "a.txt"
    here.write("mine.txt", OTHER)  # however little is left of it, it is still followed
    here.commit()
    assert here.update(template("3.0", {"a.txt": long})) == {"mine.txt": "conflict"}
    assert here.read("mine.txt") == OTHER


def test_a_similar_file_of_yours_takes_no_text_of_the_template(tmp_path: Path) -> None:
    here = world(tmp_path, "".join(f"a rather long line with number {n}\n" for n in range(40)))
    similar = "".join(f"a rather long line with number {n}\n" for n in range(30)) + OTHER
    (here.root / "a.txt").unlink()
    here.write("notes.txt", similar)
    here.commit()
    new = template("2.0", {"a.txt": "".join(f"a rather long line with number {n}!\n" for n in range(40))})
    assert here.update(new) == {"a.txt": "declined?"}
    assert here.read("notes.txt") == similar


def test_a_partial_update_loses_nothing_later(tmp_path: Path) -> None:
    here = World(tmp_path / "churn", template("1.0", {"ci.txt": TEN, "rest.txt": OTHER}))
    two = template("2.0", {"ci.txt": TEN + "2\n", "rest.txt": OTHER + "2\n"})
    three = template("3.0", {"ci.txt": TEN + "2\n3\n", "rest.txt": OTHER + "2\n3\n"})
    assert here.update(two, only=("ci.txt",)) == {"ci.txt": "update"}
    lock = here.lock()
    assert (lock.current, lock.files["ci.txt"].base, lock.files["rest.txt"].base) == ("2.0", "2.0", "1.0")
    here.write("rest.txt", "mine\n" + OTHER)
    here.commit()
    assert here.update(three) == {"ci.txt": "update", "rest.txt": "merge"}
    assert here.read("rest.txt") == "mine\n" + OTHER + "2\n3\n"
    assert set(here.lock().bases) == {"3.0"}


def test_windows_line_ends_stay(tmp_path: Path, git_version: tuple[int, int]) -> None:
    here = World(tmp_path / "churn", template("1.0", {"a.txt": TEN, "b.txt": TEN}))
    here.write("a.txt", TEN.replace("line 1\n", "mine\n").replace("\n", "\r\n"))
    here.write("b.txt", TEN.replace("\n", "\r\n"))
    here.commit()
    new = template("2.0", {"a.txt": TEN.replace("line 8\n", "theirs\n"), "b.txt": TEN + "more\n"})
    assert here.update(new, git=git_version) == {"a.txt": "merge", "b.txt": "update"}
    merged = TEN.replace("line 1\n", "mine\n").replace("line 8\n", "theirs\n")
    assert here.read("a.txt") == merged.replace("\n", "\r\n")
    assert here.read("b.txt") == (TEN + "more\n").replace("\n", "\r\n")


def test_modes(tmp_path: Path) -> None:
    run = File(b"#!/bin/sh\n" + TEN.encode())
    here = World(tmp_path / "churn", template("1.0", {"run.sh": run, "own.sh": run}))
    here.write("own.sh", run._replace(mode="100755"))
    here.commit()
    new = template(
        "2.0",
        {"run.sh": run._replace(mode="100755"), "own.sh": run._replace(content=run.content + b"more\n")},
    )
    assert here.update(new) == {"own.sh": "merge", "run.sh": "update"}
    assert all(row.startswith("100755") for row in git(here.root, "ls-files", "-s", "*.sh").splitlines())


def test_a_link_of_yours_stays(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.write("a.txt", File(b"elsewhere.txt", "120000"))
    here.write("elsewhere.txt", "mine\n")
    here.commit()
    assert here.update(template("2.0", {"a.txt": TEN + "more\n"})) == {"a.txt": "conflict"}
    assert (here.root / "a.txt").is_symlink()
    assert here.read("elsewhere.txt") == "mine\n"


def test_a_link_of_the_template(tmp_path: Path) -> None:
    here = World(tmp_path / "churn", template("1.0", {"a": "a\n", "l": File(b"a", "120000")}))
    assert here.update(template("2.0", {"a": "a\n", "b": "b\n", "l": File(b"b", "120000")})) == {
        "b": "add",
        "l": "update",
    }
    assert (here.root / "l").readlink() == Path("b")


def test_texts_that_are_no_utf8(tmp_path: Path, git_version: tuple[int, int]) -> None:
    latin = "".join(f"Zeile {n} mit Ümlaut\n" for n in range(10)).encode("latin-1")
    here = World(tmp_path / "churn", template("1.0", {"a.txt": latin}))
    here.write("a.txt", b"eigene\n" + latin)
    here.commit()
    assert here.update(template("2.0", {"a.txt": latin + b"neue \xe4\n"}), git=git_version) == {
        "a.txt": "merge"
    }
    assert (here.root / "a.txt").read_bytes() == b"eigene\n" + latin + b"neue \xe4\n"


def test_binary_files_are_never_mixed(tmp_path: Path, git_version: tuple[int, int]) -> None:
    here = World(tmp_path / "churn", template("1.0", {"a.bin": b"\0\1\2\n" * 9}))
    here.write("a.bin", b"\0mine")
    here.commit()
    new = template("2.0", {"a.bin": b"\0theirs"})
    assert here.update(new, git=git_version) == {"a.bin": "conflict"}
    assert (here.root / "a.bin").read_bytes() == b"\0mine"


@pytest.mark.parametrize("name", ["with blank.txt", "new\nline.txt", "ä.txt", 'quo"te.txt', "\udcff.txt"])
def test_odd_names(tmp_path: Path, name: str) -> None:
    here = world(tmp_path)
    here.write(name, "mine\n")
    here.write("a.txt", "top\n" + TEN)
    here.commit()
    plain = "\udcff" not in name
    new = template("2.0", {"a.txt": TEN + "more\n"} | ({name: "theirs\n"} if plain else {}))
    assert here.update(new) == {"a.txt": "merge"} | ({name: "conflict"} if plain else {})
    assert here.read(name) == "mine\n"


class TestWhatNobodyCommitted:
    def test_edited(self, tmp_path: Path) -> None:
        here = world(tmp_path)
        here.write("a.txt", TEN + "not committed\n")
        plan = here.plan(template("2.0", {"a.txt": "more\n" + TEN}))
        assert [(s.fate, s.why) for s in plan.steps] == [("blocked", "it has changes that are not committed")]
        assert plan.lock.files["a.txt"].base == "1.0"

    def test_staged(self, tmp_path: Path) -> None:
        here = world(tmp_path)
        here.write("a.txt", "staged\n")
        git(here.root, "add", "a.txt")
        here.write("a.txt", TEN)
        plan = here.plan(template("2.0", {"a.txt": "more\n" + TEN}))
        assert [s.why for s in plan.of("blocked")] == ["its changes are staged and not committed"]

    def test_deleted(self, tmp_path: Path) -> None:
        here = world(tmp_path)
        (here.root / "a.txt").unlink()
        plan = here.plan(template("2.0", {"a.txt": "more\n" + TEN}))
        assert [s.why for s in plan.of("blocked")] == [
            "it is deleted in the work tree, and that is not committed"
        ]

    @pytest.mark.parametrize("ignored", [False, True])
    def test_untracked_and_ignored_files_where_new_ones_should_go(
        self, tmp_path: Path, ignored: bool
    ) -> None:
        here = world(tmp_path)
        if ignored:
            here.write(".gitignore", "b.txt\nc\n")
            here.commit()
        here.write("b.txt", "mine\n")
        here.write("c", "a file, no folder\n")
        plan = here.plan(
            template("2.0", {"a.txt": TEN, "b.txt": "theirs\n", "c/d.txt": "theirs\n", "e/f": "f\n"})
        )
        assert {s.path: s.why for s in plan.of("blocked")} == {
            "b.txt": "a file lies there that git does not track",
            "c/d.txt": "c is no folder of this repository",
        }
        assert [s.path for s in plan.of("add")] == ["e/f"]

    def test_a_folder_in_the_way(self, tmp_path: Path) -> None:
        here = world(tmp_path)
        here.write("b/own.txt", "mine\n")
        here.commit()
        plan = here.plan(template("2.0", {"a.txt": TEN, "b": "theirs\n"}))
        assert [s.why for s in plan.of("blocked")] == ["a folder lies there that git does not track"]

    def test_names_that_differ_by_case(self, tmp_path: Path) -> None:
        here = world(tmp_path)
        here.write("Readme.md", "mine\n")
        here.commit()
        plan = here.plan(template("2.0", {"a.txt": TEN, "README.md": "theirs\n"}))
        assert [(s.path, s.fate) for s in plan.steps] == [("README.md", "blocked")]
        assert "Readme.md is there" in plan.steps[0].why


def test_what_goes_away_is_in_nobodys_way(tmp_path: Path) -> None:
    here = World(tmp_path / "churn", template("1.0", {"a.txt": TEN, "b.txt": OTHER, "c": TEN + "c\n"}))
    new = template("2.0", {"A.txt": OTHER, "c/d.txt": "new\n"})
    assert here.update(new) == {"A.txt": "move", "a.txt": "delete", "c": "delete", "c/d.txt": "add"}
    assert not here.plan(new).steps


def test_two_files_change_places(tmp_path: Path) -> None:
    here = World(tmp_path / "churn", template("1.0", {"a.txt": TEN, "b.txt": OTHER}))
    moves = 'moves: [{version: "2.0", from: b.txt, to: c.txt}, {version: "2.0", from: a.txt, to: b.txt}]'
    plan = here.plan(template("2.0", {"b.txt": TEN, "c.txt": OTHER}, upkeep=moves))
    apply(here.root, changes(plan), "update")
    assert sorted(p.name for p in here.root.glob("*.txt")) == ["b.txt", "c.txt"]
    assert (here.read("b.txt"), here.read("c.txt")) == (TEN, OTHER)


QUESTIONS = """\
license:
  type: str
  choices: [{choices}]
  default: {default}
"""
NAMED = {"a.txt.jinja": "licence {{ license }}\n" + TEN}


class TestAnswers:
    def first(self, tmp_path: Path) -> World:
        return World(
            tmp_path / "churn", template("1.0", NAMED, QUESTIONS.format(choices="MIT, BSD", default="MIT"))
        )

    def test_a_choice_that_is_gone_stops_with_a_question(self, tmp_path: Path) -> None:
        here = self.first(tmp_path)
        new = template("2.0", NAMED, QUESTIONS.format(choices="BSD, Apache", default="BSD"))
        found = here.ask(new)
        assert isinstance(found, Questions)
        assert [(r.question, r.why, r.value, r.choices) for r in found.refused] == [
            ("license", "not a choice", "MIT", ("BSD", "Apache"))
        ]
        plan = here.plan(new, given={"license": "Apache"})
        assert [(c.question, c.before, c.after, c.why) for c in plan.changes] == [
            ("license", "MIT", "Apache", "given now")
        ]

    def test_a_question_that_is_renamed(self, tmp_path: Path) -> None:
        here = self.first(tmp_path)
        new = template(
            "2.0",
            {"a.txt.jinja": "licence {{ licence }}\n" + TEN},
            QUESTIONS.format(choices="MIT, BSD", default="BSD").replace("license", "licence"),
            'answers: [{version: "2.0", rename: {license: licence}}]',
        )
        plan = here.plan(new)
        assert not plan.steps
        assert [(c.question, c.after) for c in plan.changes] == [("licence", "MIT")]
        assert plan.lock.base.answers == {"licence": "MIT"}

    def test_a_value_that_is_renamed(self, tmp_path: Path) -> None:
        here = self.first(tmp_path)
        asked = QUESTIONS.format(choices="Expat, BSD", default="BSD")
        new = template("2.0", NAMED, asked, 'answers: [{version: "2.0", map: {license: {MIT: Expat}}}]')
        plan = here.plan(new)
        assert [(c.before, c.after) for c in plan.changes] == [("MIT", "Expat")]
        assert [s.fate for s in plan.steps] == ["update"]

    def test_questions_come_and_go_and_it_is_told(self, tmp_path: Path) -> None:
        here = self.first(tmp_path)
        plan = here.plan(template("2.0", {"a.txt": "licence MIT\n" + TEN}, "forge:\n  default: github\n"))
        assert [(c.question, c.before, c.after) for c in plan.changes] == [
            ("forge", None, "github"),
            ("license", "MIT", None),
        ]

    def test_a_new_question_without_a_default(self, tmp_path: Path) -> None:
        here = self.first(tmp_path)
        asked = QUESTIONS.format(choices="MIT, BSD", default="MIT") + "owner:\n  type: str\n"
        found = here.ask(template("2.0", NAMED, asked))
        assert isinstance(found, Questions)
        assert [(r.question, r.why) for r in found.refused] == [("owner", "missing")]

    def test_an_answer_can_be_changed_alone(self, tmp_path: Path) -> None:
        asked = QUESTIONS.format(choices="MIT, BSD", default="MIT")
        one = template("1.0", NAMED, asked)
        here = World(tmp_path / "churn", one)
        here.write("a.txt", here.read("a.txt") + "mine\n")
        here.commit()
        assert here.plan(one, given={"license": "BSD"}).title == "change the answer to license"
        assert here.update(one, given={"license": "BSD"}) == {"a.txt": "merge"}
        assert here.read("a.txt") == "licence BSD\n" + TEN + "mine\n"
        assert here.lock().current == "1.0~2"
        assert here.update(one) == {}


CLASSES = """\
classes:
  managed: [m.txt]
  seed: [seed.txt]
  derived: [d.lock]
made_by: {d.lock: {command: [make, lock], from: [src.txt]}}
"""


class TestClasses:
    def at(self, tmp_path: Path) -> World:
        files = {"m.txt": TEN, "seed.txt": TEN, "d.lock": TEN, "src.txt": TEN}
        return World(tmp_path / "churn", template("1.0", files, upkeep=CLASSES))

    def test_managed_seed_and_derived_while_untouched(self, tmp_path: Path) -> None:
        here = self.at(tmp_path)
        files = {"m.txt": TEN + "2\n", "seed.txt": TEN + "2\n", "d.lock": TEN + "2\n", "src.txt": TEN + "2\n"}
        assert here.update(template("2.0", files, upkeep=CLASSES)) == {
            "m.txt": "update",
            "d.lock": "update",
            "src.txt": "update",
        }
        assert here.read("seed.txt") == TEN

    def test_a_managed_file_that_you_edited_is_never_mixed(self, tmp_path: Path) -> None:
        here = self.at(tmp_path)
        here.write("m.txt", "mine\n" + TEN)
        here.commit()
        files = {"m.txt": TEN + "2\n", "seed.txt": TEN, "d.lock": TEN, "src.txt": TEN}
        assert here.update(template("2.0", files, upkeep=CLASSES)) == {"m.txt": "conflict"}
        assert here.read("m.txt") == "mine\n" + TEN

    def test_a_derived_file_is_made_anew_where_its_source_is_yours(self, tmp_path: Path) -> None:
        here = self.at(tmp_path)
        here.write("src.txt", "mine\n" + TEN)
        here.commit()
        files = {"m.txt": TEN, "seed.txt": TEN, "d.lock": TEN + "2\n", "src.txt": TEN + "2\n"}
        plan = here.plan(template("2.0", files, upkeep=CLASSES))
        assert [(s.path, s.fate, s.command) for s in plan.steps] == [
            ("d.lock", "regenerate", ("make", "lock")),
            ("src.txt", "merge", ()),
        ]
        here.update(template("2.0", files, upkeep=CLASSES))
        assert here.read("d.lock") == TEN

    def test_a_derived_file_waits_for_a_source_with_work_that_is_not_committed(self, tmp_path: Path) -> None:
        here = self.at(tmp_path)
        here.write("src.txt", "mine\n" + TEN)
        files = {"m.txt": TEN, "seed.txt": TEN, "d.lock": TEN + "2\n", "src.txt": TEN + "2\n"}
        two = template("2.0", files, upkeep=CLASSES)
        assert {(s.path, s.fate, s.why) for s in here.plan(two).steps} == {
            ("d.lock", "blocked", "it is made from src.txt: settle that first"),
            ("src.txt", "blocked", "it has changes that are not committed"),
        }
        here.write("src.txt", TEN)
        assert here.update(two) == {"d.lock": "update", "src.txt": "update"}

    def test_a_derived_file_waits_for_a_conflict_in_its_source(self, tmp_path: Path) -> None:
        here = self.at(tmp_path)
        here.write("src.txt", TEN + "mine\n")
        here.commit()
        files = {"m.txt": TEN, "seed.txt": TEN, "d.lock": TEN + "2\n", "src.txt": TEN + "2\n"}
        two = template("2.0", files, upkeep=CLASSES)
        assert here.update(two) == {"d.lock": "blocked", "src.txt": "conflict"}
        assert here.update(two, template=("src.txt",)) == {"d.lock": "update", "src.txt": "update"}
        assert here.read("d.lock") == TEN + "2\n"

    def test_a_derived_file_is_not_taken_without_its_source(self, tmp_path: Path) -> None:
        here = self.at(tmp_path)
        files = {"m.txt": TEN, "seed.txt": TEN, "d.lock": TEN + "2\n", "src.txt": TEN + "2\n"}
        two = template("2.0", files, upkeep=CLASSES)
        assert here.update(two, only=("d.lock",)) == {"d.lock": "blocked"}
        assert here.update(two) == {"d.lock": "update", "src.txt": "update"}


def test_a_squashed_history_and_a_shallow_clone(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.write("a.txt", "mine\n" + TEN)
    here.commit()
    git(here.root, "checkout", "-q", "--orphan", "squashed")
    here.commit("all in one")
    git(here.root, "branch", "-q", "-D", "main")
    git(here.root, "reflog", "expire", "--expire=now", "--all")
    git(here.root, "gc", "-q", "--prune=now")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{here.root}", str(clone))
    new = template("2.0", {"a.txt": TEN + "more\n"})
    for root in (here.root, clone):
        here.root = root
        plan = here.plan(new)
        assert [s.after.content.decode() for s in plan.steps if s.after] == ["mine\n" + TEN + "more\n"]


def test_a_blobless_clone_fetches_nothing(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.write("a.txt", "mine\n" + TEN)
    here.commit()
    git(here.root, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{here.root}", str(clone))
    here.root.rename(tmp_path / "away")
    here.root = clone
    plan = here.plan(template("2.0", {"a.txt": TEN + "more\n"}))
    assert [s.after.content.decode() for s in plan.steps if s.after] == ["mine\n" + TEN + "more\n"]


def test_a_base_that_nobody_has_any_more(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.write("a.txt", "mine\n" + TEN)
    here.commit()
    git(here.root, "checkout", "-q", "--orphan", "squashed")
    here.commit("all in one")
    git(here.root, "branch", "-q", "-D", "main")
    git(here.root, "reflog", "expire", "--expire=now", "--all")
    git(here.root, "gc", "-q", "--prune=now")
    here.known.clear()
    plan = here.plan(template("2.0", {"a.txt": TEN + "more\n"}))
    assert [(s.fate, s.after) for s in plan.steps] == [("conflict", None)]


def test_submodules_are_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other"
    World(other, template("1.0", {"x": "x\n"}))
    here = world(tmp_path)
    git(here.root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "b")
    here.commit()
    plan = here.plan(template("2.0", {"a.txt": TEN, "b": "b\n", "b/c": "c\n"}))
    assert {s.path: s.fate for s in plan.steps} == {"b": "blocked", "b/c": "blocked"}


def test_pointers_of_lfs_and_dvc_stay(tmp_path: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12\n"
    here = world(tmp_path)
    here.write("a.txt", pointer)
    here.write("data.dvc", "outs:\n- md5: 0\n  path: data\n")
    here.commit()
    here.write("a.txt", "what the pointer\nstands for\n")
    plan = here.plan(template("2.0", {"a.txt": TEN + "more\n"}))
    assert [s.fate for s in plan.steps] == ["conflict"]
    assert not any(step.writes for step in plan.steps)


@pytest.mark.parametrize("settings", [("merge.renames", "false"), ("merge.conflictStyle", "zdiff3")])
def test_the_configuration_of_people_changes_nothing(tmp_path: Path, settings: tuple[str, str]) -> None:
    here = world(tmp_path)
    git(here.root, "config", *settings)
    git(here.root, "config", "merge.mine.driver", f"touch {tmp_path}/ran")
    here.write(".gitattributes", "* merge=mine\n")
    here.write("a.txt", TEN.replace("line 2\n", "mine\n"))
    here.commit()
    assert here.update(template("2.0", {"b.txt": TEN.replace("line 8\n", "theirs\n")})) == {"b.txt": "move"}
    assert here.read("b.txt") == TEN.replace("line 2\n", "mine\n").replace("line 8\n", "theirs\n")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["new\nline.txt", "long-" * 40 + ".txt", "a\u2028b.txt"])
def test_odd_names_of_the_template_can_be_read_again(tmp_path: Path, name: str) -> None:
    here = World(tmp_path / "churn", template("1.0", {name: TEN}))
    here.write(name, "top\n" + TEN)
    here.commit()
    assert here.update(template("2.0", {name: TEN + "more\n"})) == {name: "merge"}
    assert here.read(name) == "top\n" + TEN + "more\n"
    assert here.lock().files[name].base == "2.0"


def test_a_file_that_was_given_a_name_without_utf8_is_not_followed(tmp_path: Path) -> None:
    here = world(tmp_path)
    git(here.root, "mv", "a.txt", "\udcff.txt")
    here.commit()
    assert here.update(template("2.0", {"a.txt": TEN + "more\n"})) == {"a.txt": "declined?"}
    assert set(here.lock().files) == {"a.txt"}


def test_a_reason_of_two_lines_stays(tmp_path: Path) -> None:
    here = world(tmp_path)
    declined = {"a.txt": Declined("we have\nour own\n")}
    here.write(".mlscaffold.lock", written(here.lock()._replace(declined=declined)))
    assert here.lock().declined == declined


def test_what_a_sparse_check_out_leaves_out(tmp_path: Path) -> None:
    here = World(tmp_path / "churn", template("1.0", {"a.txt": TEN, "sub/b.txt": TEN}))
    git(here.root, "sparse-checkout", "set", "--cone", "other")
    plan = here.plan(template("2.0", {"a.txt": TEN, "sub/b.txt": TEN + "more\n"}))
    assert [(s.fate, s.why) for s in plan.steps] == [
        ("blocked", "it is outside of this sparse check-out: see git sparse-checkout")
    ]
    branched = here.plan(template("2.0", {"a.txt": TEN, "sub/b.txt": TEN + "more\n"}), branch=True)
    assert [s.fate for s in branched.steps] == ["update"]
