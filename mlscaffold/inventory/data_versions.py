"""Published fact: what holds versions of data."""

from __future__ import annotations

from mlscaffold.inventory import Evidence, Known, inventoried, names
from mlscaffold.repo.data import versioning as readers
from mlscaffold.repo.repo import Repo


@inventoried("data_versioning", "names")
def data_versioning(repo: Repo) -> Known:
    """The tools in use that address versions of data; a mention or a requirement is no use.

    An artifact of a tracker may be a model as well, and tells nothing of the data.
    """
    found = (use for use in readers.data_versioning(repo) if use.slug != "wandb-artifact")
    return names((use.slug, Evidence(use.path, use.line)) for use in found)
