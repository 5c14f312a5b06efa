"""What is called as hyper-parameters are, and where such come from outside the code."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Spot

HYPER = regex(
    r"(?:^|[_\W])(?:lr\d*|learning[_-]?rate|epochs?|num[_-]?epochs|batch[_-]?size|batch|bs|hidden\w*|n?[_-]?layers?|dropout"
    r"|optim(?!al)\w*|momentum|weight[_-]?decay|decay|max[_-]?depth|depth|n[_-]?estimators|estimators|steps?"
    r"|max[_-]?steps|max[_-]?iter|iterations?|iters?|alpha|beta|gamma|lambda|tau|temperature|penalty|kernel|c|units|filters|channels|heads?|embed\w*"
    r"|dim|d[_-]?model|patience|warmup\w*|clip\w*|sequence[_-]?length|seq[_-]?len|max[_-]?len\w*|ngram\w*|min[_-]?df"
    r"|subsample|colsample\w*|eta|num[_-]?leaves|n[_-]?clusters|n[_-]?neighbors|reg(?:[_-]\w+|ulari[sz]\w*)?|loss"
    r"|hyper\w*|h[_-]?params?|scale|expectile|discount|epsilon|episodes?|rollout\w*|total[_-]?timesteps|num[_-]?envs)(?:$|[_\W])",
    re.IGNORECASE,
)
NO_HYPER = regex(
    r"(?:dir|path|file|folder|seed|name|log\w*|verbose|device|gpu|output|input|data|port|host|ur[il]|bucket)$"
    r"|^-*(?:register|(?:up|down)?load|save|push|export|publish|deploy|serve)[_-]",
    re.I,
)
"""Places, seeds, and what becomes of the model."""

NOT_TRAINING = regex(
    r"(?:^|/)(?:[^/]*[_-])?(?:predict\w*|infer\w*|serv(?:e|ing|er)|app|api|deploy\w*|demo|eval\w*|detect\w*"
    r"|generate\w*|export\w*|convert\w*|download\w*|preprocess\w*|prepare\w*|scor(?:e|ing))(?:[_-][^/]*)?\.(?:py|ipynb)$",
    re.I,
)
"""Scripts whose options are those of what they do, unless they train as well."""


class External(NamedTuple):
    """Where hyper-parameters come from outside the code, and by what."""

    spot: Spot
    by: str


def is_hyper(name: str) -> bool:
    """Whether a setting or option of this name is one of training."""
    return HYPER.search(name) is not None and NO_HYPER.search(name) is None
