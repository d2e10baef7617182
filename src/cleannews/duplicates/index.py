"""An index that lasts: what was seen before, on disk, for one writer and many readers.

One SQLite file. Of a document it keeps a sketch and never the text: sampled shingles and its rarest
names and numbers. A call of `add` is one transaction: after a crash all of it is there or nothing.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from cleannews.duplicates.collection import Collection, Input
from cleannews.duplicates.sketch import SHORT_SAMPLE, IndexMatch, Sketch, match_of, sketches
from cleannews.errors import IndexFileError

VERSION = 1
"""Version of the file's format."""
BATCH = 2_000
"""Documents of one transaction, and of one look, when many are given."""
MOST_ROWS = 200
"""Most documents that are looked at for one shingle; who has it beyond that tells nothing new."""
MOST_CANDIDATES = 60
"""Most documents that are compared with a given one: those that share the most."""
WAIT_SECONDS = 30.0
_TABLES = """
CREATE TABLE IF NOT EXISTS options (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, whole INTEGER NOT NULL,
    sketch BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS by_whole ON documents (whole);
CREATE TABLE IF NOT EXISTS postings (
    shingle INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (shingle, number)
) WITHOUT ROWID;
"""


class DuplicateIndex:
    """Documents seen before, in a file.

    Args:
        path: The file; it is made if it is not there.
        clean: Clean every text before it is looked at. Stored in the file.
        read_only: Open an existing file for queries only.

    Raises:
        IndexFileError: The file is no index, of another version, or was made with other options.

    >>> import tempfile
    >>> text = "The council of Vostok voted 12 to 3 on Monday to close the old bridge. " * 3
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with DuplicateIndex(f"{folder}/seen.db") as index:
    ...         index.add([{"id": "a", "text": text}])
    ...         [(m.id, m.kind) for m in index.query({"id": "b", "text": text + " Read more."})]
    1
    [('a', 'near')]
    """

    def __init__(self, path: str | Path, *, clean: bool = False, read_only: bool = False) -> None:
        self.path = Path(path)
        self.clean = clean
        if read_only and not self.path.is_file():
            raise IndexFileError(f"{self.path}: there is no index")
        mode = "ro" if read_only else "rwc"
        try:
            name = f"{self.path.absolute().as_uri()}?mode={mode}"
            self._file = sqlite3.connect(name, uri=True, timeout=WAIT_SECONDS, isolation_level=None)
            self._prepare(read_only=read_only)
        except sqlite3.Error as error:
            raise IndexFileError(f"{self.path}: not an index that can be opened: {error}") from None

    def _prepare(self, *, read_only: bool) -> None:
        run = self._file.execute
        if not read_only:
            run("PRAGMA journal_mode = WAL")
            run("PRAGMA synchronous = NORMAL")
            with self._writing():
                for statement in _TABLES.split(";"):
                    run(statement)
                run("INSERT OR IGNORE INTO options VALUES ('version', ?)", (str(VERSION),))
                run("INSERT OR IGNORE INTO options VALUES ('clean', ?)", (str(self.clean),))
        run("PRAGMA mmap_size = 8589934592")
        stored = dict(run("SELECT name, value FROM options").fetchall())
        if stored.get("version") != str(VERSION):
            raise IndexFileError(
                f"{self.path}: version {stored.get('version')} of the format, expected {VERSION}; "
                "build the index anew"
            )
        if stored["clean"] != str(self.clean):
            self._file.close()
            raise IndexFileError(
                f"{self.path}: made with clean={stored['clean']}, opened with clean={self.clean}; "
                "open it as it was made, or build another one"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return int(self._file.execute("SELECT count(*) FROM documents").fetchone()[0])

    def __contains__(self, name: object) -> bool:
        found = self._file.execute(
            "SELECT 1 FROM documents WHERE id = ?", (_storable(str(name)),)
        ).fetchone()
        return found is not None

    def close(self) -> None:
        """Close the file; the index cannot be used any more."""
        self._file.close()

    def add(self, documents: Iterable[Input]) -> int:
        """Add documents; one with an id that is there replaces the one of that id.

        Args:
            documents: As for `find_duplicates`. Every 2,000 of them are one transaction.

        Returns:
            How many were read.

        Raises:
            IndexFileError: Another process is writing.
            InputError: A document has no text, or two of them have one id.
        """
        number = 0
        for batch in _batches(documents):
            collection = Collection.read(batch, clean=self.clean)
            with self._writing():
                self._put(collection)
            number += len(collection)
        return number

    def remove(self, ids: Iterable[str]) -> int:
        """Remove documents by their ids and return how many were there."""
        with self._writing():
            return sum(self._drop(name) for name in ids)

    def query(self, document: Input) -> list[IndexMatch]:
        """Return the documents that carry the same story, the most similar first.

        Args:
            document: As for `find_duplicates`; it is not added, and does not match its own id.
        """
        return self.query_all([document])[0]

    def query_all(self, documents: Iterable[Input]) -> list[list[IndexMatch]]:
        """Return the matches of several documents, in their order."""
        collection = Collection.read(documents, clean=self.clean)
        return [
            self._matches(sketch, fact.id)
            for sketch, fact in zip(sketches(collection), collection.facts, strict=True)
        ]

    def new_only(self, documents: Iterable[Input]) -> Iterator[Input]:
        """Yield the documents whose story is neither in the index nor among those before them.

        Those that are yielded are added; a document whose id is there is not new.

        Raises:
            IndexFileError: Another process is writing.
        """
        for batch in _batches(documents):
            collection = Collection.read(batch, clean=self.clean)
            new = []
            with self._writing():
                for item, sketch, fact in zip(
                    batch, sketches(collection), collection.facts, strict=True
                ):
                    if fact.id in self or self._matches(sketch, fact.id):
                        continue
                    self._put_one(fact.id, sketch)
                    new.append(item)
            yield from new

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._file.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise IndexFileError(
                f"{self.path}: another process is writing, or the file is read-only: {error}"
            ) from None
        try:
            yield
        except sqlite3.OperationalError as error:
            self._file.execute("ROLLBACK")
            raise IndexFileError(f"{self.path}: cannot be written: {error}") from None
        except BaseException:
            self._file.execute("ROLLBACK")
            raise
        self._file.execute("COMMIT")

    def _put(self, collection: Collection) -> None:
        known = {f.id for f in collection.facts if f.id in self}
        for name in known:
            self._drop(name)
        rows: list[tuple[int, int]] = []
        for sketch, fact in zip(sketches(collection), collection.facts, strict=True):
            rows += self._put_document(fact.id, sketch)
        rows.sort()  # neighbours in the tree are written together
        self._file.executemany("INSERT INTO postings VALUES (?, ?)", rows)

    def _put_one(self, name: str, sketch: Sketch) -> None:
        rows = self._put_document(name, sketch)
        self._file.executemany("INSERT INTO postings VALUES (?, ?)", rows)

    def _put_document(self, name: str, sketch: Sketch) -> list[tuple[int, int]]:
        number = self._file.execute(
            "INSERT INTO documents (id, whole, sketch) VALUES (?, ?, ?)",
            (_storable(name), sketch.whole, sketch.pack()),
        ).lastrowid
        assert number is not None  # noqa: S101 (an INSERT has one)
        return [(shingle, number) for shingle in sketch.posted()]

    def _drop(self, name: str) -> bool:
        row = self._file.execute(
            "SELECT number, whole, sketch FROM documents WHERE id = ?", (_storable(name),)
        ).fetchone()
        if row is None:
            return False
        number, whole, data = row
        shingles = Sketch.unpack(whole, data).posted()
        self._file.executemany(
            "DELETE FROM postings WHERE shingle = ? AND number = ?", [(s, number) for s in shingles]
        )
        self._file.execute("DELETE FROM documents WHERE number = ?", (number,))
        return True

    def _matches(self, sketch: Sketch, name: str) -> list[IndexMatch]:
        run = self._file.execute
        shared: Counter[int] = Counter()
        for shingle in sketch.posted():
            rows = run(
                "SELECT number FROM postings WHERE shingle = ? LIMIT ?", (shingle, MOST_ROWS)
            ).fetchall()
            shared.update(number for (number,) in rows)
        least = 2 if len(sketch.shingles) > SHORT_SAMPLE // 4 else 1
        ranked = sorted((-n, number) for number, n in shared.items() if n >= least)
        numbers = [number for _, number in ranked[:MOST_CANDIDATES]]
        if sketch.whole:
            numbers += [
                n
                for (n,) in run(
                    "SELECT number FROM documents WHERE whole = ? ORDER BY number LIMIT ?",
                    (sketch.whole, MOST_CANDIDATES),
                )
            ]
        found = []
        for number in dict.fromkeys(numbers):
            other, whole, data = run(
                "SELECT id, whole, sketch FROM documents WHERE number = ?", (number,)
            ).fetchone()
            match = match_of(other, sketch, Sketch.unpack(whole, data))
            if match is not None and other != _storable(name):
                found.append(match)
        return sorted(found, key=lambda m: (m.kind != "exact", -m.similarity, m.id))


def _storable(name: str) -> str:
    """Return an id as the file can hold it: lone surrogates come out as escapes."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _batches(documents: Iterable[Input]) -> Iterator[list[Input]]:
    rest = iter(documents)
    while batch := list(islice(rest, BATCH)):
        yield batch
