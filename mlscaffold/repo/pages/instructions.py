"""Headings and commands by which a document, in many languages, says how to install, use and reproduce."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex


def _words(*alternatives: str) -> re.Pattern[str]:
    return regex("|".join(alternatives), re.IGNORECASE)


INSTALL_TITLE = _words(
    r"\binstall",
    r"(?<!experimental )(?<!experiment )(?<!experiments )(?<!evaluation )(?<!training )(?<!problem )"
    r"\bset(ting)?[ -]?up\b",
    r"\brequirements?\b", r"\bpre-?requisites?\b",
    r"\bdependenc", r"\bbuild(ing)?( from source)?$", r"\benvironment\b(?! variables?\b)", r"\bdevelopment$",
    r"\bdocker\b", r"instala", r"requisitos", r"dependencias", r"dependências", r"d[ée]pendances",
    r"pr[ée]requis", r"einrichtung", r"voraussetzung", r"abhängigkeit", r"anforderungen", r"установк",
    r"зависимост", r"требовани", r"wymagania", r"kurulum", r"gereksinim", r"cài đặt", r"yêu cầu",
    r"安装", r"安裝", r"环境", r"環境", r"依赖", r"依賴", r"部署", r"配置", r"インストール",
    r"セットアップ", r"必要条件", r"설치", r"요구", r"환경", r"تثبيت", r"installazione", r"requisiti",
    r"instalacja",
)  # fmt: skip

USAGE_TITLE = _words(
    r"\busage\b", r"^[\W\d]*us(e|ing)\b(?! cases?\b)", r"\bto use\b", r"\bhow to\b",
    r"\brun(ning)?\b", r"\bquick[ -]?start\b",
    r"\bget(ting)?[ -]started\b", r"\bexamples?\b", r"\bdemo\b", r"\btrain(ing)?\b", r"\bevaluat",
    r"\binference\b", r"\btest(ing)?\b", r"\btutorial\b", r"\bcommands?\b",
    r"\bexperiments?\b(?! track)", r"^[\W\d]*(mak(e|ing) |model |batch )?predict",
    r"\bsteps?\b", r"\bworkflow\b", r"\bscripts?\b", r"\buso\b", r"cómo", r"ejecu",
    r"execu", r"utilisation", r"utilizz", r"lancer", r"verwend", r"nutzung", r"benutz", r"ausführ",
    r"использован", r"запуск", r"użycie", r"uruchom", r"kullanım", r"çalıştır", r"sử dụng", r"chạy",
    r"使用", r"用法", r"运行", r"執行", r"运用", r"快速开始", r"快速開始", r"训练", r"訓練", r"推理",
    r"示例", r"使い方", r"実行", r"学習", r"사용", r"실행", r"시작", r"학습", r"훈련", r"استخدام",
    r"تشغيل",
)  # fmt: skip

REPRODUCE_TITLE = _words(
    r"\brepro(duc|$)", r"\breplicat", r"\bre(?:generat|creat)", r"\brerun", r"\breplic",
    r"reprodu[cçz]", r"reproduk",
    r"воспроизв", r"yeniden üret", r"tái tạo", r"复现", r"重现", r"復現", r"再現", r"재현",
    r"إعادة إنتاج",
)  # fmt: skip

TRAIN_WORD = _words(
    r"(?<![a-z])(re)?train(s|ing|er)?(?![a-z])", r"fine-?tun", r"(?<![a-z])fit(ting)?(?![a-z])",
    r"entren", r"trein", r"entraîn", r"entrain", r"trainier", r"addestr", r"обуч", r"trenowa", r"eğit",
    r"huấn luyện", r"训练", r"訓練", r"学習", r"학습", r"훈련",
)  # fmt: skip

PROMPT = regex(
    r"^(?:\(@?[\w.]+\)\s*)?(?:[\w.@~:-]*[$%]\s+|~[\w./-]*\s+[$%]\s+|(?:julia|pkg)?>\s+|!|&\s*|sudo\s+|[A-Z][A-Z0-9_]*=\S+\s+)+"
)

INSTALL_COMMAND = regex(
    r"(?:^|&&|;|\|)\s*(?:python[\d.]*\s+-m\s+)?(?:"
    r"(?:uv\s+)?pip[\d.]*\s+(?:install|sync)|(?:uv|pdm|poetry|pipenv|pixi|rye|hatch)\s+(?:sync"
    r"|install|add|lock|env\s+create|update)"
    r"|(?:conda|mamba|micromamba)\s+(?:env\s+)?(?:create|install|update|activate)|conda-lock\s+install"
    r"|(?:virtualenv|venv|pipx\s+install|pip-sync|nix-shell|nix\s+(?:develop|shell)|guix\s+shell|devbox)\b"
    r"|make\s+[\w./-]*(?:install|setup|set-up|init|env|venv|environment|requirements|bootstrap"
    r"|deps|build|develop)"
    r"|(?:just|task|invoke|inv|nox|python[\d.]*\s+tasks\.py)\s+[\w./-]*(?:install|setup|init|env|bootstrap)"
    r"|docker(?:\s+image)?\s+(?:build|pull)|docker[ -]compose\s+.*(?:up|build)|podman\s+(?:build|pull)"
    r"|(?:apptainer|singularity)\s+(?:build|pull)"
    r"|(?:apt|apt-get|brew|yum|dnf|pacman|choco|winget|snap|port)\s+(?:install|-S)|(?:npm|yarn"
    r"|pnpm|bundle|gem|cargo|go|stack|cabal)\s+(?:ci|install|i|get)\b"
    r"|python[\d.]*\s+setup\.py\s+(?:install|develop|build)"
    r"|(?:ba|z)?sh\s+\S*(?:install|setup|bootstrap|env|build)\S*|(?:source|\.)\s+\S*(?:activate"
    r"|setup|env)\S*|\./\S*(?:install|setup|bootstrap|build)\S*"
    r"|git\s+clone\s|cmake\s|bazel\s+build|mvn\s+\S*install"
    r"|mvn\s+(?:clean\s+)?(?:package|compile)|sbt\s.*\b(?:assembly|package|compile|publishLocal)\b"
    r"|(?:\./)?gradlew?\s+(?:clean\s+)?(?:build|assemble|installDist)"
    r"|install\.packages\(|renv::(?:restore|install)|(?:devtools|remotes|pak)::"
    r"|Rscript\s+\S*(?:install|setup)"
    r"|(?:terraform|tofu|terragrunt)\s+init\b|cdk\s+bootstrap\b|az\s+extension\s+add\b|kedro\s+install\b"
    r"|(?:using\s+)?Pkg\b|\]\s*(?:instantiate|add)|julia\s.*(?:instantiate|Pkg\.))",
)

RUN_COMMAND = regex(
    r"(?:^|&&|;|\|)\s*(?:(?:poetry|pipenv|pdm|uv|pixi|hatch|rye|conda"
    r"|micromamba)\s+run\s+(?:-\S+\s+)*|srun\s+.*?|time\s+|nohup\s+|xvfb-run\s+|mpirun\s+.*?)?(?:"
    r"(?:\S*/)?python[\d.]*w?\s+(?:-[uOW]\s+)*(?!-m\s+(?:pip|venv|virtualenv|spacy\s+download)"
    r"|setup\.py|-V|--version|-c\b)\S+"
    r"|(?:ba|z)?sh\s+(?!\S*(?:install|setup)\S*)\S+|\./\S+|(?:accelerate\s+launch|torchrun"
    r"|deepspeed|horovodrun|colossalai\s+run)\s"
    r"|make(?:\s+(?!install|setup|env|venv)[\w./-]+|\s*$)|(?:just|invoke|inv|nox|tox|(?:poetry\s+)?poe)\s+\S+"
    r"|(?:dvc|kedro|guild|zenml|metaflow|prefect|dagster|flyte|neptune|polyaxon|floyd)\s+\S+"
    r"|(?<=\brun )(?!python|pip|pytest|pre-commit|ruff|black|mypy|flake8|jupyter)[a-z][\w.-]*(?=\s|$)"
    r"|snakemake\b|nextflow\s+run|mlflow\s+(?:run|ui|server|models)|(?:jupyter"
    r"|ipython)[ -]?(?:notebook|lab|nbconvert|console)?|papermill\s|voila\s"
    r"|streamlit\s+run|gradio\s|uvicorn\s|gunicorn\s|flask\s|fastapi\s|(?:docker|podman|apptainer"
    r"|singularity)\s+(?:run|exec)|docker[ -]compose\s|nvidia-docker"
    r"|spark-submit\s|Rscript\s|R\s+(?:CMD|-e)|quarto\s|julia\s|matlab\s+(?:-|\S+\.m\b)|java\s+-|mvn\s|cargo\s+run|go\s+run"
    r"|node\s|npm\s+(?:run|start)|yarn\s|ray\s+\S|sbatch\s|kubectl\s|helm\s|anyscale\s"
    r"|curl\s|pytest\b|(?:from\s+\S+\s+)?import\s|>>>\s|library\(|using\s+\w)",
)

TRAIN_COMMAND = regex(
    r"^(?=.*(?:\b|_)(?:re)?(?:train|fit|finetune|fine[-_]tune|pretrain|repro|reproduce"
    r"|replicate)(?:\b|_|ing|er))(?!.*\bpip\b).+$"
    r"|\bdvc\s+(?:repro|exp\s+run)|\bsnakemake\b|\bkedro\s+run|\bnextflow\s+run|\bmlflow\s+run"
    r"|\bguild\s+run"
    r"|\bmake\s+(?:run[-_])?(?:all|pipelines?|run|data|results|paper|experiments?|model)\b|\bmake\s*$",
)

SNIPPET = regex(r"(?:from\s+\S+\s+)?import\s|>>>|library\(|using\s+\w")
"""The first line of an example of code: it shows how a library is used, not how a result is made."""

INSTALL_STEP = regex(
    r"(?:\d+[.)]|[-*+])?\s*(?:then |next,? |first,? )?install (?:all )?(?:of )?(?:the )?"
    r"(?:required |necessary |needed |python |project )*"
    r"(?:requirements|dependencies|packages|libraries|modules)\b",
    re.I,
)
"""A sentence that begins by telling to install what is needed."""

LISTED_NEEDS = regex(
    r"^(?![-*+|`]).*\b(?:install|depend|packages?\b|librar|required\b|requirements?\b(?!\S*\.)|environment\b(?!\S*\.)).*"
    r"(?<![\w/])(?P<path>(?:\./)?[\w./-]*(?:requirements?[\w.-]*\.txt|env\w*\.ya?ml|Pipfile|renv\.lock))\b",
    re.I,
)
"""A sentence that says which file lists what is needed; an item of a list only says what a file is."""

BARE_PATH = regex(r"\.{1,2}/[\w./-]*(?<!\.sh)(?<!\.bash)(?<!\.ps1)(?<!\.bat)")
"""A literal that names a file and runs nothing."""

NOTEBOOK = regex(r"[\w\-./ ]+\.ipynb\b")
NUMBERED_NOTEBOOK = regex(r"\d{1,3}[-_. ][^/]*\.ipynb")
HOSTED_NOTEBOOK = regex(
    r"colab\.research\.google\.com/(?:drive|gist|github/[^/\s]+/[^/\s]+/blob/[^/\s]+/(?P<path>[^\s)\"'#?>]*))"
    r"|mybinder\.org/|kaggle\.com/kernels|studiolab\.sagemaker|deepnote\.com"
)
BARE_COMMAND = regex(
    r"^\s*(?:>\s*)?(?:[-*+]|\d+[.)])?\s*(?:\$\s*)?(?:pip3?\s+install\s|python3?\s+\S+\.py\b"
    r"|python3?\s+-m\s|conda\s+(?:env|create|install)\s"
    r"|docker\s+(?:build|run)\s|git\s+clone\s+\S+:|make\s+[a-z]+$|poetry\s+(?:install|run)"
    r"|uv\s+(?:sync|run)|dvc\s+(?:repro|pull)|\./\S+\.sh|(?:uvicorn|gunicorn)\s+[\w.]+:\w+"
    r"|(?:streamlit\s+run|Rscript|julia|sbatch)\s+(?:-\S+\s+)*\S+\.(?:py|R|jl|sh|slurm)\b"
    r"|kedro\s+run\b|snakemake\s+-|kubectl\s+apply\s+-|terraform\s+(?:init|apply)\b"
    r"|(?:torchrun|accelerate\s+launch)\s+\S)"
)


def command(text: str) -> str:
    """The line without prompt, environment variables and `sudo`."""
    return PROMPT.sub("", text.strip().lstrip("-*+ ")).strip()
