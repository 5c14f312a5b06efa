"""Where the numbers of a model card and those of the metrics files disagree."""

from __future__ import annotations

from collections import defaultdict

from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.metrics_files import Metric, metrics
from mlscaffold.repo.pages.cards import Card, Number, plain
from mlscaffold.repo.repo import Repo


class Compared(NamedTuple):
    """A number of the card beside the metric that it states."""

    number: Number
    metric: Metric

    @property
    def agrees(self) -> bool:
        """Whether the number is the metric, rounded or cut to its digits, as a share or in percent."""
        scales = (100.0,) if self.number.percent else (1.0, 100.0)
        unit = 10.0**-self.number.decimals
        return any(
            abs(self.number.value - self.metric.value * s) <= 0.5 * unit * 1.000001 for s in scales
        ) or any(0 <= self.metric.value * s - self.number.value < unit * 0.999999 for s in scales)

    @property
    def right(self) -> str:
        """The metric as the card would write it."""
        value = self.metric.value * (100.0 if self.number.percent else 1.0)
        return f"{value:.{self.number.decimals}f}"


def compared(repo: Repo, card: Card) -> list[Compared]:
    """The card's numbers that one metric of the repository, and only one, goes by the name of."""
    everything = metrics(repo)
    named = [metric for metric in everything if metric.path in card.mentions]
    by_path: dict[str, set[Metric]] = defaultdict(set)
    by_leaf: dict[str, set[Metric]] = defaultdict(set)
    for metric in named or everything:
        by_path[plain(*metric.key)].add(metric)
        by_leaf[plain(metric.key[-1]) if metric.key else ""].add(metric)
    pairs = ((number, _meant(number, by_path, by_leaf)) for number in card.numbers)
    return [Compared(number, metric) for number, metric in pairs if metric]


def _meant(number: Number, by_path: dict[str, set[Metric]], by_leaf: dict[str, set[Metric]]) -> Metric | None:
    *exact, label = number.names
    for name in dict.fromkeys((*exact, label) if number.alone else exact):
        found = by_path.get(name, set())
        if len(found) == 1:
            return next(iter(found))
    leaf = by_leaf.get(label, set()) if number.alone else set()
    return next(iter(leaf)) if len(leaf) == 1 else None
