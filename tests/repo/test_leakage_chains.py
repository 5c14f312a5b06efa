"""Fits whose rows reach their split through a file: which paths are one file, and which are not."""

import pytest

from mlscaffold import standard
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.leakage import leaks
from mlscaffold.repo.trees.memory import MemoryTree

FIT = """import {names}
import pandas as pd
from sklearn.preprocessing import StandardScaler
{before}
rows = pd.read_csv({read})
rows[c] = StandardScaler().fit_transform(rows[c])
rows.to_csv({write})
"""
SPLIT = """import {names}
import pandas as pd
from sklearn.model_selection import train_test_split
{before}
rows = pd.read_csv({read})
one, two = train_test_split(rows)
"""
CONFIG = (
    "from pathlib import Path\nROOT = Path(__file__).resolve().parents[1]\nOUT = ROOT / 'data' / 'b.csv'\n"
)
SNAKE = """rule prepare:
    input:
        "data/a.csv"
    output:
        table="data/b.csv",
        log="x.log",
    script:
        "../src/prepare.py"

rule train:
    input: "data/b.csv"
    shell: "python src/train.py {input} --seed 3"
"""
FIRST, LATER, BESIDE = "src/prepare.py", "src/train.py", "src/config.py"
PARSER = "p = argparse.ArgumentParser()\np.add_argument('--out'%s)\nargs = p.parse_args()"
DVC = "stages:\n  a:\n    cmd: python src/prepare.py --out data/b.csv\n  b:\n    cmd: python src/train.py\n"
SETTINGS = "prepare:\n  out: data/b.csv\n"
CLICK = """import click
import pandas as pd
from sklearn.preprocessing import StandardScaler

@click.command()
@click.argument("source")
@click.argument("target")
def main(source, target):
    rows = pd.read_csv(source)
    rows[c] = StandardScaler().fit_transform(rows[c])
    rows.to_parquet(target)

main()
"""


AGAIN = "pd.read_csv('data/a.csv').to_csv('data/b.csv')\n"


def fit(write: str, before: str = "", names: str = "os", read: str = "'data/a.csv'") -> str:
    return FIT.format(write=write, before=before, names=names, read=read)


def split(read: str, before: str = "", names: str = "os") -> str:
    return SPLIT.format(read=read, before=before, names=names)


def found(files: dict[str, str]) -> list[tuple[str, int | None, str, str]]:
    repo = Repo(MemoryTree(files), standard.load())
    return [(leak.spot.path, leak.spot.line, leak.split.path, leak.through) for leak in leaks(repo)]


PLAIN = split("'data/b.csv'")


@pytest.mark.parametrize(
    "files",
    [
        {FIRST: fit("os.path.join('data', 'b.csv')"), LATER: PLAIN},
        {FIRST: fit("f'{D}/b.csv'", "D = 'data'"), LATER: PLAIN},
        {FIRST: fit("OUT", "from src.config import OUT"), BESIDE: CONFIG, LATER: PLAIN},
        {FIRST: fit("config.OUT", "from src import config"), BESIDE: CONFIG, "train.py": PLAIN},
        {FIRST: fit("args.out", PARSER % "", "argparse"), LATER: PLAIN, "dvc.yaml": DVC},
        {FIRST: fit("args.out", PARSER % ", default='data/b.csv'", "argparse"), LATER: PLAIN},
        {
            FIRST: fit("P['prepare']['out']", "P = yaml.safe_load(open('params.yaml'))", "yaml"),
            "params.yaml": SETTINGS,
            LATER: PLAIN,
        },
        {
            FIRST: fit("snakemake.output.table", read="snakemake.input[0]"),
            LATER: split("sys.argv[1]", names="sys"),
            "workflow/Snakefile": SNAKE,
        },
        {
            FIRST: CLICK,
            LATER: split("'data/b.csv'").replace("read_csv", "read_parquet"),
            "Makefile": "data/b.csv: data/a.csv\n\tpython src/prepare.py data/a.csv data/b.csv\n",
        },
        {FIRST: fit("'../data/b.csv'"), LATER: split("'../data/b.csv'"), "data/a.csv": "a\n"},
        {"steps/prepare.py": fit("'data/b.csv'"), "train.py": PLAIN, ".gitignore": "/data/\n"},
    ],
    ids=[
        "joined", "formatted", "imported", "attribute", "command", "default", "settings", "snakemake",
        "click", "above", "ignored",
    ],
)  # fmt: skip
def test_a_file_is_one_by_whatever_constant_names_it(files: dict[str, str]) -> None:
    ((path, _, other, through),) = found(files)
    assert path.endswith("prepare.py")
    assert other.endswith("train.py")
    assert through == "data/b.csv"


HANDS_ON = "import pandas as pd\nrows = pd.read_csv('data/b.csv')\nrows.dropna().to_csv('data/c.csv')\n"


def test_files_between_hand_the_rows_on() -> None:
    files = {"a.py": fit("'data/b.csv'"), "b.py": HANDS_ON, "c.py": split("'data/c.csv'")}
    assert found(files) == [("a.py", 6, "c.py", "data/c.csv")]


def test_a_function_reads_writes_and_splits_for_its_callers() -> None:
    prepare = (
        "import pandas as pd\nfrom sklearn.preprocessing import StandardScaler\n\n"
        "def load(path):\n    return pd.read_csv(path)\n\n"
        "def save(table, path='data/b.csv'):\n    table.to_csv(path)\n\n"
        "def main():\n    table = load('data/a.csv')\n"
        "    table[c] = StandardScaler().fit_transform(table[c])\n    save(table)\n\nmain()\n"
    )
    train = (
        "import pandas as pd\nfrom sklearn.model_selection import train_test_split\n\n"
        "def parts(table):\n    return train_test_split(table)\n\n"
        "def load(path):\n    return pd.read_csv(path)\n\n"
        "one, two = parts(load('data/b.csv'))\n"
    )
    assert found({"prepare.py": prepare, "train.py": train}) == [("prepare.py", 12, "train.py", "data/b.csv")]


def test_a_fit_in_one_function_and_a_split_in_another_meet_where_both_are_called() -> None:
    code = (
        "from sklearn.model_selection import train_test_split\n"
        "from sklearn.preprocessing import StandardScaler\n\n"
        "def parts(table):\n    return train_test_split(table)\n\n"
        "table = StandardScaler().fit_transform(read())\none, two = parts(table)\n"
    )
    assert [(path, line) for path, line, _, _ in found({"a.py": code})] == [("a.py", 7)]


@pytest.mark.parametrize(
    "files",
    [
        {"a/prepare.py": fit("'b.csv'"), "c/train.py": split("'b.csv'")},
        {"a/prepare.py": fit("'data/b.csv'"), "a/data/a.csv": "a", "c/train.py": PLAIN, "data/z.csv": "a"},
        {"a/prepare.py": fit("'../data/b.csv'"), "c/d/train.py": split("'../data/b.csv'")},
        {"prepare.py": fit("name()"), "train.py": split("name()")},
        {"prepare.py": fit("args.out", PARSER % "", "argparse"), "train.py": PLAIN},
        {"2_cluster.py": fit("'data/b.csv'"), "1_train.py": PLAIN},
        {"prepare.py": fit("'data/b.csv'", read="'data/b.csv'"), "train.py": PLAIN},
        {"all.py": PLAIN + fit("'data/b.csv'")},
        {"prepare.py": fit("'data/b.csv'") + AGAIN, "train.py": PLAIN},
    ],
    ids=[
        "folder", "its own folder", "above", "unknown", "no default", "later script",
        "in place", "later line", "again",
    ],
)  # fmt: skip
def test_another_file_or_another_time_is_no_leak(files: dict[str, str]) -> None:
    assert not found(files)


SCALED = "from sklearn.preprocessing import StandardScaler\nrows = StandardScaler().fit_transform(read())\n"
KNOWN = SCALED.replace("rows", "x_train")


@pytest.mark.parametrize(
    ("expected", "code"),
    [
        ([2], SCALED + "train_size = int(len(rows) * 0.7)\na, test = rows[:train_size], rows[train_size:]\n"),
        ([2], SCALED + "valid = rows[:, None][train_end - 4:]\n"),
        ([], SCALED + "test = other[train_size:]\n"),
        ([], SCALED + "rows = other[idx_train]\ntest = rows[train_size:]\n"),
        ([2], KNOWN.replace("read()", "x_train") + "x_val = x_train[:90]\nx_part = x_train[90:]\n"),
        ([2], KNOWN.replace("read()", "x_train") + "x_train, x_val = x_train[90:], x_train[:90]\n"),
        ([], KNOWN.replace("read()", "x_train") + "x_test = x_train[-9:]\n"),
        ([], KNOWN.replace("read()", "x_test") + "x_val = x_test[:90]\nx_part = x_test[90:]\n"),
        ([], "x_val, x_train = x_train[:90], x_train[90:]\n" + KNOWN.replace("read()", "x_train")),
    ],
)
def test_slices_of_rows_are_a_split_by_hand(expected: list[int], code: str) -> None:
    assert [line for _, line, _, _ in found({"a.py": code})] == expected


@pytest.mark.parametrize(
    ("expected", "rows", "fitted"),
    [
        ([5], "train_words", "x"),
        ([5], "words", "x"),
        ([], "train_words", "x_train"),
        ([], "words", "x_train"),
    ],
)
def test_what_rows_are_called_after_a_step_tells_nothing(expected: list[int], rows: str, fitted: str) -> None:
    code = "from sklearn.feature_extraction.text import CountVectorizer\n"
    code += "from sklearn.model_selection import train_test_split\n\ntrain_vec = CountVectorizer()\n"
    code += f"{rows} = train_vec.fit_transform({fitted})\na, b = train_test_split({rows})\n"
    assert [line for _, line, _, _ in found({"a.py": code})] == expected


def test_a_step_that_was_fitted_on_other_rows_leaks_nothing() -> None:
    dump = "import joblib\nimport pandas as pd\nfrom sklearn.preprocessing import StandardScaler\n"
    dump += "s = StandardScaler()\ns.fit(pd.read_csv('big.csv'))\njoblib.dump(s, 's.pkl')\n"
    use = "import joblib\nimport pandas as pd\nfrom sklearn.model_selection import train_test_split\n"
    use += "rows = joblib.load('s.pkl').transform(pd.read_csv('%s.csv'))\none, two = train_test_split(rows)\n"
    assert not found({"fit.py": dump, "train.py": use % "small"})
    assert found({"fit.py": dump, "train.py": use % "big"}) == [("fit.py", 5, "train.py", "s.pkl")]


def test_functions_that_multiply_files_take_no_time() -> None:
    step = "def f{0}(p, t):\n    f{1}(p + 'a', f{1}(p + 'b', t))\n    t.to_csv(p)\n    return t\n"
    code = "import pandas as pd\nfrom sklearn.decomposition import PCA\n"
    code += "def f30(p, t):\n    t.to_csv(p)\n    return PCA().fit_transform(t)\n"
    code += "".join(step.format(n, n + 1) for n in range(29, -1, -1)) + "f0('x', pd.read_csv('y'))\n"
    code += "z = " + "f30('a', " * 60 + "z" + ")" * 60 + "\n"
    assert not found({"a.py": code, "b.py": split("'q.csv'")})
