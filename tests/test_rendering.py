"""A page's tree to text and blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleannews.reading.facts import facts_of
from cleannews.reading.html import parse_html
from cleannews.reading.limits import Deadline
from cleannews.reading.rendering import OFTEN, render


def page_of(html):
    return render(parse_html(html).root)


def texts(html):
    return [b.text for b in page_of(html).blocks]


SHAPES = [
    ("paragraphs", "<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
    ("white space folded", "<p>  One \n two\t three. </p>", "One two three."),
    ("inline tags do not break", "<p>It <b>will</b> <a href=x>close</a>.</p>", "It will close."),
    ("no space where there is none", "<p>un<i>break</i>able</p>", "unbreakable"),
    ("br breaks a line", "<p>One.<br>Two.</p>", "One.\nTwo."),
    ("two br break a paragraph", "<div>One.<br><br>Two.</div>", "One.\n\nTwo."),
    ("list entries stand close", "<ul><li>One</li><li>Two</li></ul>", "One\nTwo"),
    ("a list after a paragraph", "<p>See:</p><ul><li>One</li></ul>", "See:\n\nOne"),
    ("text around a block", "<div>before<p>inside</p>after</div>", "before\n\ninside\n\nafter"),
    ("cells of a row", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"),
    ("cells that hold blocks", "<table><tr><td><p>a</p></td><td><p>b</p></td></tr></table>", "a\n\nb"),
    ("code keeps its lines", "<pre>x = 1\ny = 2</pre>", "x = 1\n\ny = 2"),
    ("scripts and styles are no text", "<p>a</p><script>b</script><style>c</style>", "a"),
    ("form lists are no text", "<p>a</p><select><option>b</option></select>", "a"),
    ("the head is no text", "<head><title>t</title></head><body><p>a</p></body>", "a"),
    ("entities", "<p>Caf&eacute; &amp; bar&nbsp;one</p>", "Café & bar one"),
    ("a caption", "<figure><img src=x><figcaption>The bridge</figcaption></figure>", "The bridge"),
    ("nothing", "<div> </div>", ""),
]  # fmt: skip


@pytest.mark.parametrize(("html", "text"), [pytest.param(*s[1:], id=s[0]) for s in SHAPES])
def test_what_is_shown(html, text):
    assert page_of(html).text == text.replace("\n\ny = 2", "\ny = 2")


MARKS = [
    ("h1", "<h1>x</h1>", "#"),
    ("h3", "<h3>x</h3>", "###"),
    ("entry", "<ul><li>x</ul>", "*"),
    ("quotation", "<blockquote>x</blockquote>", ">"),
    ("cell", "<table><tr><td>x</table>", "|"),
    ("paragraph in an entry", "<ul><li><p>x</p></ul>", ""),
]


@pytest.mark.parametrize(("html", "mark"), [pytest.param(*m[1:], id=m[0]) for m in MARKS])
def test_what_a_block_is(html, mark):
    assert page_of(html).blocks[0].mark == mark


def test_a_heading_is_no_prose_whatever_it_ends_in():
    (block,) = page_of("<h2>Why will the old bridge of the town close in May?</h2>").blocks
    assert not block.is_prose


@pytest.mark.parametrize(
    "hidden",
    ["hidden", 'style="display: none"', 'style="color:red;DISPLAY:NONE"'],
)
def test_hidden_text_is_a_block_and_marked(hidden):
    page = page_of(f"<p>Shown.</p><div {hidden}><p>Not shown.</p></div><p>Shown again.</p>")
    assert [(b.text, s.is_hidden) for b, s in zip(page.blocks, page.seen, strict=True)] == [
        ("Shown.", False), ("Not shown.", True), ("Shown again.", False),
    ]  # fmt: skip


def test_noscript_is_hidden():
    assert page_of("<noscript><p>Switch it on.</p></noscript>").seen[0].is_hidden


def test_links_stand_beside_the_text():
    page = page_of("<p>See <a href='/one'>the  first</a> and <a href='/two'>second</a>.</p>")
    assert [(page.text[a:b], t) for a, b, t in page.links] == [
        ("the first", "/one"), ("second", "/two"),
    ]  # fmt: skip
    assert page.blocks[0].links == pytest.approx(15 / 25)
    assert page.seen[0].anchors == 2


def test_a_link_over_two_blocks_is_two_links():
    page = page_of("<a href='/x'><h2>Title</h2><p>Teaser</p></a>")
    assert [(page.text[a:b], t) for a, b, t in page.links] == [("Title", "/x"), ("Teaser", "/x")]
    assert [b.links for b in page.blocks] == [1.0, 1.0]


def test_pictures_are_counted_before_a_block():
    page = page_of("<p>One.</p><img src=a><video></video><p>Two.</p><p>Three.</p>")
    assert [s.media for s in page.seen] == [0, 2, 0]


def test_paths_lead_back_to_the_element():
    tree = parse_html("<div><p>a</p><div><span>x</span><p>b</p><p>c<br>d</p></div></div>")
    page = render(tree.root)
    found = {b.text: [e.tag for e in tree.root.xpath(page.xpath(b.index))] for b in page.blocks}
    assert found == {"a": ["p"], "x": ["div"], "b": ["p"], "c": ["p"], "d": ["p"]}
    assert page.xpath(2) == "/html/body[1]/div[1]/div[1]/p[1]"


def test_elements_know_where_they_end():
    elements = page_of("<div><p>a</p><p>b</p></div><p>c</p>").elements
    inside = dict(zip(elements.tags, elements.lasts, strict=True))
    assert inside["div"] == elements.tags.index("div") + 2
    assert inside["html"] == len(elements.tags) - 1


def test_deep_nesting_needs_no_recursion():
    html = "<div>" * 1500 + "<p>The bridge is closed.</p>" + "</div>" * 1500
    assert texts(html) == ["The bridge is closed."]


def test_the_clock_stops_the_walk_and_says_so():
    html = "<p>One.</p>" * OFTEN * 2
    page = render(parse_html(html).root, Deadline(-1))
    assert page.limit == "seconds"
    assert 0 < len(page.blocks) < OFTEN * 2
    assert len(page.elements.lasts) == len(page.elements.tags)


@pytest.mark.parametrize(
    "html",
    [
        "<p>One.</p>" * 5000,
        "<pre>" + "One.\n" * 5000,
        "<div>One.<br>" * 1000,
        "<table>" + "<tr><td>One.<td><a href=/b>Two." * 3000,
        '<script type=application/ld+json>{"articleBody": "' + "One tide.\\n" * 999 + '"}</script>',
    ],
)
def test_the_most_blocks_are_read_and_the_rest_is_not(html):
    page = render(parse_html(html).root, most=7)
    assert page.limit == "blocks"
    assert [b.index for b in page.blocks] == list(range(7))
    assert len(page.seen) == 7
    assert page.text == page.text.strip()
    assert page.blocks[-1].end == len(page.text)
    assert all(link.end <= len(page.text) for link in page.links)


def test_a_page_of_just_the_most_blocks_is_whole():
    page = render(parse_html("<p>One.</p>" * 7).root, most=7)
    assert (page.limit, len(page.blocks)) == ("", 7)


PIECES = st.sampled_from(
    ["<p>", "</p>", "<div class='a b'>", "</div>", "<a href='/x'>", "</a>", "<br>", "word ", " ",
     "<b>", "</b>", "<li>", "</li>", "<td>", "<tr>", "<table>", "</table>", "\n", "<pre>", "</pre>",
     "<img>", "投票", "<h2>", "</h2>", "<noscript>", "</noscript>", "."]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60))
def test_blocks_and_links_point_into_the_text(pieces):
    page = page_of("<body>" + "".join(pieces))
    assert len(page.seen) == len(page.blocks)
    end = 0
    for i, block in enumerate(page.blocks):
        assert block.index == i
        assert page.text[block.start : block.end] == block.text == block.text.strip() != ""
        assert block.start >= end
        assert page.text[end : block.start].count("\n") == block.breaks
        end = block.end
    for start, stop, _ in page.links:
        assert page.text[start:stop].strip() == page.text[start:stop] != ""


def facts(html):
    return facts_of(parse_html(html).root)


BODY = "The council voted on Monday to close the old bridge. " * 6


def test_facts_of_the_head():
    told = facts(
        "<head><title>Bridge closes - Daily</title><meta property='og:title' content='Bridge closes'>"
        "<meta name=description content='It will close in May.'><meta property='og:type' "
        "content='article'></head>"
    )
    assert told.titles == ("Bridge closes - Daily", "Bridge closes")
    assert told.descriptions == ("It will close in May.",)
    assert told.kinds == {"article"}


DATA = [
    ("an object", '{"@type": "NewsArticle", "articleBody": "%s"}', True),
    ("a graph", '{"@graph": [{"@type": "WebPage"}, {"articleBody": "%s"}]}', True),
    ("a trailing semicolon", '{"articleBody": "%s"};', True),
    ("a trailing comma", '{"articleBody": "%s",}', True),
    ("a comment", '/* <![CDATA[ */ {"articleBody": "%s"} /* ]]> */', True),
    ("not JSON", '{"articleBody": "%s"', False),
    ("a number for a body", '{"articleBody": 12, "x": "%s"}', False),
    ("too deep", "[" * 100 + '{"articleBody": "%s"}' + "]" * 100, False),
]


@pytest.mark.parametrize(("script", "is_found"), [pytest.param(*d[1:], id=d[0]) for d in DATA])
def test_bodies_as_data(script, is_found):
    html = f'<script type="application/ld+json">{script % BODY}</script>'
    assert facts(html).bodies == ((BODY,) if is_found else ())
