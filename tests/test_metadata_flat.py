"""Metadata of flat text: what is lifted, and what must not be taken for it."""

import pytest

import cleannews
from cleannews import Person

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
