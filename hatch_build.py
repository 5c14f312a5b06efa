"""What a wheel holds beside the packages: the template, and standard and rules compiled to a file each."""

import json
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WheelContents(BuildHookInterface):
    """Adds both to a real wheel; an editable install reads them from the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before the wheel is written."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, self.root)
        from mlscaffold import rules, standard
        from mlscaffold.upkeep.template import PARTS

        self.artifacts = {
            "standard": self._written("standard", standard.written(root / "mlscaffold/standard")),
            "rules": self._written("rules", rules.written()),
        }
        # The layout of the checkout is kept, because copier.yml includes the standard by its path.
        build_data["force_include"] |= {
            **{str(file): f"mlscaffold/{room}/compiled.json" for room, file in self.artifacts.items()},
            **{str(root / path): f"mlscaffold/_template/{path}" for path in PARTS},
        }

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Called once the wheel stands."""
        if version != "editable":
            for file in self.artifacts.values():
                file.unlink(missing_ok=True)

    def _written(self, room: str, said: object) -> Path:
        file = Path(self.directory) / f".{room}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
        return file
