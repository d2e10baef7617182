"""Metadata of a flat text: the values that rules and detectors captured on their way."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from cleannews.document import Capture, Document, Finding, Metadata, Page, Person, Sourced, Span
from cleannews.metadata.anchors import anchors_of
from cleannews.metadata.authors import name_groups, told_names
from cleannews.metadata.bylines import name_key, newsroom_name
from cleannews.metadata.credits import metadata_of_lines
from cleannews.metadata.dates import find_dates
from cleannews.metadata.flat_title import TextIdentity, ends_a_sentence, seen_of, text_titles
from cleannews.metadata.given import begins_with_given_name
from cleannews.metadata.jsonld import Items
from cleannews.metadata.merge import chosen_authors, chosen_dates, chosen_title, joined, likeliest
from cleannews.metadata.moments import day_of
from cleannews.metadata.people import split_people
from cleannews.metadata.pictures import pictures
from cleannews.metadata.published import day_groups, stated_dates
from cleannews.metadata.ranking import model
from cleannews.metadata.site import host_core, looks_like_organisation, matches_host
from cleannews.metadata.title import Group
from cleannews.metadata.words import key, words
from cleannews.reading.folding import fold

Candidate = tuple[Capture, Finding]

REPORTED_TITLE_CONFIDENCE = 0.7
"""Confidence of a title that was only reported: a first line over the story, nothing else."""
MOST_TITLE_WORDS = 28
"""Words of a line that may be a title."""
LEAST_WORDS, MOST_WORDS, NEAR, MOST_LINES = 15, 30, 8, 80
"""Words of a line of the story, words of a credit, blocks between the two, and lines looked at."""
AMBIGUOUS_DATE_CONFIDENCE = 0.6
"""Confidence of a date whose day and month could be swapped."""
MOST_BYLINES = 3
"""By-lines among which the site's name is looked for; more are a list of stories."""
BYLINE_CONFIDENCE = 0.85
"""Confidence of a by-line name; an editor's label is surer and keeps its rule's confidence."""

_AGENCY_SPLIT = re.compile(r"\s*(?:,|/|;|\band\b|\bund\b|\by\b|\bet\b|&)\s*")


def harvest(document: Document, findings: Sequence[Finding], page: Page | None = None) -> Metadata:
    """Return the metadata of a flat text. To be called before anything is removed.

    Args:
        document: The document; its URL helps to tell the site from an author.
        findings: In order of position, with offsets of the document's text.
        page: The document's blocks; without them only what rules captured is known.
    """
    by_field: dict[str, list[Candidate]] = {}
    for finding in findings:
        for capture in finding.captures:
            by_field.setdefault(capture.field, []).append((capture, finding))
    site = _site(document, by_field, findings)
    captured = Metadata(
        title=_title(by_field.get("title", ())),
        authors=_people(by_field.get("author", ()), "author", document, site, findings),
        editors=_people(by_field.get("editor", ()), "editor", document, site, findings),
        agencies=_agencies(by_field.get("agency", ())),
        published=_date(by_field.get("published", ())),
        modified=_date(by_field.get("modified", ())),
        site=site,
        publisher=_first(by_field.get("publisher", ())),
        based_on=_first(by_field.get("based_on", ())),
        dateline=_first(by_field.get("dateline", ())),
        tags=_list(by_field.get("tags", ())),
        section=_first(by_field.get("section", ())),
        photo_credits=_all(by_field.get("photo_credits", ())),
    )
    return captured if page is None else _with_lines(document, findings, page, captured)


def _with_lines(
    document: Document, findings: Sequence[Finding], page: Page, captured: Metadata
) -> Metadata:
    """Choose title, authors and day among all lines; what rules captured fills the gaps."""
    identity = TextIdentity(document.url, captured_names(findings))
    titles = text_titles(page, findings, identity)
    top, sure = likeliest(titles.groups, model("text-title").probabilities_of(titles.features))
    title = captured.title
    is_likely = top is not None and sure >= model("text-title").threshold
    if is_likely and not _is_story(page, top):
        title = _chosen_title(page, top, sure, captured.title)
    line = top.line if top is not None else -1
    seen, items = seen_of(page, findings), Items([])
    anchors = anchors_of(seen, title.value if title else "", line)
    told = told_names(seen, items, anchors, captured_authors(page, findings))
    names = name_groups(told, seen, identity, anchors, title.value if title else "")
    editors = {name_key(e.value.name) for e in captured.editors}
    names = [n for n in names if name_key(n.name) not in editors or n.features.get("rule")]
    authors = chosen_authors(names, identity, "text-author", captured.site)
    stated = stated_dates(seen, items, document.url, anchors, captured_dates(page, findings))
    days = day_groups(stated, seen, anchors)
    chosen_day, modified, displayed, conflicts = chosen_dates(days, anchors, "text-date")
    published = chosen_day or captured.published
    known = joined(captured, metadata_of_lines(_credit_lines(page)))
    site = captured.site
    if (
        site
        and site.origin.startswith("text:byline/")
        and site.value in {a.value.name for a in authors}
    ):
        site = _site_of_address(document.url)
    return replace(
        known,
        site=site,
        photo_credits=pictures(known.photo_credits, identity.matches),
        title=title,
        authors=tuple(_placed(page, a) for a in authors),
        published=_placed(page, published),
        modified=captured.modified or _placed(page, modified),
        displayed=_placed(page, displayed) if _is_other_day(displayed, published) else None,
        conflicts=conflicts,
    )


def without_places(metadata: Metadata) -> Metadata:
    """Return metadata without positions: those of lines of a page mean nothing elsewhere."""

    def placeless(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(placeless(v) for v in value)
        return replace(value, where=None) if isinstance(value, Sourced) else value

    return Metadata(**{f.name: placeless(getattr(metadata, f.name)) for f in fields(metadata)})


def _is_story(page: Page, top: Group) -> bool:
    """Tell whether a candidate is a sentence of the story, or a piece of one."""
    is_whole = bool(top.features["whole"]) and not ends_a_sentence(top.value)
    if len(words(top.value)) > MOST_TITLE_WORDS:
        return True
    return page.blocks[top.line].is_prose and not is_whole


def _chosen_title(
    page: Page, top: Group, sure: float, captured: Sourced[str] | None
) -> Sourced[str] | None:
    """The likeliest line; what a rule captured, where that is the same."""
    chosen = chosen_title(top, sure, "text-title")
    if chosen is None:
        return captured
    if captured is not None and key(captured.value) == key(chosen.value):
        return replace(captured, confidence=max(captured.confidence, chosen.confidence))
    return replace(chosen, where=_place(page, top.line, top.value))


def _credit_lines(page: Page) -> list[str]:
    """Lines in which a credit may stand: short ones, and the story's first."""
    story = [b for b in page.blocks if b.is_prose and b.words >= LEAST_WORDS]
    first, last = (story[0].index, story[-1].index) if story else (0, 0)
    return [
        b.shown
        for b in page.blocks
        if b.index == first
        or (
            b.words <= MOST_WORDS
            and (
                b.index <= first + NEAR
                or b.index >= last - NEAR
                or ":" in b.shown[:40]
                or "：" in b.shown[:20]
            )
        )
    ][:MOST_LINES]


def _is_other_day(displayed: Sourced[date] | None, published: Sourced[date] | None) -> bool:
    """Tell whether a text shows another day than that of publication; else it says nothing new."""
    if displayed is None or published is None:
        return displayed is not None
    return day_of(displayed.value) != day_of(published.value)


def _place(page: Page, line: int, shown: str) -> Span | None:
    return page.blocks[line].place_of(shown) if 0 <= line < len(page.blocks) else None


def _placed(page: Page, value: Any) -> Any:
    """Give a value the place of its raw string in the text, where it stands there literally."""
    if value is None or value.where is not None or value.origin == "url":
        return value
    at = page.text.find(value.raw)
    return replace(value, where=Span(at, at + len(value.raw))) if at >= 0 and value.raw else value


def captured_names(findings: Sequence[Finding]) -> list[str]:
    """Return what rules read as the site's name."""
    return [c.value for f in findings for c in f.captures if c.field == "site"]


def _line_of(page: Page, at: int) -> int:
    """Return the index of the block that holds a position."""
    return max(0, bisect_right([b.start for b in page.blocks], at) - 1)


def captured_authors(page: Page, findings: Sequence[Finding]) -> list[tuple[str, str, int]]:
    """Return what rules read as authors: value, rule, line."""
    return [
        (c.value, f.rule, _line_of(page, c.span.start))
        for f in findings
        for c in f.captures
        if c.field == "author"
    ]


def captured_dates(page: Page, findings: Sequence[Finding]) -> list[tuple[str, str, str, int]]:
    """Return what rules read as dates: value, field, rule, line."""
    return [
        (c.value, c.field, f.rule, _line_of(page, c.span.start))
        for f in findings
        for c in f.captures
        if c.field in ("published", "modified")
    ]


def _sourced(value: str, candidate: Candidate, confidence: float | None = None) -> Sourced[str]:
    capture, finding = candidate
    return Sourced(
        value=value,
        raw=capture.value,
        origin=f"text:{finding.rule}",
        where=capture.span,
        confidence=finding.confidence if confidence is None else confidence,
    )


def _clean(value: str) -> str:
    return " ".join(value.split()).strip(" \t,;|–—-")


def _first(candidates: Sequence[Candidate]) -> Sourced[str] | None:
    return _sourced(_clean(candidates[0][0].value), candidates[0]) if candidates else None


def _all(candidates: Iterable[Candidate]) -> tuple[Sourced[str], ...]:
    """Every distinct value, in order; two pictures by one agency are one credit."""
    found: dict[str, Sourced[str]] = {}
    for candidate in candidates:
        value = _clean(candidate[0].value).rstrip(".)")
        if value:
            found.setdefault(fold(value), _sourced(value, candidate))
    return tuple(found.values())


def _list(candidates: Iterable[Candidate]) -> tuple[Sourced[str], ...]:
    found: dict[str, Sourced[str]] = {}
    for candidate in candidates:
        for part in re.split(r"[,|;•·、]", candidate[0].value):
            if value := _clean(part).lstrip("#"):
                found.setdefault(fold(value), _sourced(value, candidate))
    return tuple(found.values())


def _title(candidates: Sequence[Candidate]) -> Sourced[str] | None:
    if not candidates:
        return None
    best = min(candidates, key=lambda c: (c[1].safety != "safe", c[0].span))
    reported = best[1].safety == "report"
    return _sourced(_clean(best[0].value), best, REPORTED_TITLE_CONFIDENCE if reported else None)


def _date(candidates: Sequence[Candidate]) -> Sourced[date] | None:
    for capture, finding in candidates:
        for found in find_dates(capture.value)[:1]:
            confidence = AMBIGUOUS_DATE_CONFIDENCE if found.is_ambiguous else finding.confidence
            origin = f"text:{finding.rule}"
            return Sourced(found.value, capture.value, origin, capture.span, confidence)
    return None


def _people(
    candidates: Sequence[Candidate],
    role: str,
    document: Document,
    site: Sourced[str] | None,
    findings: Sequence[Finding],
) -> tuple[Sourced[Person], ...]:
    found: dict[str, Sourced[Person]] = {}
    for capture, finding in candidates:
        for name in split_people(capture.value):
            if site and fold(name) == fold(site.value):
                continue
            if looks_like_organisation(name) or matches_host(name, document.url):
                continue
            confidence = finding.confidence if role == "editor" else BYLINE_CONFIDENCE
            found.setdefault(
                fold(name),
                Sourced(
                    Person(name, role),
                    capture.value,
                    f"text:{finding.rule}",
                    capture.span,
                    confidence,
                ),
            )
    return tuple(found.values())


def _agencies(candidates: Iterable[Candidate]) -> tuple[Sourced[str], ...]:
    found: dict[str, Sourced[str]] = {}
    for candidate in candidates:
        for part in _AGENCY_SPLIT.split(candidate[0].value):
            if name := _clean(part).rstrip("."):
                found.setdefault(fold(name), _sourced(name, candidate))
    return tuple(found.values())


def _site(
    document: Document, by_field: dict[str, list[Candidate]], findings: Sequence[Finding]
) -> Sourced[str] | None:
    """The name of the site that served the text.

    Named by a copyright line or a syndication note; or a by-line that is no person's: it spells the
    host, or it stands again in the page's own furniture, or its words are an organisation's. A
    person's stands there too, below teasers of her other stories.
    """
    if named := by_field.get("site"):
        return _sourced(_clean(named[0][0].value).rstrip("."), named[0])
    for candidate in by_field.get("author", ())[:MOST_BYLINES]:
        name = _clean(candidate[0].value)
        if matches_host(name, document.url):
            return _sourced(name, candidate, 0.97)
        if begins_with_given_name(name) or newsroom_name(name):
            continue
        if _stands_in_furniture(document, name, candidate[1], findings):
            return _sourced(name, candidate, 0.95)
        if looks_like_organisation(name) and len(name.split()) > 1:
            return _sourced(name, candidate, 0.8)
    return _site_of_address(document.url)


def _site_of_address(url: str | None) -> Sourced[str] | None:
    core = host_core(url)
    return Sourced(core, url or "", "url", None, 0.5) if core else None


def _stands_in_furniture(
    document: Document, name: str, own: Finding, findings: Sequence[Finding]
) -> bool:
    """Tell whether another piece of boilerplate ends in, or is, the same name."""
    key = fold(name)
    for finding in findings:
        if finding is own or finding.category in ("byline", "author_box", "headline", "agency"):
            continue
        text = fold(finding.span.of(document.text)[-80:])
        if text.endswith(key) and len(key) >= 4:
            return True
    return False
