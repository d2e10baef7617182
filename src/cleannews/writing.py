"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(path: Path, *, folder: bool = False) -> Iterator[BinaryIO]:
    """Open a file to write that appears under its name whole, or not at all.

    Args:
        path: The file. A link is written through; a device or a pipe is written directly.
        folder: Make the folder if it is not there.

    Raises:
        OSError: It cannot be written; the error names `path`.
    """
    try:
        if folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            # Replacing /dev/null by a file would be a disaster; a folder fails here, with its name.
            with path.open("wb") as stream:
                yield stream
            return
        real = Path(os.path.realpath(path))
        draft = real.with_name(f".{real.name[:80]}.{secrets.token_hex(4)}.tmp")
        try:
            with draft.open("xb") as stream:
                yield stream
            if real.exists():
                draft.chmod(real.stat().st_mode & 0o7777)
            draft.replace(real)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from None
