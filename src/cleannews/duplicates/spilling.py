"""Arrays that grow in place, and go to disk when they get long."""

from __future__ import annotations

import tempfile
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

SPILL = 256_000_000
"""Bytes of a column from which it lies in a temporary file instead of in memory."""


class Column:
    """Arrays of one type that follow each other; from `SPILL` bytes on they lie in a file."""

    def __init__(self) -> None:
        self._type: np.dtype[Any] = np.dtype(np.uint8)
        self._data = bytearray()  # grows in place: no second copy when all is there
        self._file: IO[bytes] | None = None
        self.empty = True

    def append(self, values: NDArray[Any]) -> None:
        """Add an array."""
        self._type, self.empty = values.dtype, False
        if self._file is not None:
            self._file.write(values.tobytes())
        elif len(values):
            self._data += np.ascontiguousarray(values).data.cast("B")
        if len(self._data) >= SPILL:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 (it goes with the arrays)
            self._file.write(self._data)
            self._data = bytearray()

    def whole(self) -> NDArray[Any]:
        """Return all that was added."""
        if self._file is None:
            return np.frombuffer(self._data, self._type)
        self._file.flush()
        made: NDArray[Any] = np.memmap(self._file, self._type, "r")
        return made  # lasts longer than the file

    def close(self) -> None:
        """Let go of the file; arrays that were returned stay."""
        if self._file is not None:
            self._file.close()
