"""The public verbs."""

from __future__ import annotations

from dataclasses import replace

from cleannews._version import __version__
from cleannews.boilerplate.context import Context
from cleannews.boilerplate.decide import to_remove
from cleannews.boilerplate.detect import detect_page, detect_rest, findings_of
from cleannews.boilerplate.edit import plan_removals
from cleannews.boilerplate.matching import matcher_of
from cleannews.boilerplate.oddities import find_oddities
from cleannews.boilerplate.remainder import Remainder
from cleannews.boilerplate.rulebook import load_rulebook
from cleannews.boilerplate.trust import confidence_of
from cleannews.document import (
    CleanResult,
    Document,
    Finding,
    Removal,
    Warning_,
)
from cleannews.metadata.flat import harvest
from cleannews.options import CleanOptions
from cleannews.reading.plain import read_plain

MOST_PASSES = 30
"""Passes after which a text that still changes is given back unchanged, with a warning."""


def clean(
    text: str | Document,
    *,
    url: str | None = None,
    id: str | None = None,  # noqa: A002 (the field's name everywhere else)
    options: CleanOptions | None = None,
) -> CleanResult:
    r"""Remove boilerplate from a flat text and say why each piece went.

    Args:
        text: The text, or a `Document` (then `url` and `id` are taken from it).
        url: Address the text came from; evidence for the site's name, never fetched.
        id: The caller's name for the text.
        options: What to keep and how strict to be; the default is ``CleanOptions()``.

    Returns:
        The result. ``result.text`` is the text minus the spans of ``result.removed``; cleaning it
        again changes nothing.

    Raises:
        TypeError: `text` is not a string.
        RuleError: An option names a rule or a rule file that is not there.

    >>> result = clean("[ad_1]\n\nThe council voted to close the old bridge.\n\nSource link")
    >>> result.text
    'The council voted to close the old bridge.'
    >>> [r.rule for r in result.removed]
    ['placeholder/wp-automatic', 'source_credit/source-link']
    """
    document = _document(text, url, id)
    options = options or CleanOptions()
    rulebook = load_rulebook(options)
    matcher = matcher_of(rulebook)
    first = detect_page(read_plain(document.text, matcher.splitter), rulebook, matcher)
    warnings = find_oddities(document.text, first)
    try:
        removed, left, last = _settle(document.text, first, options)
    except _NotSettledError as error:
        removed, left, last = [], Remainder.of(document.text), first
        warnings = (*warnings, Warning_("did_not_settle", str(error)))
    return CleanResult(
        document=document,
        text=last.page.text,
        removed=tuple(removed),
        flagged=tuple(_moved(f, left) for f in findings_of(last)),
        metadata=harvest(document, findings_of(first)),
        warnings=warnings,
        confidence=confidence_of(last.page, [w.code for w in warnings]),
        rules_hash=rulebook.hash,
        version=__version__,
    )


class _NotSettledError(Exception):
    """A text still changes after the last pass."""


def _settle(
    text: str, context: Context, options: CleanOptions
) -> tuple[list[Removal], Remainder, Context]:
    """Remove, look again at what is left, until nothing more goes.

    The last look finds nothing to remove, so cleaning the result again changes nothing.

    Returns:
        Removals in order of position, what is left, and the last look at it.

    Raises:
        _NotSettledError: There is no end in sight.
    """
    rulebook, left = context.rulebook, Remainder.of(text)
    removed: list[Removal] = []
    for _ in range(MOST_PASSES):
        going = to_remove(findings_of(context), options, rulebook.categories)
        planned = plan_removals(context.page, going)
        if not planned:
            return sorted(removed, key=lambda r: r.span.start), left, context
        removed += [
            Removal(origin, f.rule, f.category, f.confidence, f.evidence, f.language)
            for span, f in planned
            for origin in left.origins(span)
        ]
        spans = [span for span, _ in planned]
        left = left.without(spans)
        context = detect_rest(context, spans, left.text)
    raise _NotSettledError(f"still changing after {MOST_PASSES} passes; left as it was")


def detect(
    text: str | Document,
    *,
    url: str | None = None,
    id: str | None = None,  # noqa: A002
    options: CleanOptions | None = None,
) -> tuple[Finding, ...]:
    """Return everything in a text that looks like boilerplate, removing nothing.

    Args:
        text: As for `clean`.
        url: As for `clean`.
        id: As for `clean`.
        options: `select`, `ignore` and `rules` count; what to keep is not asked here.

    Returns:
        Findings in order of position; they may overlap.

    >>> [f.category for f in detect("Leave a Comment")]
    ['comments']
    """
    document = _document(text, url, id)
    rulebook = load_rulebook(options)
    matcher = matcher_of(rulebook)
    page = read_plain(document.text, matcher.splitter)
    return tuple(findings_of(detect_page(page, rulebook, matcher)))


def _document(text: str | Document, url: str | None, name: str | None) -> Document:
    if isinstance(text, Document):
        return text
    if not isinstance(text, str):
        raise TypeError(f"clean() takes a str, not {type(text).__name__}; decode bytes first")
    return Document(text, id=name, url=url)


def _moved(finding: Finding, left: Remainder) -> Finding:
    """Return a finding of the text that is left with offsets of the document."""
    captures = tuple(replace(c, span=left.origin(c.span)) for c in finding.captures)
    return replace(finding, span=left.origin(finding.span), captures=captures)
