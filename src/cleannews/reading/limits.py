"""How much of an input is read, and a clock that loops look at."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from cleannews.options import PARSER_DEPTH, Limits

__all__ = ["DEFAULT", "PARSER_DEPTH", "Deadline", "Limits"]

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
