"""Metadata of flat text: what is lifted, and what must not be taken for it."""

import pytest

import cleannews
from cleannews import Person
from cleannews.metadata.anchors import Anchors
from cleannews.metadata.author_lines import is_stamp
from cleannews.metadata.authors import name_groups, told_names
from cleannews.metadata.bylines import read_byline
from cleannews.metadata.flat_title import TextIdentity, inside_each_other, text_titles
from cleannews.metadata.given import begins_with_given_name
from cleannews.metadata.jsonld import Items
from cleannews.metadata.page import Line, Seen
from cleannews.reading.plain import read_plain

TITLE = "Council votes to close the old bridge"
S1 = "The council voted on Monday to close the old bridge, which opened in 1911."
S2 = "Repairs would cost 40 million crowns, the engineers wrote in their long report."


def meta(*blocks, url=None):
    return cleannews.clean("\n\n".join(blocks), url=url).metadata


def names(people):
    return [p.value.name for p in people]


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Ana Ruiz", ["Ana Ruiz"]),
        ("by Ana Ruiz and Ben Okoro |", ["Ana Ruiz", "Ben Okoro"]),
        ("By Ana Ruiz, Staff Writer", ["Ana Ruiz"]),
        ("Posted by Ben Okoro on 25 Sep 2016", ["Ben Okoro"]),
        ("Author: Ana Ruiz", ["Ana Ruiz"]),
        ("By\n\nAna Ruiz", ["Ana Ruiz"]),
        ("Written by\nAna Ruiz\nSenior Writer", ["Ana Ruiz"]),
        ("By\n\nThe bridge", []),
        ("By admin", []),
        ("By Harbour News Desk", []),
    ],
)
def test_authors_from_by_lines(line, authors):
    assert names(meta(line, S1, S2).authors) == authors


def test_a_republisher_is_the_site_not_an_author():
    found = meta(
        "Old bridge to close", "by The Harbour Blogs", "[ad_1]", S1, S2, "[ad_2]", "Source link"
    )
    assert found.authors == ()
    assert found.site.value == "The Harbour Blogs"
    assert found.title.value == "Old bridge to close"


def test_a_by_line_that_spells_the_host_is_the_site():
    found = meta("By Harbour Daily", S1, S2, url="https://harbourdaily.com/a")
    assert (found.authors, found.site.value) == ((), "Harbour Daily")


def test_the_seo_company_is_nobody_and_2020_is_no_date():
    footer = "Copyright @2020  All Right Reserved - Designed and Developed by ACME SEO COMPANY"
    found = meta(S1, S2, footer)
    assert (found.authors, found.editors, found.published, found.modified) == ((), (), None, None)


@pytest.mark.parametrize(
    ("blocks", "editor"),
    [
        (("Edited By:", "Ana Ruiz"), "Ana Ruiz"),
        (("Edited by: Ana Ruiz",), "Ana Ruiz"),
        (("Reviewed by", "Ben Okoro"), "Ben Okoro"),
        (("Published By:", "Ben Okoro"), "Ben Okoro"),
    ],
)
def test_editors_on_one_line_or_two(blocks, editor):
    found = meta(S1, S2, *blocks)
    assert [p.value for p in found.editors] == [Person(editor, "editor")]
    assert found.authors == ()


@pytest.mark.parametrize(
    ("line", "names_"),
    [
        ("Photo: Ana Ruiz, AP", ["Ana Ruiz, AP"]),
        ("The bridge in spring. (Photo: Reuters)", ["Reuters"]),
        ("Getty Images", ["Getty Images"]),
        ("(Photo courtesy of Ben Okoro.)", ["Ben Okoro"]),
    ],
)
def test_photo_credits(line, names_):
    assert [c.value for c in meta(S1, line, S2).photo_credits] == names_


def test_a_dateline_is_read_and_stays():
    text = f"HARBOUR, England (AP) — {S1}"
    result = cleannews.clean(f"{text}\n\n{S2}")
    assert result.text == f"{text}\n\n{S2}"
    assert result.metadata.dateline.value == "HARBOUR, England"
    assert [a.value for a in result.metadata.agencies] == ["AP"]


def test_agency_inputs_and_tags():
    found = meta(S1, S2, "With inputs from PTI", "Tags: bridge, trams, harbour")
    assert [a.value for a in found.agencies] == ["PTI"]
    assert [t.value for t in found.tags] == ["bridge", "trams", "harbour"]


def test_every_value_says_where_it_stands():
    text = "\n\n".join(["Old bridge to close", "By Ana Ruiz", "12 May 2021", S1, S2])
    found = cleannews.clean(text).metadata
    for value in (found.title, *found.authors, found.published):
        assert value.where.of(text) == value.raw
        assert value.origin.startswith("text:")
        assert 0 < value.confidence < 1


def test_nothing_known_is_nothing():
    assert meta(S1, S2).to_dict() == {}


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        ("Ana Ruiz's avatar", ("Ana Ruiz",)),
        ("Photo of Ana Ruiz", ("Ana Ruiz",)),
        ("Ana Ruiz ⋅ Founder", ("Ana Ruiz",)),
    ],
)
def test_what_pages_put_around_a_name_goes(shown, names):
    assert read_byline(shown, marked=True).names == names


GIVEN = [
    ("a given name first", "Jean-Luc Roux", True),
    ("in another script", "Ольга Руис", True),
    ("a label", "Quick Summary", False),
    ("nothing", "", False),
]


@pytest.mark.parametrize(("text", "is_name"), [pytest.param(*g[1:], id=g[0]) for g in GIVEN])
def test_given_names(text, is_name):
    assert begins_with_given_name(text) is is_name


def told(*lines):
    seen = Seen(lines=[Line(text, tag, 0, 0) for tag, text in lines], is_flat=True)
    return {t.name for t in told_names(seen, Items([]), Anchors([]))}


TOLD = [
    ("a name anywhere", [("p", S1), ("p", "Ana Ruiz"), ("p", S2)], {"Ana Ruiz"}),
    ("a name as a heading", [("h2", "Ana Ruiz"), ("p", S1)], {"Ana Ruiz"}),
    ("another heading", [("h2", "Quick Summary"), ("p", S1), ("p", S2)], set()),
    ("below a lone cue", [("p", "By"), ("p", "Ana Ruiz"), ("p", S2)], {"Ana Ruiz"}),
    (
        "inside a line without breaks",
        [("p", f"News By Ana Ruiz 3 May 2021 {S1} {S1}")],
        {"Ana Ruiz"},
    ),
    ("in a sentence", [("p", f"A report by Old Bridge says so. {S1} {S1}")], set()),
    ("before a day", [("p", f"Old bridge closes Ana Ruiz May 3, 2021 {S1}")], {"Ana Ruiz"}),
    ("before a reading time", [("p", f"Bridge closes Ana Ruiz 6 min read {S1}")], {"Ana Ruiz"}),
    (
        "before a day in the next line",
        [("p", "The Old Bridge (Updated) Ana Ruiz"), ("p", "Last Updated:"), ("p", "3 May 2021")],
        {"Ana Ruiz"},
    ),
    (
        "an unknown given name before a known one",
        [("p", "Sena Ana Ruiz"), ("p", "Published on:"), ("p", "3 May 2021")],
        {"Sena Ana Ruiz"},
    ),
    (
        "in front of a role, below a lone cue",
        [("p", "Written by"), ("p", f"Ana Ruiz Junior Reporter Old Bridge Advertising {S1} {S2}")],
        {"Ana Ruiz"},
    ),
    ("three words before a day", [("p", "The New Bridge May 3, 2021 Share")], set()),
    ("a pen name far from the title", [("p", S1), ("p", "by harbourcat"), ("p", S2)], set()),
    ("behind a date", [("p", "3 May 2021 Ana Ruiz"), ("p", S1), ("p", S2)], {"Ana Ruiz"}),
    ("below a word that needs a colon", [("p", "Text"), ("p", "Old Bridge"), ("p", S2)], set()),
]


@pytest.mark.parametrize(("lines", "names"), [pytest.param(*t[1:], id=t[0]) for t in TOLD])
def test_lines_of_a_text_that_may_name_its_author(lines, names):
    assert told(*lines) == names


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (("by harbourcat", S1), {"harbourcat"}),
        (("by", "harbourcat", S1), {"harbourcat"}),
        (("Susan December 9, 2024 0 Comments", S1), {"Susan"}),
    ],
)
def test_single_words_that_sign_near_the_title(lines, names):
    seen = Seen(lines=[Line(t, "p", 0, 0) for t in (TITLE, *lines)], is_flat=True)
    assert {t.name for t in told_names(seen, Items([]), Anchors([0]))} == names


def test_a_title_is_looked_for_above_a_story_that_begins_late():
    menu = [f"Topic {i}" for i in range(300)]
    text = "\n\n".join([*menu, "Council votes to close the old bridge", *[S1 + " " + S2] * 5])
    page = read_plain(text)
    found = text_titles(page, (), TextIdentity(None, ()))
    assert "Council votes to close the old bridge" in {g.value for g in found.groups}


def features_of(text: str, value: str) -> dict[str, float]:
    found = text_titles(read_plain(text), (), TextIdentity(None, ()))
    at = [g.value for g in found.groups].index(value)
    return {name: values[at] for name, values in found.features.items()}


def test_what_tells_a_title_from_other_lines():
    title = "Council votes to close the old bridge"
    text = "\n\n".join(["Harbour Daily", f"{title} | Harbour Daily", title, S1 + " " + S2, S1])
    found = features_of(text, title)
    told = ("whole", "cut", "repeats", "longer", "shorter", "to-prose", "is-first", "digits")
    assert {n: found[n] for n in told} == {
        "whole": 1, "cut": 1, "repeats": 1, "longer": 1, "shorter": 0, "to-prose": 1, "is-first": 0,
        "digits": 0,
    }  # fmt: skip
    assert found["in-lead"] > 0


def test_names_that_stand_in_each_other():
    assert inside_each_other(["bridge", "oldbridge", "theoldbridgecloses", "harbour"]) == (
        [2, 1, 0, 0],
        [0, 1, 2, 0],
    )


def test_a_word_or_two_of_a_menu_is_no_title_but_four_ideographs_may_be():
    found = text_titles(
        read_plain("Sport\n\n王小明辞职\n\nA longer line"), (), TextIdentity(None, ())
    )
    assert [g.value for g in found.groups] == ["王小明辞职", "A longer line"]


STAMPS = [
    ("a date", "Updated May 3, 2021", True),
    ("a day without its year", "* Jun 9", True),
    ("a day, another way round", "9. Juni", True),
    ("a reading time", "11 min read", True),
    ("a number", "Platform 9", False),
    ("a number behind a word", "Chapter 12", False),
    ("a minute of a story", S1.replace(".", " in 5 min."), False),
    ("no number", "Harbour Daily", False),
]


@pytest.mark.parametrize(("line", "is_one"), [pytest.param(*s[1:], id=s[0]) for s in STAMPS])
def test_lines_beside_which_authors_stand(line, is_one):
    assert is_stamp(line) is is_one


def test_two_words_beside_a_date_are_a_name():
    seen = Seen(
        lines=[Line(t, "p", 0, 0) for t in (TITLE, "Zorvath Ruiz", "* Jun 9", S1)], is_flat=True
    )
    anchors = Anchors([0])
    groups = name_groups(
        told_names(seen, Items([]), anchors), seen, TextIdentity(None, ()), anchors, TITLE
    )
    assert {g.name for g in groups} == {"Zorvath Ruiz"}


INTRODUCED = [
    ("a given name", "Ana Ruiz", {"Ana Ruiz"}),
    ("two words of a menu", "Quick Summary", set()),
    ("an unknown given name behind a cue", "By Zorvath Ruiz", {"Zorvath Ruiz"}),
    ("a Chinese surname", "王小明", {"王小明"}),
    ("another word of a script without capitals", "时尚频道", set()),
]


@pytest.mark.parametrize(("line", "kept"), [pytest.param(*i[1:], id=i[0]) for i in INTRODUCED])
def test_a_bare_line_of_a_text_needs_a_given_name(line, kept):
    seen = Seen(lines=[Line(t, "p", 0, 0) for t in (TITLE, line, S1, S2)], is_flat=True)
    anchors = Anchors([0])
    names = told_names(seen, Items([]), anchors)
    groups = name_groups(names, seen, TextIdentity(None, ()), anchors, TITLE)
    assert {g.name for g in groups} == kept
