"""Editing: from the findings to remove to the exact spans that leave the text.

A seam between two kept blocks keeps the stronger of the gaps around what went; otherwise deleting a
piece would pull two paragraphs together, and a second pass would see another text.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleannews.document import Block, Finding, Page, Span

Planned = tuple[Span, Finding]
"""What goes, with the white space that goes with it, and the finding it goes for."""


def plan_removals(page: Page, findings: Sequence[Finding]) -> list[Planned]:
    """Return what really goes for each finding, without overlaps.

    Args:
        page: The page the findings point into.
        findings: Whole blocks or parts of blocks, in any order.

    Returns:
        Spans with their findings, in order of position.
    """
    gone: dict[int, Finding] = {}
    cuts: dict[int, list[Finding]] = {}
    at = 0
    blocks = page.blocks
    for finding in sorted(findings, key=lambda f: (f.span.start, -f.span.end)):
        while at < len(blocks) and blocks[at].end <= finding.span.start:
            at += 1
        if at == len(blocks):
            break
        if finding.span.start == blocks[at].start and finding.span.end == blocks[at].end:
            gone.setdefault(at, finding)
        else:
            cuts.setdefault(at, []).append(finding)
    planned: list[Planned] = []
    for index, parts in cuts.items():
        if index in gone:
            continue
        left = _cut(blocks[index], parts)
        if left is None:
            gone[index] = parts[0]
        else:
            planned += left
    runs = _runs(page, gone)
    return sorted(planned + runs, key=lambda p: p[0].start) if planned else runs


def _cut(block: Block, parts: list[Finding]) -> list[Planned] | None:
    """Cut parts out of a block; None when nothing with a letter or digit would stay."""
    merged: list[Planned] = []
    for part in parts:
        if merged and part.span.start < merged[-1][0].end:
            span, first = merged[-1]
            merged[-1] = (Span(span.start, max(span.end, part.span.end)), first)
        else:
            merged.append((part.span, part))
    text, at = block.text, block.start
    widened: list[Planned] = []
    left: list[str] = []
    last, end = " ", 0  # the last character that stays; the block's start counts as white space
    for span, part in merged:
        start, stop = span.start - at, span.end - at
        start, stop = max(start, end), min(stop, len(text))
        last = text[start - 1] if start > end else last
        # A cut leaves one white space behind, not two, and none at the block's start.
        while stop < len(text) and text[stop].isspace() and last.isspace():
            stop += 1
        left.append(text[end:start])
        if stop > start:
            widened.append((Span(at + start, at + stop), part))
        end = stop
    left.append(text[end:])
    if widened and end == len(text):
        _trim_end(block, widened)
    return widened if any(c.isalnum() for piece in left for c in piece) else None


def _trim_end(block: Block, cuts: list[Planned]) -> None:
    """Widen the cuts at a block's end to the white space before them."""
    first = len(cuts) - 1
    while first and cuts[first - 1][0].end == cuts[first][0].start:
        first -= 1
    span, finding = cuts[first]
    start = span.start
    lowest = cuts[first - 1][0].end if first else block.start
    while start > lowest and block.text[start - 1 - block.start].isspace():
        start -= 1
    cuts[first] = (Span(start, span.end), finding)


def _runs(page: Page, gone: dict[int, Finding]) -> list[Planned]:
    """Widen removed blocks to the gaps that go with them, run by run."""
    planned: list[Planned] = []
    blocks, size = page.blocks, len(page.text)
    order = sorted(gone)
    i = 0
    while i < len(order):
        j = i
        while j + 1 < len(order) and order[j + 1] == order[j] + 1:
            j += 1
        first, last = order[i], order[j]
        start, end = blocks[first].start, blocks[last].end
        has_before, has_after = first > 0, last + 1 < len(blocks)
        keeps, is_inside = 0, False
        if not has_before and not has_after:
            start, end = 0, size
        elif not has_before:
            start, end = 0, blocks[last + 1].start
        elif not has_after:
            start = blocks[first - 1].end
        else:
            keeps = _gap_to_keep(page, first, last)
            if keeps == first:
                end = blocks[last + 1].start
            elif keeps > last:
                start = blocks[first - 1].end
            else:
                # A line break inside the run keeps the lines around it apart.
                start, end = blocks[first - 1].end, blocks[last + 1].start
                is_inside = True
        for index in range(first, last + 1):
            here = start if index == first else blocks[index].start
            there = end if index == last else blocks[index + 1].start
            if is_inside and index == keeps - 1:
                there = blocks[index].end
            planned.append((Span(here, there), gone[index]))
        i = j + 1
    return planned


def _gap_to_keep(page: Page, first: int, last: int) -> int:
    """Return the block before which the gap stays when the blocks `first` to `last` go.

    That is the stronger of the two gaps around them. But where pieces of two lines go, and both
    gaps are inside a line, it is the first line break between them.
    """
    blocks, text = page.blocks, page.text
    top, below = blocks[first], blocks[last + 1]
    if not top.breaks and not below.breaks:
        for index in range(first + 1, last + 1):
            if blocks[index].breaks:
                return index
    elif not below.breaks:
        return first
    elif not top.breaks:
        return last + 1
    before = _strength(text, blocks[first - 1].end, top.start)
    after = _strength(text, blocks[last].end, below.start)
    return first if before >= after else last + 1


def _strength(text: str, start: int, end: int) -> tuple[int, int]:
    """How much a gap parts: its line breaks, then its length."""
    return text.count("\n", start, end), end - start
