"""Names against the catalogue's patterns, without a regular expression for each."""

from fnmatch import fnmatchcase

import pytest

from mlscaffold.repo.patterns import Patterns

PAIRS = [
    ("torch.rand*", "torch"),
    ("*.Trainer().fit", "lightning"),
    ("torch.random.seed", "never: an earlier pattern matches"),
    ("numpy.random.[rs]and", "numpy"),
    ("wandb.*.log_*", "wandb"),
    ("gym?.make", "gym"),
    ("sklearn.fit", "sklearn"),
]


@pytest.mark.parametrize(
    "name",
    ["torch.random.seed", "torch.ran", ".model.Trainer().fit", "numpy.random.rand", "numpy.random.land",
     "wandb.run.log_x", "wandb.log_x", "gymn.make", "gymnas.make", "sklearn.fit", "sklearn.fits", ""],
)  # fmt: skip
def test_the_first_pattern_that_matches_names_the_label(name: str) -> None:
    assert Patterns(PAIRS).label(name) == next((lb for p, lb in PAIRS if fnmatchcase(name, p)), None)
