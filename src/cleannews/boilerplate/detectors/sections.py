"""Sections: a heading such as "Related Posts" and what stands under it."""

from __future__ import annotations

from cleannews.boilerplate.context import Context
from cleannews.document import Block, Finding

LONGEST_INSIDE = 6
"""Most entries that a heading between story blocks takes."""
SHORTEST_ENTRY = 3
"""Least words of an entry between story blocks; a shorter block may be a sub-heading."""
LONGEST_ENTRY = 30
"""Most words of an entry between story blocks."""


def find_sections(context: Context) -> None:
    """Claim the entries under every heading that a `section` rule found."""
    headings: list[tuple[Block, Finding]] = []
    for block, hits in zip(context.page.blocks, context.hits, strict=True):
        claim = context.claims.get(block.index)
        if claim and any(h.rule.extent == "section" and h.rule.id == claim.rule for h in hits):
            headings.append((block, claim))
    for block, claim in headings:
        if block.index > context.last_story:
            _take_tail(context, block, claim)
        elif block.index > context.first_story:
            _take_inside(context, block, claim)


def _entry(context: Context, block: Block, heading: Block, claim: Finding) -> None:
    if block.index in context.claims:
        return
    rule = next(
        h.rule for h in context.hits[heading.index] if h.whole and h.rule.id == claim.rule
    )
    evidence = f"under the heading “{heading.text[:60]}”"
    context.claim(block, rule, evidence, confidence=max(0.5, claim.confidence - 0.03))


def _take_tail(context: Context, heading: Block, claim: Finding) -> None:
    """After the story: everything without a claim of its own, up to the next prose block."""
    for block in context.page.blocks[heading.index + 1 :]:
        if block.is_prose:
            break
        _entry(context, block, heading, claim)


def _take_inside(context: Context, heading: Block, claim: Finding) -> None:
    """Between story blocks: the titles right below, as long as they look like titles."""
    entries: list[Block] = []
    for block in context.page.blocks[heading.index + 1 :]:
        if block.is_prose or block.index in context.claims:
            break
        if not SHORTEST_ENTRY <= block.words <= LONGEST_ENTRY:
            break
        entries.append(block)
        if len(entries) > LONGEST_INSIDE:
            return  # a long list below "Read more" is more likely a part of the story
    for block in entries:
        _entry(context, block, heading, claim)
