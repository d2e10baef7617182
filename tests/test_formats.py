"""The story of a page as Markdown and as HTML."""

import pytest

from cleannews.document import CleanResult, Document, Removal, Span, delete_spans
from cleannews.reading.html import parse_html
from cleannews.reading.rendering import render
from cleannews.report.formats import to_html, to_markdown


def result_of(html, *gone, url=None):
    """A result of a page from which some texts were removed."""
    page = render(parse_html(html).root)
    removed = []
    for text in gone:
        at = page.text.index(text)
        removed.append(Removal(Span(at, at + len(text)), "x/y", "x", 1.0, "asked for"))
    document = Document(page.text, url=url)
    return CleanResult(document, delete_spans(page.text, removed), tuple(removed), page=page)


ROWS = [
    ("a paragraph", "<p>It closes.</p>", "It closes.\n", "<p>It closes.</p>"),
    ("headings", "<h1>One</h1><h3>Two</h3>", "# One\n\n### Two\n", "<h1>One</h1>\n<h3>Two</h3>"),
    ("a list", "<ul><li>One<li>Two</ul>", "- One\n- Two\n", "<ul>\n<li>One</li>\n<li>Two</li>\n</ul>"),
    ("a numbered list", "<ol><li>One<li>Two</ol>", "1. One\n2. Two\n",
     "<ol>\n<li>One</li>\n<li>Two</li>\n</ol>"),
    ("two lists", "<ul><li>One</ul><ul><li>Two</ul>", "- One\n\n- Two\n",
     "<ul>\n<li>One</li>\n</ul>\n<ul>\n<li>Two</li>\n</ul>"),
    ("a quotation", "<blockquote>It stays.</blockquote>", "> It stays.\n",
     "<blockquote><p>It stays.</p></blockquote>"),
    ("a table", "<table><tr><td>a<td>b<tr><td>c|d</table>",
     "| a | b |\n| --- | --- |\n| c\\|d |  |\n",
     "<table>\n<tr><td>a</td><td>b</td></tr>\n<tr><td>c|d</td></tr>\n</table>"),
    ("code", "<pre>x &lt; 1\ny</pre>", "```\nx < 1\ny\n```\n", "<pre>x &lt; 1\ny</pre>"),
    ("a link", "<p>See <a href='https://example.org/a(b)'>it</a>.</p>",
     "See [it](https://example.org/a%28b%29).\n",
     '<p>See <a href="https://example.org/a(b)" rel="noopener nofollow">it</a>.</p>'),
    ("a script for a link", "<p><a href=' java\nscript:alert(1)'>it</a></p>", "it\n", "<p>it</p>"),
    ("marks in the text", "<p># 1 *b* [x] &lt;i&gt;</p>", "\\# 1 \\*b\\* \\[x\\] \\<i\\>\n",
     "<p># 1 *b* [x] &lt;i&gt;</p>"),
    ("a number in front", "<p>2. May</p>", "\\2. May\n", "<p>2. May</p>"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("html", "markdown", "clean"), [pytest.param(*r[1:], id=r[0]) for r in ROWS]
)
def test_shapes(html, markdown, clean):
    result = result_of(html)
    assert to_markdown(result) == markdown
    assert to_html(result) == f"<article>\n{clean}\n</article>\n"


def test_what_was_removed_is_not_there():
    result = result_of(
        "<p>Share</p><p>It <a href=/x>closes</a>. Read more</p>", "Share", " Read more"
    )
    assert result.to_markdown() == "It [closes](/x).\n"


def test_a_link_that_was_cut_is_text():
    assert result_of("<p><a href=/x>Read it here</a></p>", " here").to_markdown() == "Read it\n"


def test_links_are_whole_where_the_address_is_known():
    result = result_of("<p><a href='../b'>it</a></p>", url="https://example.org/a/c")
    assert result.to_markdown() == "[it](https://example.org/b)\n"


def test_flat_text_gives_paragraphs():
    result = CleanResult(Document("One.\n\nTwo <b>."), "One.\n\nTwo <b>.")
    assert result.to_markdown() == "One.\n\nTwo \\<b\\>.\n"
    assert result.to_html() == "<article>\n<p>One.</p>\n<p>Two &lt;b&gt;.</p>\n</article>\n"


def test_nothing_gives_nothing():
    assert to_markdown(result_of("")) == ""
    assert to_html(result_of("")) == "<article>\n</article>\n"


def test_many_links_take_linear_time():
    html = "<p>" + "<a href=/x>w</a> " * 20_000 + "</p>"
    assert to_markdown(result_of(html)).count("](/x)") == 20_000
