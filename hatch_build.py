"""What a built wheel holds beside the packages: the template, and the standard compiled to one file."""

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
        from mlscaffold.standard import written
        from mlscaffold.upkeep.template import PARTS

        compiled = Path(self.directory) / ".standard.json"
        compiled.parent.mkdir(parents=True, exist_ok=True)
        compiled.write_text(json.dumps(written(root / "mlscaffold/standard"), ensure_ascii=False), "utf-8")
        self.artifact = compiled
        # The layout of the checkout is kept, because copier.yml includes the standard by its path.
        build_data["force_include"] |= {
            str(compiled): "mlscaffold/standard/compiled.json",
            **{str(root / path): f"mlscaffold/_template/{path}" for path in PARTS},
        }

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Called once the wheel stands."""
        if version != "editable":
            self.artifact.unlink(missing_ok=True)
