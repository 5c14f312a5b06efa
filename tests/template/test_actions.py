"""Each action that workflows of the template use is written once, with its version."""

import re

from mlscaffold.upkeep.template import current

PINNED = re.compile(rb"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def test_an_action_is_pinned_in_one_place() -> None:
    pins = {path: PINNED.findall(file.content) for path, file in current().files.items()}
    assert [path for path, found in pins.items() if found] == ["template/_parts/actions.jinja"]
    found = pins["template/_parts/actions.jinja"]
    assert len({pin.partition(b"@")[0] for pin in found}) == len(found)
