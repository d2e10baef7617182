"""Detection: rules first, then what follows from a rule, then what a table cannot say.

Detecting never decides: everything that could be boilerplate is reported with its confidence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from cleannews.boilerplate.context import Context, captures_of
from cleannews.boilerplate.detectors import DETECTORS
from cleannews.boilerplate.matching import Hit, Matcher
from cleannews.boilerplate.rulebook import Rulebook
from cleannews.boilerplate.sites import SiteProfile
from cleannews.boilerplate.values import is_value
from cleannews.document import Capture, Finding, Page, Span
from cleannews.reading.plain import read_rest

LONGEST_VALUE = 12
"""Longest block, in words, that counts as the value of a label."""
LABEL_CONFIDENCE = 0.99
"""Confidence of a label that has its value below it, and of the value."""
ALONE_CONFIDENCE = 0.7
"""Confidence of what stands alone amid the story and might belong to it."""


def detect_page(
    page: Page, rulebook: Rulebook, matcher: Matcher, site: SiteProfile | None = None
) -> Context:
    """Find everything on a page that looks like boilerplate.

    Args:
        page: The page.
        rulebook: Rules in force.
        matcher: Index over the same rules.
        site: What was learned from other pages of the site.

    Returns:
        The context with claims on whole blocks and findings inside blocks.
    """
    known, look = matcher.known, matcher.matches
    hits = [look(b.text) if (hits := known(b.text)) is None else hits for b in page.blocks]
    return _detect(Context(page, rulebook, matcher, hits, site))


def detect_rest(context: Context, removed: Sequence[Span], text: str) -> Context:
    """Look at a page again after removals, as `detect_page` would, but reuse what stays true.

    Args:
        context: The look before.
        removed: What went, in order.
        text: What is left of the page's text.
    """
    page, origins = read_rest(context.page, removed, text, context.matcher.splitter)
    before, look = context.hits, context.matcher.matches
    hits = [
        before[o] if o >= 0 else look(b.text) for o, b in zip(origins, page.blocks, strict=True)
    ]
    return _detect(Context(page, context.rulebook, context.matcher, hits, context.site))


def _detect(context: Context) -> Context:
    _claim_blocks(context)
    _name_like_neighbours(context)
    _doubt_the_lonely(context)
    _claim_neighbours(context)
    _claim_values(context)
    _report_parts(context)
    for detector in DETECTORS.values():
        detector(context)
    return context


def findings_of(context: Context) -> list[Finding]:
    """Return all findings of a context by position; parts of a removable block are left out."""
    findings = [f for _, f in sorted(context.claims.items())]
    if context.parts:
        gone = [f.span for f in findings if f.safety == "safe"]
        findings += [p for p in context.parts if not _lies_in(p.span, gone)]
        findings.sort(key=lambda f: (f.span, f.rule, f.language))
    return findings


def _lies_in(span: Span, spans: list[Span]) -> bool:
    """Tell whether a span lies inside one of `spans`, which are in order of position."""
    i = bisect_right(spans, span.start, key=lambda s: s.start)
    return i > 0 and span.end <= spans[i - 1].end


def _claim_blocks(context: Context) -> None:
    for block, hits in context.block_hits:
        may_be_fragment, parts = block.shown[0].islower(), []
        for hit in hits:
            rule = hit.rule
            if rule.near:
                continue
            if not hit.whole:
                if rule.safety == "safe":
                    parts.append(hit)
            elif context.in_zone(block.index, rule.zone):
                if may_be_fragment and _is_fragment(context, block.index):
                    continue
                context.claim(block, rule, hit.evidence, captures_of(hit, block.start))
        if parts and _covers(block.text, parts):
            first = min(parts, key=lambda h: h.start)
            if context.in_zone(block.index, first.rule.zone):
                context.claim(block, first.rule, first.evidence, captures_of(first, block.start))


def _name_like_neighbours(context: Context) -> None:
    """Of several rules that claim a block alike, let the one name it whose category is beside it.

    "Email" in a share bar is a button, under a comment box a label.
    """
    before = dict(context.claims)
    for block, hits in context.block_hits:
        claim = before.get(block.index)
        if claim is None or claim.safety != "safe" or claim.captures or len(hits) < 2:
            continue
        beside = {c.category for j in (block.index - 1, block.index + 1) if (c := before.get(j))}
        if not beside or claim.category in beside:
            continue
        for hit in hits:
            rule = hit.rule
            alike = hit.whole and not rule.near and rule.safety == "safe" and not hit.captures
            if alike and rule.category in beside and context.in_zone(block.index, rule.zone):
                context.claims.pop(block.index)
                context.claim(block, rule, hit.evidence)
                break


def _doubt_the_lonely(context: Context) -> None:
    """Lower the confidence in what stands alone amid the story and might belong to it.

    A sentence that only begins or ends like boilerplate: "Never miss a chance to carry a tray."
    One word between two paragraphs, which may be a sub-heading: "Menu". Between other boilerplate
    the same words are no chance.
    """
    claims = context.claims
    inside = range(context.first_story + 1, context.last_story)
    story = set(context.story)
    loose = {
        block.index
        for block, hits in context.block_hits
        if block.is_prose
        and block.index in inside
        and (claim := claims.get(block.index))
        and any(h.loose and h.rule.id == claim.rule for h in hits)
    }
    alone = {i for i in loose if not any(map(context.is_removable, {i - 1, i + 1} - loose))}
    alone |= {
        block.index
        for block, _ in context.block_hits
        if block.words == 1
        and block.index in inside
        and {block.index - 1, block.index + 1} <= story
        and (claim := claims.get(block.index))
        and context.rulebook.categories[claim.category].headings
    }
    for i in alone:
        least = min(claims[i].confidence, ALONE_CONFIDENCE)
        evidence = f"{claims[i].evidence}, alone inside the story"
        claims[i] = replace(claims[i], confidence=least, evidence=evidence)


def _is_fragment(context: Context, index: int) -> bool:
    """Tell whether a block in lower case is a piece of a sentence that was broken at its links.

    "please" / "contact us" / "for more": the sentence goes on before or after it.
    """
    blocks = context.page.blocks
    text = blocks[index].shown
    # "pic.twitter.com/…" is in lower case wherever it stands; an address may end a sentence.
    is_picture_link = "/" in text and "://" not in text
    if is_picture_link or not context.first_story < index < context.last_story:
        return False
    before, after = blocks[index - 1].shown, blocks[index + 1].shown
    return before[-1].isalnum() or before[-1] in ",-–" or after[0].islower() or after[0] in ",.;:)"


def _covers(text: str, parts: list[Hit]) -> bool:
    """Tell whether nothing with a letter or digit is left when the parts are cut out."""
    left, end = [], 0
    for part in sorted(parts, key=lambda h: h.start):
        left.append(text[end : max(end, part.start)])
        end = max(end, part.end)
    left.append(text[end:])
    return not any(c.isalnum() for piece in left for c in piece)


def _claim_neighbours(context: Context) -> None:
    """Rules that need a certain neighbour: backwards, so that a chain at the end is followed."""
    blocks, claims = context.page.blocks, context.claims
    waiting = {
        block.index: needing
        for block, hits in context.block_hits
        if (needing := [h for h in hits if h.whole and h.rule.near])
    }
    only_claims_follow, below = True, len(blocks)
    for i in sorted(waiting, reverse=True):
        only_claims_follow = only_claims_follow and all(
            map(context.is_removable, range(i + 1, below))
        )
        below = i + 1
        block = blocks[i]
        for hit in waiting[i]:
            rule = hit.rule
            if not context.in_zone(i, rule.zone):
                continue
            beside = {c.category for j in (i - 1, i + 1) if (c := claims.get(j))}
            if beside & set(rule.near):
                why = f"beside {', '.join(sorted(beside & set(rule.near)))}"
            elif "end" in rule.near and only_claims_follow:
                why = "nothing but boilerplate follows"
            else:
                continue
            context.claim(block, rule, f"{hit.evidence}, {why}", captures_of(hit, block.start))


def _claim_values(context: Context) -> None:
    """A label and its value on the next block: "Edited By:" and the name below it."""
    blocks = context.page.blocks
    for block, hits in context.block_hits:
        claim = context.claims.get(block.index)
        if claim is None or claim.captures or block.index + 1 >= len(blocks):
            continue
        after = blocks[block.index + 1]
        own = context.claims.get(after.index)
        for hit in hits:
            rule = hit.rule
            if rule.extent != "label" or not context.in_zone(block.index, rule.zone):
                continue
            field, kind = rule.captures[0]
            if own is not None and own.category != rule.category:
                continue
            if after.words <= LONGEST_VALUE and is_value(kind, after.shown):
                capture = Capture(field, after.shown, after.place_of(after.shown))
                context.claim(block, rule, hit.evidence, confidence=LABEL_CONFIDENCE)
                why = f"value of “{block.shown}”"
                context.claim(after, rule, why, (capture,), LABEL_CONFIDENCE)
                break


def _report_parts(context: Context) -> None:
    for block, hits in context.block_hits:
        at = block.start
        for hit in hits:
            if hit.whole or not context.in_zone(block.index, hit.rule.zone):
                continue
            if hit.rule.near and not _part_has_neighbour(context, block.index, hit):
                continue
            context.parts.append(
                Finding(
                    span=Span(at + hit.start, at + hit.end),
                    rule=hit.rule.id,
                    category=hit.rule.category,
                    safety=hit.rule.safety,
                    confidence=hit.rule.confidence,
                    evidence=hit.evidence,
                    language=hit.rule.language,
                    captures=captures_of(hit, block.start),
                )
            )


def _part_has_neighbour(context: Context, index: int, hit: Hit) -> bool:
    near = set(hit.rule.near)
    beside = {c.category for j in (index - 1, index + 1) if (c := context.claims.get(j))}
    others = {h.rule.category for h in context.hits[index] if h.rule.id != hit.rule.id}
    at_end = all(context.is_removable(j) for j in range(index + 1, len(context.page.blocks)))
    return bool(near & (beside | others)) or ("end" in near and at_end)
