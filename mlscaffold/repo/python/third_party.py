"""What Python files and notebooks import from others, by the text of their import lines."""

from __future__ import annotations

import re
import sys
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.hits import hits
from mlscaffold.repo.notebooks.as_python import in_python
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

IMPORT = regex(
    r"""^[ \t]*(?:"[ \t]*)?(?:from[ ]+(?P<module>[A-Za-z_]\w*)[\w.]*[ ]+import\b"""
    r"""|import[ ]+(?P<names>[A-Za-z_][\w.]*(?:[ ]+as[ ]+\w+)?"""
    r"""(?:[ ]*,[ ]*[A-Za-z_][\w.]*(?:[ ]+as[ ]+\w+)?)*)"""
    r"""[ \t]*(?:\\n|"|\#|;|$))""",
    re.M,
)
TRIED = regex(r"""\btry:(?:\s|\\n|[",]|(?:from|import)[ ][^\n]*\n)*\Z""")
PACKAGES = {
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "cv2": "opencv-python-headless",
    "PIL": "pillow",
    "yaml": "pyyaml",
    "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil",
    "ee": "earthengine-api",
    "kerastuner": "keras-tuner",
    "dotenv": "python-dotenv",
    "Levenshtein": "levenshtein",
    "attr": "attrs",
    "Crypto": "pycryptodome",
    "pytorch_lightning": "pytorch-lightning",
    "faiss": "faiss-cpu",
    "umap": "umap-learn",
    "skopt": "scikit-optimize",
    "igraph": "python-igraph",
    "serial": "pyserial",
    "git": "gitpython",
    "tensorflow_datasets": "tensorflow-datasets",
    "tensorflow_hub": "tensorflow-hub",
    "tensorflow_text": "tensorflow-text",
    "tensorflow_probability": "tensorflow-probability",
    "sentence_transformers": "sentence-transformers",
    "huggingface_hub": "huggingface-hub",
    "torch_geometric": "torch-geometric",
    "google": "",
    "mpl_toolkits": "matplotlib",
    "pylab": "matplotlib",
    "psycopg2": "psycopg2-binary",
    "wordcloud": "wordcloud",
    "nvidia": "",
    "apex": "",
    "caffe": "",
    "clip": "",
    "detectron2": "",
    "smac": "",
    "mmseg": "mmsegmentation",
    "open_clip": "open-clip-torch",
    "ruamel": "ruamel.yaml",
    "jwt": "pyjwt",
    "docx": "python-docx",
    "fitz": "pymupdf",
    "magic": "python-magic",
    "win32com": "pywin32",
}
"""Import names whose package has another name; an empty name is not told by the import alone."""

_ELSEWHERE = """
    dbutils google IPython ipykernel __future__ __main__ gi bpy bmesh mathutils pip qgis arcpy rospy rclpy
    awsglue kaggle_secrets kaggle_datasets kaggle_web_client kaggle_environments google_colab js pyodide
    micropip maya hou nuke unreal pymel FreeCAD uno sage posix nt
"""
_OLD = """
    BaseHTTPServer ConfigParser Cookie HTMLParser Queue SimpleHTTPServer SocketServer StringIO Tkinter
    __builtin__ asynchat asyncore audioop binhex cPickle cProfile cStringIO cgi cgitb chunk commands
    cookielib copy_reg crypt distutils dummy_thread exceptions formatter htmlentitydefs httplib imghdr imp
    itertools2 lib2to3 mailcap msilib new nis nntplib ossaudiodev parser pipes popen2 robotparser sets sha
    smtpd sndhdr spwd string subprocess32 sunau symbol telnetlib thread tkFileDialog tkMessageBox ttk
    urllib2 urlparse user uu xdrlib xmlrpclib
"""
ELSEWHERE = frozenset(_ELSEWHERE.split()) | frozenset(_OLD.split())
"""Names that an environment brings along by itself, that no index carries, or that older Pythons had."""

BROUGHT = frozenset(sys.stdlib_module_names) | ELSEWHERE
NO_TEXT = "no text"


class Imported(NamedTuple):
    """One top-level module that somebody else publishes, and the first place that imports it."""

    name: str
    path: str
    line: int


class Imports(NamedTuple):
    """The first import in each file that needs a module, by module; and what some file can do without."""

    needed: dict[str, tuple[Imported, ...]]
    guarded: frozenset[str]


@fact
def imports(repo: Repo) -> Imports:
    """What is imported that is neither Python's own nor the repository's."""
    own = _own_names(repo)
    found: dict[str, list[Imported]] = {}
    guarded: set[str] = set()
    paths = (path for path in repo.files if path.endswith((".py", ".ipynb")) and is_own(path))
    asked = (path for path in paths if not path.endswith("setup.py"))
    for path, rows in hits(repo, "imports", asked, lambda path, _raw: _in_file(repo, path)):
        if rows == NO_TEXT:
            repo.text(path)  # which notes why
            continue
        here = set[str]()
        for name, line, optional in rows:
            if name in own or name in here:
                continue
            if optional:
                guarded.add(name)
            else:
                here.add(name)
                found.setdefault(name, []).append(Imported(name, path, line))
    return Imports({name: tuple(found[name]) for name in sorted(found)}, frozenset(guarded))


@fact
def third_party(repo: Repo) -> tuple[Imported, ...]:
    """The first import of each module that somebody else publishes, by name."""
    return tuple(places[0] for places in imports(repo).needed.values())


def _in_file(repo: Repo, path: str) -> list[Any] | str:
    """Each module that is not Python's own, with its first line, and whether the code can do without it."""
    text = repo.text(path)
    if text is None:
        return NO_TEXT
    if path.endswith(".ipynb") and not in_python(repo, path):
        return []
    found: dict[tuple[str, bool], int] = {}
    for match in IMPORT.finditer(text):
        listed = regex(r"(?:^|,)\s*(\w+)").findall(match["names"] or "")
        names = [match["module"]] if match["module"] else listed
        if names := [name for name in names if name not in BROUGHT]:
            line, optional = text.count("\n", 0, match.start()) + 1, _optional(text, match.start())
            for name in names:
                found.setdefault((name, optional), line)
    return [[name, line, optional] for (name, optional), line in found.items()]


def _optional(text: str, start: int) -> bool:
    """Whether the import is one of the first of a `try`, so that the code can do without it."""
    return TRIED.search(text, max(0, start - 300), start) is not None


def _own_names(repo: Repo) -> set[str]:
    """Python's modules, and every module and folder that the repository holds itself."""
    names = set(BROUGHT)
    for path in repo.files:
        if path.endswith((".py", ".ipynb", ".pyx", ".so", ".proto", ".pyi")):
            parts = path.split("/")
            names.update(parts[:-1])
            names.add(parts[-1].partition(".")[0])
            names.add(parts[-1].partition(".")[0] + "_pb2")
    for entry in repo.entries:
        if entry.kind != "file":
            names.add(entry.name)
    return names


def package_of(repo: Repo, name: str) -> str:
    """The package that brings an import, as far as it is known; empty where the name alone does not tell."""
    if name in PACKAGES:
        return PACKAGES[name]
    for tool in repo.standard.tools.values():
        if name in tool.imports and len(tool.imports) == 1 and tool.packages:
            return tool.packages[0]
    return name.replace("_", "-").lower()
