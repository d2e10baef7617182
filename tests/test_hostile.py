"""Hostile input: every text and every page gives a result or our own error, in time that is linear.

A sample of kinds of trouble, small enough to run every time. What a page must not lose is in
test_html.py.
"""

import contextlib
import json
import random
import time

import pytest

from cleannews import clean
from cleannews.errors import CleanNewsError

STORY = (
    "The council voted on Monday to close the old bridge, which has carried trams since 1911.\n\n"
    "“We heard every side,” the mayor said, “and the river will not wait for us.”\n\n"
    "Repairs would cost 40 million crowns, the engineers wrote in a report of 60 pages.\n\n"
)
PAGE = "<!doctype html><html><head><title>Bridge</title>{head}</head><body>{body}</body></html>"
LARGEST_RATIO = 2.5  # of the time for twice as much
SMALLEST_SECONDS = 0.03  # below this the clock says nothing
LONGEST_SECONDS = 5


def page(body="", head=""):
    paragraphs = "".join(f"<p>{p}</p>" for p in STORY.split("\n\n") if p)
    return PAGE.format(head=head, body=paragraphs + body)


def shuffled(seed, alphabet, size):
    return "".join(random.Random(seed).choices(alphabet, k=size))


RANDOM = random.Random(4)
CONTROLS = "".join(map(chr, [*range(32), *range(127, 160)]))
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e\u202a\u202e\u2066\u2069\U000e0041"
TAGS = ["<p>", "</p>", "<div>", "</div>", "<b>", "<table>", "<td>", "</table>", "<!--", "-->", "<a href='", "<script>", "</script>", "<", ">", "\"", "&", "<ul><li>", "</body>", "</html>"]  # fmt: skip

STRANGE = {
    "nothing": "",
    "spaces": " \t\n" * 5000,
    "line breaks of every kind": "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029" * 2000,
    "control characters": STORY + CONTROLS * 20 + STORY,
    "a control character behind each letter": "\x08".join(STORY),
    "NULs": "\0" * 5000,
    "invisible characters": STORY + INVISIBLE * 300,
    "an invisible character behind each letter": "\u200b".join(STORY),
    "right to left": STORY + "\u202e" * 5000 + STORY,
    "lone surrogates": STORY + "\ud800\udfff\udbff" * 500,
    "characters that are none": STORY + "\ufffe\uffff\U0010ffff" * 500,
    "a tower of accents": STORY + "a" + "\u0301" * 20_000,
    "characters that grow when folded": "\ufdfa" * 5000 + "İ" * 5000 + "ß" * 5000,
    "one word": "bridge" * 20_000,
    "one line": STORY.replace("\n", " ") * 400,
    "one letter on each line": "a\n" * 20_000,
    "the same line": "Source link\n" * 5000,
    "numbers": "1911 " * 20_000,
    "emoji": "\U0001f1e6\U0001f1e7\U0001f468\u200d\U0001f469" * 3000,
    "brackets that never close": STORY + "[ad_1" * 3000 + "(((" * 3000,
    "braces": "{a|b{c|d" * 3000,
    "a byline without end": "By " + "Ana Ruiz, " * 3000,
    "initials": "By " + "A. B. " * 5000,
    "an address without end": "https://harbour.example/" + "a/../" * 5000,
    "Markdown without end": "[![" * 3000 + "](" * 3000 + "*_" * 3000,
    "every character": "".join(map(chr, range(0x3000))) * 2,
    "noise": shuffled(1, CONTROLS + "<>&;[]{}()'\" \nabc", 30_000),
}  # fmt: skip

STRANGE_PAGES = {
    "empty elements": page("<i></i>" * 20_000),
    "nested": page("<div>" * 5000 + STORY),
    "nested with text": page("<div>a" * 3000 + "</div>" * 3000),
    "links": page("<a href=/a>bridge</a> " * 5000),
    "list items that never close": page("<ul>" + "<li>bridge" * 10_000),
    "table cells": page("<table>" + "<tr><td>1<td>2<td>3" * 5000),
    "a table in each cell": page("<table><tr><td>" * 1000 + STORY),
    "attributes": page(f"<p {' '.join(f'a{i}=1' for i in range(30_000))}>bridge"),
    "class words": page(f"<p class='{'story ' * 20_000}'>bridge"),
    "a picture in its address": page(f"<img src='data:image/png;base64,{'A' * 200_000}'>"),
    "metas": page(head="<meta name=author content='Ana Ruiz'>" * 3000),
    "deep data": page(head=f"<script type=application/ld+json>{'[' * 20_000}</script>"),
    "data of the wrong kinds": page(head=f"<script type=application/ld+json>{json.dumps([1, None, 'a', [[]], {'@type': 3, 'author': [None, 1, {'name': {}}], 'datePublished': []}])}</script>"),
    "data cut off": page(head='<script type="application/ld+json">{"@type": "NewsArticle", "headline'),
    "an endless number": page(head=f"<script type=application/ld+json>{'9' * 50_000}</script>"),
    "a broken base": page(head="<base href='http://[::1'><link rel=canonical href='http://['>"),
    "entities in entities": page("&amp;" * 20_000 + "&am" * 5000 + "&#x" * 5000),
    "entities of its own": '<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + page("&b;" * 999),
    "a file as an entity": '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + page("&a;"),
    "conditional comments": page("<!--[if IE]><p>old</p><![endif]-->" * 3000),
    "comments that never close": page("<!--" * 10_000),
    "scripts that never close": page("<script>" * 10_000),
    "forms in forms": page("<form><select><option>" * 3000),
    "framesets": "<html><frameset><frame src=a>" * 1000,
    "drawings": page("<svg><title>a</title><foreignObject><p>bridge</p>" * 500),
    "surrogates": page("<p title='\ud800'>\udfff</p>" * 500),
    "control characters": page(f"<p>{CONTROLS}</p>" * 200),
    "broken tags": "<html><body>" + "".join(RANDOM.choices(TAGS, k=5000)),
    "cut at any byte": page("<p class='a'>bridge</p><script>a</script>" * 20)[:-31],
    "tags of nobody": page("<bridge-story><x:y>" * 3000),
}  # fmt: skip

BYTES = {
    "UTF-16": page().encode("utf-16"),
    "UTF-16 cut": page().encode("utf-16")[:-1],
    "half of it UTF-16": page().encode() + page().encode("utf-16-le"),
    "bad UTF-8": page("é").encode("cp1252") + b"\xff\xfe\xc0\x80\xed\xa0\x80" * 500,
    "marks": b"\xef\xbb\xbf" * 500 + page().encode(),
    "a codec that is none": page("é", "<meta charset=zip>").encode("cp1252"),
    "noise": bytes(RANDOM.choices(range(256), k=20_000)),
    "noise in a page": page().encode() + bytes(RANDOM.choices(range(256), k=20_000)),
    "every byte": bytes(range(256)) * 40,
    "Japanese in seven bits": "<p>船".encode("iso-2022-jp") + b"\x1b$B" * 500,
}


def seconds(run, data):
    start = time.process_time()
    with contextlib.suppress(CleanNewsError):
        run(data)
    return time.process_time() - start


@pytest.mark.parametrize("name", STRANGE)
def test_strange_texts(name):
    assert seconds(clean, STRANGE[name]) < LONGEST_SECONDS


@pytest.mark.parametrize("name", STRANGE_PAGES)
def test_strange_pages(name):
    source = STRANGE_PAGES[name]
    assert seconds(clean, source) < LONGEST_SECONDS
    assert seconds(clean, source.encode("utf-8", "surrogatepass")) < LONGEST_SECONDS


@pytest.mark.parametrize("name", BYTES)
def test_strange_bytes(name):
    assert seconds(clean, BYTES[name]) < LONGEST_SECONDS


BAITS = ["[ad_", "(Photo: ", "<!--", "<a ", "</", "<? ", "(", "{", "[", "\u202e", "\u200b", "By A. ", "Read more: ", "<p>a", "<b><p>", "<div>a", "<li>a<ul>", "<td>a<table>", "&amp;", "a<br>", "http://a.", "| a ", "## a ", "\n", " \n"]  # fmt: skip


@pytest.mark.parametrize("bait", BAITS)
@pytest.mark.parametrize("form", ["flat", "page"])
def test_twice_as_much_takes_about_twice_as_long(form, bait):
    def once(size):
        # A salt, because lines are remembered.
        text = f"{RANDOM.random()} " + bait * (size // len(bait))
        source = page(f"<p>{text}</p>") if form == "page" else STORY + text
        return seconds(clean, source)

    for _ in range(3):  # the clock of a busy computer lies in one direction only
        small, large = (min(once(size) for _ in range(2)) for size in (10_000, 20_000))
        if large < SMALLEST_SECONDS or large < LARGEST_RATIO * small:
            return
    raise AssertionError(f"{small:.3f} s, then {large:.3f} s")
