"""Paths of one person, machine or site in code, configuration and notebook sources."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.committed.run_output import shape_of
from mlscaffold.repo.hits import hits
from mlscaffold.repo.notebooks.cells import Notebook, notebooks
from mlscaffold.repo.python.facts import Source, Spot
from mlscaffold.repo.python.source import source_at, sources
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import vendored

NOBODY = regex(
    r"^(?:users?|username|user_?name|your.*|you|name|myname|runner|jovyan|vscode|app|appuser|docker|root|nobody"
    r"|node|airflow|mambauser|coder|gitpod|codespace|sagemaker-user"
    r"|circleci|travis|gitlab-runner|jenkins|buildkite-agent|vsts\w*|jupyter|path|x+|foo|bar|someone|somebody|alice|bob"
    r"|test|tester|example|src|shared?|public|vagrant|dev|developer|nonroot|default|home|linuxbrew|conda|index|page|\.+)$",
    re.IGNORECASE,
)
BEFORE = r"(?:(?<=\bfile://)|(?<![\w.$}){%~>*#-])(?<![\w/:]/))"
"""No path goes on here, no part of a page follows its address, no address of a bucket or a server begins."""

HOME = regex(
    BEFORE
    + r"(?:/(?:private|hpc\w*|usr|global\w*|fs\w*|n|mnt/[a-z]|[A-Z]\w*))?/(?:home\d*|Users|homes|nethome)/"
    r"(?:users/(?:\w/)?(?!(?:data\w*|code|src|projects?)/))?(?P<who>[\w.@+-]+)/"
    r"(?:[\w.@+~*{-]|(?=[\"'\s:;,)]|$))"
)
"""A home, also in a folder of the site or of its initial, and also where nothing follows."""

ASSIGNED = regex(r"^\s*(?:export\s+)?\w+=[\"']?(?P<path>/(?:home|Users)/(?P<who>[\w.@+-]+))[\"']?\s*$")
"""A home by itself, where a script gives it a name; elsewhere it may be a page of a site."""

HOMES_OF_WINDOWS = regex(r"[A-Za-z]:[\\/]+Users[\\/]+([\w.@+-]+)", re.IGNORECASE)
DRIVE = regex(
    r"(?:(?<![\w%{/\\.])|(?<=[\"']\\\\))[A-Za-z]:(?P<sep>\\\\|\\|/)(?![/\\]|Windows|Program|NVIDIA|CUDA|Python\d|tools|msys)"
    r"[\w .()&@+-]{2,}(?:\\\\|\\|/|\.\w+|$)"
)
SITE = regex(
    BEFORE + r"/(?P<root>mnt|media|nfs\w*|net|scr|scratch\w*|gpfs\w*|lustre\w*|[adl]fs|Volumes|cephfs|beegfs"
    r"|hdd\d*|ssd\d*|raid\d*"
    r"|mnt\d+|nas\w*|(?:g|c|p|l|net|local)scratch\d*|global/\w*scratch\d*|nobackup\d*|ptmp|apdcephfs\w*|gs/hs\d"
    r"|ibex|ocean/projects|juice\d*|tigress|sailhome|mmfs1|n/holy\w+|(?:iris|vision|nlp)/(?:u|scr)"
    r"|Workspace/(?:Users|Repos))/(?:[a-z]/)?[\w.@+-]{2,}/?"
)
LOOSE = regex(
    BEFORE + r"/(?P<root>data\d*|datasets?\d*|storage\d*|shared?|projects?|proj|work\d*|cluster|export|users"
    r"|pool\d+|u|fs[x\d]*|efs|vol\d*|disk\d+|ceph|cfs|hpc\w*|checkpoint|tudelft\.net|user/(?:home|work)"
    r"|local[_-]?(?:storage|scratch|data|ssd|disk)\d*"
    r"|groups?|srv(?!/(?:https?|www|ftp|git|shiny|jupyter)))/[\w.@+-]{2,}/[\w.@+-]{2,}"
)
PLACEHOLDER = regex(
    r"path[/_]?to|your|<|xxx|\.\.\.|/to/|/example(?:/|$)|example\.(?:com|org)|some_?(?:dir|path)|://",
    re.IGNORECASE,
)
ROUTE = regex(
    r"route\(|\.(?:get|post|put|delete|patch|mount|add_url_rule|include_router)\(|redirect\(|url_for|href=|\bpath\("
)
SYSTEM_MOUNT = regex(
    r"^/(?:mnt/[a-z]/(?:Windows|Program)|media/(?:images?|static|uploads?|css|js)|net/(?:http|core|ipv4)|data/(?:local|data)/)"
)
QUICK = regex(
    rb"/(?:home|Users|homes|nethome|mnt|media|nfs|net|scr|gpfs|lustre|[adl]fs|Volumes|ceph|beegfs|hdd|ssd|raid|nas|Workspace|data|storage"
    rb"|[gcpl]scratch|localscratch|netscratch|nobackup|ptmp|apdcephfs|ibex|ocean/|juice|tigress|sailhome|mmfs1"
    rb"|gs/hs|n/holy|iris/|vision/|nlp/|global/|cfs|hpc|checkpoint/|tudelft|user/"
    rb"|pool|u/|fs|share|proj|work|cluster|export|users|efs|vol|disk|group|srv|local[_sd-])[\w/]*|\b[A-Za-z]:[\\/]"
)
LINES = regex(
    r"(?:\.(?:ya?ml|json|toml|cfg|ini|conf|sh|bash|zsh|slurm|slrm|sbatch|pbs|bat|cmd|ps1|R|r|jl|m|lua|nix|gin|properties|mk"
    r"|c|cc|cpp|cxx|cu|h|hpp|java|scala|cmake)"
    r"|(?:^|/)(?:Makefile|\.env[\w.]*|[\w.]*env[._-](?:example|sample|template)|Snakefile|MLproject))$"
)
CONTAINER = regex(
    r"(?:^|/)(?:[\w.-]*Dockerfile[\w.-]*|[\w.-]*compose[\w.-]*\.ya?ml|\.?devcontainer(?:\.json)?|Makefile|[\w.-]*stack\.ya?ml"
    r"|[\w.-]*\.def|[\w.-]*\.tf|[\w.-]*docker[\w.-]*\.sh|Singularity[\w.-]*)(?:$|/)",
    re.IGNORECASE,
)
CI = regex(r"^(?:\.github|\.circleci|\.buildkite)/|(?:^|/)(?:\.gitlab-ci|azure-pipelines|appveyor)[\w.-]*$")
"""The machines of a CI service are the same for everybody."""

SAVED = regex(
    r"(?:^|/)(?:results?|outputs?|logs?|checkpoints?)/(?:.*/)?[^/]+\.(?:json|ya?ml)$|(?:^|/)docs?/(?:.*/)?[^/]+\.json$"
    r"|(?:^|/)(?:runs/[^/]+|AutogluonModels)/(?:.*/)?[^/]+\.(?:json|ya?ml)$"
    r"|(?:^|/)(?:trainer_state|(?:all|train|eval|test)_results)\.json$",
    re.I,
)
"""What a run left behind, and data of a documentation: nobody reads it as a setting."""

ANSWERS = ".copier-answers.yml"
"""A record of what was answered, which nothing reads but the next update of the template."""

APPENDED = r"(?:[\w)\]}\"']\s*\+\s*[rRbBuUfF]{0,2}\\?[\"']|(?<=[\w)\]])\})"
"""An operand and a plus before the text that follows, its quotation mark escaped where a notebook holds it,
or the brace that ends a value within the text."""

MOUNT = regex(rb"(?:-v|-B|--volume|--bind)[ =]\S*:(/[\w./-]+)|(?:-w|--workdir|--pwd)[ =](/[\w./-]+)")
"""Where a script that starts a container says which paths the container has."""

MOUNTS = regex(rb"^[ \t]*(?:sudo[ \t]+)?mount[ \t]+\S+[ \t]+\S", re.M)
"""A script that mounts a disk makes the path that its machine has."""

LAUNCHED = (b"docker run", b"podman run", b"singularity exec", b"singularity run", b"apptainer ")

BOUND = regex(
    r"^[ \t]*(?:-[ \t]+[\"']?(?P<host>(?:/|[A-Za-z]:[\\/])[^:\"'#]*):/"
    r"|(?:source|device):[ \t]+[\"']?(?P<source>[^\"'#]*))"
)
"""A folder of the host that a compose file brings into a container; its names may have spaces."""

COMPOSES = regex(r"(?:compose|stack)[\w.-]*\.ya?ml$", re.I)
PREFIX = regex(r"^prefix:[ \t]*[\"']?(?P<path>(?!/opt/conda\b)(?:/|[A-Za-z]:)\S+)")
"""Where conda kept an environment on the machine that exported it; images have theirs in /opt/conda."""

COMMENT = regex(r"(?:^|\s)(?:#(?!(?:SBATCH|PBS|BSUB)\s)|//|%|REM\s|::|--\s).*$")
BRACED = (".c", ".cc", ".cpp", ".cxx", ".cu", ".h", ".hpp", ".java", ".scala")
IN_BLOCK = regex(r"^\s*/?\*.*$")
"""A line of a comment between `/*` and `*/`, as these languages write them."""

MOST_OF_A_PROGRAM = 100_000
DATA_JSON = 100_000
LONG_LINE = 2_000


class MachinePath(NamedTuple):
    """One line with such a path."""

    spot: Spot
    text: str


@fact
def machine_paths(repo: Repo) -> tuple[MachinePath, ...]:
    """Every line, once, by path and line. Tests, comments, documentation and run output are not asked."""
    found = {(m.spot.path, m.spot.line): m for m in reversed(list(_all(repo)))}
    return tuple(found[key] for key in sorted(found, key=lambda k: (k[0], k[1] or 0)))


def _all(repo: Repo) -> Iterator[MachinePath]:
    for path, _ in hits(repo, "place", _asked(repo), _may_hold):
        if path.endswith(ANSWERS) or shape_of(path):
            continue
        started = (repo.raw(path) or b"").startswith(b"#!")
        if started:
            yield from _started_by(repo, path)
        elif not path.endswith(".py") and not LINES.search(path):
            continue
        if not path.endswith(".py"):
            yield from _in_mounts(repo, path) if _is_container(repo, path) else _in_lines(repo, path)
        elif source := source_at(repo, path):
            yield from _in_source(repo, source)
    for source in sources(repo):
        if source.notebook and source.role == "code":
            yield from _in_source(repo, source)
    yield from _in_magics(repo)


def _started_by(repo: Repo, path: str) -> Iterator[MachinePath]:
    """The program that runs a script, where it was installed in somebody's home."""
    first = (repo.raw(path) or b"").partition(b"\n")[0].decode("utf-8", "replace")
    if len(first) < LONG_LINE and (found := machine_path(repo, first)):
        yield MachinePath(Spot(path, 1), found)


def _asked(repo: Repo) -> Iterator[str]:
    """Scripts and settings; what is executable and has no suffix may be a script."""
    for path, entry in repo.files.items():
        if vendored(path) or (path.endswith(".json") and entry.size > DATA_JSON):
            continue
        if (
            path.endswith(".py")
            or (LINES.search(path) and not CI.search(path) and not SAVED.search(path))
            or ("." not in entry.name and entry.executable and 0 < entry.size < MOST_OF_A_PROGRAM)
        ):
            yield path


def _may_hold(path: str, raw: bytes) -> bool:
    """A first look."""
    return QUICK.search(raw) is not None or _exported(path, raw)


def _exported(path: str, raw: bytes) -> bool:
    """Whether the file is an environment as conda exported it."""
    return path.endswith((".yml", ".yaml")) and b"\nprefix:" in raw


def _in_source(repo: Repo, source: Source) -> Iterator[MachinePath]:
    if source.role == "test":
        return
    lines: list[str] = []
    for text, line in source.strings:
        if not (found := machine_path(repo, text)):
            continue
        lines = lines or (repo.raw(source.path) or b"").decode("utf-8", "replace").split("\n")
        at = source.spot(line)
        written = lines[at.line - 1] if at.line and at.line <= len(lines) else ""
        routed = not source.notebook and ROUTE.search(written)
        if not routed and not _appended(written, text):
            yield MachinePath(at, found)


def _appended(written: str, text: str) -> bool:
    """Whether the line puts the text behind a folder: `root + "/data/raw"` is no path from the root."""
    if not text.startswith("/") or len(written) > LONG_LINE:
        return False
    return bool(re.search(APPENDED + re.escape(text[:20]), written))


def _in_lines(repo: Repo, path: str) -> Iterator[MachinePath]:
    json, raw = path.endswith(".json"), repo.raw(path) or b""
    if json and len(raw) > DATA_JSON:  # its size was not known before
        return
    exported = _exported(path, raw)
    for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), 1):
        if len(line) > LONG_LINE:
            continue
        bare = line if json else COMMENT.sub("", line)
        if path.endswith(BRACED):
            bare = IN_BLOCK.sub("", bare)
        kept = PREFIX.match(bare) if exported else None
        if found := kept["path"] if kept else machine_path(repo, bare, escaped=json):
            yield MachinePath(Spot(path, number), found)


def _in_mounts(repo: Repo, path: str) -> Iterator[MachinePath]:
    """What a compose file takes from its host: the only paths in it that no container has."""
    if not COMPOSES.search(path):
        return
    for number, line in enumerate((repo.text(path) or "").splitlines(), 1):
        hit = BOUND.match(line) if len(line) < LONG_LINE else None
        place = ((hit["host"] or hit["source"]) if hit else "").strip()
        home, drive = HOME.match(place + "/."), DRIVE.match(place)
        if (home and NOBODY.match(home["who"])) or PLACEHOLDER.search(place) or SYSTEM_MOUNT.match(place):
            continue
        if home or drive or SITE.match(place + "/."):
            yield MachinePath(Spot(path, number), place)


def _in_magics(repo: Repo) -> Iterator[MachinePath]:
    """Shell lines and magics of notebooks, and every line of notebooks in other languages."""
    books = {book.path: book for book in notebooks(repo)}
    for path, rows in hits(repo, "magics", books, lambda path, _raw: list(_magics(books[path]))):
        for cell, number, line in rows:
            if found := machine_path(repo, line):
                yield MachinePath(Spot(path, books[path].line(cell, number), cell, number), found)


def _magics(book: Notebook) -> Iterator[tuple[int, int, str]]:
    """Those lines of one notebook that may hold a path, each with its cell and its number there."""
    python = book.language.startswith(("python", "ipython"))
    for cell in book.cells:
        for number, line in enumerate(cell.source.split("\n"), 1):
            asked = line.lstrip().startswith(("%", "!")) if python else not line.lstrip().startswith("#")
            if asked and len(line) < LONG_LINE and QUICK.search(line.encode("utf-8", "replace")):
                yield cell.number, number, line


def exported(repo: Repo, found: MachinePath) -> bool:
    """Whether the path is where conda kept an environment, which nothing reads."""
    lines = (repo.text(found.spot.path) or "").splitlines()[: found.spot.line or 0]
    return bool(lines) and found.spot.path.endswith((".yml", ".yaml")) and PREFIX.match(lines[-1]) is not None


def machine_path(repo: Repo, text: str, *, escaped: bool = False) -> str:
    """The path of one person, machine or site that `text` holds; empty where there is none."""
    for hit in HOME.finditer(text):
        if (
            not NOBODY.match(hit["who"])
            and not _of_container(repo, hit["who"])
            and not PLACEHOLDER.search(_whole(text, hit.start()))
        ):
            return _whole(text, hit.start())
    if (
        (alone := ASSIGNED.match(text))
        and not NOBODY.match(alone["who"])
        and not _of_container(repo, alone["who"])
    ):
        return alone["path"]
    for hit in DRIVE.finditer(text):
        whole = _whole(text, hit.start())
        home = HOMES_OF_WINDOWS.match(whole)
        someone = not home or not NOBODY.match(home[1])
        if someone and (not escaped or hit["sep"] != "\\") and not PLACEHOLDER.search(whole):
            return whole
    for pattern in (SITE, LOOSE):
        for hit in pattern.finditer(text):
            whole = _whole(text, hit.start())
            if PLACEHOLDER.search(whole) or SYSTEM_MOUNT.match(whole) or _mounted(repo, hit["root"]):
                continue
            return whole
    return ""


def _whole(text: str, start: int) -> str:
    end = regex(r"[\s\"'`,;)\]}|]").search(text[start:])
    return text[start : start + end.start()] if end else text[start:]


@fact
def _mount_text(repo: Repo) -> bytes:
    """What the container, compose and launch files say, in one piece."""
    said = [repo.raw(path) or b"" for path in repo.files if _is_container(repo, path)]
    for path in repo.files:
        raw = (repo.raw(path) or b"") if path.endswith((".sh", ".bash")) else b""
        if any(word in raw for word in LAUNCHED):
            said += [b" ".join(hit) for hit in MOUNT.findall(raw)]
        if b"mount" in raw and MOUNTS.search(raw):
            said.append(raw)
    return b"\n".join(said)


@fact
def _databricks(repo: Repo) -> bool:
    """Whether the repository is made for Databricks, whose mounts are the platform's contract."""
    marks = (b"dbutils.", b"databricks", b"/dbfs/", b"/Workspace/")
    return any(
        mark in (repo.raw(path) or b"").lower()
        for path in repo.files
        if path.endswith((".ipynb", ".py", ".yml", ".yaml"))
        for mark in marks
    )


def _mounted(repo: Repo, root: str) -> bool:
    """Whether a path under this root is one that a container or platform of the repository provides."""
    if root == "mnt" and _databricks(repo):
        return True
    text = _mount_text(repo)
    return bool(re.search(rb"(?<![\w.)}])/" + re.escape(root).encode() + rb"\b", text))


def _of_container(repo: Repo, who: str) -> bool:
    """Whether a container of the repository has this person's home: mounted there, or worked in."""
    home = (
        rb"(?:target=|destination=|dst=|[\w.}/-]:|WORKDIR\s+[\"']?|HOME[= ][\"']?"
        rb"|(?:ARG|ENV)\s+\w+[= ][\"']?)/home/" + re.escape(who).encode()
    )
    return bool(re.search(home + rb"(?![\w.-])", _mount_text(repo)))


def _is_container(repo: Repo, path: str) -> bool:
    if CONTAINER.search(path):
        return True
    raw = (repo.raw(path) or b"") if path.endswith((".yaml", ".yml", ".json")) else b""
    return b"apiVersion:" in raw or b"AWSTemplateFormatVersion" in raw
