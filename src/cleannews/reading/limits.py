"""How much of an input is read, and a clock that loops look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from cleannews.errors import OptionError

PARSER_DEPTH = 2_000
"""Elements within elements that libxml2 takes, a little less than its own 2,048."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a page is read. What lies beyond a limit is named in a warning.

    The defaults lie far above any page that a person would read: of 3,700 pages of news sites the
    largest has 6 million characters, 60 thousand tags and a depth of 300.

    Attributes:
        characters: Most characters of a page's source; the rest is cut off. A tree takes up to 40
            times the memory of its source.
        tags: Most tags of a page's source; the rest is cut off.
        depth: Most elements within one another, at most 2,000, which is what the parser takes.
            What is nested deeper keeps its text and loses its tags.
        seconds: Most time for a page, looked at between steps; None is no limit. With one, the
            result hangs on how fast the computer is.

    Raises:
        OptionError: A limit is not above zero, or `depth` is above what the parser takes.

    >>> Limits(tags=5).tags
    5
    """

    characters: int = 20_000_000
    tags: int = 500_000
    depth: int = PARSER_DEPTH
    seconds: float | None = None

    def __post_init__(self) -> None:
        for name in ("characters", "tags", "depth"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise OptionError(f"limit {name!r} takes a whole number above 0, not {value!r}")
        if self.depth > PARSER_DEPTH:
            raise OptionError(f"limit 'depth' is at most {PARSER_DEPTH}, not {self.depth}")
        seconds = self.seconds
        if seconds is not None and not (isinstance(seconds, int | float) and seconds > 0):
            raise OptionError(f"limit 'seconds' takes a number above 0 or None, not {seconds!r}")


DEFAULT = Limits()
"""The limits in force where nobody sets others."""


class Deadline:
    """A moment after which loops stop of their own accord. No signal, no thread.

    Args:
        seconds: Time from now on; None is forever.
        clock: Gives seconds; only differences count.

    >>> Deadline(None).is_over(), Deadline(-1).is_over()
    (False, True)
    """

    __slots__ = ("_clock", "_end")

    def __init__(self, seconds: float | None, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._end = None if seconds is None else clock() + seconds

    def is_over(self) -> bool:
        """Tell whether the moment has come. Cheap enough for every hundredth step of a loop."""
        return self._end is not None and self._clock() >= self._end
