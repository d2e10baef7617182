"""The title of a flat text: which of its lines is one, by shape, place and what the story says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cleannews.document import Block, Finding, Page
from cleannews.metadata.dates import find_dates
from cleannews.metadata.identity import Identity
from cleannews.metadata.jsonld import tidy
from cleannews.metadata.page import Line, Seen
from cleannews.metadata.site import matches_host
from cleannews.metadata.title import Group, cuts
from cleannews.metadata.words import key, words

MOST_LINES = 250
"""Blocks in which a title is looked for; a heading mark counts anywhere."""
ABOVE_RUN = 15
"""Blocks above the story's first run of prose that are looked at however late it begins."""
LONGEST = 220
MOST_GROUPS = 500
"""Candidates of a text."""
_TAGS = {"#": "h1", "##": "h2", "###": "h3", "####": "h4", "*": "li", "+": "li", "-": "li"}
_STOP = re.compile(r"[.。।۔;,:]$")
_BULLET = re.compile(r"^(?:[*+•·▪►»#>-]|\d{1,2}\.)\s+")
_BYLINE = ("byline", "author_box")


def seen_of(page: Page) -> Seen:
    """Return a page's blocks as the lines that candidates are read from."""
    lines = [Line(b.shown, _TAGS.get(b.mark, "p"), 0, b.links) for b in page.blocks]
    return Seen(lines=lines, is_flat=True)


class TextIdentity(Identity):
    """Names of the site that a flat text itself holds."""

    def __init__(self, url: str | None, names: Sequence[str]) -> None:
        from cleannews.metadata.jsonld import Items

        super().__init__(Seen(), Items([]), url)
        self.keys |= {k for n in names if len(k := key(n)) > 1}


def _claims(page: Page, findings: Sequence[Finding]) -> dict[int, list[Finding]]:
    """Block index to the findings inside the block."""
    found: dict[int, list[Finding]] = {}
    blocks, at = page.blocks, 0
    for finding in findings:
        while at < len(blocks) and blocks[at].end <= finding.span.start:
            at += 1
        i = at
        while i < len(blocks) and blocks[i].start < finding.span.end:
            found.setdefault(i, []).append(finding)
            i += 1
    return found


def text_title_groups(
    page: Page, findings: Sequence[Finding], identity: Identity, url: str | None
) -> list[Group]:
    """Return the lines that may be the title, with features."""
    blocks = page.blocks
    claims = _claims(page, findings)
    groups: dict[str, Group] = {}
    places: dict[str, list[int]] = {}
    tops, run = 0, _first_run(blocks)
    short = [key(b.shown) for b in blocks if b.words <= 12]
    for block in blocks:
        is_far = block.index >= MOST_LINES and not run - ABOVE_RUN <= block.index <= run
        if is_far and not block.mark.startswith("#"):
            continue
        text = _BULLET.sub("", tidy(block.shown))
        if len(text) > LONGEST or len(text) < 4 or block.mark in ("|", "!"):
            continue
        tops += 1
        _add(groups, places, text, block)
        if tops <= 40 or block.mark.startswith("#"):
            for left, gone, sure, side in cuts(text, identity):
                if len(left) >= 6 and side != "both":
                    group = _add(groups, places, left, block, whole=False)
                    if group:
                        group.features["cut"] = group.features.get("cut", 0.0) + 1
                        group.features["cut-left"] = float(side == "left")
                        group.features["cut-words"] = len(words(gone))
                        group.features["cut-seen"] = float(_count_in(short, key(gone)))
                        group.features["cut-site"] = max(group.features.get("cut-site", 0.0), sure)
    _describe(groups, places, page, claims, url)
    return list(groups.values())


def _count_in(short: list[str], name: str) -> int:
    """Return in how many short lines a name stands, at most 5."""
    if len(name) < 3:
        return 0
    return min(5, sum(name in other for other in short) - 1)


def _add(
    groups: dict[str, Group],
    places: dict[str, list[int]],
    text: str,
    block: Block,
    whole: bool = True,
) -> Group | None:
    name = key(text)
    if len(name) < 4:
        return None
    group = groups.get(name)
    if group is None and len(groups) >= MOST_GROUPS:
        return None
    if group is None:
        group = groups[name] = Group(text, block.text, line=block.index)
        group.features["whole"] = 0.0
    if whole:
        if not group.features["whole"]:
            group.value, group.raw = text, block.text
        group.features["whole"] += 1
        places.setdefault(name, []).append(block.index)
    else:
        places.setdefault(name, [])
    return group


def _describe(
    groups: dict[str, Group],
    places: dict[str, list[int]],
    page: Page,
    claims: dict[int, list[Finding]],
    url: str | None,
) -> None:
    blocks = page.blocks
    story = [b for b in blocks if b.is_prose and b.words >= 15]
    prose = Counter(w for b in story[:60] for w in set(words(b.text[:3000])) if len(w) > 3)
    lead = set(words(" ".join(b.text for b in story[:3])[:3000]))
    everywhere = Counter(w for b in blocks for w in set(words(b.shown[:500])) if len(w) > 3)
    claimed = {i: {f.category for f in fs} for i, fs in claims.items()}
    long_run = _first_run(blocks)
    dates = [
        b.index
        for b in blocks[:400]
        if b.words < 25 and any(c.isdigit() for c in b.shown) and find_dates(b.shown)
    ]
    bylines = [i for i, c in claimed.items() if c & set(_BYLINE)]
    headings = [b.index for b in blocks if b.mark == "#"]
    first = key(blocks[0].shown) if blocks else ""
    keys = list(groups)
    for name, group in groups.items():
        f = group.features
        where = places[name] or [group.line]
        spot = _best_place(where, long_run)
        group.line = spot
        block = blocks[spot]
        bag = {w for w in words(group.value) if len(w) > 3}
        f["index"] = min(spot, 300)
        f["share"] = spot / len(blocks)
        f["blocks"] = min(len(blocks), 500)
        f["repeats"] = len(places[name])
        f["length"], f["words"] = len(name), len(words(group.value))
        f["links"] = block.links
        f["mark"] = len(block.mark) if block.mark.startswith("#") else 0
        f["list"] = float(block.mark in ("*", "+", "-"))
        f["h1s"] = len(headings)
        f["first-h1"] = float(bool(headings) and spot == headings[0])
        f["stop"] = float(bool(_STOP.search(group.value)))
        f["in-prose"] = sum(w in prose for w in bag) / len(bag) if bag else 0.0
        f["in-lead"] = sum(w in lead for w in bag) / len(bag) if bag else 0.0
        f["prose-hits"] = sum(min(prose[w], 4) for w in bag) / len(bag) if bag else 0.0
        f["rare"] = sum(everywhere[w] <= 2 for w in bag) / len(bag) if bag else 0.0
        f["to-run"] = max(-100, min(100, long_run - spot))
        after = next(
            (b.index for b in blocks[spot + 1 : spot + 80] if b.is_prose and b.words >= 12),
            spot + 99,
        )
        f["to-prose"] = after - spot
        f["to-date"] = _nearest(dates, spot)
        f["to-byline"] = _nearest(bylines, spot)
        f["prose"] = float(block.is_prose)
        f["in-first"] = float(name in first and name != first)
        f["is-first"] = float(spot == 0)
        f["first-in"] = float(first in name)
        f["first-share"] = len(name) / len(first) if name in first else 0.0
        f["upper"] = float(group.value.isupper())
        f["host"] = float(matches_host(group.value, url))
        f["longer"] = sum(name in other for other in keys) - 1
        f["shorter"] = sum(other in name for other in keys) - 1
        kinds = claimed.get(spot, set())
        f["headline"] = float("headline" in kinds)
        f["claimed"] = float(bool(kinds - {"headline"}))
        f["furniture"] = float(
            bool(
                kinds
                & {
                    "navigation",
                    "menu",
                    "related",
                    "share",
                    "comments",
                    "newsletter",
                    "promo",
                    "section",
                }
            )
        )
        f["sure"] = max(
            (g.confidence for g in claims.get(spot, ()) if g.category != "headline"), default=0.0
        )
        around = [b for b in blocks[max(0, spot - 3) : spot + 4] if b.index != spot]
        f["around-words"] = sum(b.words for b in around) / len(around) if around else 0.0
        f["around-links"] = sum(b.links for b in around) / len(around) if around else 0.0
        below = blocks[spot + 1 : spot + 4]
        f["below-words"] = max((b.words for b in below), default=0)
        f["below-claimed"] = sum(bool(claimed.get(b.index)) for b in below)
        above = blocks[max(0, spot - 3) : spot]
        f["above-words"] = max((b.words for b in above), default=-1)
        f["above-claimed"] = sum(bool(claimed.get(b.index)) for b in above)
        f["breaks"] = min(block.breaks, 4)
        f["digits"] = sum(c.isdigit() for c in name) / len(name)
        f["tokens-upper"] = _capital_share(group.value)


def _capital_share(text: str) -> float:
    tokens = [t for t in text.split() if t[:1].isalpha()]
    return sum(t[:1].isupper() for t in tokens) / len(tokens) if tokens else 0.0


def _nearest(spots: list[int], spot: int) -> float:
    """Signed distance to the nearest of the places, at most 60."""
    gap = min((s - spot for s in spots), key=abs, default=60)
    return float(max(-60, min(60, gap)))


def _first_run(blocks: Sequence[Block]) -> int:
    """Index of the block where two of three blocks in a row are prose."""
    for i, block in enumerate(blocks):
        if not block.is_prose or block.words < 15:
            continue
        if sum(b.is_prose for b in blocks[i : i + 4]) >= 2 or len(blocks) - i < 3:
            return i
    return len(blocks)


def _best_place(where: list[int], run: int) -> int:
    """The last place before the story begins, else the first one."""
    before = [i for i in where if i <= run]
    return before[-1] if before else where[0]
