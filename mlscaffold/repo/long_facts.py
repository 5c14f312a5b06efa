"""The facts that take long in a large repository: many build on the first, nothing waits for the others."""

from mlscaffold.repo.cards import model_cards
from mlscaffold.repo.community import licences_of_folders
from mlscaffold.repo.data_checks import data_checks
from mlscaffold.repo.data_sets import data_sets
from mlscaffold.repo.data_versioning import data_reads, data_versioning, named_versions
from mlscaffold.repo.dictionary import dictionaries
from mlscaffold.repo.discontinued import discontinued
from mlscaffold.repo.fetched import fetched
from mlscaffold.repo.leftovers import leftovers
from mlscaffold.repo.notebook_diffs import keepers
from mlscaffold.repo.notebook_ties import notebook_ties
from mlscaffold.repo.notebooks import committed_with_outputs, notebooks
from mlscaffold.repo.paths import machine_paths
from mlscaffold.repo.personal_data import personal_data
from mlscaffold.repo.python_source import code
from mlscaffold.repo.randomness import randomness
from mlscaffold.repo.results import recorded
from mlscaffold.repo.saved_models import model_loaded, model_registered, model_saved
from mlscaffold.repo.secrets import secrets
from mlscaffold.repo.small_runs import small_data, smaller
from mlscaffold.repo.third_party import imports
from mlscaffold.repo.to_ignore import to_ignore
from mlscaffold.repo.trackers import trackers

FIRST = (code, notebooks, committed_with_outputs)
LONG = (
    personal_data, dictionaries, data_sets, licences_of_folders, recorded, model_cards, notebook_ties,
    named_versions, data_checks, data_reads, machine_paths, discontinued, smaller, small_data, randomness,
    model_saved, model_registered, model_loaded, imports, leftovers, fetched, data_versioning, secrets,
    keepers, trackers, to_ignore,
)  # fmt: skip
"""Those that rules ask for last stand first: so do the copies and this process meet late."""
