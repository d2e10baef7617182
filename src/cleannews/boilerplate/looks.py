"""The looks at a page: each finds, what goes is taken out, and the next sees what is left.

A flat text is looked at until nothing more goes. An HTML page first loses what its tree is certain
of, then what words, rules and neighbours tell; what is left has no tags to go by and goes the way
of every flat text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from cleannews.boilerplate.context import Context
from cleannews.boilerplate.decide import to_remove
from cleannews.boilerplate.detect import (
    detect_by_tree,
    detect_page,
    detect_rest,
    findings_of,
)
from cleannews.boilerplate.detectors.boxes import unwanted
from cleannews.boilerplate.edit import Planned, plan_removals
from cleannews.boilerplate.matching import matcher_of
from cleannews.boilerplate.oddities import find_oddities, notices, odd_characters
from cleannews.boilerplate.remainder import Remainder
from cleannews.boilerplate.rulebook import Rulebook
from cleannews.boilerplate.sites import SiteProfile
from cleannews.boilerplate.trust import expected_f1
from cleannews.document import Finding, Page, Removal, Warning_
from cleannews.options import CleanOptions
from cleannews.reading.html_page import HtmlPage
from cleannews.reading.plain import read_plain

TOLD_BY_RULES = ("headline", "byline", "dates", "captions", "standfirst", "comments")
"""Options that keep what rules tell better than the tree does."""
TELLING = frozenset({"byline", "caption", "date"})
"""Categories of what goes by the tree, and is read for people, credits and dates all the same."""
MOST_PASSES = 30
"""Passes after which a text that still changes is given back unchanged, with a warning."""


class Look(NamedTuple):
    """The first look at a page, up to where its text is cleaned as any text.

    Attributes:
        context: The look at the text that is left.
        left: Which text that is.
        removed: Blocks of an HTML page that went already.
        found: Everything that looked like boilerplate, with offsets of the document.
        warnings: What was odd.
        expected: Word F1 that the scorer of blocks expects of what is left of an HTML page.
    """

    context: Context
    left: Remainder
    removed: list[Removal]
    found: list[Finding]
    warnings: tuple[Warning_, ...]
    expected: float = 0.0


def look_at_text(page: Page, rulebook: Rulebook, profile: SiteProfile | None) -> Look:
    """Take the first look at a flat text; nothing goes yet."""
    context = detect_page(page, rulebook, matcher_of(rulebook), profile)
    odd = find_oddities(context)
    return Look(context, Remainder.of(page.text), [], findings_of(context), odd)


def look_at_html(
    page: HtmlPage, options: CleanOptions, rulebook: Rulebook, profile: SiteProfile | None
) -> Look:
    """Take the blocks from an HTML page that are not its story.

    First those that the tree alone tells, which are most and need no reading; then, unless there
    is hardly any doubt, those that words, rules and neighbours tell. What is left goes the way of
    every flat text, but for the scorer of lines.
    """
    matcher, odd = matcher_of(rulebook), odd_characters(page)
    context = look_at_tree(page, options, rulebook, profile)
    left = Remainder.of(page.text)
    going = to_remove(findings_of(context), options, rulebook)
    going += unwanted(page, options)
    expected = expected_f1(context, going)
    found: list[Finding] = []
    if context.is_settled and options.metadata and not options.fast:
        found = _told_by_rules(page, going, rulebook, profile)
    removed: list[Removal] = []
    if not context.is_settled and not options.fast:
        removed, left, page = _without(page, going, left)
        context = detect_page(page, rulebook, matcher, profile)
        told_here = findings_of(context)
        if options.metadata:
            found = [moved(f, left) for f in told_here]
        going = to_remove(told_here, options, rulebook)
        expected = expected_f1(context, going)
    page.memory.clear()  # which the result would keep
    planned = plan_removals(context.page, going)
    removed += _removals(planned, left)
    left = left.without([span for span, _ in planned])
    rest = read_plain(left.text, matcher.splitter)
    context = detect_page(rest, rulebook, matcher, profile, is_scored=True)
    if options.metadata:
        found += [moved(f, left) for f in findings_of(context)]
    told = [replace(w, span=w.span and left.origin(w.span)) for w in notices(context)]
    return Look(context, left, removed, found, (*odd, *told), expected)


def look_at_tree(
    page: HtmlPage, options: CleanOptions, rulebook: Rulebook, profile: SiteProfile | None
) -> Context:
    """Return the first look at an HTML page.

    It may be the only one where nothing is asked for that rules know best: by-lines, for one.
    """
    may_end = looks_settle(options)
    matcher = matcher_of(rulebook)
    return detect_by_tree(page, rulebook, matcher, profile, is_last=options.fast, may_end=may_end)


def looks_settle(options: CleanOptions) -> bool:
    """Tell whether nothing is asked for that rules know best, so that one look may be enough."""
    return all(getattr(options, name) == "remove" for name in TOLD_BY_RULES)


def _told_by_rules(
    page: HtmlPage, going: Sequence[Finding], rulebook: Rulebook, profile: SiteProfile | None
) -> list[Finding]:
    """Return what rules find on what tells of the story; metadata are read from that.

    Menus and footers, which are certain to go, are not looked at.
    """
    from cleannews.boilerplate.boxes import CERTAIN  # and numpy, which flat texts do without

    certain = [f for f in going if f.confidence >= CERTAIN and f.category not in TELLING]
    _, left, rest = _without(page, certain, Remainder.of(page.text))
    lines = Page(rest.text, rest.blocks)
    context = detect_page(lines, rulebook, matcher_of(rulebook), profile, is_scored=True)
    return [moved(f, left) for f in findings_of(context)]


def findings_on_html(
    page: HtmlPage, options: CleanOptions, rulebook: Rulebook, profile: SiteProfile | None
) -> list[Finding]:
    """Return what the looks at an HTML page find, in order of position.

    The second look was trained on what the first leaves open, and sees no more of the page than in
    `look_at_html`.
    """
    context = look_at_tree(page, options, rulebook, profile)
    found = findings_of(context)
    if options.fast or context.is_settled:
        return found
    going = to_remove(found, options, rulebook)
    _, left, rest = _without(page, going, Remainder.of(page.text))
    more = findings_of(detect_page(rest, rulebook, matcher_of(rulebook), profile))
    # What stays for the second look is judged there.
    return sorted([*going, *(moved(f, left) for f in more)], key=lambda f: f.span.start)


def _without(
    page: HtmlPage, going: Sequence[Finding], left: Remainder
) -> tuple[list[Removal], Remainder, HtmlPage]:
    """Return the removals of the document, what is left of it and of its page."""
    planned = plan_removals(page, going)
    spans = [span for span, _ in planned]
    rest = left.without(spans)
    return _removals(planned, left), rest, page.without(spans, rest.text)


def _removals(planned: Sequence[Planned], left: Remainder) -> list[Removal]:
    """Return planned removals of what is left, as removals of the document."""
    return [
        Removal(origin, f.rule, f.category, f.confidence, f.evidence, f.language)
        for span, f in planned
        for origin in left.origins(span)
    ]


class NotSettledError(Exception):
    """A text still changes after the last pass."""


def settle(
    left: Remainder, context: Context, options: CleanOptions
) -> tuple[list[Removal], Remainder, Context]:
    """Remove, look again at what is left, until nothing more goes.

    The last look finds nothing to remove, so cleaning the result again changes nothing.

    Returns:
        Removals, what is left, and the last look at it.

    Raises:
        NotSettledError: There is no end in sight.
    """
    rulebook = context.rulebook
    removed: list[Removal] = []
    for _ in range(MOST_PASSES):
        going = to_remove(findings_of(context), options, rulebook)
        planned = plan_removals(context.page, going)
        if not planned:
            return removed, left, context
        removed += _removals(planned, left)
        spans = [span for span, _ in planned]
        left = left.without(spans)
        context = detect_rest(context, spans, left.text)
    raise NotSettledError(f"still changing after {MOST_PASSES} passes; left as it was")


def moved(finding: Finding, left: Remainder) -> Finding:
    """Return a finding of the text that is left with offsets of the document."""
    captures = finding.captures
    if captures:
        captures = tuple(replace(c, span=left.origin(c.span)) for c in captures)
    return Finding(
        left.origin(finding.span),
        finding.rule,
        finding.category,
        finding.safety,
        finding.confidence,
        finding.evidence,
        finding.language,
        captures,
    )
