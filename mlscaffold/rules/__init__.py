"""The practices, one room of two files each: `<pillar>/<name>.py` looks, `<name>.md` explains and tests."""

from importlib import import_module
from pathlib import Path

from mlscaffold.rule import RULES, Rule

PILLARS = {
    "VCS": "version_control",
    "EXP": "experiment_tracking",
    "ENV": "environments",
    "REP": "reproducibility",
    "DOC": "documentation",
    "TEAM": "teamwork",
}


def load() -> dict[str, Rule]:
    """Every rule by its code, in the order of the pillars and their codes."""
    for pillar in PILLARS.values():
        for room in sorted((Path(__file__).parent / pillar).iterdir()):
            if room.name.endswith(".py") and not room.name.startswith("_"):
                import_module(f"{__package__}.{pillar}.{room.name[:-3]}")
    order = list(PILLARS)
    return dict(sorted(RULES.items(), key=lambda item: (order.index(item[0][:-3]), item[0])))
