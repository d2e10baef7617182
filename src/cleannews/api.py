"""The public verbs."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from cleannews._version import __version__
from cleannews.boilerplate.context import Context
from cleannews.boilerplate.decide import decide
from cleannews.boilerplate.detect import detect_page, findings_of
from cleannews.boilerplate.edit import plan_removals
from cleannews.boilerplate.matching import Hit, Matcher
from cleannews.boilerplate.oddities import find_oddities
from cleannews.boilerplate.rulebook import Rulebook, load_rulebook
from cleannews.boilerplate.trust import confidence_of
from cleannews.document import (
    CleanResult,
    Document,
    Finding,
    Removal,
    Span,
    Warning_,
    delete_spans,
)
from cleannews.metadata.flat import harvest
from cleannews.options import CleanOptions
from cleannews.reading.plain import read_plain

MOST_PASSES = 12
"""Passes after which a text that still changes is given back unchanged, with a warning."""


def clean(
    text: str | Document,
    *,
    url: str | None = None,
    id: str | None = None,  # noqa: A002 (the field's name everywhere else)
    options: CleanOptions | None = None,
) -> CleanResult:
    """Remove boilerplate from a flat text and say why each piece went.

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

    >>> result = clean("[ad_1]\\n\\nThe council voted on Monday to close the old bridge.\\n\\nSource link")
    >>> result.text
    'The council voted on Monday to close the old bridge.'
    >>> [r.rule for r in result.removed]
    ['placeholder/wp-automatic', 'source_credit/source-link']
    """
    document = _document(text, url, id)
    options = options or CleanOptions()
    rulebook, matcher, seen = _rules(options)
    page = read_plain(document.text)
    first = context = detect_page(page, rulebook, matcher, seen)
    pieces = [Span(0, len(document.text))]  # what is left of the document, in order
    removed: list[Removal] = []
    flagged: list[Finding] = []
    warnings: list[Warning_] = []
    for _ in range(MOST_PASSES):
        going, staying = decide(findings_of(context), options, dict(rulebook.categories))
        planned = plan_removals(context.page, going)
        if not planned:
            flagged = [_moved(f, pieces) for f in staying]
            break
        for finding in planned:
            removed += _removals(finding, pieces)
        pieces = _without(pieces, [f.span for f in planned])
        text_left = "".join(p.of(document.text) for p in pieces)
        context = detect_page(read_plain(text_left), rulebook, matcher, seen)
    else:
        removed, pieces, context = [], [Span(0, len(document.text))], first
        warnings.append(
            Warning_("did_not_settle", f"still changing after {MOST_PASSES} passes; left as it was")
        )
    removed.sort(key=lambda r: r.span)
    return CleanResult(
        document=document,
        text=delete_spans(document.text, removed),
        removed=tuple(removed),
        flagged=tuple(flagged),
        metadata=harvest(document, findings_of(first)),
        warnings=(*find_oddities(document.text, first), *warnings),
        confidence=confidence_of(context.page, first),
        rules_hash=rulebook.hash,
        version=__version__,
    )


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
    rulebook, matcher, seen = _rules(options or CleanOptions())
    return tuple(findings_of(detect_page(read_plain(document.text), rulebook, matcher, seen)))


def _document(text: str | Document, url: str | None, name: str | None) -> Document:
    if isinstance(text, Document):
        return text
    if not isinstance(text, str):
        raise TypeError(f"clean() takes a str, not {type(text).__name__}; decode bytes first")
    return Document(text, id=name, url=url)


def _rules(options: CleanOptions) -> tuple[Rulebook, Matcher, dict[str, tuple[Hit, ...]]]:
    """Rules, their index, and an empty memory of hits for one document."""
    rulebook = load_rulebook(options)
    return rulebook, _matcher(rulebook.hash, rulebook.rules), {}


# The hash alone would do as the key; the rules are there to build the index from.
@lru_cache(maxsize=32)
def _matcher(_: str, rules: tuple[object, ...]) -> Matcher:
    return Matcher(rules)  # type: ignore[arg-type]


def _origin(at: int, pieces: list[Span]) -> int:
    """Return the document offset of the character at offset `at` of the text that is left."""
    for piece in pieces:
        if at < len(piece):
            return piece.start + at
        at -= len(piece)
    return pieces[-1].end if pieces else 0


def _origins(span: Span, pieces: list[Span]) -> list[Span]:
    """Return the document spans of a span of the text that is left; several when it has holes."""
    found, at = [], 0
    for piece in pieces:
        start, end = max(span.start, at), min(span.end, at + len(piece))
        if start < end:
            found.append(Span(piece.start + start - at, piece.start + end - at))
        at += len(piece)
    return found


def _removals(finding: Finding, pieces: list[Span]) -> list[Removal]:
    return [
        Removal(
            span, finding.rule, finding.category, finding.confidence, finding.evidence,
            finding.language,
        )
        for span in _origins(finding.span, pieces)
    ]


def _moved(finding: Finding, pieces: list[Span]) -> Finding:
    """Return a finding of the text that is left with offsets of the document."""

    def moved(span: Span) -> Span:
        parts = _origins(span, pieces)
        return Span(parts[0].start, parts[-1].end) if parts else Span(0, 0)

    captures = tuple(replace(c, span=moved(c.span)) for c in finding.captures)
    return replace(finding, span=moved(finding.span), captures=captures)


def _without(pieces: list[Span], spans: list[Span]) -> list[Span]:
    """Return `pieces` minus spans given in offsets of the text they make together."""
    left: list[Span] = []
    at, queue = 0, list(reversed(spans))
    for piece in pieces:
        start, end = 0, len(piece)
        while queue and queue[-1].start < at + end:
            span = queue[-1]
            if span.start - at > start:
                left.append(Span(piece.start + start, piece.start + span.start - at))
            start = min(max(start, span.end - at), end)
            if span.end > at + end:
                break
            queue.pop()
        if start < end:
            left.append(Span(piece.start + start, piece.end))
        at += end
    return left
