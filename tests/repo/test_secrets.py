"""Credentials: what services issue is found wherever it stands, and what only looks like it is not."""

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlscaffold import standard
from mlscaffold.repo.committed.secrets import find, secrets
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.report.words import lines
from mlscaffold.rules.version_control.credential_committed import credential_committed

LETTERS, HEX = string.ascii_letters, "0123456789abcdef"
WORD = LETTERS + string.digits


def made(*parts: str | tuple[int, str], seed: int = 1) -> str:
    """A credential of the right shape that nobody issued; no test file holds a whole one."""
    chance = random.Random(seed)
    return "".join(p if isinstance(p, str) else "".join(chance.choices(p[1], k=p[0])) for p in parts)


PEM = "-----BEGIN " + "RSA PRIVATE KEY-----\n" + made((64, WORD + "+/")) + "\n" + made((64, WORD), seed=2)
ISSUED = {
    "an AWS access key": made("AKIA", (16, string.ascii_uppercase + "234567")),
    "an AWS secret key": "aws_secret_access_key = " + made((40, WORD + "+/")),
    "a Google API key": made("AIza", (35, WORD)),
    "an Azure storage key": "AccountKey=" + made((86, WORD + "+/"), "=="),
    "a GitHub token": made("ghp_", (36, WORD)),
    "a GitLab token": made("glpat-", (20, WORD)),
    "a Hugging Face token": made("hf_", (34, LETTERS)),
    "a Weights & Biases key": 'wandb.login(key="' + made((40, HEX)) + '")',
    "a database password": "postgresql://admin:" + made((9, WORD)) + "@db.prod.acme.io/x",
    "a Comet key": 'import comet_ml\ncomet_ml.start(api_key="' + made((25, WORD)) + '")',
    "a Kaggle key": '{"username":"somebody","key":"' + made((32, HEX)) + '"}',
    "an OpenAI key": made("sk-proj-", (40, WORD), "T3BlbkFJ", (40, WORD)),
    "an Anthropic key": made("sk-ant-api03-", (95, WORD)),
    "a Replicate token": made("r8_", (37, WORD)),
    "a Databricks token": made("dapi", (32, HEX)),
    "a DagsHub token": "dvc remote modify origin --local\n# secret_access_key = " + made((40, HEX)),
    "a password of DagsHub": "https://dagshub.com/ann/tides.mlflow\nexport MLFLOW_TRACKING_PASSWORD = "
    + made((4, LETTERS), "@", (6, string.digits)),
    "a password of a mail account": 'MAIL_SERVER = "smtp.gmail.com"\nMAIL_PASSWORD = "'
    + made((12, string.ascii_lowercase))
    + '"',
    "a password of a hosted database": "postgresql://ml:"
    + made((4, WORD), "7x3")
    + "f@runs.c1.us-east-2.rds.amazonaws.com",
    "a Fernet key": "AIRFLOW__CORE__FERNET_KEY: '" + made((43, WORD + "-_"), "='"),
    "a Slack token": made("xoxb-", (12, string.digits), "-", (24, WORD)),
    "a package index token": made("pypi-AgE", (80, WORD)),
    "a private key": PEM,
    "an api key": 'api_key = "' + made((32, WORD)) + '"',
}


def test_what_a_name_adds_to_its_key_hides_nothing() -> None:
    key = made((32, WORD))
    found = find(f'API_KEY_VALUE = "{key}"\nAPI_KEY_FILE = "{key}"\n'.encode())
    assert [at for at, _ in found] == [len('API_KEY_VALUE = "')]


@pytest.mark.parametrize(
    "form",
    [
        'os.environ["WANDB_API_KEY"] = "{}"',
        '"os.environ[\\"WANDB_API_KEY\\"] = \\"{}\\"\\n",',
        "os.environ.update(WANDB_API_KEY='{}')",
        "env = {{'WANDB_API_KEY': '{}'}}",
        'os.putenv("WANDB_API_KEY", "{}")',
        'os.environ.setdefault("WANDB_API_KEY", "{}")',
        'wandb_key: str = "{}"',
        "ENV WANDB_API_KEY {}",
        "%env WANDB_API_KEY={}",
        'wandb.login(\n    key="{}",\n)',
        "!wandb login {}",
    ],
)
def test_a_key_is_found_however_it_is_set(form: str) -> None:
    assert [found for _, found in find(form.format(made((40, HEX))).encode(), "a.py")] == [
        "a Weights & Biases key"
    ]


@pytest.mark.parametrize(
    ("given", "real"),
    [
        ('"tidesfromann"', True),
        ("'wqpl mzrt vnbd hsgk'", True),
        ('os.environ["MAIL_PASSWORD"]', False),
        ('os.environ.get("MAIL_PASSWORD")', False),
        ('"your-app-password"', False),
        ('"my_mail_password"', False),
        ('"xxxxxxxxxxxx"', False),
        ('""', False),
    ],
)
def test_a_mail_account_s_password_is_found_when_its_server_is_public(given: str, real: bool) -> None:
    text = "app.config['MAIL_SERVER'] = '%s'\napp.config['MAIL_PORT'] = 587\napp.config['MAIL_PASSWORD'] = "
    names = [found for _, found in find((text % "smtp.googlemail.com" + given).encode(), "app.py")]
    assert names == ["a password of a mail account"] * real
    assert not list(find((text % "localhost" + given).encode(), "app.py"))


@pytest.mark.parametrize(
    ("address", "real"),
    [
        ("postgresql://admin:realpw@db.prod.example.com/x", True),
        ("mysql+pymysql://root:pw@10.0.0.4", True),
        ("mongodb+srv://ml:Gh5k@cluster0.ab1cd.mongodb.net/runs", True),
        ("redis://:f00barbaz@mysql.acme.io:6379", True),
        ("postgresql://admin:realpw@localhost:5432/x", False),
        ("postgresql://admin:realpw@127.0.0.1/x", False),
        ("postgresql://admin:realpw@host.docker.internal/x", False),
        ("postgresql://admin:realpw@postgres:5432/x", False),
        ("postgresql://admin:realpw@db.default.svc.cluster.local/x", False),
        ("postgresql://user:password@db.acme.io/x", False),
        ("postgresql://DB_USER:DB_PWD@db.acme.io/x", False),
        ("postgresql://user:${DB_PASSWORD}@db.acme.io/x", False),
        ("postgresql://user:<password>@db.acme.io/x", False),
        ("postgresql://{user}:{password}@db.acme.io/x", False),
        ("postgresql://%s:%s@db.acme.io/x", False),
        ("postgresql://user:xxxx@db.acme.io/x", False),
        ("postgresql://user:changeme@db.acme.io/x", False),
        ("postgresql://user:example@db.acme.io/x", False),
        ("postgresql://user:@db.acme.io/x", False),
        ("postgresql://user@db.acme.io/x", False),
        ("mysql://mlflow:mlflow@db.acme.io/x", False),
        ("mysql://scott:lion@example.com/x", False),
        ("https://mysql.com:8080/a@b.c", False),
    ],
)
def test_a_database_s_password_is_found_when_it_is_real(address: str, real: bool) -> None:
    for text in (f'DATABASE_URL = "{address}"', f"url: {address}\n"):
        names = [found for _, found in find(text.encode(), "settings.py")]
        assert names == ["a database password"] * real


@pytest.mark.parametrize("name", ISSUED)
@pytest.mark.parametrize("around", ["{}", "x = '{}'\n", "before {} after"])
def test_issued_credentials_are_found(name: str, around: str) -> None:
    text = "first line\n" + around.format(ISSUED[name])
    assert [found for _, found in find(text.encode(), "src/a.py")] == [name]


@pytest.mark.parametrize("name", ISSUED)
def test_no_answer_holds_the_value(name: str) -> None:
    repo = Repo(MemoryTree({"a.py": ISSUED[name]}), standard.load())
    answers = list(credential_committed(repo, repo.standard))
    said = repr(secrets(repo)) + repr(answers) + "".join(line for a in answers for line in lines(a))
    assert answers
    assert not any(
        ISSUED[name][i : i + 12] in said for i in range(len(ISSUED[name]) - 12) if " " not in ISSUED[name]
    )


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7" + "EXAMPLE",
        "hf_" + "x" * 34,
        "ghp_" + "1234567890" * 3 + "123456",
        'password = "correct-horse-battery-staple"',
        'api_key = "${OPENAI_API_KEY}"',
        'token = os.environ["HF_TOKEN"]',
        'secret_key = "django-insecure-change-me-please"',
        'auth_token: "projects/churn/secrets/token/versions/latest"',
        "git rev 3f786850e387550fdab836ed7e6dc881de23001b",
        "sha256:" + "6b5d8c1f0e7a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
        "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo4lgO",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        'tokenizer = "sentence-transformers/all-MiniLM-L6-v2"',
        'access_token = "abcdefghijklmnopqrstuvwxyz"',
        "task-sk-learn-something-sk-" + "a" * 48,
    ],
)
def test_placeholders_and_hashes_are_not(text: str) -> None:
    assert list(find(text.encode(), "src/a.py")) == []


LET_IN = "Gh5kw" + "2aP_x"
"""A password, in two pieces: whoever looks for passwords finds none here."""


@pytest.mark.parametrize(
    ("text", "real"),
    [
        ("mongodb+srv://ml:" + LET_IN + "@cluster0.ab1cd.mongodb.net/runs", True),
        ("mongodb+srv://<username>:<password>@cluster0.ab1cd.mongodb.net/runs", False),
        ("mongodb+srv://ml:password12@cluster0.ab1cd.mongodb.net/runs", False),
        ("postgresql://ml:Gh5kw2aP@db.acme.io/runs", False),
        ("export MLFLOW_TRACKING_PASSWORD=" + made((40, HEX)), True),
        ("dagshub.com\nexport MLFLOW_TRACKING_PASSWORD=" + LET_IN, True),
        ("export MLFLOW_TRACKING_PASSWORD=" + LET_IN, False),
        ("dagshub.com\nexport MLFLOW_TRACKING_PASSWORD=your_token_2026", False),
        ("dagshub.com\nexport MLFLOW_TRACKING_PASSWORD=$TOKEN_2026", False),
    ],
)
def test_readmes_give_away_what_a_hosting_service_lets_in(text: str, real: bool) -> None:
    found = secrets(Repo(MemoryTree({"README.md": text}), standard.load()))
    assert [s.line for s in found] == [text.count("\n") + 1] * real


def test_untracked_binary_and_vendored_files_are_not_searched() -> None:
    text = ISSUED["a GitHub token"]
    files = {"a.png": text, "node_modules/x.js": text, "b.bin": b"\0" + text.encode(), "poetry.lock": text}
    assert secrets(Repo(MemoryTree(files), standard.load())) == ()


def test_made_up_passwords_of_tests_and_docs_are_not_reported_and_issued_tokens_are() -> None:
    files = {"tests/test_a.py": ISSUED["an api key"], "docs/a.md": ISSUED["a private key"]}
    assert secrets(Repo(MemoryTree(files), standard.load())) == ()
    repo = Repo(MemoryTree({"tests/test_a.py": ISSUED["a GitHub token"]}), standard.load())
    assert [s.path for s in secrets(repo)] == ["tests/test_a.py"]


@pytest.mark.parametrize(
    ("path", "found"),
    [(".env", True), ("compose.yaml", True), (".env.example", False), ("settings.py", False)],
)
def test_settings_hold_secrets_without_quotation_marks(path: str, found: bool) -> None:
    value = made((40, WORD))
    text = f"JWT_SECRET={value}\nPASSWORD_FILE=run/3a4b5c6d7e8f9a0b\nAPI_KEY=$OTHER_3a4b5c6d7e8f\n"
    assert [at for at, _ in find(text.encode(), path)] == ([text.index(value)] if found else [])


def test_keys_that_begin_alike_are_two_and_copies_are_one() -> None:
    head = "-----BEGIN OPENSSH " + "PRIVATE KEY-----\n" + made((70, WORD)) + "\n"
    end = "\n-----END OPENSSH " + "PRIVATE KEY-----\n"
    one, two = head + made((70, WORD), seed=2) + end, head + made((70, WORD), seed=3) + end
    copy = '{"private_key": "' + one.replace("\n", "\\n") + '"}'
    repo = Repo(MemoryTree({"a": one, "b": two, "c.json": copy}), standard.load())
    assert [(s.path, s.number) for s in secrets(repo)] == [("a", 0), ("b", 1), ("c.json", 0)]


@settings(max_examples=100, database=None, deadline=None)
@given(
    st.binary()
    | st.lists(st.sampled_from([*ISSUED.values(), "\n", '"', "x", "password=", "\0"])).map("".join)
)
def test_any_bytes_are_no_crash(content: bytes | str) -> None:
    repo = Repo(MemoryTree({"a.py": content}), standard.load())
    total = content.count(b"\n" if isinstance(content, bytes) else "\n") + 1
    assert all(1 <= secret.line <= total for secret in secrets(repo))


@pytest.mark.parametrize(
    "piece",
    [
        "A",
        "-----BEGIN PRIVATE KEY-----\n",
        "password='",
        "a:b\n",
        "AKIA",
        "\\n",
        "x: ",
        "redis://:a",
        "WANDB_KEY  ",
    ],
)
def test_long_repetitions_take_no_time(piece: str) -> None:
    text = "-----BEGIN PRIVATE KEY-----" + piece * (400_000 // len(piece))
    assert list(find(text.encode(), "a.py")) == []


def test_a_key_for_the_database_of_a_ci_job_is_none() -> None:
    text = ISSUED["a Fernet key"].encode()
    assert [name for _, name in find(text, "compose.yaml")] == ["a Fernet key"]
    assert list(find(text, ".github/workflows/smoke.yml")) == []
