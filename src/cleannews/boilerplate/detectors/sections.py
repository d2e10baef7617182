"""Sections: a heading such as "Related Posts" and what stands under it."""

from __future__ import annotations

from itertools import islice

from cleannews.boilerplate.context import Context
from cleannews.document import Block, Rule

LONGEST_INSIDE = 6
"""Most entries that a heading between story blocks takes."""
SHORTEST_ENTRY = 3
"""Least words of an entry between story blocks; a shorter block may be a sub-heading."""
LONGEST_ENTRY = 30
"""Most words of an entry between story blocks."""

ENTRY_DOUBT = 0.03
"""How much less certain an entry is than its heading."""


def find_sections(context: Context) -> None:
    """Claim the entries under every heading that a `section` rule found."""
    headings: list[tuple[Block, Rule]] = []
    for block, found in context.hit_blocks:
        # Another rule may know the same words better ("read more"); it is a heading all the same.
        if found.headings and block.index in context.claims:
            rules = [h.rule for h in found.headings if context.in_zone(block.index, h.rule.zone)]
            headings += [(block, rule) for rule in rules[:1]]
    taken = 0  # up to here, what stands below a heading of the tail has a claim already
    for block, rule in headings:
        if block.index > context.last_story:
            if block.index >= taken:
                taken = _take_tail(context, block, rule)
        elif block.index > context.first_story:
            _take_inside(context, block, rule)


def _entry(context: Context, block: Block, heading: Block, rule: Rule) -> None:
    if block.index in context.claims:
        return
    evidence = f"under the heading “{heading.shown[:60]}”"
    context.claim(block, rule, evidence, confidence=rule.confidence - ENTRY_DOUBT)


def _take_tail(context: Context, heading: Block, rule: Rule) -> int:
    """After the story: everything without a claim of its own, up to the next prose block.

    Returns:
        The index of that prose block, or the number of blocks.
    """
    for block in islice(context.page.blocks, heading.index + 1, None):
        if block.is_prose:
            return block.index
        _entry(context, block, heading, rule)
    return len(context.page.blocks)


def _take_inside(context: Context, heading: Block, rule: Rule) -> None:
    """Between story blocks: the titles right below, as long as they look like titles."""
    entries: list[Block] = []
    below = heading.index + 1
    for block in context.page.blocks[below : below + LONGEST_INSIDE + 1]:
        if block.is_prose or block.index in context.claims:
            break
        if not SHORTEST_ENTRY <= block.words <= LONGEST_ENTRY:
            break
        entries.append(block)
        if len(entries) > LONGEST_INSIDE:
            return  # a long list below "Read more" is more likely a part of the story
    for block in entries:
        _entry(context, block, heading, rule)
