"""All candidates of a page to one `Metadata`: each field chosen by agreement, with confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from cleannews.document import Metadata, Person, Sourced
from cleannews.metadata.anchors import Anchors, anchors_of
from cleannews.metadata.author_lines import Told
from cleannews.metadata.authors import NameGroup, name_groups, told_names
from cleannews.metadata.bylines import name_key, newsroom_name
from cleannews.metadata.given import begins_with_given_name
from cleannews.metadata.identity import Identity
from cleannews.metadata.jsonld import Items
from cleannews.metadata.origin import (
    based_on_of,
    canonical_of,
    description_of,
    image_of,
    language_of,
    licence_of,
    paywall_of,
    publisher_of,
    section_of,
    tags_of,
)  # fmt: skip
from cleannews.metadata.page import Seen, look
from cleannews.metadata.pictures import pictures
from cleannews.metadata.places import COMMENT, FAR
from cleannews.metadata.published import DayGroup, Stated, day_groups, stated_dates
from cleannews.metadata.ranking import Model, model
from cleannews.metadata.site import host_core, is_agency, looks_like_organisation
from cleannews.metadata.title import Group, title_groups
from cleannews.reading.folding import fold

T = TypeVar("T")
MOST_AUTHORS = 8
_STATES = frozenset(
    ["ld-pub", "ld-page-pub", "meta-main", "meta-pub", "meta-date", "micro-pub", "time-pub",
     "near-issued", "rule-pub", "url"]
)  # fmt: skip
"""Codes of what says "published"; two of them that name different days are a conflict."""
_BEST_FIRST = (
    "ld-pub", "meta-main", "micro-pub", "meta-pub", "time-pub", "ld-page-pub", "rule-pub",
    "near-issued", "near", "time", "class", "meta-date",
)  # fmt: skip
_MODIFIED = (
    "ld-mod",
    "micro-mod",
    "meta-mod",
    "time-mod",
    "ld-page-mod",
    "rule-mod",
    "near-updated",
    "class-mod",
    "far-updated",
)
SHOWN_BEFORE, SHOWN_AFTER = 6, 20
"""Lines around the title in which the date that a reader sees is looked for."""
FURTHER = {"author": 0.5, "text-author": 0.5}
"""Probability from which a second name is given beside a first one."""

SIMILAR_TO_SITE = 0.6
"""How surely an organisation's name is the site's, from where a by-line of it is none."""
SURELY_SITE = 0.8
"""How surely a name without a known given name is the site's, from where it signs as that."""
SURELY_AUTHOR = 0.6
"""Probability from which a by-line is a person's though a text's own site seems to be called so."""


def metadata_of(root: Any, *, url: str | None = None, flat: Metadata | None = None) -> Metadata:
    """Return the metadata of a parsed page.

    Args:
        root: Root element of the page, None when it has none.
        url: Address of the page; evidence only.
        flat: What was read from the page's rendered text. It fills what markup does not say, and
            its positions are kept.
    """
    if root is None:
        return flat or Metadata()
    return metadata_of_seen(look(root), url=url, flat=flat)


def metadata_of_seen(
    seen: Seen, *, url: str | None = None, flat: Metadata | None = None
) -> Metadata:
    """Return the metadata of what one pass over a page found; see `metadata_of`."""
    flat = flat or Metadata()
    items = Items(seen.scripts)
    identity = Identity(seen, items, url)
    top, sure = best(title_groups(seen, items, identity, url), model("title"))
    title_line = title_line_of(seen, top)
    title = chosen_title(top, sure, "title") or flat.title
    anchors = anchors_of(seen, title.value if title else "", title_line)
    told = told_names(seen, items, anchors)
    names = name_groups(told, seen, identity, anchors, title.value if title else "")
    authors = chosen_authors(names, identity, "author")
    published, modified, displayed, conflicts = chosen_dates(
        day_groups(stated_dates(seen, items, url, anchors), seen, anchors), anchors, "date"
    )
    by_role = {
        role: _in_role(told, role, anchors, authors)
        for role in ("editor", "contributor", "translator", "photographer")
    }
    dateline = next((a for i in items.articles()[:1] if (a := _ld_text(i, "dateline"))), None)
    return Metadata(
        title=title,
        authors=authors,
        editors=_joined(flat.editors, by_role["editor"], _person_key),
        contributors=_joined(by_role["contributor"], by_role["translator"], _person_key),
        agencies=_joined(flat.agencies, _agencies(told, anchors), _text_key),
        published=published,
        modified=modified or flat.modified,
        displayed=displayed,
        site=site_of(identity, url) or flat.site,
        publisher=publisher_of(seen, items) or flat.publisher,
        based_on=based_on_of(seen, items, url) or flat.based_on,
        language=language_of(seen, items),
        section=section_of(seen, items) or flat.section,
        tags=tags_of(seen, items) or flat.tags,
        image=image_of(seen, items, url),
        canonical_url=canonical_of(seen, url),
        description=description_of(seen, items),
        dateline=flat.dateline or dateline,
        photo_credits=pictures(
            _joined(flat.photo_credits, _credits(by_role["photographer"]), _text_key),
            identity.matches,
        ),
        licence=licence_of(seen, items),
        is_paywalled=paywall_of(seen, items),
        conflicts=conflicts,
    )


def joined(first: Metadata, second: Metadata) -> Metadata:
    """Return what credit lines add to what is known: lists grow, single values only fill gaps."""
    return replace(
        first,
        editors=_joined(first.editors, second.editors, _person_key),
        agencies=_joined(first.agencies, second.agencies, _text_key),
        photo_credits=(*first.photo_credits, *_new_credits(first, second)),
        dateline=first.dateline or second.dateline,
        publisher=first.publisher or second.publisher,
        based_on=first.based_on or second.based_on,
    )


def _new_credits(first: Metadata, second: Metadata) -> tuple[Sourced[str], ...]:
    """Photo credits that are in none that is known: "Ana Ruiz" is in "Ana Ruiz, AP"."""
    known = " | ".join(fold(c.value) for c in first.photo_credits)
    return tuple(c for c in second.photo_credits if fold(c.value) not in known)


def title_line_of(seen: Seen, title: Group | None) -> int:
    """Return the index of the line where the story begins: its title, else the first heading."""
    if title is not None and title.line >= 0:
        return title.line
    return next((i for i, line in enumerate(seen.lines) if line.tag == "h1"), -1)


def best(groups: Sequence[Any], trees: Model) -> tuple[Any, float]:
    """Return the likeliest group and its probability; None and 0.0 when there is none."""
    return likeliest(groups, trees.probabilities([g.features for g in groups]))


def likeliest(groups: Sequence[Any], scored: Sequence[float]) -> tuple[Any, float]:
    """Return the group of the highest probability, and that; None and 0.0 when there is none."""
    if not groups:
        return None, 0.0
    top = max(range(len(groups)), key=scored.__getitem__)
    return groups[top], scored[top]


def chosen_title(group: Group | None, probability: float, name: str) -> Sourced[str] | None:
    """Return the title as it is given."""
    if group is None:
        return None
    origin = group.origins[0] if group.origins else "line"
    return Sourced(group.value, group.raw, origin, None, model(name).confidence(probability))


def chosen_authors(
    names: Sequence[NameGroup], identity: Identity, name: str, site: Sourced[str] | None = None
) -> tuple[Sourced[Person], ...]:
    """Return the names that are likely authors, the order of the page's own list kept."""
    trees = model(name)
    found: list[tuple[int, Sourced[Person]]] = []
    scored = trees.probabilities([g.features for g in names])
    order = sorted(range(len(names)), key=lambda i: -scored[i])
    for i in order[: MOST_AUTHORS * 2]:
        group = names[i]
        least = max(trees.threshold, FURTHER[name]) if found else trees.threshold
        if scored[i] < least or len(found) >= MOST_AUTHORS:
            break
        if is_refused(group, identity, is_flat=name == "text-author"):
            continue
        if site is not None and is_site(group.name, site) and scored[i] < SURELY_AUTHOR:
            continue
        first = min(
            (t for t in group.told if "-part" not in t.code),
            key=lambda t: (t.code not in ("ld", "rule"), t.rank),
        )
        value = Sourced(
            Person(group.name, role_of(group.name, identity)),
            first.raw,
            first.origin,
            None,
            trees.confidence(scored[i]),
        )
        found.append((group.order, value))
    return tuple(value for _, value in sorted(found, key=lambda f: f[0]))


def is_site(name: str, site: Sourced[str]) -> bool:
    """Tell whether a name is the site's, and not that of a person whose site it is."""
    return name_key(name) == name_key(site.value) and not begins_with_given_name(name)


def is_refused(group: NameGroup, identity: Identity, *, is_flat: bool) -> bool:
    """Tell whether a name is never given as an author, whatever the trees say.

    In a flat text an agency or an organisation; on a page the site's own name, where nothing but a
    line that can be read says so: "by The Harbour Blogs" is how republishers sign.
    """
    name = group.name
    if is_agency(name):
        return is_flat
    if newsroom_name(name) or not looks_like_organisation(name):
        return False
    if is_flat:
        return not begins_with_given_name(name)
    is_read = all(t.origin.startswith("line:") for t in group.told)
    return is_read and identity.matches(name) >= SIMILAR_TO_SITE


def role_of(name: str, identity: Identity) -> str:
    """Return ``organisation`` for a newsroom, an agency or the site itself, else ``author``."""
    if is_agency(name) or newsroom_name(name):
        return "organisation"
    if begins_with_given_name(name):
        return "author"
    is_site = identity.matches(name) >= SURELY_SITE
    return "organisation" if is_site or looks_like_organisation(name) else "author"


def chosen_dates(
    groups: Sequence[DayGroup], anchors: Anchors, name: str
) -> tuple[Sourced[date] | None, Sourced[date] | None, Sourced[date] | None, tuple[str, ...]]:
    """Return published, modified and displayed, and the names of the fields in conflict."""
    trees = model(name)
    own = [g for g in groups if not all(s.marks & COMMENT for s in g.stated)]
    group, probability = best(own or groups, trees)
    published: Sourced[date] | None = None
    conflicts: list[str] = []
    if group is not None and probability >= trees.threshold and not group.features["modified-only"]:
        published = _published(group, trees.confidence(probability))
        others = {
            s.day
            for g in groups
            if g is not group
            for s in g.stated
            if s.code in _STATES and not s.is_ambiguous
        }
        if any(abs((day - group.day).days) > 1 for day in others):
            conflicts.append("published")
    everything = [s for g in groups for s in g.stated]
    return (
        published,
        _modified(everything, published),
        _displayed(everything, anchors),
        tuple(conflicts),
    )


def _published(group: DayGroup, confidence: float) -> Sourced[date]:
    """The day's most telling statement: with a zone before without one, a moment before a day."""

    def rank(one: Stated) -> tuple[bool, int, int]:
        known = _BEST_FIRST.index(one.code) if one.code in _BEST_FIRST else len(_BEST_FIRST)
        is_mod = "mod" in one.code or "updated" in one.code
        return is_mod, known, one.line

    usable = sorted(group.stated, key=rank)
    first = usable[0]
    for one in usable:
        if (
            isinstance(one.value, datetime)
            and one.value.tzinfo is not None
            and not rank(one)[0]
            and rank(one)[1] < 6
        ):
            first = one
            break
    return Sourced(first.value, first.raw[:200], first.origin, None, confidence)


def _modified(
    everything: Sequence[Stated], published: Sourced[date] | None
) -> Sourced[date] | None:
    told = [s for s in everything if s.code in _MODIFIED and not s.is_ambiguous]
    if not told:
        return None
    first = min(told, key=lambda s: (_MODIFIED.index(s.code), s.line))
    agree = len({s.code.split("-")[0] for s in told if s.day == first.day})
    if published is not None and first.day < _day(published.value):
        return None
    return Sourced(first.value, first.raw[:200], first.origin, None, 0.8 if agree < 2 else 0.93)


def _displayed(everything: Sequence[Stated], anchors: Anchors) -> Sourced[date] | None:
    """The date that a reader sees first near the title."""
    shown = [
        s
        for s in everything
        if s.line >= 0 and not s.marks & FAR and not s.is_swapped and "prose" not in s.code
        and s.code.startswith(("near", "time", "class"))
        and anchors.is_near(s.line, SHOWN_BEFORE, SHOWN_AFTER)
    ]  # fmt: skip
    if not shown:
        return None
    first = min(shown, key=lambda s: (anchors.gap(s.line) < 0, abs(anchors.gap(s.line))))
    confidence = 0.6 if first.is_ambiguous else 0.8
    return Sourced(first.value, first.raw[:200], first.origin, None, confidence)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def site_of(identity: Identity, url: str | None) -> Sourced[str] | None:
    """Return the name of the site that served the page."""
    if identity.names:
        first = identity.names[0]
        agree = sum(fold(n.name) == fold(first.name) for n in identity.names[1:])
        return Sourced(
            first.name, first.name, first.origin, None, min(0.97, first.weight + 0.03 * agree)
        )
    if core := host_core(url):
        return Sourced(core, url or "", "url", None, 0.5)
    return None


def _in_role(
    told: Sequence[Told], role: str, anchors: Anchors, authors: Sequence[Sourced[Person]]
) -> tuple[Sourced[Person], ...]:
    """People whom the page names in another role, in a cue's own words."""
    known = (
        {name_key(a.value.name) for a in authors}
        if role in ("contributor", "translator")
        else set()
    )
    found: dict[str, Sourced[Person]] = {}
    for one in told:
        if one.role != role or name_key(one.name) in known or one.marks & FAR:
            continue
        if one.line >= 0 and anchors.lines and one.line < anchors.lines[0] - SHOWN_BEFORE:
            continue
        if looks_like_organisation(one.name) and role != "photographer":
            continue
        confidence = 0.9 if one.code == "ld-role" else 0.8
        found.setdefault(
            name_key(one.name),
            Sourced(Person(one.name, role), one.raw, one.origin, None, confidence),
        )
    return tuple(found.values())[:MOST_AUTHORS]


def _agencies(told: Sequence[Told], anchors: Anchors) -> tuple[Sourced[str], ...]:
    """News agencies that stand where an author would."""
    found: dict[str, Sourced[str]] = {}
    for one in told:
        is_here = one.line < 0 or anchors.is_near(one.line, 0, SHOWN_AFTER)
        if is_here and one.role == "author" and is_agency(one.name) and not one.marks & FAR:
            found.setdefault(fold(one.name), Sourced(one.name, one.raw, one.origin, None, 0.85))
    return tuple(found.values())


def _credits(people: Sequence[Sourced[Person]]) -> tuple[Sourced[str], ...]:
    return tuple(Sourced(p.value.name, p.raw, p.origin, p.where, p.confidence) for p in people)


def _ld_text(item: dict[str, Any], name: str) -> Sourced[str] | None:
    value = item.get(name)
    if isinstance(value, str) and 1 < len(value.strip()) <= 80:
        return Sourced(value.strip(), value, f"json-ld:Article.{name}", None, 0.9)
    return None


def _person_key(one: Sourced[Person]) -> str:
    return name_key(one.value.name)


def _text_key(one: Sourced[str]) -> str:
    return fold(one.value)


def _joined(
    first: Sequence[Sourced[T]], second: Sequence[Sourced[T]], key: Any
) -> tuple[Sourced[T], ...]:
    """Both lists as one, surer where they agree."""
    found = {key(one): one for one in first}
    for one in second:
        name = key(one)
        if name in found:
            found[name] = replace(
                found[name],
                confidence=min(0.97, max(found[name].confidence, one.confidence) + 0.03),
            )
        else:
            found[name] = one
    return tuple(found.values())
