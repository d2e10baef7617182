"""Metadata of HTML pages: what each kind of source gives, and what must not be taken for it."""

import json
import re
import string
import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleannews
from cleannews import Metadata, Person, Sourced
from cleannews.metadata.anchors import Anchors
from cleannews.metadata.bylines import read_byline
from cleannews.metadata.jsonld import Items, read_script
from cleannews.metadata.moments import day_of, read_moment
from cleannews.metadata.page import look
from cleannews.metadata.pictures import pictures
from cleannews.metadata.published import url_day
from cleannews.metadata.words import key
from cleannews.reading.html import parse_html

S1 = "The council voted on Monday to close the old bridge, which opened in 1911 and carries trams."
S2 = "Repairs would cost 40 million crowns, the engineers wrote in their long report to the town."
TITLE = "Council votes to close the old bridge"


def page(head="", body="", title=f"{TITLE} | The Harbour", lang="en"):
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{title}</title>{head}</head>'
        f"<body>{body or story()}</body></html>"
    )


def story(*lines, heading=TITLE):
    inside = "".join(f"<p>{line}</p>" for line in lines)
    return f"<h1>{heading}</h1>{inside}<p>{S1}</p><p>{S2}</p>"


def ld(**item):
    item = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, **item}
    return f'<script type="application/ld+json">{json.dumps(item)}</script>'


def meta(name, content):
    return f'<meta property="{name}" content="{content}">'


def read(html, url="https://harbour.example/bridge"):
    return cleannews.extract_metadata(html, url=url)


def names(people):
    return [p.value.name for p in people]


SITE = meta("og:site_name", "The Harbour")


@pytest.mark.parametrize(
    "tail",
    [" | The Harbour", " - The Harbour", " – The Harbour", " » The Harbour", " · The Harbour"],
)
def test_the_sites_name_goes_from_the_title(tail):
    found = read(page(SITE + meta("og:title", TITLE + tail), title=TITLE + tail))
    assert found.title.value == TITLE


def test_a_title_with_a_hyphen_stays_whole():
    title = "Twenty-one-year-old tram driver - and her cat - win the Harbour-to-Quay race"
    found = read(page(SITE, story(heading=title), title=f"{title} - The Harbour"))
    assert found.title.value == title


def test_authors_from_structured_data_and_a_byline():
    person = [{"@type": "Person", "name": "Ana Ruiz"}, {"@type": "Person", "name": "Ben Okoro"}]
    found = read(page(ld(author=person), story("By Ana Ruiz and Ben Okoro")))
    assert [a.value for a in found.authors] == [Person("Ana Ruiz"), Person("Ben Okoro")]
    assert found.authors[0].origin == "json-ld:Article.author"
    assert found.authors[0].confidence > 0.8


@pytest.mark.parametrize(
    "head",
    [
        ld(author={"@type": "Organization", "name": "The Harbour News Desk"}) + SITE,
        meta("author", "admin"),
        meta("author", "Super User"),
        "",
    ],
)
def test_a_site_or_a_default_is_no_author(head):
    assert read(page(head, story(""))).authors == ()


def test_commenters_are_no_authors():
    comment = '<div class="comment"><p class="comment-author">Rosa Lind says:</p><p>Sad.</p></div>'
    assert read(page("", story() + comment)).authors == ()


def test_an_agency_in_the_byline_is_an_agency():
    found = read(page(ld(author={"@type": "Person", "name": "Reuters"}), story("By Reuters")))
    assert [a.value for a in found.authors] == [Person("Reuters", "organisation")]
    assert [a.value for a in found.agencies] == ["Reuters"]
    assert found.to_schema_org()["author"] == [
        {"@type": "NewsMediaOrganization", "name": "Reuters"}
    ]


def test_a_site_signs_where_its_data_say_so_and_not_by_a_line_alone():
    signed = ld(author={"@type": "Organization", "name": "Harbour Today"}) + meta(
        "og:site_name", "Harbour Today"
    )
    found = read(page(signed, story('<span class="author">Harbour Today</span>')))
    assert [a.value for a in found.authors] == [Person("Harbour Today", "organisation")]
    assert (
        read(page(meta("og:site_name", "Harbour Today"), story("by Harbour Today"))).authors == ()
    )


def test_moments_keep_their_zone():
    found = read(page(ld(datePublished="2023-09-14T23:30:00+05:30"), story()))
    zone = timezone(timedelta(hours=5, minutes=30))
    assert found.published.value == datetime(2023, 9, 14, 23, 30, tzinfo=zone)
    assert found.published.value.isoformat() == "2023-09-14T23:30:00+05:30"


def test_a_change_is_not_a_publication():
    found = read(page(ld(dateModified="2023-09-16T10:00:00Z"), story("Updated: 16 September 2023")))
    assert found.published is None
    assert found.modified.value.date() == date(2023, 9, 16)
    assert found.displayed.value == date(2023, 9, 16)


def test_published_and_modified_are_kept_apart():
    head = ld(datePublished="2023-09-14T08:00:00Z", dateModified="2023-09-16T10:00:00Z")
    found = read(page(head, story("14 September 2023")))
    assert found.published.value.date() == date(2023, 9, 14)
    assert found.modified.value.date() == date(2023, 9, 16)


def test_strong_sources_that_disagree_are_a_conflict():
    head = ld(datePublished="2023-09-14T08:00:00Z")
    head += meta("article:published_time", "2021-01-05T08:00:00Z")
    assert read(page(head)).conflicts == ("published",)


def test_a_year_is_no_date():
    found = read(page("", story() + "<footer>Copyright 2020 The Harbour</footer>"))
    assert (found.published, found.modified, found.displayed) == (None, None, None)


def test_comments_dates_do_not_become_the_pages():
    comment = (
        '<div class="comment"><time datetime="2019-01-02">2 January 2019</time><p>Sad.</p></div>'
    )
    head = meta("article:published_time", "2018-12-30T08:00:00Z")
    assert read(page(head, story() + comment)).published.value.date() == date(2018, 12, 30)


def test_a_source_link_is_what_the_story_is_based_on():
    link = '<p><a href="https://quay.example/bridge">Source link</a></p>'
    assert read(page("", story() + link)).based_on.value == "https://quay.example/bridge"


def test_a_canonical_address_elsewhere_is_the_original():
    head = '<link rel="canonical" href="https://quay.example/bridge">'
    found = read(page(head))
    assert found.canonical_url.value == found.based_on.value == "https://quay.example/bridge"


def test_the_own_canonical_address_is_no_original():
    found = read(page('<link rel="canonical" href="/bridge">'))
    assert (found.canonical_url.value, found.based_on) == ("https://harbour.example/bridge", None)


def test_what_the_page_says_of_itself():
    head = (
        ld(articleSection="Town", keywords=["bridge", "trams"], isAccessibleForFree=False)
        + SITE
        + meta("og:description", "The bridge closes.")
        + meta("og:image", "/bridge.jpg")
        + '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">'
    )
    found = read(page(head))
    assert found.site.value == "The Harbour"
    assert found.section.value == "Town"
    assert [t.value for t in found.tags] == ["bridge", "trams"]
    assert found.is_paywalled.value is True
    assert found.description.value == "The bridge closes."
    assert found.image.value == "https://harbour.example/bridge.jpg"
    assert found.licence.value == "https://creativecommons.org/licenses/by/4.0/"
    assert found.language.value == "en"


def test_people_in_other_roles():
    head = ld(
        author={"@type": "Person", "name": "Ana Ruiz"},
        editor={"@type": "Person", "name": "Mira Solberg"},
    )
    figure = "<figure><img src=a.jpg><figcaption>Photo: Ben Okoro</figcaption></figure>"
    found = read(page(head, story("By Ana Ruiz", figure)))
    assert (names(found.authors), names(found.editors)) == (["Ana Ruiz"], ["Mira Solberg"])
    assert [c.value for c in found.photo_credits] == ["Ben Okoro"]


def test_a_republished_page():
    body = (
        story("by The Harbour Blogs", "[ad_1]", "Published On: Sep 14, 2023")
        + "<p>The bridge in fog. (Photo: Reuters)</p><div>Edited By:</div><div>Mira Solberg</div>"
        + '<p><a href="https://quay.example/x">Source link</a></p>'
        + "<footer>Copyright @2020 All Right Reserved - Designed by ACME SEO COMPANY</footer>"
    )
    found = read(
        page("", body, title=f"{TITLE} - The Harbour Blogs"), "https://harbourblogs.example/x"
    )
    assert (found.title.value, found.authors) == (TITLE, ())
    assert names(found.editors) == ["Mira Solberg"]
    assert found.published.value == date(2023, 9, 14)
    assert [c.value for c in found.photo_credits] == ["Reuters"]
    assert found.based_on.value == "https://quay.example/x"


def test_dictionary_form_and_schema_org():
    head = ld(datePublished="2023-09-14T08:00:00Z", author={"@type": "Person", "name": "Ana Ruiz"})
    found = read(page(head + SITE, story("By Ana Ruiz")))
    assert Metadata.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    told = found.to_schema_org()
    assert told["@type"] == "NewsArticle"
    assert told["author"] == [{"@type": "Person", "name": "Ana Ruiz"}]
    assert told["datePublished"] == "2023-09-14T08:00:00+00:00"
    assert "editor" not in told


def test_bytes_are_read_as_html():
    html = page(body=story(heading="Café am Hafen schließt"), title="x", lang="de")
    assert cleannews.extract_metadata(html.encode("utf-8")).title.value == "Café am Hafen schließt"


@pytest.mark.parametrize("source", ["", "<html></html>", "<p></p>", "<title></title>"])
def test_nothing_gives_nothing(source):
    assert cleannews.extract_metadata(source).to_dict() == {}


def test_a_number_is_no_page():
    with pytest.raises(TypeError, match="int"):
        cleannews.extract_metadata(7)


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "A"};',
        '<!-- {"@type": "NewsArticle", "headline": "A",} -->',
        '/* x */ [{"@type": "NewsArticle", "headline": "A"}]',
        '{"@graph": [{"@type": "WebPage"}, {"@type": "NewsArticle", "headline": "A"}]}',
        '{"@type": "NewsArticle", "headline": "A", "description": "line\nbreak"}',
        '<![CDATA[{"@type": "NewsArticle", "headline": "A"}]]>',
    ],
)
def test_json_ld_is_read_as_it_comes(script):
    assert [a["headline"] for a in Items([script]).articles()] == ["A"]


def test_json_ld_that_cannot_be_read_is_nothing():
    assert read_script('{"a": ') == []
    assert read_script("[" * 100_000) == []


def test_other_stories_in_json_ld_are_not_the_article():
    other = {"@type": "NewsArticle", "headline": "Another"}
    item = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": other}]}
    assert Items([json.dumps(item)]).articles() == []


def test_a_reference_is_followed():
    graph = [
        {"@type": "NewsArticle", "headline": "A", "author": {"@id": "#ana"}},
        {"@type": "Person", "@id": "#ana", "name": "Ana Ruiz"},
    ]
    items = Items([json.dumps({"@graph": graph})])
    assert items.resolve(items.articles()[0]["author"])["name"] == "Ana Ruiz"


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("By Ana Ruiz", ["Ana Ruiz"]),
        ("Von Ana Ruiz und Ben Okoro (dpa)", ["Ana Ruiz", "Ben Okoro"]),
        ("Dr. Ana Ruiz, PhD", ["Ana Ruiz"]),
        ("By Ana Ruiz, MD, PhD and Ben Okoro, RD", ["Ana Ruiz", "Ben Okoro"]),
        ("Ana Ruiz, Staff Writer | 3 May 2021", ["Ana Ruiz"]),
        ("Ana Ruiz @anaruiz 12 comments", ["Ana Ruiz"]),
        ("Posted by Ana Ruiz on 3/4/2020", ["Ana Ruiz"]),
        ("Ana Ruiz and the team", ["Ana Ruiz"]),
        ("Ana Ruiz Ana Ruiz", ["Ana Ruiz"]),
        ("Rosa Baker and Lind Research", ["Rosa Baker", "Lind Research"]),
        ("记者 王小明", ["王小明"]),
        ("김철수 기자", ["김철수"]),
        ("https://social.example/ana", []),
        ("Last updated", []),
        ("admin", []),
        ("By the numbers", []),
    ],
)
def test_names_in_bylines(raw, found):
    assert list(read_byline(raw).names) == found


NEWSROOMS = [
    ("behind a cue", "By Harbour Daily Staff", False, ("Harbour Daily Staff",)),
    ("in a page's data", "Die Redaktion", True, ("Die Redaktion",)),
    ("in a menu", "Redaktion", False, ()),
    ("a person of it", "Ana Ruiz, Staff", True, ("Ana Ruiz",)),
    ("a person with a role", "Ana Ruiz Contributor", True, ("Ana Ruiz",)),
    ("a sentence", "By what the whole team", True, ()),
]


@pytest.mark.parametrize(
    ("raw", "marked", "found"), [pytest.param(*n[1:], id=n[0]) for n in NEWSROOMS]
)
def test_a_newsroom_signs_where_a_page_says_so(raw, marked, found):
    assert read_byline(raw, marked=marked).names == found


SCRIPTED = [
    ("JSON", '{"article_publication_date":"Sun, 28 Jun 2020 21:16:15 GMT"}', "2020-06-28"),
    ("a JavaScript object", "window.data = {publishedAt: '2020-06-28T10:00:00Z'}", "2020-06-28"),
    ("a variable", 'var publishDate = "2020-06-28";', "2020-06-28"),
    ("the change of something", '{"lastPublishedDate": "2020-06-28"}', None),
    ("what was not published", '{"unpublished_at": "2020-06-28"}', None),
]


@pytest.mark.parametrize(("script", "day"), [pytest.param(*s[1:], id=s[0]) for s in SCRIPTED])
def test_dates_of_publication_in_scripts(script, day):
    seen = look(parse_html(f"<html><script>{script}</script><p>{S1}</p></html>").root)
    found = [str(day_of(read_moment(raw))) for raw in seen.scripted]
    assert found == ([day] if day else [])


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2023-09-14", "2023-09-14"),
        ("2023-09-14T08:05Z", "2023-09-14T08:05:00+00:00"),
        ("2023-09-14 08:05:06 +0200", "2023-09-14T08:05:06+02:00"),
        ("Thu, 14 Sep 2023 08:05:00 GMT", "2023-09-14T08:05:00+00:00"),
        ("14 Sep 2023 10:05 AM IST", "2023-09-14T10:05:00+05:30"),
        ("20230914", "2023-09-14"),
        ("2023", None),
        ("2023-09", None),
        ("2023-13-40", None),
        ("03/04/2021", None),
        ("soon", None),
    ],
)
def test_machine_dates(raw, iso):
    found = read_moment(raw)
    assert (found.isoformat() if found else None) == iso


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2023/09/14/x", date(2023, 9, 14)),
        ("https://a.example/news/14-09-2023", date(2023, 9, 14)),
        ("https://a.example/2011/12/kein-x", None),
        ("https://a.example/p/20231345", None),
        ("not an address", None),
    ],
)
def test_dates_in_addresses(url, day):
    assert url_day(url) == day


@pytest.mark.parametrize(
    "piece",
    [
        "<h1>A title of a page that goes on - and on</h1>",
        "<time datetime=2019-01-02T10:00:00Z>2 January 2019</time>",
        '<p class="author">By Ana Ruiz and Ben Okoro</p>',
        "<p>By Ana Ruiz | 2 January 2019 - 3 comments</p>",
        '<div itemscope itemtype="https://schema.org/Person"><span itemprop="name">Ana</span>',
        '<meta name="author" content="Ana Ruiz">',
        '<script type="application/ld+json">{"@type": "Article", "author": [{"name": "A B"}]}</script>',
        "<p>HARBOUR, HARBOUR, HARBOUR (AP) ( ( ( - - - ",
    ],
)
def test_a_hostile_page_takes_no_longer_than_its_length(piece):
    def seconds(count):
        html = page("", story() + piece * count)
        start = time.process_time()
        cleannews.extract_metadata(html)
        return time.process_time() - start

    seconds(10)
    assert seconds(8000) < 40 * max(seconds(800), 0.05)


CREDITED = page(
    SITE + ld(author={"name": "Ana Ruiz"}, datePublished="2024-03-01T10:00:00Z"),
    story("By Ana Ruiz") + f"<p>{S1}</p><p>Edited by: Bo Lund</p>",
)


def test_a_cleaned_page_has_the_metadata_of_its_tree():
    result = cleannews.clean(CREDITED, url="https://harbour.example/bridge")
    found = result.metadata
    assert (found.title.value, names(found.authors), names(found.editors)) == (
        TITLE,
        ["Ana Ruiz"],
        ["Bo Lund"],
    )
    assert found.published.value == datetime(2024, 3, 1, 10, tzinfo=UTC)
    assert found.published.origin == "json-ld:Article.datePublished"
    assert found.published.where is None
    assert found.editors[0].where.of(result.document.text) == found.editors[0].raw


def test_with_fast_only_the_text_of_a_page_is_asked():
    options = cleannews.CleanOptions(fast=True)
    found = cleannews.clean(CREDITED, options=options).metadata
    assert (names(found.authors), names(found.editors)) == (["Ana Ruiz"], ["Bo Lund"])
    assert found.published is None
    assert {a.origin.partition(":")[0] for a in found.authors} == {"text"}


SITES = [
    ("a holder", "Copyright 2020 The Harbour. All rights reserved", "The Harbour"),
    ("a holder without a stop", "© 2020 The Harbour All Rights Reserved", "The Harbour"),
    ("no holder", "Copyright @2020 All Right Reserved - Designed by ACME SEO COMPANY", None),
]


@pytest.mark.parametrize(("line", "site"), [pytest.param(*s[1:], id=s[0]) for s in SITES])
def test_a_copyright_line_names_the_site_or_nobody(line, site):
    found = read(page("", story() + f"<footer>{line}</footer>")).site
    assert (found.value if found and found.origin == "line:copyright" else None) == site


PICTURES = [
    ("the site's own copyright line", "© The Harbour", []),
    ("a picture by the site", "Photo: The Harbour", ["The Harbour"]),
    ("another's picture", "© Ana Ruiz", ["Ana Ruiz"]),
]


@pytest.mark.parametrize(("line", "found"), [pytest.param(*p[1:], id=p[0]) for p in PICTURES])
def test_a_copyright_line_of_the_site_is_no_pictures(line, found):
    html = page(SITE, f"<p>{line}</p>" + story(*[S1] * 15))
    assert [c.value for c in read(html).photo_credits] == found


MAKERS = [
    ("a part", ["Ana Ruiz", "Ana Ruiz, Ben Okoro"], ["Ana Ruiz, Ben Okoro"]),
    ("all parts", ["Ana Ruiz, Ben Okoro", "Ana Ruiz", "Ben Okoro"], ["Ana Ruiz, Ben Okoro"]),
    ("the same in another order", ["Ana Ruiz/AP", "AP / Ana Ruiz"], ["Ana Ruiz/AP"]),
    ("other names", ["Ana Ruiz", "Ana Ruiz-Lund"], ["Ana Ruiz", "Ana Ruiz-Lund"]),
]


@pytest.mark.parametrize(("given", "kept"), [pytest.param(*m[1:], id=m[0]) for m in MAKERS])
def test_each_maker_of_a_picture_is_named_once(given, kept):
    found = [Sourced(value, value, "line:photo", None, 0.9) for value in given]
    assert [c.value for c in pictures(found, lambda _: 0.0)] == kept


# ---- Two ways to one answer.


@given(st.lists(st.integers(0, 40), max_size=6), st.integers(0, 9), st.integers(0, 9))
def test_lines_near_a_title_are_those_that_are_near_one_by_one(lines, before, after):
    anchors = Anchors(lines)
    one_by_one = {i for i in range(-20, 60) if anchors.is_near(i, before, after)}
    assert anchors.near(before, after) == one_by_one


@given(st.text(string.printable))
def test_the_key_of_ascii_takes_no_other_way(text):
    assert key(text) == re.sub(r"[\W_]+", "", text.casefold())
