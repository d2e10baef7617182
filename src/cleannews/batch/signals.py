"""Ctrl-C and termination: the first asks a run to stop where it can go on, the second ends it."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self

WATCHED = (signal.SIGINT, signal.SIGTERM)


class Stopped(BaseException):
    """A signal came while nothing was being written."""


class Signals:
    """Watches for signals while it is entered; outside the main thread it watches nothing.

    Attributes:
        got: The signal that came, or None.
        wake: A file descriptor that becomes readable when one comes.
        raises: Raise `Stopped` at once, for work that writes nothing and looks at nothing.
    """

    def __init__(self) -> None:
        self.got: int | None = None
        self.raises = False
        self.wake, self._write = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(self._write, False)
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in WATCHED:
                # One that is ignored on purpose, as by nohup, stays ignored.
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._come)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self.wake)
        os.close(self._write)

    def _come(self, number: int, _: FrameType | None) -> None:
        if self.got is not None:
            # Asked twice: workers end by themselves when our end of their pipes goes.
            os._exit(128 + number)
        self.got = number
        os.write(self._write, b".")
        if self.raises:
            raise Stopped

    def check(self) -> None:
        """Raise `Stopped` if a signal came.

        Raises:
            Stopped: It did.
        """
        if self.got is not None:
            raise Stopped
