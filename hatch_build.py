"""Build step: the wheel holds the rules compiled, see `cleannews.boilerplate.shipped`."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledRules(BuildHookInterface):
    """Adds the compiled rules to a wheel; an editable installation reads the TOML files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the file and have it included."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "src"))
        from cleannews.boilerplate.shipped import COMPILED, compile_rules

        self._made = Path(tempfile.mkdtemp())
        file = self._made / COMPILED
        file.write_text(compile_rules(), encoding="utf-8")
        build_data["force_include"][str(file)] = f"cleannews/boilerplate/{COMPILED}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove it again."""
        if version != "editable":
            shutil.rmtree(self._made)
