"""Detection: rules first, then what follows from a rule, then what a table cannot say.

Detecting never decides: everything that could be boilerplate is reported with its confidence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from cleannews.boilerplate.context import Context
from cleannews.boilerplate.detectors import DETECTORS
from cleannews.boilerplate.detectors.boxes import find_boxes
from cleannews.boilerplate.detectors.site_template import find_site_template
from cleannews.boilerplate.hits import NOTHING, Hit
from cleannews.boilerplate.matching import Matcher
from cleannews.boilerplate.rulebook import Rulebook
from cleannews.boilerplate.sites import SiteProfile
from cleannews.boilerplate.values import is_value
from cleannews.document import Capture, Finding, Page, Span
from cleannews.reading.html_page import HtmlPage
from cleannews.reading.plain import read_rest

LONGEST_VALUE = 12
"""Longest block, in words, that counts as the value of a label."""
LABEL_CONFIDENCE = 0.99
"""Confidence of a label that has its value below it, and of the value."""
ALONE_CONFIDENCE = 0.7
"""Confidence of what stands alone amid the story and might belong to it."""


def detect_page(
    page: Page,
    rulebook: Rulebook,
    matcher: Matcher,
    site: SiteProfile | None = None,
    *,
    is_scored: bool = False,
) -> Context:
    """Find everything on a page that looks like boilerplate.

    Args:
        page: The page.
        rulebook: Rules in force.
        matcher: Index over the same rules.
        site: What was learned from other pages of the site.
        is_scored: The page is what the scorer of blocks left of an HTML page.

    Returns:
        The context with claims on whole blocks and findings inside blocks.
    """
    found = [matcher.found_in(b) for b in page.blocks]
    is_scored = is_scored or isinstance(page, HtmlPage)
    return _detect(Context(page, rulebook, matcher, found, site, is_scored))


def detect_by_tree(
    page: HtmlPage,
    rulebook: Rulebook,
    matcher: Matcher,
    site: SiteProfile | None = None,
    *,
    is_last: bool = False,
    may_end: bool = False,
) -> Context:
    """Find what on an HTML page looks like boilerplate by its place among the elements alone.

    Args:
        page: The page.
        rulebook: Rules in force.
        matcher: Index over the same rules.
        site: As for `detect_page`.
        is_last: No closer look follows.
        may_end: None follows where this one leaves hardly any doubt; the context then is settled.
    """
    context = Context(page, rulebook, matcher, [NOTHING] * len(page.blocks), site)
    find_site_template(context)
    find_boxes(context, by_tree=True, is_last=is_last, may_end=may_end)
    return context


def detect_rest(context: Context, removed: Sequence[Span], text: str) -> Context:
    """Look at a page again after removals, as `detect_page` would, but reuse what stays true.

    Args:
        context: The look before.
        removed: What went, in order.
        text: What is left of the page's text.
    """
    page, origins = read_rest(context.page, removed, text, context.matcher.splitter)
    before, found_in = context.found, context.matcher.found_in
    found = [
        before[o] if o >= 0 else found_in(b) for o, b in zip(origins, page.blocks, strict=True)
    ]
    rest = Context(page, context.rulebook, context.matcher, found, context.site, context.is_scored)
    return _detect(rest)


def detect_rules(page: Page, rulebook: Rulebook, matcher: Matcher) -> Context:
    """Find what rules find on a page, without detectors: for what is no page, but lines of one."""
    found = [matcher.found_in(b) for b in page.blocks]
    return _apply_rules(Context(page, rulebook, matcher, found))


def _detect(context: Context) -> Context:
    _apply_rules(context)
    for detector in DETECTORS.values():
        detector(context)
    return context


def _apply_rules(context: Context) -> Context:
    _claim_blocks(context)
    _name_like_neighbours(context)
    _doubt_the_lonely(context)
    _claim_neighbours(context)
    _claim_values(context)
    _report_parts(context)
    return context


def findings_of(context: Context) -> list[Finding]:
    """Return all findings of a context by position; parts of a removable block are left out."""
    findings = [f for _, f in sorted(context.claims.items())]
    if context.parts:
        gone = [f.span for f in findings if f.safety == "safe"]
        findings += [p for p in context.parts if not _lies_in(p.span, gone)]
        findings.sort(key=lambda f: (f.span.start, f.span.end, f.rule, f.language))
    return findings


def _lies_in(span: Span, spans: list[Span]) -> bool:
    """Tell whether a span lies inside one of `spans`, which are in order of position."""
    i = bisect_right(spans, span.start, key=lambda s: s.start)
    return i > 0 and span.end <= spans[i - 1].end


def _claim_blocks(context: Context) -> None:
    for block, found in context.hit_blocks:
        index = block.index
        if found.claims and not (block.shown[0].islower() and _is_fragment(context, index)):
            for hit in found.claims:
                if context.in_zone(index, hit.rule.zone):
                    context.claim(block, hit.rule, hit.evidence, hit.captures_at(block.start))
        if not found.parts:
            continue
        parts = [h for h in found.parts if h.rule.safety == "safe" and not h.rule.near]
        if parts and _covers(block.text, parts):
            first = min(parts, key=lambda h: h.start)
            if context.in_zone(index, first.rule.zone):
                context.claim(block, first.rule, first.evidence, first.captures_at(block.start))


def _name_like_neighbours(context: Context) -> None:
    """Of several rules that claim a block alike, let the one name it whose category is beside it.

    "Email" in a share bar is a button, under a comment box a label.
    """
    before = dict(context.claims)
    for block, found in context.hit_blocks:
        if len(found.hits) < 2:
            continue
        claim = before.get(block.index)
        if claim is None or claim.safety != "safe" or claim.captures:
            continue
        beside = {c.category for j in (block.index - 1, block.index + 1) if (c := before.get(j))}
        if not beside or claim.category in beside:
            continue
        for hit in found.hits:
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
        for block, found in context.hit_blocks
        if block.is_prose
        and block.index in inside
        and (claim := claims.get(block.index))
        and any(h.loose and h.rule.id == claim.rule for h in found.hits)
    }
    alone = {i for i in loose if not any(map(context.is_removable, {i - 1, i + 1} - loose))}
    alone |= {
        block.index
        for block, _ in context.hit_blocks
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
    claims = context.claims
    waiting = [(block, found.needing) for block, found in context.hit_blocks if found.needing]
    only_claims_follow, below = True, len(context.page.blocks)
    for block, needing in reversed(waiting):
        i = block.index
        only_claims_follow = only_claims_follow and all(
            map(context.is_removable, range(i + 1, below))
        )
        below = i + 1
        beside = {c.category for j in (i - 1, i + 1) if (c := claims.get(j))}
        for hit in needing:
            rule = hit.rule
            if not context.in_zone(i, rule.zone):
                continue
            if near := beside.intersection(rule.near):
                why = f"beside {', '.join(sorted(near))}"
            elif "end" in rule.near and only_claims_follow:
                why = "nothing but boilerplate follows"
            else:
                continue
            context.claim(block, rule, f"{hit.evidence}, {why}", hit.captures_at(block.start))


def _claim_values(context: Context) -> None:
    """A label and its value on the next block: "Edited By:" and the name below it."""
    blocks = context.page.blocks
    for block, found in context.hit_blocks:
        if not found.labels:
            continue
        claim = context.claims.get(block.index)
        if claim is None or claim.captures or block.index + 1 >= len(blocks):
            continue
        after = blocks[block.index + 1]
        own = context.claims.get(after.index)
        for hit in found.labels:
            rule = hit.rule
            if not context.in_zone(block.index, rule.zone):
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
    for block, found in context.hit_blocks:
        at = block.start
        for hit in found.parts:
            if not context.in_zone(block.index, hit.rule.zone):
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
                    captures=hit.captures_at(at),
                )
            )


def _part_has_neighbour(context: Context, index: int, hit: Hit) -> bool:
    near = set(hit.rule.near)
    beside = {c.category for j in (index - 1, index + 1) if (c := context.claims.get(j))}
    others = {h.rule.category for h in context.found[index].hits if h.rule.id != hit.rule.id}
    at_end = all(context.is_removable(j) for j in range(index + 1, len(context.page.blocks)))
    return bool(near & (beside | others)) or ("end" in near and at_end)
