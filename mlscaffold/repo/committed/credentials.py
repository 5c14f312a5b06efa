"""The shapes of credentials that services issue, each precise enough to be shown to a stranger."""

from __future__ import annotations

import math
import re
from collections import Counter

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple


class Shape(NamedTuple):
    """One kind of credential: literals of which the file holds one, and a pattern whose group 1 is secret."""

    name: str
    literals: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    entropy: float = 3.0
    """Bits for each character that the secret must have at least; less is a placeholder."""


def _shape(name: str, literals: str, pattern: str, entropy: float = 3.0) -> Shape:
    return Shape(name, tuple(w.encode() for w in literals.split()), regex(pattern.encode()), entropy)


SET = r"[\\\"']*(?:\s*\])?(?:\s*:\s*str)?(?:\s*[=:,]\s*|[ \t]+)[\\\"']*"
"""Between a variable and its value: in a shell, a mapping, `environ[…] = …`, `putenv(…, …)`, a typed name."""

_SCHEMES = """
    postgresql postgres mysql mariadb mssql mongodb mongodb+srv redis rediss amqp amqps
    +psycopg +psycopg2 +asyncpg
    +pg8000 +pymysql +mysqldb +aiomysql +mysqlconnector +mariadbconnector +pyodbc +pymssql
"""
_A_DATABASE = "|".join(f"(?<={name}://)".replace("+", r"\+") for name in _SCHEMES.split())
_MADE_UP = (
    r"\w*(?:pass(?:word|wd)?|passw0rd|pwd|secret)|(?:my_?pass|my_?secret|secret)\w*|tiger|tests?|dev|users?"
    r"|username|%s|postgres(?:ql)?|root|admin|guest|mysql|redis|mlflow|airflow|optuna|prefect|rabbitmq"
)
_LOCAL = (
    r"localhost|127\.|0\.0\.0\.0|172\.17\.0\.1(?!\d)|host\.docker|example\.|your"
    r"|(?:[\w-]+\.)+(?:local|localhost|test|invalid)\b"
)

_HOSTED = (
    r"rds\.amazonaws\.com|mongodb\.net|(?:database|postgres\.database|mysql\.database|redis\.cache)\.(?:windows|azure)\.\w+"
    r"|neon\.tech|supabase\.co|supabase\.com|render\.com|railway\.app|rlwy\.net|aivencloud\.com|ondigitalocean\.com"
    r"|redis-cloud\.com|redislabs\.com|cloudamqp\.com|planetscale\.com|elephantsql\.com"
)
"""Where databases are rented: a name there is reached from everywhere."""

_MAILED = (
    r"(?:smtp|imap)[\w.-]{0,16}\.(?:gmail|googlemail|office365|outlook|yahoo|zoho|sendgrid|mailgun|yandex|gmx|qq|163)"
    r"\.(?:com|net|org|ru|in|eu)"
)
"""Where mail is sent from everywhere by whoever knows the password."""

_NO_PASSWORD = (
    rf"(?i:{_MADE_UP}|your|my|x{{3}}|\*{{3}}|change|example|enter|abcd|1234|[\w ]*pass|[\w ]*secret)"
)

SHAPES = (
    _shape(
        "an AWS access key", "AKIA ASIA", r"(?<![A-Za-z0-9/+])((?:AKIA|ASIA)[A-Z2-7]{16})(?![A-Za-z0-9/+=])"
    ),
    _shape(
        "an AWS secret key",
        "aws_secret_access_key AWS_SECRET_ACCESS_KEY",
        rf"(?i:aws_secret_access_key){SET}([A-Za-z0-9/+]{{40}})(?![A-Za-z0-9/+=])",
        4.0,
    ),
    _shape("a Google API key", "AIza", r"(?<![\w-])(AIza[0-9A-Za-z_-]{35})(?![\w-])", 3.5),
    _shape("a Google OAuth client secret", "GOCSPX-", r"(?<![\w-])(GOCSPX-[\w-]{28})(?![\w-])", 3.5),
    _shape("an Azure storage key", "AccountKey=", r"AccountKey=([A-Za-z0-9+/]{86}==)", 4.5),
    _shape("a GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", r"(?<!\w)(gh[pousr]_[A-Za-z0-9]{36})(?!\w)", 3.5),
    _shape(
        "a GitHub token", "github_pat_", r"(?<!\w)(github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})(?!\w)", 4.0
    ),
    _shape("a GitLab token", "glpat-", r"(?<![\w-])(glpat-[\w-]{20})(?![\w-])", 3.5),
    _shape("a Hugging Face token", "hf_", r"(?<!\w)(hf_[A-Za-z]{34})(?!\w)", 3.8),
    _shape(
        "a Weights & Biases key",
        "wandb WANDB",
        rf"(?:(?i:wandb_(?:api_)?key){SET}|wandb\.login\([^)]{{0,60}}?|wandb\s+login\s+)[\\\"']*([0-9a-f]{{40}})(?!\w)",
    ),
    _shape(
        "a Comet key",
        "comet_ml COMET_API_KEY",
        r"(?i:comet_api_key|api_key)[\\\"']*(?:\s*\])?\s*[=:,]\s*[\\\"']+([A-Za-z0-9]{25})(?!\w)",
        3.5,
    ),
    _shape(
        "a Neptune token", "eyJhcGlfYWRkcmVzcyI6", r"(eyJhcGlfYWRkcmVzcyI6[A-Za-z0-9+/_-]{60,}={0,2})", 4.0
    ),
    _shape(
        "a Kaggle key",
        "username KAGGLE_KEY",
        rf"(?:KAGGLE_KEY{SET}|[\\\"']username\\?[\"']\s*:\s*\\?[\"'][\w-]+\\?[\"']\s*,\s*\\?[\"']key\\?[\"']\s*:\s*)"
        r"[\\\"']*([0-9a-f]{32})(?!\w)",
    ),
    _shape(
        "an OpenAI key",
        "T3BlbkFJ",
        r"(?<![\w-])(sk-(?:proj-|svcacct-|admin-)?[\w-]{20,}T3BlbkFJ[\w-]{20,})",
        4.0,
    ),
    _shape("an OpenAI key", "sk-", r"(?<![\w-])(sk-[A-Za-z0-9]{48})(?![\w-])", 4.2),
    _shape("an Anthropic key", "sk-ant-", r"(?<![\w-])(sk-ant-(?:api|admin|oat)\d\d-[\w-]{80,})", 4.0),
    _shape("a Replicate token", "r8_", r"(?<!\w)(r8_[A-Za-z0-9]{37})(?!\w)", 4.0),
    _shape(
        "a DagsHub token",
        "secret_access_key access_key_id DAGSHUB MLFLOW_TRACKING_",
        rf"(?i:secret_access_key|access_key_id|dagshub_(?:user_)?token|mlflow_tracking_(?:password|username|token))"
        rf"{SET}([0-9a-f]{{40}})(?!\w)",
    ),
    _shape(
        "a password of DagsHub",
        "MLFLOW_TRACKING_PASSWORD",
        rf"dagshub\.com[\s\S]{{0,400}}?MLFLOW_TRACKING_PASSWORD{SET}(?=[^\s\d]*\d)([\w@!#%^&*+.~-]{{8,64}})(?![\w$({{])",
        2.5,
    ),
    _shape(
        "a password of a mail account",
        "MAIL_PASSWORD EMAIL_HOST_PASSWORD SMTP_PASSWORD",
        rf"{_MAILED}[\s\S]{{0,400}}?(?:MAIL|EMAIL_HOST|SMTP)_PASSWORD[\\\"']*\s*\]?\s*[=:]\s*\\?[\"']"
        rf"(?!{_NO_PASSWORD})([\w@!#%^&*+.~ -]{{8,64}})\\?[\"']",
        2.5,
    ),
    _shape("a Databricks token", "dapi", r"(?<!\w)(dapi[0-9a-f]{32}(?:-\d)?)(?!\w)"),
    _shape("a Fernet key", "FERNET_KEY fernet_key", rf"(?i:fernet_key){SET}([\w-]{{43}}=)(?![\w=])", 4.0),
    _shape("a Slack token", "xox", r"(?<!\w)(xox[abprs]-\d{8,}-[\w-]{16,})", 3.3),
    _shape(
        "a Slack webhook", "hooks.slack.com", r"hooks\.slack\.com/services/(T\w{6,}/B\w{6,}/\w{22,})", 3.5
    ),
    _shape("a Stripe key", "_live_", r"(?<!\w)((?:sk|rk)_live_[A-Za-z0-9]{24,})(?!\w)", 4.0),
    _shape("a SendGrid key", "SG.", r"(?<![\w.])(SG\.[\w-]{22}\.[\w-]{43})(?![\w-])", 4.0),
    _shape("a package index token", "pypi-AgE", r"(?<!\w)(pypi-AgE[\w-]{60,})", 4.0),
    _shape("an npm token", "npm_", r"(?<!\w)(npm_[A-Za-z0-9]{36})(?!\w)", 4.0),
    _shape(
        "a private key",
        "PRIVATE",
        r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----"
        r"(?:\\[rn]|\s|[\w.-]+:[^\n]*\n)*([A-Za-z0-9+/=]{60,})",
        4.3,
    ),
    _shape(
        "a password of a hosted database",
        "://",
        rf"://(?:{_A_DATABASE})[\w.%+-]{{0,64}}:(?!(?i:{_MADE_UP})\w*@)(?=[^@\s]*\d[^@\s]*\d)(?=[^@\s]*[A-Za-z])"
        rf"([^\s:@/\"'\\<>{{}}$`|,;()\[\]]{{8,80}})@[\w.-]+\.(?:{_HOSTED})\b",
    ),
    _shape(
        "a database password",
        "://",
        rf"://(?:{_A_DATABASE})[\w.%+-]{{0,64}}:"
        rf"(?!(?i:{_MADE_UP})@)([^\s:@/\"'\\<>{{}}$`|,;()\[\]]{{2,80}})@"
        rf"(?!(?i:{_LOCAL}))[\w-]{{1,63}}\.[\w-]",
        0.9,
    ),
)

ASSIGNED = regex(
    rb"""(?ix)(?<![a-z])(?<!hashed_)(password|passwd|secret|secret_?key|api_?key|auth_?token|access_?token|api_?token)
    (?:_?(?:value|val|string|str))?
    [\\"']* \s* (?:\]\s*)? [:=] \s* \\?["'] ([A-Za-z0-9+/=_.!@\#%^&*~-]{16,80}) \\?["']"""
)
SET_BARE = regex(rb"""(?imx)^[ \t]*(?:-[ \t]+|export[ \t]+|env[ \t]+)?(?:[\w.-]*(?<![a-z]))?
    (password|passwd|secret|secret_?key|api_?key|auth_?token|access_?token|api_?token)
    (?:_?(?:value|val|string|str))? [ \t]*[:=][ \t]* ([A-Za-z0-9+/=_.-]{16,80}) [ \t]*\r?$""")
"""The same without quotation marks, as files of settings allow."""

SETTINGS = regex(
    r"(?:^|/)\.env[^/]*$|\.(?:env|ya?ml|ini|cfg|conf|properties|sh)$|(?:^|/)[^/]*Dockerfile[^/]*$", re.I
)
ASSIGNED_WORDS = (b"passw", b"secret", b"api_key", b"apikey", b"token")
PLACEHOLDER = regex(
    rb"(?i)example|your|xxx|change|placeholder|dummy|fake|sample|replace|insert|todo|redacted|here|1234|abcd|\.\.\.|\*\*\*"
    rb"|0000|<|\$|\{"
)
WELL_KNOWN = (b"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq",)
"""Keys that a vendor publishes for its emulator."""

PUBLIC_BY_DESIGN = ("google-services.json", "googleservice-info.plist")
"""Files whose Google API key ships to every browser or phone."""


def entropy(secret: bytes) -> float:
    """Shannon's bits for each byte."""
    total = len(secret)
    return -sum(n / total * math.log2(n / total) for n in Counter(secret).values()) if total else 0.0


def genuine(secret: bytes, bits: float) -> bool:
    """Whether a match is more than a placeholder, an example or a published key."""
    if PLACEHOLDER.search(secret) or any(known in secret for known in WELL_KNOWN):
        return False
    return entropy(secret) >= bits


def strong(secret: bytes) -> bool:
    """Whether a string that code calls a secret looks random: letters and digits that alternate often."""
    changes = len(regex(rb"[A-Za-z](?=\d)|\d(?=[A-Za-z])").findall(secret))
    digits = len(regex(rb"\d").findall(secret))
    return changes >= 5 and digits >= 4 and genuine(secret, 3.5)
