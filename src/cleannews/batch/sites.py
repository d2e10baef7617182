"""Profiles of sites in a run: learned in a first pass over all records, looked up in the second.

What is learned stands in a SQLite file, at most 32 pages a host, so that neither pass holds all
profiles in memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from cleannews.boilerplate.sites import (
    MOST_PAGES,
    LearnedPage,
    SiteProfile,
    SiteProfiles,
    learn_site,
)
from cleannews.document import Document
from cleannews.metadata.site import host_of

HELD = 64
"""Profiles that a worker keeps in memory: those of the hosts it met last."""

TABLE = """CREATE TABLE IF NOT EXISTS learned (
    host TEXT NOT NULL, page TEXT NOT NULL, told TEXT NOT NULL, PRIMARY KEY (host, page)
) WITHOUT ROWID"""


def learned_page(
    body: str | bytes | None, url: str | None, *, charset: str | None = None
) -> str | None:
    """Return what a page teaches of its site, as JSON; None when it says nothing or has no host."""
    host = host_of(url)
    if not host or not body:
        return None
    if isinstance(body, bytes):
        from cleannews.reading.encoding import decode_html

        body = decode_html(body, charset=charset).text
    pages = learn_site([Document(body)], host=host).pages
    if not pages:
        return None
    page = pages[0]
    return json.dumps([host, f"{page.fingerprint:016x}", page.lines, page.prose])


def add_page(file: sqlite3.Connection, told: str) -> None:
    """Add what `learned_page` returned; of each host the pages of the smallest fingerprints stay.

    That is the sample that `SiteProfile` keeps, whatever the order in which pages come.
    """
    host, page, _, _ = json.loads(told)
    file.execute("INSERT OR IGNORE INTO learned VALUES (?, ?, ?)", (host, page, told))
    file.execute(
        "DELETE FROM learned WHERE host = ? AND page >= "
        "(SELECT page FROM learned WHERE host = ? ORDER BY page LIMIT 1 OFFSET ?)",
        (host, host, MOST_PAGES),
    )


def profile_of(file: sqlite3.Connection, host: str) -> SiteProfile | None:
    """Return the profile of a host, or None when nothing was learned of it."""
    rows = file.execute("SELECT told FROM learned WHERE host = ? ORDER BY page", (host,)).fetchall()
    pages = []
    for (told,) in rows:
        _, page, lines, prose = json.loads(told)
        pages.append(LearnedPage(int(page, 16), tuple(lines), tuple(prose)))
    return SiteProfile(tuple(pages), host) if pages else None


Lookup = Callable[[str | None], SiteProfile | SiteProfiles | None]


def profiles_of(site: str | None, learned: str | None) -> Lookup:
    """Return the function that finds the profile for a URL.

    Args:
        site: Path of a file of profiles; one without a host counts for every document.
        learned: Path of the SQLite file that this run has learned.

    Raises:
        InputError: The file of profiles cannot be read.
        SiteError: It is not a file of profiles.
    """
    known = SiteProfiles.load(site) if site else None
    if learned is None:
        alone = known.profiles[0] if known and len(known.profiles) == 1 else None
        # As the other commands have it: without a URL and with one profile, there is no choice.
        return lambda url: known if url else alone or known
    file = sqlite3.connect(f"{Path(learned).absolute().as_uri()}?mode=ro", uri=True)
    held: OrderedDict[str, SiteProfile | None] = OrderedDict()

    def find(url: str | None) -> SiteProfile | None:
        host = host_of(url)
        if host in held:
            held.move_to_end(host)
            return held[host]
        own = profile_of(file, host) if host else None
        more = known.get(host) if known else None
        held[host] = own.merge(more) if own and more else own or more
        if len(held) > HELD:
            held.popitem(last=False)
        return held[host]

    return find
