"""The public verbs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from cleannews._version import __version__
from cleannews.boilerplate.context import Context
from cleannews.boilerplate.decide import to_remove
from cleannews.boilerplate.detect import detect_page, detect_rest, detect_rules, findings_of
from cleannews.boilerplate.edit import plan_removals
from cleannews.boilerplate.matching import matcher_of
from cleannews.boilerplate.oddities import find_oddities
from cleannews.boilerplate.remainder import Remainder
from cleannews.boilerplate.rulebook import Rulebook, load_rulebook
from cleannews.boilerplate.sites import SiteProfile, SiteProfiles, learn_sites
from cleannews.boilerplate.trust import confidence_of
from cleannews.document import (
    CleanResult,
    Document,
    Finding,
    Metadata,
    Removal,
    Warning_,
)
from cleannews.metadata.flat import harvest, without_places
from cleannews.options import CleanOptions
from cleannews.reading.plain import read_plain
from cleannews.reading.sniff import looks_like_html

MOST_PASSES = 30
"""Passes after which a text that still changes is given back unchanged, with a warning."""


def clean(
    text: str | Document,
    *,
    url: str | None = None,
    id: str | None = None,  # noqa: A002 (the field's name everywhere else)
    options: CleanOptions | None = None,
    site: SiteProfile | SiteProfiles | None = None,
) -> CleanResult:
    r"""Remove boilerplate from a flat text and say why each piece went.

    Args:
        text: The text, or a `Document` (then `url` and `id` are taken from it).
        url: Address the text came from; evidence for the site's name, never fetched.
        id: The caller's name for the text.
        options: What to keep and how strict to be; the default is ``CleanOptions()``.
        site: What `learn_site` made of other pages of the site, or profiles of many sites, of which
            the one for the host of `url` counts. The text may be one of the learned pages: it does
            not count for itself.

    Returns:
        The result. ``result.text`` is the text minus the spans of ``result.removed``; cleaning it
        again, with the same profile, changes nothing.

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
    profile = _profile(site, document)
    page = read_plain(document.text, matcher.splitter)
    first = detect_page(page, rulebook, matcher, profile)
    warnings = find_oddities(document.text, first)
    if site is not None and profile is None:
        warnings = (*warnings, _no_profile(document))
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
        metadata=harvest(document, findings_of(first), page),
        warnings=warnings,
        confidence=confidence_of(last.page, [w.code for w in warnings]),
        rules_hash=_rules_hash(rulebook, profile),
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
    site: SiteProfile | SiteProfiles | None = None,
) -> tuple[Finding, ...]:
    """Return everything in a text that looks like boilerplate, removing nothing.

    Args:
        text: As for `clean`.
        url: As for `clean`.
        id: As for `clean`.
        options: `select`, `ignore` and `rules` count; what to keep is not asked here.
        site: As for `clean`.

    Returns:
        Findings in order of position; they may overlap.

    >>> [f.category for f in detect("Leave a Comment")]
    ['comments']
    """
    document = _document(text, url, id)
    rulebook = load_rulebook(options)
    matcher = matcher_of(rulebook)
    page = read_plain(document.text, matcher.splitter)
    profile = _profile(site, document)
    return tuple(findings_of(detect_page(page, rulebook, matcher, profile)))


def clean_pages(
    documents: Iterable[Document],
    *,
    options: CleanOptions | None = None,
    site: SiteProfile | SiteProfiles | None = None,
    host: str | None = None,
) -> list[CleanResult]:
    r"""Clean many pages with profiles learned from these pages themselves.

    Two passes: the first learns a profile for each host among the documents' URLs, the second
    cleans. A page never counts for itself, so that the only page of a host is cleaned as ever.

    Args:
        documents: The pages, of any sites and in any order; all are held in memory.
        options: As for `clean`.
        site: Profiles learned before, which are joined with what these pages teach; one without a
            host counts for every document.
        host: Site of the documents without a URL. Without it they are cleaned without what these
            pages taught.

    Returns:
        The results in the order of the documents; each is the same in whatever order they come.

    >>> pages = [
    ...     Document("Our papers\nThe bridge is shut.", url="https://example.org/1"),
    ...     Document("Our papers\nSnow fell in the night.", url="https://example.org/2"),
    ... ]
    >>> [r.text for r in clean_pages(pages)]
    ['The bridge is shut.', 'Snow fell in the night.']
    """
    documents = list(documents)
    known = SiteProfiles() if site is None else SiteProfiles().merge(site)
    store = known.merge(learn_sites(documents, host=host))
    if (general := known.get(None)) is not None:
        store = SiteProfiles(tuple(p.merge(general) for p in store.profiles))
    return [clean(d, options=options, site=store.get(d.url or host)) for d in documents]


def extract_metadata(html_or_text: str | bytes, *, url: str | None = None) -> Metadata:
    """Return the metadata of a page or of a flat text; nothing is cleaned.

    Args:
        html_or_text: HTML, told by its tags, or flat text. Bytes are read as HTML.
        url: Address of the page; evidence only, never fetched.

    Raises:
        TypeError: `html_or_text` is neither a string nor bytes.
        InputError: The bytes are no HTML at all.

    >>> page = "<html><title>Bridge to close - The Harbour</title><h1>Bridge to close</h1>"
    >>> extract_metadata(page + "<p>By Ana Ruiz</p><p>The council voted.</p>").title.value
    'Bridge to close'
    """
    if not isinstance(html_or_text, (str, bytes)):
        raise TypeError(f"extract_metadata() takes a str, not {type(html_or_text).__name__}")
    rulebook = load_rulebook(None)
    matcher = matcher_of(rulebook)
    if isinstance(html_or_text, str) and not looks_like_html(html_or_text):
        document = Document(html_or_text, url=url)
        page = read_plain(document.text, matcher.splitter)
        return harvest(document, findings_of(detect_page(page, rulebook, matcher)), page)
    from cleannews.metadata.credits import metadata_of_lines
    from cleannews.metadata.merge import joined, metadata_of_seen
    from cleannews.metadata.page import look, telling_lines
    from cleannews.reading.html import parse_html

    root = parse_html(html_or_text).root
    if root is None:
        return Metadata()
    seen = look(root)
    lines = telling_lines(seen)
    page = read_plain("\n\n".join(lines), matcher.splitter)
    flat = harvest(Document(page.text, url=url), findings_of(detect_rules(page, rulebook, matcher)))
    flat = joined(flat, metadata_of_lines(lines))
    return metadata_of_seen(seen, url=url, flat=without_places(flat))


def _profile(site: SiteProfile | SiteProfiles | None, document: Document) -> SiteProfile | None:
    """Return the profile that counts for a document."""
    if isinstance(site, SiteProfiles):
        return site.for_url(document.url)
    if site is None or isinstance(site, SiteProfile):
        return site
    raise TypeError(f"'site' takes a SiteProfile or SiteProfiles, not {type(site).__name__}")


def _no_profile(document: Document) -> Warning_:
    where = f"for {document.url}" if document.url else "for a text without a URL"
    return Warning_("no_site_profile", f"there is no site profile {where}; cleaned without one")


def _rules_hash(rulebook: Rulebook, profile: SiteProfile | None) -> str:
    if profile is None:
        return rulebook.hash
    return hashlib.sha256(f"{rulebook.hash} {profile.hash}".encode()).hexdigest()[:16]


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
