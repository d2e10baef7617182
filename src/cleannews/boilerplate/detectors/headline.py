"""The headline, as the text's first line or just above the story.

A short first line may be a headline, a kicker or a sub-heading of the story. It is removed only on
evidence that goes with it: furniture right below it (by-line, date, placeholder), or the same words
elsewhere on the page. Such evidence leaves together with the line, so a second pass finds no "next"
headline. Without it the line is only reported, and still read as the title.
"""

from __future__ import annotations

import re

from cleannews.boilerplate.context import Context
from cleannews.document import Block, Capture, Rule

FURNITURE = frozenset({"byline", "date", "placeholder", "photo_credit", "share", "caption"})
"""Categories of the blocks that stand between a headline and the story."""

LONGEST = 25
"""Most words of a headline."""
SHORTEST = 3
"""Least words of a headline."""
MOST_ABOVE = 3
"""Most unclaimed blocks above the story among which the headline is looked for."""

SHARED_WORDS = 0.5
"""Least share of a line's words that the story holds, for a title below furniture."""
REPORTED_WORDS = 0.3
"""The same for a title that is only reported."""

_FULL_STOP = re.compile(r"[^.…][.。।۔;,][\"'”’»)\]]{0,2}$")
_WORD = re.compile(r"[぀-ヿ㐀-鿿가-힯]{2}|[^\W\d_]{4,}")
"""A longer word; two characters in scripts that put no space between words."""


def find_headline(context: Context) -> None:
    """Claim the headline, or report it."""
    rules = {r.id.rpartition("/")[2]: r for r in context.detector_rules("headline")}
    candidates = [b for b in _above_story(context) if _looks_like_title(b)]
    removable, reported = rules.get("title-line"), rules.get("first-line")
    for block in candidates:
        if removable and (why := _evidence(context, block)):
            _claim(context, block, removable, why)
            return
    if candidates and reported and context.story and candidates[-1].index < context.first_story:
        first = candidates[0]
        share = _shared_words(context, first)
        if share >= REPORTED_WORDS:
            _claim(context, first, reported, f"{share:.0%} of its words are in the story")
        elif len(candidates) == 1:
            _claim(context, first, reported, "the only line above the story")


def _claim(context: Context, block: Block, rule: Rule, why: str) -> None:
    context.claim(block, rule, why, (Capture("title", block.shown, block.place_of(block.shown)),))


def _above_story(context: Context) -> list[Block]:
    """The last unclaimed blocks before the story, in order."""
    above: list[Block] = []
    if context.story:
        for block in reversed(context.page.blocks[: context.first_story]):
            if block.index not in context.claims:
                above.append(block)
                if len(above) == MOST_ABOVE:
                    break
    return above[::-1]


def _looks_like_title(block: Block) -> bool:
    if block.shown[0] in "*-•·[({#<,.;:!?)" or block.shown.endswith((":", "...", "…")):
        return False
    return SHORTEST <= block.words <= LONGEST and not _FULL_STOP.search(block.shown[-4:])


def _evidence(context: Context, block: Block) -> str:
    after = context.claims.get(block.index + 1)
    if after and after.safety == "safe" and after.category in FURNITURE:
        return f"a title line above a {after.category} line"
    below = context.page.blocks[block.index + 1].start
    if any(p.span.start == below and p.category == "placeholder" for p in context.parts):
        return "a title line above a placeholder"
    before = context.claims.get(block.index - 1)
    first = block.index + 1 == context.first_story
    below_furniture = before and before.safety == "safe" and before.category in FURNITURE
    if first and before and below_furniture and _shared_words(context, block) >= SHARED_WORDS:
        return f"a title line between a {before.category} line and the story"
    if block.words < 4:
        return ""
    key = block.key
    # Most lines stand there once, which one search through all of them tells.
    if "\n".join([b.key for b in context.page.blocks]).count(key) < 2:
        return ""
    for other in [b for b in context.page.blocks if key in b.key]:
        if other.index == block.index or len(other.shown) >= 400:
            continue
        if other.index in context.claims or other.key == key:
            return f"the same words stand in block {other.index + 1}"
    return ""


def _shared_words(context: Context, block: Block) -> float:
    """Share of the line's longer words that the first story blocks hold."""
    words = {w[:6] for w in _WORD.findall(block.key)}
    if not words:
        return 0.0
    body = " ".join([context.page.blocks[i].key for i in context.story[:6]])[:4000]
    return sum(w in body for w in words) / len(words)
