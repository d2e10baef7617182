"""Files of documents of any kind, read without losing a place in silence, and written safely."""

from cleannews.batch.formats.read import read
from cleannews.batch.formats.records import ReadLimits, Record, Skipped, Unreadable
from cleannews.batch.formats.sources import KINDS, Source, find_sources
from cleannews.batch.formats.write import (
    SUFFIXES,
    OutputKind,
    TextFolder,
    Writer,
    join_parts,
    kind_of_output,
    open_writer,
)

__all__ = [
    "KINDS",
    "SUFFIXES",
    "OutputKind",
    "ReadLimits",
    "Record",
    "Skipped",
    "Source",
    "TextFolder",
    "Unreadable",
    "Writer",
    "find_sources",
    "join_parts",
    "kind_of_output",
    "open_writer",
    "read",
]
