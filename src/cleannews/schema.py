"""The JSON Schema of the dictionary form of a result."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that ``CleanResult.to_dict()`` keeps to.

    Returns:
        A fresh dictionary each time; changing it changes nothing else.

    >>> json_schema()["title"]
    'CleanResult'
    """
    file = files("cleannews").joinpath("schemas/clean_result.schema.json")
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema
