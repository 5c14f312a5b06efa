"""The hazards of an update: for each a small template in some versions, and what people did meanwhile."""

import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from updaters import STATE, Ran, Scene, Version, plain, put


def nothing(_scene: Scene) -> None:
    """Nobody did anything."""


def once(scene: Scene) -> Ran:
    """One update to the second version."""
    return scene.update()


def sound(_scene: Scene) -> str:
    """Nothing more to look at."""
    return ""


class Case(NamedTuple):
    """A hazard, and what must be there afterwards.

    `people` is committed, `besides` is not. The texts of `mine` must lie in some file; those of `theirs` too,
    or `named` must be told. The paths of `gone` must stay gone.
    """

    name: str
    versions: tuple[Version, ...]
    people: Callable[[Scene], None] = nothing
    mine: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    named: str = "a.txt"
    besides: Callable[[Scene], None] = nothing
    gone: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    run: Callable[[Scene], Ran] = once
    wrong: Callable[[Scene], str] = sound
    """Whatever else is lost, as a phrase; empty where nothing is."""


def text(changes: dict[int, str] | None = None, count: int = 12, more: str = "") -> str:
    """Lines of a template, some of them changed."""
    known = changes or {}
    lines = [known.get(n, f"this is the line with number {n} of the template") for n in range(count)]
    return "\n".join([*lines, ""]) + more


def edited(path: str = "a.txt", line: int = 2, mine: str = "a line of ours") -> Callable[[Scene], None]:
    """One line of the template's is changed by the project's people."""

    def work(scene: Scene) -> None:
        at = scene.root / path
        ends = b"\r\n" if b"\r\n" in at.read_bytes() else b"\n"
        rows = at.read_bytes().split(ends)
        rows[line] = mine.encode()
        at.write_bytes(ends.join(rows))

    return work


def written(**files: str) -> Callable[[Scene], None]:
    """Files of the project's own; `__` in a name stands for a dot."""
    return lambda scene: put(scene.root, {name.replace("__", "."): body for name, body in files.items()})


def both(*work: Callable[[Scene], None]) -> Callable[[Scene], None]:
    """One after the other."""

    def done(scene: Scene) -> None:
        for one in work:
            one(scene)

    return done


def removed(path: str = "a.txt") -> Callable[[Scene], None]:
    """A file is deleted."""
    return lambda scene: (scene.root / path).unlink()


def moved(scene: Scene) -> None:
    """People rename a file and edit it."""
    (scene.root / "a.txt").rename(scene.root / "mine.txt")
    edited("mine.txt", 3)(scene)


def cloned(*options: str) -> Callable[[Scene], Ran]:
    """The update in a clone of the project."""

    def run(scene: Scene) -> Ran:
        origin = scene.folder / "origin"
        scene.root.rename(origin)
        scene.git(origin, "config", "uploadpack.allowFilter", "true")
        scene.git(scene.folder, "clone", "-q", *options, f"file://{origin}", str(scene.root))
        return scene.update()

    return run


def squashed(scene: Scene) -> Ran:
    """The second version on a branch, squashed into one commit of main; then the third."""
    scene.git(scene.root, "checkout", "-q", "-b", "update")
    scene.update()
    scene.commit("update")
    scene.git(scene.root, "checkout", "-q", "main")
    scene.git(scene.root, "merge", "-q", "--squash", "update")
    scene.commit("squashed")
    scene.git(scene.root, "branch", "-q", "-D", "update")
    scene.git(scene.root, "reflog", "expire", "--expire=now", "--all")
    scene.git(scene.root, "gc", "-q", "--prune=now")
    return scene.update("3.0")


def partly(scene: Scene) -> Ran:
    """All but one file first, by the tool's own means; then all."""
    state = scene.root / STATE["cruft"]
    if scene.tool == "cruft":
        kept = json.loads(state.read_text("utf-8"))
        state.write_text(json.dumps(kept | {"skip": ["a.txt"]}), "utf-8")
        scene.commit("skip a.txt")
        scene.update()
        kept = json.loads(state.read_text("utf-8"))
        kept.pop("skip")
        state.write_text(json.dumps(kept), "utf-8")
    elif scene.tool == "copier":
        scene.update("2.0", "--exclude", "a.txt")
    else:
        scene.update("2.0", "--path", "b.txt")
    scene.commit("the first part")
    return scene.update("3.0")


def answers_gone(scene: Scene) -> None:
    """The file that says what the project follows is deleted."""
    (scene.root / STATE[scene.tool]).unlink()


def answers_broken(scene: Scene) -> None:
    """It holds what a merge left."""
    at = scene.root / STATE[scene.tool]
    at.write_text(f"<<<<<<< HEAD\n{at.read_text('utf-8')}=======\n>>>>>>> other\n", "utf-8")


def template_gone(scene: Scene) -> Ran:
    """The update after the template's repository went elsewhere."""
    scene.template.rename(scene.folder / "moved-away")
    shutil.rmtree(scene.home / "copier", ignore_errors=True)
    shutil.rmtree(scene.home / ".cookiecutters", ignore_errors=True)
    return scene.update()


def foreign(scene: Scene) -> None:
    """The state names a template of somebody else's."""
    other = scene.folder / "foreign"
    shutil.copytree(scene.template, other)
    for part in (other / "template", other / "{{cookiecutter.slug}}"):
        if part.is_dir():
            put(part, {"a.txt": text({5: "a line of a stranger"})})
    scene.git(other, "commit", "-qam", "foreign")
    scene.git(other, "tag", "-f", "2.0")
    at = scene.root / STATE[scene.tool]
    state = at.read_text("utf-8").replace(str(scene.template), str(other))
    at.write_text(state.replace("standard: mlscaffold", "standard: foreign"), "utf-8")


def windows(scene: Scene) -> None:
    """The file is kept with the line ends of Windows, and one line is edited."""
    at = scene.root / "a.txt"
    put(scene.root, {".gitattributes": "* -text\n"})
    at.write_bytes(at.read_bytes().replace(b"\n", b"\r\n"))
    edited()(scene)


def mixed(scene: Scene) -> str:
    """Whether line ends are mixed now."""
    content = (scene.root / "a.txt").read_bytes()
    return "" if content.count(b"\r\n") == content.count(b"\n") else "lost: line ends are mixed"


def linked(scene: Scene) -> None:
    """A link stands for the template's file."""
    put(scene.root, {"own.txt": "a line of ours\n", "a.txt": "link -> own.txt"})


def no_link(scene: Scene) -> str:
    """Whether the link is gone, or was written through."""
    whole = (scene.root / "own.txt").read_text("utf-8") == "a line of ours\n"
    return "" if whole and (scene.root / "a.txt").is_symlink() else "lost: the link, or what it leads to"


def executable(scene: Scene) -> None:
    """People make a file executable."""
    (scene.root / "run").chmod(0o755)


def no_mode(scene: Scene) -> str:
    """Whether an execute bit is lost: people's on `run`, the template's on `tool`."""
    lost = [name for name in ("run", "tool") if not os.access(scene.root / name, os.X_OK)]
    return f"lost: the execute bit of {' and '.join(lost)}" if lost else ""


def submodule(scene: Scene) -> None:
    """A submodule stands where the template will have a folder."""
    other = scene.folder / "other"
    put(other, {"own.txt": "a line of ours\n"})
    scene.git(other, "init", "-q")
    scene.git(other, "add", "-A")
    scene.git(other, "commit", "-qm", "other")
    scene.git(scene.root, "submodule", "--quiet", "add", str(other), "lib")


def in_submodule(scene: Scene) -> str:
    """Whether something was written into the submodule."""
    return "lost: a file written into the submodule" if (scene.root / "lib/new.txt").exists() else ""


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a1" * 32 + "\nsize 12\n"
DVC = "outs:\n- md5: " + "b2" * 16 + "\n  size: 12\n  path: data\n"


def no_pointer(scene: Scene) -> str:
    """Whether a pointer was mixed with other text."""
    whole = (scene.root / "a.txt").read_text("utf-8") == POINTER
    whole &= (scene.root / "data.dvc").read_text("utf-8") == DVC
    return "" if whole else "lost: a pointer is no pointer any more"


LATIN = text().replace("number", "n\u00fcmber").encode("latin-1")


def edited_latin(scene: Scene) -> None:
    """A text that is no UTF-8 gets a line."""
    (scene.root / "a.txt").write_bytes("unsere Zeile \u00fc\n".encode("latin-1") + LATIN)


def no_latin(scene: Scene) -> str:
    """Whether the bytes are others now."""
    content = (scene.root / "a.txt").read_bytes()
    return "" if "unsere Zeile \u00fc\n".encode("latin-1") in content else "lost: bytes of the encoding"


def drivers(scene: Scene) -> None:
    """People's configuration names a merge driver that keeps nothing, and follows no renames."""
    scene.git(scene.root, "config", "merge.renames", "false")
    scene.git(scene.root, "config", "merge.mine.driver", "true")
    put(scene.root, {".gitattributes": "* merge=mine\n"})
    edited()(scene)


def absorbed(scene: Scene) -> str:
    """Whether a file of their own took the template's text."""
    found = (scene.root / "notes.txt").read_text("utf-8")
    return "lost: notes.txt took text of the template" if "a line of the new version" in found else ""


def twins(scene: Scene) -> str:
    """Whether two names lie there that many systems take for one."""
    return "told nothing: README.md beside Readme.md" if (scene.root / "README.md").exists() else ""


def old_git(scene: Scene) -> Ran:
    """A git that says it is 2.34 and has no `merge-tree --write-tree`."""
    real, fake = shutil.which("git"), scene.folder / "bin"
    script = f"""#!/bin/sh
case "$*" in
  --version|version) echo git version 2.34.1;;
  *merge-tree*--write-tree*) echo "usage: git merge-tree <base-tree> <branch1> <branch2>" >&2; exit 129;;
  *) exec {real} "$@";;
esac
"""
    put(fake, {"git": script})
    scene.path = f"{fake}{os.pathsep}{scene.path}"
    return scene.update()


def tree_of(root: Path) -> dict[str, bytes]:
    """Everything that lies in a project, outside of git's own folder."""
    return {
        path.relative_to(root).as_posix(): (
            os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
        )
        for path in sorted(root.rglob("*"))
        if ".git" not in path.relative_to(root).parts and (path.is_symlink() or path.is_file())
    }


MOMENTS = (0, 0, 0, 1, 1, 20, 60, 100, 130, 149)
"""Files written when the update is killed; at 0 it is killed by the clock, before it writes."""


def killed(scene: Scene) -> Ran:
    """The update killed at ten moments, and run again each time; the first that comes to something else."""
    start = scene.folder / "start"
    shutil.copytree(scene.root, start, symlinks=True)
    scene.update()
    whole, old = tree_of(scene.root), tree_of(start)
    done = Ran(0, "")
    for number, files in enumerate(MOMENTS):
        shutil.rmtree(scene.root)
        shutil.copytree(start, scene.root, symlinks=True)
        _kill(scene, files, 0.2 + 0.2 * number)
        lying = tree_of(scene.root)
        half = "half written" if lying not in (old, whole) else "as before" if lying == old else "all written"
        done = scene.update()
        if tree_of(scene.root) != whole:
            then = "refuses" if done.code else "ends well"
            return Ran(done.code, f"{HALF}{half} after the kill, and the next run {then}\n{done.said}")
    return Ran(0, done.said)


def _kill(scene: Scene, files: int, seconds: float) -> None:
    paths = sorted((scene.root / "many").iterdir())
    before = [path.stat().st_mtime_ns for path in paths]
    process = scene.start(scene.command("2.0"))
    began = time.monotonic()
    while process.poll() is None:
        if not files and time.monotonic() - began > seconds:
            break
        if files and sum(_time(p) != t for p, t in zip(paths, before, strict=True)) >= files:
            break
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _time(path: Path) -> int:
    try:
        return path.lstat().st_mtime_ns
    except OSError:
        return 0


HALF = "killed: "


def at_once(scene: Scene) -> Ran:
    """Two updates begun at the same time; the better of both exit codes."""
    both = [scene.start(scene.command("2.0")) for _ in range(2)]
    said = [plain(process.communicate()[0]) for process in both]
    return Ran(min(process.returncode for process in both), "\n".join(said))


MANY = {f"many/{n}.txt": text(more=f"{n}\n") for n in range(150)}
MANY_NEW = {f"many/{n}.txt": text({7: "a line of the new version"}, more=f"{n}\n") for n in range(150)}
NEW = "a line of the new version"
OURS = ("a line of ours",)
ONE = Version({"a.txt": text()})
TWO = Version({"a.txt": text({8: NEW})})
FAR = (ONE, TWO)
RENAMES = (Version({"a.txt": text(count=30)}), Version({"conf/b.txt": text({25: NEW}, count=30)}))
LICENCE = "licence: {{ license }}\n"
ADDS = (ONE, Version({"a.txt": text(), "b.txt": f"{NEW}\n"}))
AGAIN = Version({"a.txt": text({8: NEW, 10: "a line of the third version"})})


def licensed(name: str, *choices: str, upkeep: str = "") -> Version:
    """A version with a question for the licence."""
    return Version({"a.txt": LICENCE.replace("license", name) + text()}, {name: choices}, upkeep)


CASES = (
    Case("both edit the same line", (ONE, Version({"a.txt": text({2: NEW})})), edited(), OURS, (NEW,)),
    Case("both edit one file, far apart", FAR, edited(), OURS, (NEW,)),
    Case("both edit neighbouring lines", (ONE, Version({"a.txt": text({3: NEW})})), edited(), OURS, (NEW,)),
    Case("both add the same path", ADDS, written(b__txt="a line of ours\n"), OURS, (NEW,), "b.txt"),
    Case("the template renames a file that you edited", RENAMES, edited(), OURS, (NEW,)),
    Case("the template deletes a file that you edited", (ONE, Version({"z.txt": "z\n"})), edited(), OURS),
    Case("you deleted a file that the template changes", FAR, removed(), (), (NEW,), gone=("a.txt",)),
    Case("you renamed a file that the template changes", FAR, moved, OURS, (NEW,), gone=("a.txt",)),
    Case(
        "a choice that you made is no longer offered",
        (licensed("license", "MIT", "BSD"), licensed("license", "BSD", "Apache")),
        mine=("licence: MIT",),
        answers=(("license", "MIT"),),
    ),
    Case(
        "a question is renamed",
        (
            licensed("license", "MIT", "BSD"),
            licensed(
                "licence",
                "MIT",
                "BSD",
                upkeep='{answers: [{version: "2.0", rename: {license: licence}}]}',
            ),
        ),
        mine=("licence: BSD",),
        answers=(("license", "BSD"),),
    ),
    Case(
        "a question without a default is added",
        (ONE, Version({"a.txt": "owner: {{ owner }}\n" + text()}, {"owner": None})),
        edited(),
        OURS,
        wrong=lambda scene: (
            "told nothing: the answer is empty"
            if any(
                line.strip() == b"owner:"
                for body in tree_of(scene.root).values()
                for line in body.splitlines()
            )
            else ""
        ),
    ),
    Case(
        "a question is removed",
        (licensed("license", "MIT", "BSD"), Version({"a.txt": text()})),
        edited(line=5),
        OURS,
    ),
    Case(
        "a part of an update first, the rest later",
        (
            Version({"a.txt": text(), "b.txt": text()}),
            Version({"a.txt": text({8: NEW}), "b.txt": text({8: NEW})}),
            Version({"a.txt": text({8: NEW}), "b.txt": text({8: NEW, 10: "a line of the third version"})}),
        ),
        edited(),
        OURS,
        run=partly,
        wrong=lambda scene: (
            ""
            if NEW in (scene.root / "a.txt").read_text("utf-8")
            else "told nothing: what was left out never comes"
        ),
    ),
    Case(
        "updates are merged as one commit",
        (ONE, TWO, AGAIN),
        edited(),
        OURS,
        (NEW, "a line of the third version"),
        run=squashed,
    ),
    Case("a shallow clone", FAR, edited(), OURS, (NEW,), run=cloned("--depth", "1")),
    Case("a clone without old contents", FAR, edited(), OURS, (NEW,), run=cloned("--filter=blob:none")),
    Case("edits that are not committed", FAR, besides=edited(), mine=OURS, theirs=(NEW,)),
    Case(
        "an untracked file elsewhere",
        FAR,
        besides=written(own__txt="a line of ours\n"),
        mine=OURS,
        theirs=(NEW,),
    ),
    Case(
        "an untracked file where a new one should go",
        ADDS,
        besides=written(b__txt="a line of ours\n"),
        mine=OURS,
        theirs=(NEW,),
        named="b.txt",
    ),
    Case(
        "an ignored file where a new one should go",
        ADDS,
        written(__gitignore="b.txt\n"),
        OURS,
        (NEW,),
        "b.txt",
        written(b__txt="a line of ours\n"),
    ),
    Case("the state file is missing", FAR, both(edited(), answers_gone), OURS, (NEW,), "state"),
    Case("the state file holds a merge conflict", FAR, both(edited(), answers_broken), OURS, (NEW,)),
    Case(
        "the state file names a foreign template",
        FAR,
        both(edited(), foreign),
        OURS,
        wrong=lambda scene: (
            "told nothing: a stranger's text is merged in"
            if "a line of a stranger" in (scene.root / "a.txt").read_text("utf-8")
            else ""
        ),
    ),
    Case("the template's repository has moved", FAR, edited(), OURS, (NEW,), run=template_gone),
    Case("line ends of Windows", FAR, windows, OURS, (NEW,), wrong=mixed),
    Case(
        "modes change on both sides",
        (
            Version({"run": text(), "tool": text()}),
            Version({"run": text({8: NEW}), "tool": "#!/bin/sh\n" + text()}),
        ),
        executable,
        theirs=(NEW,),
        wrong=no_mode,
    ),
    Case("a link of yours stands for a file", FAR, linked, OURS, (NEW,), wrong=no_link),
    Case(
        "a submodule where a folder should go",
        (ONE, Version({"a.txt": text(), "lib/new.txt": f"{NEW}\n"})),
        submodule,
        OURS,
        (NEW,),
        "lib",
        wrong=in_submodule,
    ),
    Case(
        "pointers of LFS and DVC",
        FAR,
        lambda scene: put(scene.root, {"a.txt": POINTER, "data.dvc": DVC}),
        theirs=(NEW,),
        wrong=no_pointer,
    ),
    Case(
        "a text that is no UTF-8",
        (Version({"a.txt": LATIN}), Version({"a.txt": LATIN + b"neue Zeile \xfc\n"})),
        edited_latin,
        theirs=("neue Zeile",),
        wrong=no_latin,
    ),
    Case(
        "a name with a blank",
        (Version({"with blank.txt": text()}), Version({"with blank.txt": text({8: NEW})})),
        edited("with blank.txt"),
        OURS,
        (NEW,),
        "with blank.txt",
    ),
    Case(
        "a name with a line break",
        (Version({"new\nline.txt": text()}), Version({"new\nline.txt": text({8: NEW})})),
        edited("new\nline.txt"),
        OURS,
        (NEW,),
        "line.txt",
    ),
    Case(
        "killed at any moment",
        (Version(MANY), Version(MANY_NEW)),
        edited("many/3.txt"),
        OURS,
        (NEW,),
        run=killed,
    ),
    Case(
        "two updates at once",
        (Version(MANY), Version(MANY_NEW)),
        edited("many/3.txt"),
        OURS,
        (NEW,),
        run=at_once,
    ),
    Case("git 2.34", FAR, edited(), OURS, (NEW,), run=old_git),
    Case("your merge driver, and merge.renames=false", RENAMES, drivers, OURS, (NEW,)),
    Case(
        "a file of yours resembles one of the template's",
        (Version({"a.txt": text(count=30)}), Version({"a.txt": text({25: NEW}, count=30)})),
        both(
            removed(),
            lambda scene: put(
                scene.root,
                {
                    "notes.txt": text(
                        {0: "a line of ours", 1: "1", 2: "2", 3: "3", 4: "4", 5: "5", 6: "6"}, count=30
                    )
                },
            ),
        ),
        OURS,
        (NEW,),
        gone=("a.txt",),
        wrong=absorbed,
    ),
    Case(
        "names that differ by case",
        (ONE, Version({"a.txt": text(), "README.md": f"{NEW}\n"})),
        written(Readme__md="a line of ours\n"),
        OURS,
        (NEW,),
        "README.md",
        wrong=twins,
    ),
)
