"""JSON Lines: an object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from cleannews.batch.formats.records import ReadLimits, Record, Unreadable, digest, record_of
from cleannews.batch.formats.sources import Source
from cleannews.batch.formats.streams import Stream, read_lines
from cleannews.columns import Fields


class _DoubledError(ValueError):
    """A field that counts is there twice."""


def read_jsonl(
    source: Source, stream: Stream, fields: Fields, after: int, limits: ReadLimits
) -> Iterator[Record | Unreadable]:
    """Yield the objects of the lines; empty lines have a number and are passed over."""
    number = -1
    parse = json.JSONDecoder(object_pairs_hook=_object_of(fields)).decode
    for number, line in enumerate(read_lines(stream, longest=limits.record)):
        if number < after:
            continue
        where = f"{source.name}:{number + 1}"
        if line.data is None:
            reason = f"a line of {line.size:,} bytes; the limit is {limits.record:,}"
            yield Unreadable(number, where, reason, line.sha256)
        elif data := line.data.removeprefix(b"\xef\xbb\xbf").strip():
            yield _record(data, parse, fields, number, where)
    if stream.fault and number + 1 >= after:
        # What came out of the torn end, if anything, was a line of its own above.
        yield Unreadable(number + 1, f"{source.name}:{number + 2}", stream.fault)


def _record(
    data: bytes, parse: Callable[[str], Any], fields: Fields, number: int, where: str
) -> Record | Unreadable:
    try:
        found = parse(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        reason = f"not UTF-8: byte {data[error.start]:#04x} at offset {error.start}"
    except json.JSONDecodeError as error:
        reason = f"not JSON: {error.msg} at character {error.pos + 1}"
    except _DoubledError as error:
        reason = str(error)
    except RecursionError:
        reason = "not read: the JSON is nested too deeply"
    except ValueError as error:
        reason = f"not JSON: {error}"
    else:
        if isinstance(found, dict):
            return record_of(found, fields, number=number, where=where, raw=data)
        reason = f"not an object but {_name(found)}"
    return Unreadable(number, where, reason, digest(data))


def _object_of(fields: Fields) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    names = {fields.text, fields.html, fields.id, fields.url}

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            seen = set()
            for name, _ in pairs:
                # JSON leaves open which of the two counts, and so do its readers.
                if name in seen and name in names:
                    raise _DoubledError(f"field {name!r} is there twice")
                seen.add(name)
        return found

    return made


def _name(value: object) -> str:
    return {
        "list": "an array", "str": "a string", "NoneType": "null", "bool": "true or false"
    }.get(type(value).__name__, "a number")  # fmt: skip
