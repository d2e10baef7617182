"""The public verbs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cleannews._version import __version__
from cleannews.boilerplate.detect import detect_page, detect_rules, findings_of
from cleannews.boilerplate.looks import (
    NotSettledError,
    findings_on_html,
    look_at_html,
    look_at_text,
    looks_settle,
    moved,
    settle,
)
from cleannews.boilerplate.matching import matcher_of
from cleannews.boilerplate.page_kinds import kinds_of
from cleannews.boilerplate.rulebook import Rulebook, load_rulebook
from cleannews.boilerplate.sites import SiteProfile, SiteProfiles, learn_sites
from cleannews.boilerplate.trust import LOW, confidence_of, page_confidence_of
from cleannews.document import CleanResult, Document, Finding, Metadata, Warning_
from cleannews.options import CleanOptions
from cleannews.reading.html_page import HtmlPage
from cleannews.reading.plain import read_plain
from cleannews.reading.sniff import looks_like_html
from cleannews.reading.source import Read, Source, read_source, source_of
from cleannews.reading.splitting import Splitter

if TYPE_CHECKING:
    from cleannews.metadata.page import Seen
    from cleannews.reading.facts import Facts
    from cleannews.reading.rendering import Told


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
    read = _read(source_of(source, url, id), options, matcher.splitter, charset)
    document, warnings = read.document, read.warnings
    profile = _profile(site, document)
    if isinstance(read.page, HtmlPage):
        look = look_at_html(read.page, options, rulebook, profile)
    else:
        look = look_at_text(read.page, rulebook, profile)
    removed, left, context = look.removed, look.left, look.context
    warnings = (*warnings, *look.warnings)
    if site is not None and profile is None:
        warnings = (*warnings, _no_profile(document))
    try:
        more, left, last = settle(left, context, options)
    except NotSettledError as error:
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
        flagged=tuple(moved(f, left) for f in findings_of(last)),
        metadata=_metadata(read, look.found, options),
        warnings=warnings,
        confidence=confidence,
        rules_hash=_rules_hash(rulebook, profile),
        version=__version__,
        page=read.page if isinstance(read.page, HtmlPage) else None,
    )


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
        options: `select`, `ignore`, `rules` and `fast` count, and how an input is read; what to
            keep is not asked here.
        site: As for `clean`.
        charset: As for `clean`.

    Returns:
        Findings in order of position; they may overlap.

    >>> [f.category for f in detect("Leave a Comment")]
    ['comments']
    """
    options = options or CleanOptions()
    rulebook = load_rulebook(options)
    splitter = matcher_of(rulebook).splitter
    read = _read(source_of(source, url, id), options, splitter, charset)
    profile = _profile(site, read.document)
    if isinstance(read.page, HtmlPage):
        return tuple(findings_on_html(read.page, options, rulebook, profile))
    return tuple(look_at_text(read.page, rulebook, profile).found)


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
        from cleannews.metadata.flat import harvest  # much to load, which text alone never needs

        document = Document(html_or_text, url=url)
        page = read_plain(document.text, matcher.splitter)
        return harvest(document, findings_of(detect_page(page, rulebook, matcher)), page)
    return page_metadata(html_or_text, url=url)[0]


def page_metadata(
    html: str | bytes, *, url: str | None = None
) -> tuple[Metadata, tuple[Warning_, ...]]:
    """Return the metadata of an HTML page, and what was cut or repaired when it was read."""
    from cleannews.metadata.flat import harvest, without_places
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


def _read(source: Source, options: CleanOptions, splitter: Splitter, charset: str | None) -> Read:
    """Read what a caller gave; with `fast`, a quick look says what of a page needs no reading."""
    glances = options.fast and looks_settle(options)
    return read_source(source, options, splitter, charset, _glance if glances else None)


def _glance(root: Any, facts: Facts, length: int) -> Mapping[Any, Told] | None:
    from cleannews.boilerplate.glance import glance  # and numpy, which flat texts do without

    return glance(root, facts, length)


def _metadata(read: Read, found: Sequence[Finding], options: CleanOptions) -> Metadata:
    """Return the metadata of what was read.

    Of an HTML page, what its tree says comes first and what rules read fills the gaps; only values
    of the latter have a place in the text. With `fast`, the tree is not asked.
    """
    if not options.metadata:
        return Metadata()
    from cleannews.metadata.flat import harvest

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
