"""A tolerant reader of scripts that hold data, such as JSON-LD.

Pages state their data with comments, CDATA marks, control characters, trailing commas and
semicolons. What cannot be read is left out; nothing here raises.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

MOST_CHARACTERS = 2_000_000
"""Length of a script that is read."""
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_COMMENT = re.compile(
    r"/\*(?:(?!\*/)[\s\S]){0,2000}\*/|<!--|-->|//\s{0,9}<!\[CDATA\[|//\s{0,9}\]\]>|<!\[CDATA\[|\]\]>"
    r"|^[ \t]{0,99}//[^\n]*$",
    re.MULTILINE,
)


def read_script(text: str) -> list[Any]:
    """Return the values that a script holds; nothing when it cannot be read.

    >>> read_script('<!-- {"a": [1, 2,],}; -->')
    [{'a': [1, 2]}]
    >>> read_script("not data")
    []
    """
    if len(text) > MOST_CHARACTERS:
        return []
    decoder = json.JSONDecoder(strict=False)
    found = _values(text, decoder)
    if found is None:
        found = _values(_TRAILING_COMMA.sub("", _COMMENT.sub("", text)), decoder)
    if found is None and "&quot;" in text:
        found = _values(html.unescape(text), decoder)
    return found or []


def _values(text: str, decoder: json.JSONDecoder) -> list[Any] | None:
    """Every value of a text that begins with one; None when the first cannot be read."""
    found: list[Any] = []
    at = 0
    for _ in range(20):
        starts = [p for p in (text.find("{", at), text.find("[", at)) if p >= 0]
        if not starts:
            break
        try:
            value, at = decoder.raw_decode(text, min(starts))
        except (ValueError, RecursionError):
            return found or None
        found.append(value)
    return found
