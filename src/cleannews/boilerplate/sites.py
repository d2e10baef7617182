"""Site profiles: which lines come back on the pages of a site.

A profile keeps, for some pages of a site, a fingerprint of the page and a 64-bit hash of every line
in its comparison form. No text of a page can be read back from it. Profiles are sets of pages, so
that merging them is a union: order and repetition do not matter.

Source:
    Lines repeated over pages of one site as its template: Bar-Yossef and Rajagopalan, "Template
    Detection via Data Mining and its Applications" (2002). The sample of pages is a bottom-k sketch
    (Cohen and Kaplan, "Summarizing data using bottom-k sketches", 2007), which makes it
    independent of the order in which pages come.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_
from pathlib import Path
from typing import Any

from cleannews.boilerplate.units import Unit, units_of
from cleannews.document import Block, Document, Page
from cleannews.errors import InputError, SiteError
from cleannews.metadata.site import host_of
from cleannews.reading.plain import read_plain
from cleannews.reading.rendering import render
from cleannews.reading.sniff import looks_like_html
from cleannews.writing import replacing

FORMAT_VERSION = 1
"""Version of the file form of profiles; another version is refused."""
MOST_PAGES = 32
"""Most pages of a site that are kept: those with the smallest fingerprints, a random sample."""
MOST_LINES = 1000
"""Most lines of a page that are kept: those with the smallest hashes."""
COPY = 0.5
"""Share, 0..1, of a text's own prose, and of all its words, from which on a page is a copy of it.

Different pages of one site share less than .47 of their prose in ``training/site_template.py``'s
data, but for a list without prose of its own, where the second condition helps; with itself a page
shares all of both.
"""
COPY_WITHOUT_PROSE = 0.75
"""The same share of all words for texts without prose of their own; different pages share .69."""
COPY_OF_BOTH = 0.25
"""Of two learned pages that count as one, the least share, 0..1, of the prose of both together."""

_KIND = "cleannews site profiles"


def line_hash(key: str) -> int:
    """Return the 64-bit hash of a line's comparison form."""
    data = key.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest())


@dataclass(frozen=True, slots=True, order=True)
class LearnedPage:
    """What is kept of one page, all of it hashes in rising order.

    Attributes:
        fingerprint: Hash of the hashes of all its lines.
        lines: Hashes of the lines that are not prose.
        prose: Hashes of those that are, or are pieces of a broken paragraph.
    """

    fingerprint: int
    lines: tuple[int, ...]
    prose: tuple[int, ...]

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> LearnedPage | None:
        """Return what is kept of a page's blocks; None when no block has a letter or digit."""
        prose: set[int] = set()
        lines: set[int] = set()
        for unit in units_of(blocks):
            own = [line_hash(b.key) for b in blocks[unit.first : unit.last + 1] if b.key]
            (prose if unit.is_prose else lines).update(own)
        lines -= prose
        if not lines and not prose:
            return None
        told = json.dumps([sorted(lines), sorted(prose)])
        kept = set(sorted(lines | prose)[:MOST_LINES])
        return cls(line_hash(told), tuple(sorted(lines & kept)), tuple(sorted(prose & kept)))

    @property
    def limit(self) -> int:
        """The largest hash that the page could hold; beyond it, lines were dropped."""
        both = (*self.lines, *self.prose)
        return max(both) if len(both) >= MOST_LINES else (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Sightings:
    """On how many other pages each unit of a page was seen.

    Attributes:
        pages: Number of other pages; copies of one page count once.
        units: The page's units: lines, or the pieces of a broken paragraph.
        counts: For each unit, on how many of the pages all of its lines are.
    """

    pages: int
    units: tuple[Unit, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class SiteProfile:
    r"""Which lines come back on the pages of one site.

    Made by `cleannews.learn_site`, given to `cleannews.clean` as `site`. Holds hashes, no text.

    Attributes:
        pages: What was learned of each page, by rising fingerprint, at most 32.
        host: Host of the site, None when it is not known.

    >>> from cleannews import learn_site
    >>> profile = learn_site(["Harbour Daily\nThe bridge is shut.", "Harbour Daily\nSnow fell."])
    >>> len(profile.pages), profile.host
    (2, None)
    """

    pages: tuple[LearnedPage, ...] = ()
    host: str | None = None

    def __post_init__(self) -> None:
        distinct: dict[int, LearnedPage] = {}
        for page in sorted(self.pages):
            distinct.setdefault(page.fingerprint, page)
        object.__setattr__(self, "pages", tuple(distinct.values())[:MOST_PAGES])
        object.__setattr__(self, "host", host_of(self.host) or None)

    def merge(self, other: SiteProfile) -> SiteProfile:
        """Return a profile of the pages of both; a page that is in both counts once.

        The order of merging does not matter, and merging a profile with itself changes nothing.

        Raises:
            SiteError: The profiles are of two different hosts.
        """
        if self.host and other.host and self.host != other.host:
            raise SiteError(
                f"profiles of two sites cannot be merged: {self.host!r} and {other.host!r}; "
                "keep them in one SiteProfiles"
            )
        return SiteProfile((*self.pages, *other.pages), self.host or other.host)

    @cached_property
    def hash(self) -> str:
        """Fingerprint of the profile, 16 hexadecimal digits."""
        return f"{line_hash(json.dumps(_encoded(self))):016x}"

    @cached_property
    def _groups(self) -> tuple[int, ...]:
        """For each page the number of its group; pages that print one story are one group."""
        groups = list(range(len(self.pages)))
        prose = [frozenset(p.prose) for p in self.pages]
        for j, own in enumerate(prose):
            for i in range(j):
                both = len(own & prose[i])
                least = max(COPY * min(len(own), len(prose[i])), COPY_OF_BOTH * len(own | prose[i]))
                if both and both >= least and groups[i] != groups[j]:
                    low, high = sorted((groups[i], groups[j]))
                    groups = [low if g == high else g for g in groups]
        return tuple(groups)

    @cached_property
    def _places(self) -> Mapping[int, int]:
        """Hash of a line to the pages it is on, as bits."""
        places: dict[int, int] = {}
        for i, page in enumerate(self.pages):
            for line in (*page.lines, *page.prose):
                places[line] = places.get(line, 0) | 1 << i
        return places

    @cached_property
    def _masks(self) -> Mapping[int, int]:
        """Number of a group to its pages, as bits."""
        masks: dict[int, int] = {}
        for i, group in enumerate(self._groups):
            masks[group] = masks.get(group, 0) | 1 << i
        return masks

    def seen(self, blocks: Sequence[Block]) -> Sightings:
        """Tell on how many other pages of the site each unit of a page was seen.

        A learned page that holds the text's own story is the text itself, or a copy of it, and does
        not count. That is worked out from the blocks alone, so that what is left of a page after
        cleaning is told the same.
        """
        hashes = [line_hash(b.key) if b.key else None for b in blocks]
        places = [0 if h is None else self._places.get(h, 0) for h in hashes]
        units = tuple(units_of(blocks))
        every = list(self._masks.values())
        own = [u for u in units if u.is_prose and _count(_places_of(u, hashes, places), every) < 2]
        seen = [
            [
                (h, places[i], blocks[i].words)
                for i in _blocks_of(some)
                if (h := hashes[i]) is not None
            ]
            for some in (own, units)
        ]
        copies = {self._groups[i] for i in range(len(self.pages)) if self._is_copy(i, *seen)}
        masks = [m for group, m in self._masks.items() if group not in copies]
        counts = tuple(_count(_places_of(u, hashes, places), masks) for u in units)
        return Sightings(len(masks), units, counts)

    def _is_copy(
        self, i: int, own: Sequence[tuple[int, int, int]], all_: Sequence[tuple[int, int, int]]
    ) -> bool:
        """Tell whether the i-th page holds most of a text.

        Args:
            i: Number of the page.
            own: Hash, pages and words of each line of the text's own prose.
            all_: The same of all its lines.
        """
        limit = self.pages[i].limit

        def share(lines: Sequence[tuple[int, int, int]]) -> float:
            known = [(p, words) for h, p, words in lines if h <= limit]
            total = sum(words for _, words in known)
            return sum(words for p, words in known if p >> i & 1) / total if total else 0.0

        if not own:
            return share(all_) >= COPY_WITHOUT_PROSE
        return share(own) >= COPY and share(all_) >= COPY


def _blocks_of(units: Sequence[Unit]) -> Iterator[int]:
    return (i for unit in units for i in range(unit.first, unit.last + 1))


def _places_of(unit: Unit, hashes: Sequence[int | None], places: Sequence[int]) -> int:
    """Return the pages, as bits, that hold all lines of a unit."""
    own = slice(unit.first, unit.last + 1)
    on = [p for p, h in zip(places[own], hashes[own], strict=True) if h is not None]
    return reduce(and_, on) if on else 0


def _count(pages: int, masks: Sequence[int]) -> int:
    return sum(1 for mask in masks if pages & mask)


@dataclass(frozen=True)
class SiteProfiles:
    """Profiles of many sites, by host.

    Attributes:
        profiles: By rising host, at most one for each; one without a host comes first.

    >>> from cleannews import SiteProfile, SiteProfiles
    >>> store = SiteProfiles((SiteProfile(host="www.Example.org"),))
    >>> store.for_url("https://example.org/news/1") == store.get("example.org")
    True
    """

    profiles: tuple[SiteProfile, ...] = ()

    def __post_init__(self) -> None:
        by_host: dict[str, SiteProfile] = {}
        for profile in self.profiles:
            host = profile.host or ""
            known = by_host.get(host)
            by_host[host] = known.merge(profile) if known else profile
        ordered = tuple(profile for _, profile in sorted(by_host.items()))
        object.__setattr__(self, "profiles", ordered)

    def get(self, host: str | None) -> SiteProfile | None:
        """Return the profile of a host, or else the one without a host, or else None.

        Args:
            host: As in a URL; case, port and a leading ``www.`` do not matter.
        """
        return self._by_host.get(host_of(host)) or self._by_host.get("")

    def for_url(self, url: str | None) -> SiteProfile | None:
        """Return the profile for a URL, as `get` does for its host."""
        return self.get(url)

    @cached_property
    def _by_host(self) -> Mapping[str, SiteProfile]:
        return {p.host or "": p for p in self.profiles}

    def merge(self, other: SiteProfiles | SiteProfile) -> SiteProfiles:
        """Return the profiles of both; those of one host are merged."""
        more = (other,) if isinstance(other, SiteProfile) else other.profiles
        return SiteProfiles((*self.profiles, *more))

    def to_json(self) -> str:
        """Return the file form: the same bytes for the same profiles."""
        told = {
            "format": _KIND,
            "format_version": FORMAT_VERSION,
            "sites": [_encoded(p) for p in self.profiles],
        }
        return json.dumps(told, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str, *, where: str = "site profiles") -> SiteProfiles:
        """Build from what `to_json` returns.

        Args:
            text: The file's text.
            where: Named in errors.

        Raises:
            SiteError: It is not such a file, or one of another version.
        """
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise SiteError(f"{where}: not a file of site profiles: {error}") from None
        if not isinstance(data, dict) or data.get("format") != _KIND:
            raise SiteError(
                f"{where}: not a file of site profiles; 'cleannews learn' or SiteProfiles.save "
                "makes them"
            )
        if data.get("format_version") != FORMAT_VERSION:
            raise SiteError(
                f"{where}: 'format_version' is {data.get('format_version')!r}, expected "
                f"{FORMAT_VERSION}; learn the pages again with this version of cleannews"
            )
        sites = data.get("sites")
        if not isinstance(sites, list):
            raise SiteError(f"{where}: 'sites' takes a list, not {type(sites).__name__}")
        return cls(tuple(_decoded(site, f"{where}: site {n}") for n, site in enumerate(sites, 1)))

    @classmethod
    def load(cls, path: str | Path) -> SiteProfiles:
        """Read a file of profiles.

        Raises:
            InputError: The file cannot be read.
            SiteError: It is not a file of profiles, or one of another version.
        """
        try:
            text = Path(path).read_text(encoding="utf-8")
        except OSError as error:
            raise InputError(f"{path}: {error.strerror or error}") from None
        except UnicodeDecodeError as error:
            raise SiteError(f"{path}: not a file of site profiles: {error}") from None
        return cls.from_json(text, where=str(path))

    def save(self, path: str | Path) -> None:
        """Write a file of profiles, whole or not at all.

        Raises:
            OSError: It cannot be written.
        """
        with replacing(Path(path)) as stream:
            stream.write(self.to_json().encode("utf-8"))


def learn_site(
    pages: Iterable[str | Document], *, host: str | None = None, url: str | None = None
) -> SiteProfile:
    r"""Learn which lines come back on the pages of one site.

    Args:
        pages: HTML of several pages, or their texts, made by one extractor and uncleaned. A page
            that comes twice counts once, a page without text not at all.
        host: Host of the site; without it, that of `url`, or else that of the pages' URLs.
        url: Any address on the site.

    Returns:
        The profile, which holds hashes and no text. It is the same in whatever order the pages
        come; of more than 32 pages a sample is kept.

    Raises:
        SiteError: The pages' URLs are of several hosts, and `host` does not say which it is.
        TypeError: `pages` is a single text, or holds something that is none.

    >>> profile = learn_site(["Our papers\nThe bridge is shut.", "Our papers\nSnow fell."])
    >>> from cleannews import clean
    >>> text = "Our papers\nThe old ferry sails again on Monday, the council said."
    >>> clean(text, site=profile).removed[0].evidence
    'on 2 of 2 other pages of this site'
    """
    if isinstance(pages, (str, Document)):
        raise TypeError("learn_site() takes several pages; put a single one into a list")
    learned: list[LearnedPage] = []
    hosts: set[str] = set()
    for page in pages:
        if not isinstance(page, (str, Document)):
            raise TypeError(f"a page is a str or a Document, not {type(page).__name__}")
        text = page if isinstance(page, str) else page.text
        if isinstance(page, Document) and (own := host_of(page.url)):
            hosts.add(own)
        if (kept := LearnedPage.of(_read(text).blocks)) is not None:
            learned.append(kept)
    told = host_of(host) or host_of(url)
    if not told and len(hosts) > 1:
        raise SiteError(
            f"the pages are of {len(hosts)} hosts, {', '.join(sorted(hosts)[:3])}; say which site "
            "they belong to with 'host', or learn each host for itself"
        )
    return SiteProfile(tuple(learned), told or next(iter(hosts), None))


def _read(text: str) -> Page:
    """Return the page of a flat text, or what an HTML page shows."""
    if not looks_like_html(text):
        return read_plain(text)
    from cleannews.reading.html import parse_html  # a parser, which flat texts never need

    return render(parse_html(text).root)


def learn_sites(documents: Iterable[Document], *, host: str | None = None) -> SiteProfiles:
    """Learn a profile for each host among documents.

    Args:
        documents: Pages of any sites; one without a URL belongs to `host`, or is passed over.
        host: Host of the documents without a URL.
    """
    by_host: dict[str, list[Document]] = {}
    for document in documents:
        if own := host_of(document.url) or host_of(host):
            by_host.setdefault(own, []).append(document)
    return SiteProfiles(tuple(learn_site(pages, host=own) for own, pages in by_host.items()))


def merged(profiles: Iterable[SiteProfile]) -> SiteProfile:
    """Return one profile of the pages of all."""
    return reduce(SiteProfile.merge, profiles, SiteProfile())


def _encoded(profile: SiteProfile) -> dict[str, Any]:
    pages = [
        {
            "page": f"{p.fingerprint:016x}",
            "lines": " ".join([f"{h:016x}" for h in p.lines]),
            "prose": " ".join([f"{h:016x}" for h in p.prose]),
        }
        for p in profile.pages
    ]
    return {"host": profile.host, "pages": pages}


def _decoded(site: object, where: str) -> SiteProfile:
    if not isinstance(site, dict) or not isinstance(site.get("pages"), list):
        raise SiteError(f"{where}: takes a table with 'host' and a list of 'pages'")
    host = site.get("host")
    if host is not None and (not isinstance(host, str) or not host_of(host)):
        raise SiteError(f"{where}: 'host' is {host!r}; it takes a host's name or null")
    pages: list[LearnedPage] = []
    for number, page in enumerate(site["pages"], 1):
        place = f"{where}: page {number}"
        if not isinstance(page, dict):
            raise SiteError(f"{place}: takes a table with 'page', 'lines' and 'prose'")
        fingerprint = _hashes(page.get("page"), f"{place}: 'page'")
        if len(fingerprint) != 1:
            raise SiteError(f"{place}: 'page' takes one hash")
        lines, prose = (_hashes(page.get(k), f"{place}: {k!r}") for k in ("lines", "prose"))
        pages.append(LearnedPage(fingerprint[0], lines, prose))
    return SiteProfile(tuple(pages), host)


def _hashes(value: object, where: str) -> tuple[int, ...]:
    words = value.split() if isinstance(value, str) else None
    if words is None or any(len(w) != 16 or not _HEX.issuperset(w) for w in words):
        raise SiteError(f"{where} takes hashes of 16 hexadecimal digits, joined by spaces")
    return tuple(sorted({int(w, 16) for w in words}))


_HEX = frozenset("0123456789abcdef")
