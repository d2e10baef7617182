"""Credits of pictures: each maker once, and the site's own copyright line is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from cleannews.document import Sourced
from cleannews.reading.folding import fold

_PARTS = re.compile(r"\s*[/／|,，、;]\s*")
_SIGN = re.compile(r"^(?:©|\(c\))", re.IGNORECASE)
NAMES_SITE = 0.8
"""How surely a name must be the site's for its copyright line to be no picture's."""


def pictures(
    found: Sequence[Sourced[str]], site_is: Callable[[str], float]
) -> tuple[Sourced[str], ...]:
    """Return the credits of pictures: each maker once, and no copyright line of the site's own.

    Args:
        found: As they were read; "Ana Ruiz, Ben Okoro" may stand beside "Ana Ruiz".
        site_is: How surely a text is the name of the page's site, 0..1.

    >>> two = [Sourced(v, v, "line:photo", None, 0.9) for v in ("Ana Ruiz", "Ana Ruiz / AP")]
    >>> [c.value for c in pictures(two, lambda name: 0.0)]
    ['Ana Ruiz / AP']
    """
    own = [c for c in found if not (_is_copyright(c.raw) and site_is(c.value) >= NAMES_SITE)]
    parts = [frozenset(fold(p) for p in _PARTS.split(c.value) if p) for c in own]
    return tuple(
        one
        for i, one in enumerate(own)
        if parts[i] not in parts[:i] and not _inside(parts[i], parts)
    )


def _inside(part: frozenset[str], parts: Sequence[frozenset[str]]) -> bool:
    """Tell whether a credit says less than another one."""
    return any(part < other for other in parts)


def _is_copyright(raw: str) -> bool:
    """Tell whether a credit is a line that begins with the copyright sign, not with "photo"."""
    return _SIGN.match(raw.strip()) is not None
