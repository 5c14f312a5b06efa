"""Calls that bring rows to a training in an order, or by a split, that is drawn."""

from __future__ import annotations

from mlscaffold.repo.python.facts import Call

SHUFFLES = ("torch.utils.data.DataLoader", "torch.utils.data.dataloader.DataLoader")
KERAS = (".", "tensorflow.", "keras.", "tf_keras.")
READERS = frozenset(
    (
        "flow_from_directory",
        "flow_from_dataframe",
        "image_dataset_from_directory",
        "text_dataset_from_directory",
    )
)
"""What Keras shuffles unless it is told not to, by the seed that it is given."""


SPLIT_OF_SPARK = "randomSplit"


def is_feed(call: Call) -> bool:
    """Whether the call makes a loader of PyTorch, reads files by Keras, or splits rows of Spark."""
    return (
        call.name in SHUFFLES
        or call.last == SPLIT_OF_SPARK
        or (call.last in READERS and call.name.startswith(KERAS))
    )


def fed(call: Call) -> str | None:
    """The library that draws the order: PyTorch's where it is asked to, Keras's unless it is not."""
    shuffled = call.keywords.get("shuffle")
    if call.last == SPLIT_OF_SPARK:
        return "spark"
    if call.last in READERS:
        return "tensorflow" if shuffled is not False else None
    return "torch" if shuffled not in (None, False) else None


def of_datasets(call: Call) -> bool:
    """Whether rows of Hugging Face's datasets are shuffled or split: by NumPy's generator, unless seeded."""
    held = call.name.startswith((".", "datasets."))
    return held and not call.args and call.last in ("shuffle", "train_test_split")
