"""The public verbs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from cleannews._version import __version__
from cleannews.boilerplate.context import Context
from cleannews.boilerplate.decide import to_remove
from cleannews.boilerplate.detect import (
    detect_by_tree,
    detect_page,
    detect_rest,
    detect_rules,
    findings_of,
)
from cleannews.boilerplate.detectors.boxes import unwanted
from cleannews.boilerplate.edit import Planned, plan_removals
from cleannews.boilerplate.matching import Matcher, matcher_of
from cleannews.boilerplate.oddities import find_oddities, notices, odd_characters
from cleannews.boilerplate.page_kinds import kinds_of
from cleannews.boilerplate.remainder import Remainder
from cleannews.boilerplate.rulebook import Rulebook, load_rulebook
from cleannews.boilerplate.sites import SiteProfile, SiteProfiles, learn_sites
from cleannews.boilerplate.trust import LOW, confidence_of, expected_f1, page_confidence_of
from cleannews.document import (
    CleanResult,
    Document,
    Finding,
    Metadata,
    Page,
    Removal,
    Warning_,
)
from cleannews.metadata.flat import harvest, without_places
from cleannews.options import CleanOptions
from cleannews.reading.encoding import decode_html
from cleannews.reading.limits import Deadline
from cleannews.reading.plain import read_plain
from cleannews.reading.rendering import HtmlPage, render
from cleannews.reading.sniff import looks_like_html

if TYPE_CHECKING:
    from cleannews.metadata.page import Seen

MOST_PASSES = 30
"""Passes after which a text that still changes is given back unchanged, with a warning."""


def clean(
    source: str | bytes | Document,
    *,
    url: str | None = None,
    id: str | None = None,  # noqa: A002 (the field's name everywhere else)
    options: CleanOptions | None = None,
    site: SiteProfile | SiteProfiles | None = None,
    charset: str | None = None,
) -> CleanResult:
    r"""Remove boilerplate from a page or a flat text and say why each piece went.

    Args:
        source: HTML or flat text; which of the two, the text itself tells, unless
            ``options.source`` says it. Bytes are decoded first. Or a `Document`, whose `url` and
            `id` then count.
        url: Address the text came from; evidence for the site's name, never fetched.
        id: The caller's name for the text.
        options: What to keep and how strict to be; the default is ``CleanOptions()``.
        site: What `learn_site` made of other pages of the site, or profiles of many sites, of which
            the one for the host of `url` counts. The text may be one of the learned pages: it does
            not count for itself.
        charset: Encoding of bytes from outside the page, such as the HTTP header's.

    Returns:
        The result. ``result.document.text`` is the text, of an HTML page what it shows;
        ``result.text`` is that minus the spans of ``result.removed``. Cleaning the text again, with
        the same profile, changes nothing; of an HTML page that holds for the rules, as its scorer
        of blocks stands in for the scorer of lines.

    Raises:
        TypeError: `source` is neither text nor bytes.
        InputError: The bytes are no text: a PDF, an image, an archive.
        RuleError: An option names a rule or a rule file that is not there.

    >>> result = clean("[ad_1]\n\nThe council voted to close the old bridge.\n\nSource link")
    >>> result.text
    'The council voted to close the old bridge.'
    >>> [r.rule for r in result.removed]
    ['placeholder/wp-automatic', 'source_credit/source-link']
    """
    options = options or CleanOptions()
    rulebook = load_rulebook(options)
    matcher = matcher_of(rulebook)
    read = _read(_source(source, url, id), options, matcher, charset)
    document, warnings = read.document, read.warnings
    profile = _profile(site, document)
    if isinstance(read.page, HtmlPage):
        look = _look_at_html(read.page, options, rulebook, profile)
    else:
        look = _look_at_text(read.page, rulebook, profile)
    removed, left, context = look.removed, look.left, look.context
    warnings = (*warnings, *look.warnings)
    if site is not None and profile is None:
        warnings = (*warnings, _no_profile(document))
    try:
        more, left, last = _settle(left, context, options)
    except _NotSettledError as error:
        more, last = [], context
        warnings = (*warnings, Warning_("did_not_settle", str(error)))
    removed = sorted(removed + more, key=lambda r: r.span.start)
    confidence = confidence_of(last.page, [w.code for w in warnings])
    if isinstance(read.page, HtmlPage):
        kinds = kinds_of(read.page, last.page.blocks, removed)
        warnings = (*warnings, *kinds)
        sure = page_confidence_of(look.expected, [w.code for w in kinds])
        confidence = min(sure, confidence) if confidence <= LOW else sure
    return CleanResult(
        document=document,
        text=last.page.text,
        removed=tuple(removed),
        flagged=tuple(_moved(f, left) for f in findings_of(last)),
        metadata=_metadata(read, look.found, options),
        warnings=warnings,
        confidence=confidence,
        rules_hash=_rules_hash(rulebook, profile),
        version=__version__,
        page=read.page if isinstance(read.page, HtmlPage) else None,
    )


class _Read(NamedTuple):
    """What was read: the document with the text that is shown, its page, what went wrong.

    Of an HTML page also the root of its tree.
    """

    document: Document
    page: Page
    warnings: tuple[Warning_, ...] = ()
    root: Any = None


def _read(source: _Source, options: CleanOptions, matcher: Matcher, charset: str | None) -> _Read:
    """Read HTML or flat text, whichever it is."""
    body = source.body
    warnings: tuple[Warning_, ...] = ()
    root = None
    if isinstance(body, bytes):
        decoded = decode_html(body, charset=charset)
        text = decoded.text
        if decoded.bad:
            detail = f"{decoded.bad} places are not {decoded.encoding}; shown as U+FFFD"
            warnings = (Warning_("undecodable", detail),)
    else:
        text = body
    if _is_html(text, options):
        from cleannews.reading.html import parse_html  # a parser, which flat texts never need

        deadline = Deadline(options.limits.seconds)
        tree = parse_html(text, limits=options.limits)
        root = tree.root
        page: Page = render(root, deadline)
        warnings = (*warnings, *tree.warnings)
        if isinstance(page, HtmlPage) and not page.is_whole:
            detail = (
                f"limit 'seconds' ({options.limits.seconds}): the rest of the page was not read"
            )
            warnings = (*warnings, Warning_("over_limit", detail))
    else:
        page = read_plain(text, matcher.splitter)
    document = Document(page.text, source.id, source.url, source.language)
    return _Read(document, page, warnings, root)


def _is_html(text: str, options: CleanOptions) -> bool:
    return options.source == "html" or (options.source == "auto" and looks_like_html(text))


class _Look(NamedTuple):
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


def _look_at_text(page: Page, rulebook: Rulebook, profile: SiteProfile | None) -> _Look:
    context = detect_page(page, rulebook, matcher_of(rulebook), profile)
    odd = find_oddities(context)
    return _Look(context, Remainder.of(page.text), [], findings_of(context), odd)


def _look_at_html(
    page: HtmlPage, options: CleanOptions, rulebook: Rulebook, profile: SiteProfile | None
) -> _Look:
    """Take the blocks from an HTML page that are not its story.

    First those that the tree alone tells, which are most and need no reading; then those that
    words, rules and neighbours tell. What is left has no tags to go by and goes the way of every
    flat text, but for the scorer of lines.
    """
    matcher, odd = matcher_of(rulebook), odd_characters(page)
    context = detect_by_tree(page, rulebook, matcher, profile, is_last=options.fast)
    left = Remainder.of(page.text)
    going = to_remove(findings_of(context), options, rulebook)
    going += unwanted(page, options)
    expected = expected_f1(context, going)
    removed, left, page = _without(page, going, left)
    found: list[Finding] = []
    if not options.fast:
        context = detect_page(page, rulebook, matcher, profile)
        found = [_moved(f, left) for f in findings_of(context)]
        going = to_remove(findings_of(context), options, rulebook)
        expected = expected_f1(context, going)
        more, left, page = _without(page, going, left)
        removed += more
    rest = read_plain(left.text, matcher.splitter)
    context = detect_page(rest, rulebook, matcher, profile, is_scored=True)
    found += [_moved(f, left) for f in findings_of(context)]
    told = [replace(w, span=w.span and left.origin(w.span)) for w in notices(context)]
    return _Look(context, left, removed, found, (*odd, *told), expected)


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


class _NotSettledError(Exception):
    """A text still changes after the last pass."""


def _settle(
    left: Remainder, context: Context, options: CleanOptions
) -> tuple[list[Removal], Remainder, Context]:
    """Remove, look again at what is left, until nothing more goes.

    The last look finds nothing to remove, so cleaning the result again changes nothing.

    Returns:
        Removals, what is left, and the last look at it.

    Raises:
        _NotSettledError: There is no end in sight.
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
    raise _NotSettledError(f"still changing after {MOST_PASSES} passes; left as it was")


def detect(
    source: str | bytes | Document,
    *,
    url: str | None = None,
    id: str | None = None,  # noqa: A002
    options: CleanOptions | None = None,
    site: SiteProfile | SiteProfiles | None = None,
    charset: str | None = None,
) -> tuple[Finding, ...]:
    """Return everything in a page or a text that looks like boilerplate, removing nothing.

    Args:
        source: As for `clean`.
        url: As for `clean`.
        id: As for `clean`.
        options: `select`, `ignore` and `rules` count; what to keep is not asked here.
        site: As for `clean`.
        charset: As for `clean`.

    Returns:
        Findings in order of position; they may overlap.

    >>> [f.category for f in detect("Leave a Comment")]
    ['comments']
    """
    rulebook = load_rulebook(options)
    matcher = matcher_of(rulebook)
    read = _read(_source(source, url, id), options or CleanOptions(), matcher, charset)
    profile = _profile(site, read.document)
    return tuple(findings_of(detect_page(read.page, rulebook, matcher, profile)))


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
    return page_metadata(html_or_text, url=url)[0]


def page_metadata(
    html: str | bytes, *, url: str | None = None
) -> tuple[Metadata, tuple[Warning_, ...]]:
    """Return the metadata of an HTML page, and what was cut or repaired when it was read."""
    from cleannews.metadata.page import look, telling_lines
    from cleannews.reading.html import parse_html

    rulebook = load_rulebook(None)
    matcher = matcher_of(rulebook)
    tree = parse_html(html)
    if tree.root is None:
        return Metadata(), tree.warnings
    seen = look(tree.root)
    lines = telling_lines(seen)
    page = read_plain("\n\n".join(lines), matcher.splitter)
    flat = harvest(Document(page.text, url=url), findings_of(detect_rules(page, rulebook, matcher)))
    return _with_tree(seen, lines, url, without_places(flat)), tree.warnings


def _metadata(read: _Read, found: Sequence[Finding], options: CleanOptions) -> Metadata:
    """Return the metadata of what was read.

    Of an HTML page, what its tree says comes first and what rules read fills the gaps; only values
    of the latter have a place in the text. With `fast`, the tree is not asked.
    """
    if not options.metadata:
        return Metadata()
    if not isinstance(read.page, HtmlPage):
        return harvest(read.document, found, read.page)
    flat = harvest(read.document, found)
    if options.fast or read.root is None:
        return flat
    from cleannews.metadata.page import look, telling_lines

    seen = look(read.root)
    return _with_tree(seen, telling_lines(seen), read.document.url, flat)


def _with_tree(seen: Seen, lines: Sequence[str], url: str | None, flat: Metadata) -> Metadata:
    """Return the metadata of a tree, with what its telling lines and its text say as sources."""
    from cleannews.metadata.credits import metadata_of_lines
    from cleannews.metadata.merge import joined, metadata_of_seen

    return metadata_of_seen(seen, url=url, flat=joined(flat, metadata_of_lines(lines)))


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


class _Source(NamedTuple):
    """What the caller gave, and what they say of it."""

    body: str | bytes
    id: str | None
    url: str | None
    language: str | None = None


def _source(source: str | bytes | Document, url: str | None, name: str | None) -> _Source:
    if isinstance(source, Document):
        return _Source(source.text, source.id, source.url, source.language)
    if not isinstance(source, str | bytes):
        raise TypeError(f"clean() takes a str or bytes, not {type(source).__name__}")
    return _Source(source, name, url)


def _moved(finding: Finding, left: Remainder) -> Finding:
    """Return a finding of the text that is left with offsets of the document."""
    captures = tuple(replace(c, span=left.origin(c.span)) for c in finding.captures)
    return replace(finding, span=left.origin(finding.span), captures=captures)
