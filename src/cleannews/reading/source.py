"""What a caller gave, HTML or flat text, to a document and its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cleannews.document import Document, Page, Warning_
from cleannews.options import CleanOptions, Limits
from cleannews.reading.encoding import decode_html
from cleannews.reading.facts import Facts, facts_of
from cleannews.reading.html_page import HtmlPage
from cleannews.reading.limits import Deadline
from cleannews.reading.plain import read_plain
from cleannews.reading.rendering import Told, render
from cleannews.reading.sniff import looks_like_html
from cleannews.reading.splitting import Splitter


class Source(NamedTuple):
    """What the caller gave, and what they say of it."""

    body: str | bytes
    id: str | None
    url: str | None
    language: str | None = None


Glance = Callable[[Any, Facts, int], Mapping[Any, Told] | None]
"""A quick look at a tree, which it may change; None where a closer one is needed."""


class Read(NamedTuple):
    """What was read: the document with the text that is shown, its page, what went wrong.

    Of an HTML page also the root of its tree.
    """

    document: Document
    page: Page
    warnings: tuple[Warning_, ...] = ()
    root: Any = None


def source_of(source: str | bytes | Document, url: str | None, name: str | None) -> Source:
    """Return a public verb's argument with what is said of it.

    Raises:
        TypeError: It is neither text nor bytes.

    >>> source_of(Document("Snow fell.", url="https://example.org/1"), None, "mine").url
    'https://example.org/1'
    """
    if isinstance(source, Document):
        return Source(source.text, source.id, source.url, source.language)
    if not isinstance(source, str | bytes):
        raise TypeError(f"clean() takes a str or bytes, not {type(source).__name__}")
    return Source(source, name, url)


def read_source(
    source: Source,
    options: CleanOptions,
    splitter: Splitter,
    charset: str | None = None,
    glance: Glance | None = None,
) -> Read:
    """Read HTML or flat text, whichever it is.

    Args:
        source: The text or the bytes.
        options: `source` and `limits` count.
        splitter: Splits the lines of flat texts that hold more than one.
        charset: Encoding of bytes from outside the page.
        glance: A quick look that is enough for most HTML pages.

    Raises:
        InputError: The bytes are no text: a PDF, an image, an archive.
    """
    body = source.body
    warnings: tuple[Warning_, ...] = ()
    if isinstance(body, bytes):
        decoded = decode_html(body, charset=charset)
        text = decoded.text
        if decoded.bad:
            detail = f"{decoded.bad} places are not {decoded.encoding}; shown as U+FFFD"
            warnings = (Warning_("undecodable", detail),)
    else:
        text = body
    page: Page
    if options.source == "html" or (options.source == "auto" and looks_like_html(text)):
        page, root, more = _read_html(text, options.limits, glance)
        warnings = (*warnings, *more)
    else:
        page, root = read_plain(text, splitter), None
    document = Document(page.text, source.id, source.url, source.language)
    return Read(document, page, warnings, root)


def _read_html(
    text: str, limits: Limits, glance: Glance | None
) -> tuple[HtmlPage, Any, tuple[Warning_, ...]]:
    """Return the page, the root of its tree, and what was cut or repaired."""
    from cleannews.reading.html import parse_html  # a parser, which flat texts never need

    deadline = Deadline(limits.seconds)
    tree = parse_html(text, limits=limits)
    facts, told = None, None
    if glance is not None and tree.root is not None:
        from cleannews.reading.skimming import length_of_prose

        facts = facts_of(tree.root)
        told = glance(tree.root, facts, length_of_prose(text))
        if told is None:  # the look has taken out of the tree what the page is read for now
            tree = parse_html(text, limits=limits)
    page = render(tree.root, deadline, most=limits.blocks, facts=facts, told=told)
    if not page.limit:
        return page, tree.root, tree.warnings
    most = limits.seconds if page.limit == "seconds" else f"{limits.blocks:,}"
    detail = f"limit {page.limit!r} ({most}): the rest of the page was not read"
    return page, tree.root, (*tree.warnings, Warning_("over_limit", detail))
