"""The facts that take long in a large repository: many build on the first, nothing waits for the others."""

from mlscaffold.repo.cards import model_cards
from mlscaffold.repo.data_checks import data_checks
from mlscaffold.repo.data_versioning import data_reads, data_versioning, named_versions
from mlscaffold.repo.dictionary import dictionaries
from mlscaffold.repo.discontinued import discontinued
from mlscaffold.repo.fetched import fetched
from mlscaffold.repo.notebook_ties import notebook_ties
from mlscaffold.repo.notebooks import committed_with_outputs, notebooks
from mlscaffold.repo.paths import machine_paths
from mlscaffold.repo.personal_data import personal_data
from mlscaffold.repo.python_source import code
from mlscaffold.repo.randomness import randomness
from mlscaffold.repo.saved_models import model_loaded, model_saved
from mlscaffold.repo.secrets import secrets
from mlscaffold.repo.small_runs import small_data, smaller
from mlscaffold.repo.third_party import imports
from mlscaffold.repo.to_ignore import to_ignore
from mlscaffold.repo.trackers import trackers

FIRST = (code, notebooks, committed_with_outputs)
LONG = (
    secrets, machine_paths, imports, discontinued, model_loaded, model_saved, to_ignore, personal_data,
    notebook_ties, fetched, dictionaries, data_reads, data_versioning, named_versions, data_checks,
    smaller, small_data, randomness, trackers, model_cards,
)  # fmt: skip
