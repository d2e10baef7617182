"""The title of a flat text: which of its lines is one, by shape, place and what the story says."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from cleannews.document import Block, Finding, Page
from cleannews.metadata.dates import find_dates
from cleannews.metadata.identity import Identity
from cleannews.metadata.jsonld import tidy
from cleannews.metadata.page import Line, Seen
from cleannews.metadata.places import (
    ASIDE,
    AUTHOR,
    BIO,
    CAPTION,
    COMMENT,
    DATE,
    FOOT,
    HEAD,
    RELATED,
    TAGS,
)
from cleannews.metadata.title import Group, cuts, inside_each_other
from cleannews.metadata.words import folded, key, words, words_of_folded

MOST_LINES = 250
"""Blocks in which a title is looked for; a heading mark counts anywhere."""
ABOVE_RUN = 15
"""Blocks above the story's first run of prose that are looked at however late it begins."""
BELOW_RUN = 3
"""Blocks below its first line that may be a title, where nothing says that they are above it: of
titles of flattened pages one in fifty stands further down, of other lines half."""
SMALL = 60
"""Blocks of a text of which any may be the title."""
LONGEST = 220
SHORTEST = 4
MOST_GROUPS = 500
"""Candidates of a text."""
MOST_READ = 1000
"""Code points of a block whose words are looked at."""
MOST_PARAGRAPHS = 60
"""Paragraphs of the story whose words speak for a title."""
LEAD = 3
"""Paragraphs that are its first."""
FEWEST_LETTERS = 10
"""Letters and digits of a title of a script with spaces; fewer are a menu's word or two."""
_TAGS = {"#": "h1", "##": "h2", "###": "h3", "####": "h4", "*": "li", "+": "li", "-": "li"}
_MARKS = {
    "comments": COMMENT, "related": RELATED, "caption": CAPTION, "photo_credit": CAPTION,
    "tags": TAGS, "author_box": BIO, "byline": AUTHOR, "date": DATE, "before_article": HEAD,
    "navigation": ASIDE, "newsletter": ASIDE, "cookie": ASIDE, "share": ASIDE,
    "advertisement": ASIDE, "paywall": ASIDE, "policy": FOOT, "copyright": FOOT,
    "site_credit": FOOT, "disclaimer": FOOT, "notice": ASIDE, "placeholder": ASIDE,
}  # fmt: skip
"""What a place is for by what was found there."""
_DIGIT = re.compile(r"\d")
_STOP = re.compile(r"[.。।۔;,:]$")
_DENSE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
"""Scripts in which few characters are a title."""
_BULLET = re.compile(r"^(?:[*+•·▪►»#>-]|\d{1,2}\.)\s+")
_BYLINE = frozenset(("byline", "author_box"))
_OVER_STORIES = frozenset(("before_article", "headline", "repeat"))
"""What titles are claimed as; of other categories next to none is."""
_BY_PLACE = frozenset(("after_article", "short_line_block", "related"))
_SHORT_WORD = 3
"""Letters of words that say nothing about what a story is about."""
_BETWEEN = "\n\x1e\n"
"""What stands between blocks that are folded together; no word reaches across."""


def seen_of(page: Page, findings: Sequence[Finding] = ()) -> Seen:
    """Return a page's blocks as the lines that candidates are read from.

    Args:
        page: The blocks of a text.
        findings: What was found there, in order of position; it says what a place is for, as the
            names of elements do on an HTML page.
    """
    marks = [0] * len(page.blocks)
    for index, found in _claims(page, findings).items():
        for finding in found:
            marks[index] |= _MARKS.get(finding.category, 0)
    lines = [
        Line(b.shown, _TAGS.get(b.mark, "p"), mark, b.links)
        for b, mark in zip(page.blocks, marks, strict=True)
    ]
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


@dataclass(slots=True)
class TitleCandidates:
    """Lines of a text that may be its title.

    Attributes:
        groups: The candidates.
        features: Name of a feature to its values, one for each candidate.
    """

    groups: list[Group]
    features: dict[str, list[float]] = field(default_factory=dict)


class _Pool:
    """The candidates by what they say, and the blocks that say it."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}
        self.places: dict[str, list[int]] = {}

    def add(self, text: str, block: Block, whole: bool = True) -> Group | None:
        """Put a candidate in, or count it for the one that says the same."""
        name = key(text)
        if len(name) < SHORTEST or (len(name) < FEWEST_LETTERS and not _DENSE.search(name)):
            return None
        group = self.groups.get(name)
        if group is None:
            if len(self.groups) >= MOST_GROUPS:
                return None
            group = self.groups[name] = Group(text, block.text, line=block.index)
            group.features["whole"] = 0.0
            self.places[name] = []
        if whole:
            if not group.features["whole"]:
                group.value, group.raw = text, block.text
            group.features["whole"] += 1
            self.places[name].append(block.index)
        return group


def text_titles(page: Page, findings: Sequence[Finding], identity: Identity) -> TitleCandidates:
    """Return the lines that may be the title, with features."""
    blocks = page.blocks
    pool = _Pool()
    claims = _claims(page, findings)
    tops, run = 0, _first_run(blocks)
    short = [key(b.shown) for b in blocks if b.words <= 12]
    for block in blocks:
        if len(blocks) > SMALL and not _may_be_title(block, run, claims):
            continue
        text = _BULLET.sub("", tidy(block.shown))
        if len(text) > LONGEST or len(text) < SHORTEST or block.mark in ("|", "!"):
            continue
        tops += 1
        pool.add(text, block)
        if tops <= 40 or block.mark.startswith("#"):
            for left, gone, sure, side in cuts(text, identity):
                if len(left) >= 6 and side != "both":
                    group = pool.add(left, block, whole=False)
                    if group:
                        group.features["cut"] = group.features.get("cut", 0.0) + 1
                        group.features["cut-left"] = float(side == "left")
                        group.features["cut-words"] = len(words(gone))
                        group.features["cut-seen"] = float(_count_in(short, key(gone)))
                        group.features["cut-site"] = max(group.features.get("cut-site", 0.0), sure)
    return _described(pool, page, claims, run)


def _may_be_title(block: Block, run: int, claims: dict[int, list[Finding]]) -> bool:
    """Tell whether a block stands where titles stand, and is nothing that rules know better."""
    index = block.index
    if block.mark.startswith("#"):
        return True
    if index >= MOST_LINES and not run - ABOVE_RUN <= index <= run:
        return False
    kinds = {f.category for f in claims.get(index, ())}
    return bool(kinds & _OVER_STORIES) or (kinds <= _BY_PLACE and index <= run + BELOW_RUN)


def _count_in(short: list[str], name: str) -> int:
    """Return in how many short lines a name stands, at most 5."""
    if len(name) < 3:
        return 0
    return min(5, sum(name in other for other in short) - 1)


def _described(
    pool: _Pool, page: Page, claims: dict[int, list[Finding]], run: int
) -> TitleCandidates:
    found = TitleCandidates(list(pool.groups.values()))
    names = list(pool.groups)
    for name, group in pool.groups.items():
        group.line = _best_place(pool.places[name] or [group.line], run)
    f = found.features
    for name in ("whole", "cut", "cut-left", "cut-words", "cut-seen", "cut-site"):
        f[name] = [g.features.get(name, 0.0) for g in found.groups]
    f["repeats"] = [len(pool.places[name]) for name in names]
    _describe_words(f, found.groups, names, page.blocks)
    _describe_places(f, [g.line for g in found.groups], page.blocks, run)
    _describe_claims(f, [g.line for g in found.groups], page.blocks, claims)
    return found


def _describe_words(
    f: dict[str, list[float]], groups: list[Group], names: list[str], blocks: Sequence[Block]
) -> None:
    """What the candidates say: their letters, and where else their words stand."""
    values = [g.value for g in groups]
    tokens = [words(v) for v in values]
    bags = [{w for w in own if len(w) > _SHORT_WORD} for own in tokens]
    asked = set().union(*bags)
    prose, lead, everywhere = _where_words_stand(asked, blocks)
    shares = [_shares(bag, prose, lead, everywhere) for bag in bags]
    f["in-prose"], f["in-lead"], f["prose-hits"], f["rare"] = (
        [own[i] for own in shares] for i in range(4)
    )
    f["length"] = [len(name) for name in names]
    f["words"] = [len(own) for own in tokens]
    f["stop"] = [float(ends_a_sentence(v)) for v in values]
    f["upper"] = [float(v.isupper()) for v in values]
    f["digits"] = [_digit_share(name) for name in names]
    f["tokens-upper"] = [_capital_share(v) for v in values]
    f["longer"], f["shorter"] = inside_each_other(names)
    first = key(blocks[0].shown) if blocks else ""
    f["in-first"] = [float(name in first and name != first) for name in names]
    f["first-in"] = [float(first in name) for name in names]
    f["first-share"] = [len(name) / len(first) if name in first else 0.0 for name in names]


def _describe_places(
    f: dict[str, list[float]], spots: list[int], blocks: Sequence[Block], run: int
) -> None:
    """Where the candidates stand, and among what."""
    count = len(blocks)
    sizes, links = [b.words for b in blocks], [b.links for b in blocks]
    following = _next_prose(blocks)
    headings = [b.index for b in blocks if b.mark == "#"]
    dates = [
        b.index
        for b in blocks[:400]
        if b.words < 25 and _DIGIT.search(b.shown) and find_dates(b.shown)
    ]
    f["index"] = [min(i, 300) for i in spots]
    f["share"] = [i / count for i in spots]
    f["blocks"] = [min(count, 500)] * len(spots)
    f["links"] = [links[i] for i in spots]
    marks = [blocks[i].mark for i in spots]
    f["mark"] = [len(m) if m.startswith("#") else 0 for m in marks]
    f["list"] = [float(m in ("*", "+", "-")) for m in marks]
    f["h1s"] = [len(headings)] * len(spots)
    f["first-h1"] = [float(bool(headings) and i == headings[0]) for i in spots]
    f["to-run"] = [max(-100, min(100, run - i)) for i in spots]
    f["to-prose"] = [gap if (gap := following[i] - i) < 80 else 99 for i in spots]
    f["to-date"] = [_nearest(dates, i) for i in spots]
    f["is-first"] = [float(i == 0) for i in spots]
    f["breaks"] = [min(blocks[i].breaks, 4) for i in spots]
    f["around-words"] = _means_around(sizes, spots)
    f["around-links"] = _means_around(links, spots)
    f["below-words"] = [max(sizes[i + 1 : i + 4], default=0) for i in spots]
    f["above-words"] = [max(sizes[max(0, i - 3) : i], default=-1) for i in spots]


def _describe_claims(
    f: dict[str, list[float]],
    spots: list[int],
    blocks: Sequence[Block],
    claims: dict[int, list[Finding]],
) -> None:
    """What rules and the scorer found at the candidates and beside them."""
    kinds = {i: {c.category for c in own} for i, own in claims.items()}
    is_claimed = [i in kinds for i in range(len(blocks))]
    bylines = sorted(i for i, own in kinds.items() if own & _BYLINE)
    nothing: set[str] = set()
    f["to-byline"] = [_nearest(bylines, i) for i in spots]
    f["headline"] = [float("headline" in kinds.get(i, nothing)) for i in spots]
    f["claimed"] = [float(bool(kinds.get(i, nothing) - {"headline"})) for i in spots]
    f["sure"] = [
        max((g.confidence for g in claims.get(i, ()) if g.category != "headline"), default=0.0)
        for i in spots
    ]
    f["below-claimed"] = [sum(is_claimed[i + 1 : i + 4]) for i in spots]
    f["above-claimed"] = [sum(is_claimed[max(0, i - 3) : i]) for i in spots]


def ends_a_sentence(text: str) -> bool:
    """Tell whether a line ends as a sentence does, or a part of one."""
    return bool(_STOP.search(text))


def _where_words_stand(
    asked: set[str], blocks: Sequence[Block]
) -> tuple[dict[str, int], set[str], dict[str, int]]:
    """Return in how many paragraphs of the story words stand, in its first, in how many blocks."""
    prose, everywhere = dict.fromkeys(asked, 0), dict.fromkeys(asked, 0)
    lead: set[str] = set()
    seen = 0
    shown = folded(_BETWEEN.join([b.shown[:MOST_READ] for b in blocks])).split(_BETWEEN)
    for block, text in zip(blocks, shown, strict=False):
        own = asked.intersection(words_of_folded(text))
        for word in own:
            everywhere[word] += 1
        if block.is_prose and block.words >= 15 and seen < MOST_PARAGRAPHS:
            seen += 1
            for word in own:
                prose[word] += 1
            if seen <= LEAD:
                lead |= own
    return prose, lead, everywhere


def _shares(
    bag: set[str], prose: dict[str, int], lead: set[str], everywhere: dict[str, int]
) -> tuple[float, float, float, float]:
    """Shares of words: in the story, in its first paragraphs, how often there, and rare ones."""
    if not bag:
        return 0.0, 0.0, 0.0, 0.0
    hits = [n for w in bag if (n := prose[w])]
    rare = sum(everywhere[w] <= 2 for w in bag)
    size = len(bag)
    often = sum(min(n, 4) for n in hits)
    return len(hits) / size, len(bag & lead) / size, often / size, rare / size


def _digit_share(name: str) -> float:
    return 0.0 if name.isalpha() else sum(c.isdigit() for c in name) / len(name)


def _capital_share(text: str) -> float:
    starts = [t[0] for t in text.split() if t[0].isalpha()]
    return sum(map(str.isupper, starts)) / len(starts) if starts else 0.0


def _nearest(spots: list[int], spot: int) -> float:
    """Signed distance to the nearest of the rising places, at most 60; of two the one before."""
    at = bisect_left(spots, spot)
    gap = min((s - spot for s in spots[max(0, at - 1) : at + 1]), key=abs, default=60)
    return float(max(-60, min(60, gap)))


def _next_prose(blocks: Sequence[Block]) -> list[int]:
    """Return for each block the index of the next paragraph behind it."""
    found, following = [0] * len(blocks), len(blocks) + 99
    for i in range(len(blocks) - 1, -1, -1):
        found[i] = following
        if blocks[i].is_prose and blocks[i].words >= 12:
            following = i
    return found


def _means_around(values: Sequence[float], spots: list[int]) -> list[float]:
    """Return the mean of the three values before and the three behind each place."""
    sums = list(accumulate(values, initial=0.0))
    means = []
    for spot in spots:
        low, high = max(0, spot - 3), min(len(values), spot + 4)
        others = high - low - 1
        means.append((sums[high] - sums[low] - values[spot]) / others if others else 0.0)
    return means


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
