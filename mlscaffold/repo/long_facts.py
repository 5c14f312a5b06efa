"""The facts that take long in a large repository: many build on the first, nothing waits for the others."""

from mlscaffold.repo.committed.leftovers import leftovers
from mlscaffold.repo.committed.paths import machine_paths
from mlscaffold.repo.committed.personal_data import personal_data
from mlscaffold.repo.committed.secrets import searchable, secrets
from mlscaffold.repo.committed.to_ignore import to_ignore
from mlscaffold.repo.data.checks import data_checks
from mlscaffold.repo.data.data_sets import data_sets
from mlscaffold.repo.data.dictionary import dictionaries
from mlscaffold.repo.data.fetched import fetched
from mlscaffold.repo.data.results import recorded
from mlscaffold.repo.data.versioning import data_reads, data_versioning, named_versions
from mlscaffold.repo.environments.discontinued import discontinued
from mlscaffold.repo.hits import know
from mlscaffold.repo.notebooks.cells import committed_with_outputs, notebooks
from mlscaffold.repo.notebooks.diffs import keepers
from mlscaffold.repo.notebooks.ties import notebook_ties
from mlscaffold.repo.pages.cards import model_cards
from mlscaffold.repo.pages.community import licences_of_folders
from mlscaffold.repo.python.source import code
from mlscaffold.repo.python.third_party import imports
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.randomness import randomness
from mlscaffold.repo.training.saved_models import model_loaded, model_registered, model_saved
from mlscaffold.repo.training.small_runs import small_data, smaller
from mlscaffold.repo.training.trackers import trackers


@fact
def kept(repo: Repo) -> None:
    """Look up at once what an earlier run found in the texts."""
    know(repo, filter(searchable, repo.files))


FIRST = (code, notebooks, committed_with_outputs, kept)
LONG = (
    personal_data, dictionaries, data_sets, licences_of_folders, recorded, model_cards, notebook_ties,
    named_versions, data_checks, data_reads, machine_paths, discontinued, smaller, small_data, randomness,
    model_saved, model_registered, model_loaded, imports, leftovers, fetched, data_versioning, secrets,
    keepers, trackers, to_ignore,
)  # fmt: skip
"""Those that rules ask for last stand first: so do the copies and this process meet late."""
