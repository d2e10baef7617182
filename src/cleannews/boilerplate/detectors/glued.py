"""Boilerplate glued to the end of a prose line: "… he said. Source link"."""

from __future__ import annotations

import re

from cleannews.boilerplate.context import Context
from cleannews.boilerplate.hits import Hit
from cleannews.boilerplate.matching import Matcher
from cleannews.document import Finding, Rule, Span

# A sentence end with something after it; what may stand before is looked at in code, because a
# search for a rare character is many times faster than one for nearly any.
_END = re.compile(r"[.!?。！？।॥؟۔][\"'”’»)\]]{0,2}\s{0,3}(?=\S)")
_NO_SENTENCE = ".… \t\n"
"""What stands before the mark of an ellipsis or a lone one."""
_GOES_ON = ",;:)"
"""What a sentence goes on with after an abbreviation."""

LONGEST_REST = 160
"""Longest rest after the last sentence, in code points."""
SHORTEST_REST = 2
"""Least words of a rest that is not at the end of the text."""


def find_glued_ends(context: Context) -> None:
    """Report the rest of a prose block after its last sentence, when rules know all of it.

    The rest must be what a safe rule claims as a whole block; a single word counts only where
    nothing but boilerplate follows.
    """
    known, matcher = context.matcher.rests.get, context.matcher
    ends = [
        (b, found)
        for b in reversed(context.page.blocks)
        if b.is_prose and (found := rests(t, matcher) if (f := known(t := b.text)) is None else f)
    ]
    if not ends:
        return
    last_kept = context.last_kept()
    for rule in context.detector_rules("glued"):
        for block, found in ends:
            at_end = block.index >= last_kept  # nothing but boilerplate stands below the block
            for start, hit in found:
                if _counts(hit.rule, at_end, len(block.text[start:].split())):
                    context.parts.append(
                        Finding(
                            span=Span(block.start + start, block.end),
                            rule=hit.rule.id,
                            category=hit.rule.category,
                            safety=rule.safety,
                            confidence=min(rule.confidence, hit.rule.confidence),
                            evidence=f"glued behind the last sentence, {hit.evidence}",
                            language=hit.rule.language,
                            captures=hit.captures_at(block.start + start),
                        )
                    )
                    break


def rests(text: str, matcher: Matcher) -> tuple[tuple[int, Hit], ...]:
    """Return where something that a rule knows begins behind a sentence, the longest rest first."""
    if (known := matcher.rests.get(text)) is not None:
        return known
    found = []
    for m in _END.finditer(text, max(1, len(text) - LONGEST_REST - 4)):
        at = m.end()
        if text[m.start() - 1] in _NO_SENTENCE or text[at] in _GOES_ON:
            continue
        if matcher.knows(text, at):
            found += [(at, h) for h in matcher.matches(text[at:]) if h.whole]
    return matcher.rests.put(text, tuple(found))


def _counts(rule: Rule, at_end: bool, words: int) -> bool:
    if rule.safety != "safe" or rule.extent == "label" or rule.zone == "head":
        return False
    if rule.category in ("agency", "photo_credit") and words < SHORTEST_REST:
        return False  # "… said the mayor. (Reuters)" credits a text
    if rule.near and not ("end" in rule.near and at_end):
        return False
    return at_end or words >= SHORTEST_REST
