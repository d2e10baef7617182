"""Who has a hash: one bit for each text of a circle."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleannews.duplicates.signatures import Counts, Words

Masks = NDArray[Any]
"""One bit for each text of a circle. uint8, uint16 or uint32."""

TABLE = 8
"""Cells of a circle's table for each hash of its texts."""
_LEFT_OUT = np.uint32(2)
"""Lowest bits of a hash that are not compared."""
_COMPARED = 30


def mask_type(members: int) -> np.dtype[Any]:
    """Return the smallest type with a bit for each of at most 32 members."""
    return np.dtype(np.uint8 if members <= 8 else np.uint16 if members <= 16 else np.uint32)


def masks_of(
    hashes: Words, lengths: Counts, circle: Counts, place: Counts, kind: np.dtype[Any]
) -> Masks:
    """Return for every hash which members of its circle have it, too, as bits.

    Each circle has a table of its own. Hashes that find another one in their cell are numbered by
    sorting, and these numbers are cells behind the tables.

    Args:
        hashes: Hashes, member by member.
        lengths: How many each member has.
        circle: Circle of each member, the first one being 0.
        place: Which bit stands for each member; rising.
        kind: Type of the masks.
    """
    keys = hashes >> _LEFT_OUT
    room = TABLE * np.bincount(circle, lengths).astype(np.int64)
    cells = int(room.sum())
    cell: Counts = keys.astype(np.int64)
    cell *= np.repeat(room[circle], lengths)
    cell >>= _COMPARED
    cell += np.repeat((np.cumsum(room) - room)[circle], lengths)
    table = np.empty(cells, np.uint32)
    table[cell] = keys
    # Whose cell was taken by another hash: all with the same hash in the same circle.
    lost = np.flatnonzero(table[cell] != keys)
    owner = circle[np.searchsorted(np.cumsum(lengths), lost, "right")]
    cell[lost] = cells + _numbered(keys[lost], owner)
    found = np.zeros(cells + len(lost), kind)
    start = 0
    for bit, count in enumerate(np.bincount(place, lengths).astype(np.int64).tolist()):
        own = cell[start : start + count]
        found[own] |= kind.type(1 << bit)
        start += count
    return found[cell]


def _numbered(keys: Words, circle: Counts) -> Counts:
    """Return one number for each different pair of hash and circle."""
    pairs = np.left_shift(circle, _COMPARED) | keys
    order = np.argsort(pairs)
    made = np.zeros(len(pairs), np.int64)
    made[order[1:]] = np.cumsum(pairs[order[1:]] != pairs[order[:-1]])
    return made
