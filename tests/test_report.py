"""The page: it says what the result says, loads nothing, and no text can break out of it."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleannews import CleanOptions, CleanResult, Document, Removal, Sourced, Span, Warning_, clean
from cleannews.boilerplate.explain import UNPRINTABLE, lines_of, printable
from cleannews.boilerplate.shipped import shipped_rules
from cleannews.report.page import render_fragment, render_page
from cleannews.report.parts import HUES

STORY = "The council voted on Monday to close the old bridge for good."
PAGE = f"[ad_1]\n\n{STORY} [ad_2] Nobody spoke.\n\nEdited By:\n\nAda Corran\n\nLeave a Comment\n"
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "div", "header", "p", "span", "h1", "h2",
    "h3", "dl", "dt", "dd", "b", "i", "section", "main", "aside", "ul", "li", "strong", "code",
    "a", "del", "mark", "input", "label", "table", "thead", "tbody", "tr", "th", "td", "footer",
    "details", "summary",
}  # fmt: skip
VOID = {"meta", "input"}
HOSTILE = [
    "<script>alert(1)</script>",
    "</p></main></body>",
    '"><img src=x onerror=alert(1)>',
    "&amp; &lt;",
    "' onmouseover='x",
    "<!-- x",
    "]]>",
    "<style>*{}</style>",
    "\u202eevil\u202c",
    "\x00\x1b[2J",
    "a\ud800b",
    "javascript:alert(1)",
    "\ufeff",
]


class Page(HTMLParser):
    """What a browser would see of a page, as far as it matters here."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[tuple[str, str]] = []
        self.story: list[str] = []
        self.comments: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open, "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        assert len(found) == len(attrs), "no attribute stands twice"
        self.tags.append((tag, found))
        if tag not in VOID:
            self.open.append((tag, found.get("class", "")))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        classes = [name for _, names in self.open for name in names.split()]
        if "line" in classes and not {"chip", "why"} & set(classes):
            self.story.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def classed(page: Page, name: str) -> list[dict[str, str]]:
    return [a for _, a in page.tags if name in a.get("class", "").split()]


# --- what it says -------------------------------------------------------------------------------


def test_every_removal_is_struck_labelled_and_explained() -> None:
    result = clean(PAGE)
    text = render_page(result)
    page = Page(text)
    assert len(page.all("del")) == len(result.removed)
    notes = {a["id"] for a in classed(page, "why")}
    labels = [a for a in page.all("a") if a.get("class") == "chip"]
    assert {a["aria-describedby"] for a in labels} == notes
    assert len(notes) == len(result.removed)
    for removal in result.removed:
        assert text.count(f"<code>{removal.rule}</code>") >= 2


def test_labels_can_be_reached_by_keyboard_and_open_their_note() -> None:
    page = Page(render_page(clean(PAGE)))
    rows = {a["id"] for a in page.all("tr") if "id" in a}
    assert {a["href"][1:] for a in page.all("a") if a.get("class") == "chip"} <= rows
    css = render_page(clean(PAGE)).split("<style>")[1]
    assert ":is(:hover, :focus-within) > .why" in css
    assert all("tabindex" in a for a in classed(Page(render_fragment(clean(PAGE))), "chip")
               if "aria-describedby" in a)  # fmt: skip


def test_flagged_text_is_marked_and_not_struck() -> None:
    page = f"{STORY}\n\nThe bridge at dusk. (Photo: Ada Corran)\n\n{STORY[:-1]}, they said.\n"
    result = clean(page, options=CleanOptions(captions="keep"))
    seen = Page(render_page(result))
    assert (len(seen.all("mark")), len(seen.all("del"))) == (len(result.flagged), 0)
    assert "Flagged and kept: " in render_page(result)


def test_legend_counts_metadata_and_warnings_are_there() -> None:
    result = clean(PAGE.replace("Monday", "\u202eMonday"))
    text = render_page(result)
    assert re.search(r">placeholder</span> <b>2</b>", text)
    assert re.search(r">Editors</th><td[^>]*>Ada Corran</td><td><code>text:byline/", text)
    assert re.search(r"Warning: <code>bidi_control</code>", text)
    assert result.rules_hash in text


@pytest.mark.parametrize(
    "text", ["", "\n\n", "[ad_1]", STORY], ids=["empty", "blank", "all", "none"]
)
def test_bare_results_make_a_page_too(text: str) -> None:
    for made in (render_page(clean(text)), render_fragment(clean(text))):
        Page(made)


def test_every_shipped_category_has_a_hue_of_its_own() -> None:
    _, categories = shipped_rules()
    missing = set(categories) - set(HUES)
    # A new category falls back on a hue from its name; a few of those are no harm.
    assert len(missing) <= 5
    assert len(set(HUES.values())) == len(HUES)


# --- what it never does -------------------------------------------------------------------------


def test_the_page_has_its_policy_and_loads_nothing() -> None:
    text = render_page(clean(PAGE, url="https://a.example/x"))
    page = Page(text)
    policy = [a["content"] for a in page.all("meta") if "http-equiv" in a]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert not re.search(r"url\(|@import|@font-face|<script|<link|<iframe", text, re.I)
    assert not any(name.startswith("on") or name == "src" for _, a in page.tags for name in a)


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://a.example/x?a=1&b=2", True),
        ("http://a.example/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https:", False),
        ("https://a.example/ onclick=x", False),
        ("https://a.example/\u202ex", False),
        ("http://[broken", False),
    ],
)
def test_only_web_addresses_become_links(url: str, linked: bool) -> None:
    result = CleanResult(Document(STORY, url=url), STORY)
    links = [a for a in Page(render_page(result)).all("a") if not a["href"].startswith("#")]
    assert bool(links) == linked
    assert all(a["href"] == url and a["rel"] == "noopener nofollow" for a in links)


def hostile_result(text: str) -> CleanResult:
    """A result with the same text wherever text can stand."""
    result = clean(text)
    length = len(text)
    gone = (Removal(Span(0, length), text or "x", text or "x", 0.5, text, text),)
    value = Sourced(text, text, text, None, 0.5)
    return replace(
        result,
        document=Document(text, id=text, url=text, language=text),
        text="",
        removed=gone,
        flagged=(),
        metadata=replace(result.metadata, title=value, tags=(value,), language=value),
        warnings=(Warning_(text, text),),
        rules_hash=text,
        version=text,
    )


@given(st.one_of(st.lists(st.sampled_from([*HOSTILE, STORY, "\n"])).map("".join), st.text()))
def test_no_text_breaks_out_of_its_place(text: str) -> None:
    for made in (render_page(hostile_result(text)), render_fragment(hostile_result(text))):
        page = Page(made)
        assert {tag for tag, _ in page.tags} <= ALLOWED
        assert not page.comments
        assert not any(name.startswith("on") for _, a in page.tags for name in a)
        assert not UNPRINTABLE.search(re.sub(r"[\t\n]", "", made))
        made.encode("utf-8")


@given(
    st.lists(st.sampled_from([*HOSTILE, *PAGE.split("\n\n"), "[tags]", "שלום לכולם"])).map(
        "\n".join
    )
)
def test_the_page_holds_the_whole_text_in_order(text: str) -> None:
    result = clean(text, options=CleanOptions(source="text"))
    shown = "".join(Page(render_page(result)).story)
    expected = "".join(
        printable(piece.span.of(text)).replace(r"\t", "\t")
        for line in lines_of(result)
        for piece in line.pieces
    )
    assert shown == expected


# --- notebooks ----------------------------------------------------------------------------------


def test_a_notebook_gets_the_fragment() -> None:
    result = clean(PAGE)
    assert result._repr_html_() == render_fragment(result)


def test_the_fragment_is_scoped_and_has_no_links_inside_the_notebook() -> None:
    text = render_fragment(clean(PAGE))
    assert not [a for a in Page(text).all("a") if a["href"].startswith("#")]
    css = re.sub(r"/\*.*?\*/", "", text.split("</style>")[0].split("<style>")[1], flags=re.S)
    selectors = re.findall(r"(?:^|[{}])\s*([^{}@;]+)\{", css)
    assert selectors
    assert all(".cleannews" in part for part in selectors)


def test_two_fragments_share_no_id() -> None:
    both = render_fragment(clean(PAGE)) + render_fragment(clean(PAGE + "\nSource link"))
    ids = [a["id"] for _, a in Page(both).tags if "id" in a]
    assert len(ids) == len(set(ids))


def test_the_page_is_the_same_each_time() -> None:
    assert render_page(clean(PAGE)) == render_page(clean(PAGE))
