"""Boilerplate glued to the end of a prose line: "… he said. Source link"."""

from __future__ import annotations

import re

from cleannews.boilerplate.context import Context
from cleannews.boilerplate.matching import Hit
from cleannews.document import Finding, Span

# The last sentence end with something after it.
_END = re.compile(r"[^\s.…][.!?。！？।॥؟۔][\"'”’»)\]]{0,2}\s{0,3}(?=\S)")

LONGEST_REST = 160
"""Longest rest after the last sentence, in code points."""
SHORTEST_REST = 2
"""Least words of a rest that is not at the end of the text."""


def find_glued_ends(context: Context) -> None:
    """Report the rest of a prose block after its last sentence, when rules know all of it.

    The rest must be what a safe rule claims as a whole block; a single word counts only where
    nothing but boilerplate follows.
    """
    for rule in context.detector_rules("glued"):
        blocks = context.page.blocks
        below = len(blocks)
        at_end = True  # nothing but boilerplate stands below the block
        for block in [b for b in reversed(blocks) if b.is_prose]:
            at_end = at_end and all(map(context.is_removable, range(block.index + 1, below)))
            below = block.index + 1
            if context.is_removable(block.index):
                continue
            text = block.text
            window = max(0, len(text) - LONGEST_REST - 4)
            # The earliest end in the window that leaves nothing but boilerplate behind it.
            for m in _END.finditer(text, window):
                hit = _known(context, text[m.end() :], at_end)
                if hit is None:
                    continue
                span = Span(block.start + m.end(), block.end)
                context.parts.append(
                    Finding(
                        span=span,
                        rule=rule.id,
                        category=hit.rule.category,
                        safety=rule.safety,
                        confidence=rule.confidence,
                        evidence=f"after the last sentence: {hit.rule.id}, {hit.evidence}",
                        language=hit.rule.language,
                    )
                )
                break


def _known(context: Context, rest: str, at_end: bool) -> Hit | None:
    if not context.matcher.knows(rest):
        return None
    for hit in context.matcher.matches(rest):
        rule = hit.rule
        if not (hit.whole and rule.safety == "safe" and rule.extent != "label"):
            continue
        if rule.near and not ("end" in rule.near and at_end):
            continue
        if rule.zone not in ("tail", "any", "edge"):
            continue
        if len(rest.split()) < SHORTEST_REST and not at_end:
            continue
        return hit
    return None
