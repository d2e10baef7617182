"""The journal of a run: how far it is, and the rows that are done and in no part yet.

One SQLite file in the work folder of the output. What a transaction says is true whenever the
process dies: parts are on the disk before they are written down, and rows are in the journal until
they are in a part.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from cleannews.columns import json_text
from cleannews.errors import CleanNewsError

NAME = "journal.db"
DOUBLE = "rows\tdouble id"
"""Name under which ids that came before are counted."""
_TABLES = """
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sources (
    number INTEGER PRIMARY KEY, path TEXT NOT NULL, kind TEXT NOT NULL, bytes INTEGER NOT NULL,
    fingerprint TEXT NOT NULL, records INTEGER
);
CREATE TABLE IF NOT EXISTS parts (
    number INTEGER PRIMARY KEY, rows INTEGER NOT NULL, size INTEGER NOT NULL,
    source INTEGER NOT NULL, record INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS pending (number INTEGER PRIMARY KEY, row BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS quarantine (
    number INTEGER PRIMARY KEY, part INTEGER NOT NULL, told TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS counts (
    part INTEGER NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (part, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ids (hash INTEGER PRIMARY KEY, part INTEGER NOT NULL);
"""


class LockedError(CleanNewsError):
    """Another run is writing this output."""


class Place(NamedTuple):
    """Where reading goes on: number of the source, and number of the record in it."""

    source: int
    record: int


class Part(NamedTuple):
    """A part of the output that is on the disk.

    Attributes:
        number: From 0.
        rows: Rows in it.
        size: Bytes of the output up to its end, or of its own file.
        end: Where reading goes on behind it.
    """

    number: int
    rows: int
    size: int
    end: Place


class WorkFolder:
    """The hidden folder beside or in an output that exists while a run is not finished.

    Holding it open with a lock is what keeps two runs from one output.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Make the folder and hold it for this process alone.

        Raises:
            LockedError: Another process holds it.
            OSError: It cannot be made.
        """
        import fcntl

        while True:
            self.path.mkdir(exist_ok=True)
            try:
                lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            except FileNotFoundError:
                continue  # the run that had it has just finished
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                os.close(lock)
                if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                    raise OSError(error.errno, error.strerror, str(self.path)) from None
                raise LockedError(f"{self.path}: another run is writing this output") from None
            if _is_same(lock, self.path):
                break
            os.close(lock)
        try:
            yield
        finally:
            with suppress(OSError):
                self.path.rmdir()  # unless there is something in it
            os.close(lock)

    def clear(self) -> None:
        """Remove what is in the folder, the journal last: while it is there, the run goes on."""
        names = sorted(self.path.iterdir(), key=lambda path: path.name.startswith(NAME))
        for path in names:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove the folder and everything in it."""
        self.clear()
        self.path.rmdir()


def _is_same(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


class Journal:
    """The file itself. One process writes it; `commit` is the only transaction of the hot path.

    Raises:
        OSError: It cannot be read or written, for example because the disk is full.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        with self.told():
            self._file = sqlite3.connect(self.path, isolation_level=None, timeout=5)
            # Not WAL: its shared memory dies of a full disk, and one commit a second is cheap.
            self._file.execute("PRAGMA journal_mode = TRUNCATE")
            self._file.execute("PRAGMA synchronous = NORMAL")
            self._file.executescript(_TABLES)

    @contextmanager
    def told(self, file: sqlite3.Connection | None = None) -> Iterator[None]:
        """Turn what SQLite says into an `OSError` that names the journal.

        Args:
            file: Roll back what this one has begun.
        """
        try:
            yield
        except sqlite3.DatabaseError as error:
            if file is not None and file.in_transaction:
                file.execute("ROLLBACK")
            code = errno.ENOSPC if "full" in str(error) else errno.EIO
            raise OSError(code, str(error), str(self.path)) from None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self.told():
            self._file.execute("BEGIN IMMEDIATE")
            try:
                yield self._file
                self._file.execute("COMMIT")
            except BaseException:
                if self._file.in_transaction:
                    self._file.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    # --- state: small values by name ---

    def get(self, name: str) -> Any:
        """Return a value of the state, or None."""
        with self.told():
            row = self._file.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def put(self, **values: Any) -> None:
        """Set values of the state."""
        with self._transaction() as file:
            _put(file, values)

    # --- sources ---

    def set_sources(self, sources: Sequence[tuple[str, str, int, str]], *, keep: int = 0) -> None:
        """Set path, kind, size and fingerprint of all sources.

        Args:
            sources: In the order in which they are read.
            keep: Leave the first so many as they are.
        """
        with self._transaction() as file:
            file.execute("DELETE FROM sources WHERE number >= ?", (keep,))
            file.executemany(
                "INSERT INTO sources VALUES (?, ?, ?, ?, ?, NULL)",
                ((n, *s) for n, s in enumerate(sources) if n >= keep),
            )

    def sources(self) -> Iterator[tuple[str, str, int, str, int | None]]:
        """Yield path, kind, size, fingerprint and number of records (None: not read to its end)."""
        with self.told():
            yield from self._file.execute(
                "SELECT path, kind, bytes, fingerprint, records FROM sources ORDER BY number"
            )

    # --- rows and parts ---

    def place(self) -> Place:
        """Return where reading goes on."""
        told = self.get("place")
        return Place(*told) if told else Place(0, 0)

    def pending(self) -> list[bytes]:
        """Return the rows that are in no part yet, in order."""
        with self.told():
            rows = self._file.execute("SELECT row FROM pending ORDER BY number").fetchall()
        return [row for (row,) in rows]

    def parts(self) -> list[Part]:
        """Return all parts in order."""
        with self.told():
            rows = self._file.execute(
                "SELECT number, rows, size, source, record FROM parts ORDER BY number"
            ).fetchall()
        return [Part(n, rows_, size, Place(s, r)) for n, rows_, size, s, r in rows]

    def commit(
        self,
        place: Place,
        *,
        rows: Sequence[bytes] = (),
        counts: Mapping[str, int],
        number: int,
        quarantine: Sequence[Mapping[str, Any]] = (),
        read: Mapping[int, int] | None = None,
        ids: Sequence[str] = (),
        part: Part | None = None,
    ) -> list[str]:
        """Write down how far the run is.

        Args:
            place: Where reading goes on.
            rows: Rows done since the last call that are in no part.
            counts: What they and those in `part` add to the counts.
            number: The part that they belong to.
            quarantine: Records given up since.
            read: Sources read to their end since, and how many records they had.
            ids: Ids of the rows done since.
            part: A part that is on the disk now and holds every pending row.

        Returns:
            Those of `ids` that came before.
        """
        double = []
        with self._transaction() as file:
            if part is not None:
                file.execute("DELETE FROM pending")
                file.execute("INSERT INTO parts VALUES (?, ?, ?, ?, ?)", (*part[:3], *part.end))
            file.executemany("INSERT INTO pending (row) VALUES (?)", ((row,) for row in rows))
            file.executemany(
                "INSERT INTO counts VALUES (?, ?, ?) "
                "ON CONFLICT DO UPDATE SET number = number + excluded.number",
                ((number, name, n) for name, n in counts.items()),
            )
            told = ((number, json_text(q)) for q in quarantine)
            file.executemany("INSERT INTO quarantine (part, told) VALUES (?, ?)", told)
            for source, records in (read or {}).items():
                file.execute("UPDATE sources SET records = ? WHERE number = ?", (records, source))
            for name in ids:
                told_id = (_hash(name), number)
                if not file.execute("INSERT OR IGNORE INTO ids VALUES (?, ?)", told_id).rowcount:
                    double.append(name)
            if double:
                file.execute(
                    "INSERT INTO counts VALUES (?, ?, ?) "
                    "ON CONFLICT DO UPDATE SET number = number + excluded.number",
                    (number, DOUBLE, len(double)),
                )
            _put(file, {"place": list(place)})
        return double

    def cut(self, source: int) -> Place:
        """Take back everything that was read of a source and of those behind it.

        Cuts at the border of a part, so that a little of what stands before is taken back, too.

        Returns:
            Where reading goes on.
        """
        kept = [p for p in self.parts() if p.end <= Place(source, 0)]
        place = kept[-1].end if kept else Place(0, 0)
        with self._transaction() as file:
            file.execute("DELETE FROM pending")
            file.execute("DELETE FROM parts WHERE number >= ?", (len(kept),))
            for table in ("counts", "quarantine", "ids"):
                file.execute(f"DELETE FROM {table} WHERE part >= ?", (len(kept),))  # noqa: S608
            file.execute("UPDATE sources SET records = NULL WHERE number >= ?", (place.source,))
            _put(file, {"place": list(place)})
        return place

    # --- what the end needs ---

    def counts(self) -> list[tuple[str, int]]:
        """Return the counts over all parts."""
        with self.told():
            return self._file.execute(
                "SELECT name, sum(number) FROM counts GROUP BY name ORDER BY name"
            ).fetchall()

    def quarantine(self) -> Iterator[str]:
        """Yield the quarantine's rows as JSON, in order of the records."""
        with self.told():
            for (told,) in self._file.execute("SELECT told FROM quarantine ORDER BY number"):
                yield told


def _hash(name: str) -> int:
    """Return a 63-bit number for an id; two of ten million ids share one once in 200,000 runs."""
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _put(file: sqlite3.Connection, values: Mapping[str, Any]) -> None:
    file.executemany(
        "INSERT OR REPLACE INTO state VALUES (?, ?)",
        [(name, json.dumps(value)) for name, value in values.items()],
    )
