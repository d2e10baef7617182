"""Text that the page already holds: blocks printed twice, captions under their own thumbnails."""

from __future__ import annotations

from cleannews.boilerplate.context import Context
from cleannews.document import Block
from cleannews.reading.folding import fold

SHORTEST = 10
"""Least words of a repeated block on its own; shorter ones are refrains, labels, answers."""
SHORTEST_CUT = 5
"""Least words of a block that is cut short ("…") and begins like an earlier one."""
LONGEST_CUT = 200
"""Longest cut block, in code points."""


def find_repeats(context: Context) -> None:
    """Claim every later copy of a long block, and teasers cut from an earlier block."""
    for rule in context.detector_rules("repeats"):
        seen: dict[str, Block] = {}
        starts: dict[str, list[tuple[str, Block]]] = {}
        for block in context.page.blocks:
            if block.words < SHORTEST_CUT or context.is_removable(block.index):
                continue
            key = fold(block.text)
            if block.words >= SHORTEST:
                if (first := seen.setdefault(key, block)) is not block:
                    context.claim(block, rule, f"repeats block {first.index + 1} word for word")
                    continue
                starts.setdefault(key[:12], []).append((key, block))
            if block.text.endswith(("...", "…")) and len(block.text) <= LONGEST_CUT:
                longer = starts.get(key[:12], ())[:50]
                if any(b is not block and k.startswith(key) for k, b in longer):
                    context.claim(block, rule, "begins like an earlier block and is cut short")
