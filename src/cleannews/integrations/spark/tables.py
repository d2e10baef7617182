"""Arrow batches to numpy arrays and back, and the frames that a search keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Batches: TypeAlias = Iterable[pa.RecordBatch]
Step: TypeAlias = Callable[[Batches], Iterator[pa.RecordBatch]]

ROWS = 10_000
"""Rows of the batches that a step hands back."""

_NAMES = {
    pa.string(): "string",
    pa.int8(): "tinyint",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    pa.binary(): "binary",
    pa.date32(): "date",
}
_FLIP = np.uint64(1 << 63)


def ddl(schema: pa.Schema) -> str:
    """Return an Arrow schema in Spark's words.

    >>> ddl(pa.schema([("id", pa.string()), ("at", pa.list_(pa.struct([("n", pa.int64())])))]))
    '`id` string, `at` array<struct<`n`: bigint>>'
    """
    return ", ".join(f"`{field.name}` {_ddl(field.type)}" for field in schema)


def _ddl(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"array<{_ddl(kind.value_type)}>"
    if pa.types.is_struct(kind):
        inner = ", ".join(f"`{field.name}`: {_ddl(field.type)}" for field in kind)
        return f"struct<{inner}>"
    return _NAMES[kind]


def stepped(frame: DataFrame, step: Step, schema: pa.Schema) -> DataFrame:
    """Return a frame whose batches went through a step."""
    made: DataFrame = frame.mapInArrow(step, ddl(schema))
    return made


def quoted(name: str) -> str:
    """Return the name of a column as an expression, whatever characters it has.

    >>> quoted("a.b")
    '`a.b`'
    """
    return "`" + name.replace("`", "``") + "`"


def cut(frame: DataFrame) -> DataFrame:
    """Compute a frame now and keep it, so that what follows neither computes nor plans it again.

    Kept in the checkpoint directory where the session has one, which survives the loss of an
    executor; else on the executors' disks, where a loss ends the job. Never computed twice: the
    numbers of the texts could come out differently.
    """
    from pyspark import StorageLevel

    if frame.sparkSession.sparkContext.getCheckpointDir() is not None:
        return frame.checkpoint()
    return frame.localCheckpoint(True, StorageLevel.MEMORY_AND_DISK)


def column(batch: pa.RecordBatch | pa.Table, name: str) -> NDArray[Any]:
    """Return a column of numbers without nulls as an array."""
    made: NDArray[Any] = batch.column(name).to_numpy(zero_copy_only=False)
    return made


def batches_of(columns: Mapping[str, Any], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield columns of equal length as batches of a schema."""
    arrays = [
        value if isinstance(value, pa.Array) else pa.array(value, schema.field(name).type)
        for name, value in ((name, columns[name]) for name in schema.names)
    ]
    yield from pa.Table.from_arrays(arrays, schema=schema).to_batches(max_chunksize=ROWS)


def grouped(batches: Batches, key: str, least: int = 0) -> Iterator[pa.Table]:
    """Yield tables of whole groups.

    Args:
        batches: Rows of which those with the same key, a number, follow each other.
        key: Name of the key's column.
        least: Rows that a table has at least, unless it is the last.
    """
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        if not batch.num_rows:
            continue
        keys = column(batch, key)
        changes = np.flatnonzero(keys[1:] != keys[:-1]) + 1
        last = int(changes[-1]) if len(changes) else 0
        if waiting and not last and column(waiting[-1], key)[-1] == keys[0]:
            waiting.append(batch)
            rows += batch.num_rows
            continue
        done = [*waiting, batch.slice(0, last)]
        if rows + last and rows + last >= least:
            yield pa.Table.from_batches(done)
            waiting, rows = [batch.slice(last)], batch.num_rows - last
        else:
            waiting.append(batch)
            rows += batch.num_rows
    if waiting:
        yield pa.Table.from_batches(waiting)


def whole_table(batches: Batches, columns: Iterable[str]) -> dict[str, NDArray[Any]] | None:
    """Return all rows of a partition as arrays of numbers, None when there are none."""
    parts = [batch for batch in batches if batch.num_rows]
    if not parts:
        return None
    return {name: np.concatenate([column(part, name) for part in parts]) for name in columns}


def signed(values: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return numbers of Spark's only kind, in the same order.

    >>> signed(np.array([0, 2**64 - 1], np.uint64)).tolist() == [-(2**63), 2**63 - 1]
    True
    """
    return np.asarray((values ^ _FLIP).view(np.int64))


def pieces(values: NDArray[Any], lengths: NDArray[np.int64]) -> pa.Array:
    """Return stretches of an array as binary values, one a row."""
    ends = np.concatenate([[0], np.cumsum(lengths)]) * values.dtype.itemsize
    if int(ends[-1]) >= 1 << 31:
        raise OverflowError("one batch holds more than 2 GB of words; use smaller Arrow batches")
    data = pa.py_buffer(np.ascontiguousarray(values))
    offsets = pa.py_buffer(ends.astype(np.int32))
    return pa.Array.from_buffers(pa.binary(), len(lengths), [None, offsets, data])


def joined(values: pa.ChunkedArray | pa.Array, kind: type[np.generic]) -> NDArray[Any]:
    """Return binary values behind each other as one array; the reverse of `pieces`."""
    return np.frombuffer(b"".join(v.as_buffer() for v in values), kind)


def lists(values: NDArray[Any], lengths: NDArray[np.int64]) -> pa.Array:
    """Return stretches of an array as lists, one a row."""
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(values))


def list_values(values: pa.ChunkedArray | pa.Array) -> tuple[pa.Array, NDArray[np.int64]]:
    """Return the values of lists behind each other, and each list's length."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    lengths = values.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    return values.flatten(), lengths.astype(np.int64)
