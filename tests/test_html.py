"""The safe parse: encodings, limits, broken markup, and what looks like HTML at all."""

import gzip
import time
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleannews.errors import CleanNewsError, InputError, OptionError
from cleannews.options import PARSER_DEPTH, Limits
from cleannews.reading import html, repair
from cleannews.reading.encoding import decode_html
from cleannews.reading.html import parse_html
from cleannews.reading.limits import Deadline
from cleannews.reading.rendering import render
from cleannews.reading.sniff import LOOKED_AT, looks_like_html

FIRST = "The ferry left the harbour at dawn."
DEEP = "A pilot watched it from the pier."
LAST = "By noon the fog had lifted."
OPEN = f"<!doctype html><html><head><title>Ferry</title></head><body><p>{FIRST}</p>"
END = f"<p>{LAST}</p></body></html>"


def read(tree):
    """Return the text of a tree without scripts, white space evened out."""
    if tree.root is None:
        return ""
    pieces = []
    for element in tree.root.iter():
        if element.tag not in ("script", "style", "title"):
            pieces.append(element.text or "")
        pieces.append(element.tail or "")
    return " ".join(" ".join(pieces).split())


def codes(tree):
    return [w.code for w in tree.warnings]


# ---- What could be lost without a word: all three sentences survive, or a warning names the limit.

SILENT = {
    **{f"{d} nested divs": f"{OPEN}{'<div>' * d}{DEEP}{'</div>' * d}{END}" for d in (100, 250, 260, 1000, 2040, 2047, 2048, 5000, 20_000)},
    **{f"{d} unclosed {t}": f"{OPEN}{f'<{t}>' * d}{DEEP}{END}" for d in (300, 3000) for t in ("div", "b", "span", "font", "ul", "table", "blockquote")},
    "3000 nested lists": f"{OPEN}{'<ul><li>' * 3000}{DEEP}{'</li></ul>' * 3000}{END}",
    "3000 nested tables": f"{OPEN}{'<table><tr><td>' * 3000}{DEEP}{'</td></tr></table>' * 3000}{END}",
    "3000 unknown elements": f"{OPEN}{'<x-y>' * 3000}{DEEP}{END}",
    "3000 elements with odd attributes": OPEN + "<b title='>' x=<>" * 3000 + DEEP + END,
    **{f"text of {m} MB": f"{OPEN}<p>{'tide ' * (m * 200_000)}</p><p>{DEEP}</p>{END}" for m in (1, 11)},
    **{f"script of {m} MB": f"{OPEN}<script>{'a=1; ' * (m * 200_000)}</script><p>{DEEP}</p>{END}" for m in (1, 11)},
    **{f"comment of {m} MB": f"{OPEN}<!--{'tide ' * (m * 200_000)}--><p>{DEEP}</p>{END}" for m in (1, 11)},
    **{f"attribute of {m} MB": f"{OPEN}<p title='{'tide ' * (m * 200_000)}'>{DEEP}</p>{END}" for m in (1, 11)},
    "unclosed comment": f"{OPEN}<!-- menu <p>{DEEP}</p>{END}",
    "comment closed by a dash and a bracket": f"{OPEN}<!-- menu -><p>{DEEP}</p>{END}",
    "comment closed as SGML never was": f"{OPEN}<!-- menu --!><p>{DEEP}</p>{END}",
    "three unclosed comments": f"<!-- a {OPEN}<!-- b <p>{DEEP}</p><!-- c {END}",
    "comment cut off by the end": f"{OPEN}<p>{DEEP}</p><p>{LAST}</p><!-- tracking",
    "empty comment": f"{OPEN}<!--><p>{DEEP}</p><!---->{END}",
    "unclosed script": f"{OPEN}<script>var a = 1;\n<p>{DEEP}</p>{END}",
    "unclosed script behind a closed one": f"{OPEN}<script>a</script><SCRIPT async>b;<p>{DEEP}</p>{END}",
    "two unclosed scripts": f"{OPEN}<script>a; <p>{DEEP}</p><script>b; {END}",
    "unclosed style": f"{OPEN}<style>p {{ color: red }} <p>{DEEP}</p>{END}",
    "unclosed title": f"<html><head><title>Ferry<body><p>{FIRST}</p><p>{DEEP}</p>{END}",
    "unclosed text area": f"{OPEN}<textarea> <p>{DEEP}</p>{END}",
    "unclosed frame": f"{OPEN}<iframe src=a> <p>{DEEP}</p>{END}",
    "comment mark inside a script": f"{OPEN}<script>a = '<!--'</script><p>{DEEP}</p>{END}",
    "script mark inside a comment": f"{OPEN}<!-- <script> --><p>{DEEP}</p>{END}",
    "value of an attribute that is never closed": f'{OPEN}<p class="lead>{DEEP}</p>{END}',
    "the same in single marks": f"{OPEN}<p class='lead>{DEEP}</p>{END}",
    "text after the end": f"{OPEN}</body></html>{DEEP} {LAST}",
    "paragraphs after the end": f"{OPEN}</body></html><p>{DEEP}</p>{END}",
    "second page after the end": f"{OPEN}</body></html><html><head><title>b</title></head><body class=b>{DEEP}<p>{LAST}</p></body></html>",
    "three pages": f"{OPEN}</body></html>{OPEN}<p>{DEEP}</p></body></html>{OPEN}{END}",
    "no body tag": f"<!doctype html><title>Ferry</title><nav>{FIRST}</nav><article><h1>{DEEP}</h1></article>{LAST}",
    "no body tag, text between": f"<title>Ferry</title><main>{FIRST}</main>{DEEP}<section>{LAST}</section>",
    "no body tag, all new elements": f"<html><head><meta charset=utf-8><title>Ferry</title><header>{FIRST}</header><main>{DEEP}</main><footer>{LAST}</footer></html>",
    "text after a frameset": f"<html><p>{FIRST}</p><frameset></frameset></html>{DEEP}{LAST}",
    "NUL in text": f"{OPEN}<p>\0{DEEP}\0</p>{END}",
    "NUL in a tag": f"{OPEN}<p\0 class=a>{DEEP}</p\0>{END}",
    "every control character": f"{OPEN}<p>{''.join(map(chr, range(32)))}{DEEP}</p>{END}",
    "lone surrogates": f"{OPEN}<p>\ud800 {DEEP} \udfff</p>{END}",
    "characters that are none": f"{OPEN}<p>\ufffe\uffff\U0001ffff {DEEP}</p>{END}",
    "references to no character": f"{OPEN}<p>&#0; &#x110000; &#xd800; &#9999999999; &bogus; {DEEP}</p>{END}",
    "declaration with entities": f'<!DOCTYPE html [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/hostname">]>{OPEN}<p>&a;&c;{DEEP}</p>{END}',
    "CDATA": f"{OPEN}<![CDATA[ {DEEP} ]]><p>{DEEP}</p>{END}",
    "processing instruction": f"{OPEN}<?php echo 1 ?><p>{DEEP}</p>{END}",
    "doubled end": f"{OPEN}<p>{DEEP}</p></body></html></body></html>{END}",
    "200,000 empty elements": f"{OPEN}{'<i></i>' * 200_000}<p>{DEEP}</p>{END}",
    "2,000 attributes and more": f"{OPEN}<p {' '.join(f'a{i}' for i in range(20_000))}>{DEEP}</p>{END}",
}  # fmt: skip


@pytest.mark.parametrize("name", SILENT)
def test_nothing_is_lost(name):
    tree = parse_html(SILENT[name])
    shown = " ".join(render(tree.root).text.split())
    for text in (read(tree), shown):
        assert [s for s in (FIRST, DEEP, LAST) if s not in text] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("1000 nested divs", []),
        ("20000 nested divs", ["over_limit"]),
        ("3000 unclosed b", ["over_limit"]),
        ("2,000 attributes and more", ["over_limit"]),
        ("text of 11 MB", []),
        ("unclosed comment", ["unclosed_markup"]),
        ("unclosed script", ["unclosed_markup"]),
        ("value of an attribute that is never closed", ["unclosed_markup"]),
        ("comment mark inside a script", []),
        ("script mark inside a comment", []),
        ("text after the end", []),
        ("lone surrogates", ["undecodable"]),
        ("NUL in text", []),
    ],
)
def test_what_was_mended_is_said(name, expected):
    assert codes(parse_html(SILENT[name])) == expected


@pytest.mark.parametrize("tail", ["<script>track();", "<style>p{", "<title>", "<textarea>a"])
def test_what_swallows_nothing_but_itself_is_said(tail):
    tree = parse_html(f"{OPEN}<p>{DEEP}</p><p>{LAST}</p>{tail}")
    assert LAST in read(tree)
    assert set(codes(tree)) <= {"unclosed_markup"}


@pytest.mark.parametrize(
    "script",
    [
        "var a = '<p>not text</p>';",
        'var a = "<div class=\\"b\\">";',
        "a<b; c>d",
        "document.write('<br>')",
    ],
)
def test_strings_of_a_cut_off_script_are_no_text(script):
    tree = parse_html(f"{OPEN}<p>{LAST}</p><script>{script}")
    assert read(tree) == f"{FIRST} {LAST}"
    assert codes(tree) == ["unclosed_markup"]


def test_an_ordinary_page_is_not_mended(monkeypatch):
    monkeypatch.setattr(repair, "close_unclosed", None)
    monkeypatch.setattr(repair, "flatten", None)
    page = f"<!-- a -->{OPEN}<script>a = '<b>'</script><!-- b --><p title='a>b'>{DEEP}</p>{END}\n"
    page += "<img src='/cGllcg=='><script integrity=\"cGllcg==\"></script>"  # closed behind a =
    assert codes(parse_html(page)) == []
    assert read(parse_html(page)) == f"{FIRST} {DEEP} {LAST}"


def test_control_characters_do_not_reach_the_tree():
    text = read(parse_html("<p>one\x00two\x0bthree\x1ffour\x08five\x0csix\x7f"))
    assert text == "onetwo three fourfive six"
    assert read(parse_html("<p>\x7fone")) == "one"


def test_what_was_there_twice_is_one_body():
    root = parse_html(SILENT["three pages"]).root
    assert len(root.findall("body")) == 1
    assert root.getnext() is None


# ---- Encodings.

WORDS = {
    "windows-1252": "“Café” – naïve",
    "windows-1250": "Příliš žluťoučký kůň",
    "windows-1251": "Паром ушёл на рассвете",
    "windows-1253": "Το πλοίο έφυγε",
    "windows-1254": "Vapur şafakta ayrıldı",
    "windows-1255": "המעבורת יצאה",
    "windows-1256": "غادرت العبارة",
    "windows-1258": "Phà đi Thanh Hóa",
    "windows-874": "เรือออกจากท่า",
    "iso-8859-2": "Příliš žluťoučký kůň",
    "iso-8859-15": "Le prix : 5 €",
    "koi8-r": "Паром ушёл",
    "gbk": "渡轮黎明离港",
    "gb18030": "渡轮黎明离港𠀀",
    "big5": "渡輪黎明離港",
    "euc-jp": "フェリーは夜明けに出た",
    "shift_jis": "フェリー①は出た",
    "iso-2022-jp": "フェリーは夜明けに出た",
    "euc-kr": "여객선은 새벽에 떠났다 똠",
    "macintosh": "Café",
}
PYTHON = {"windows-874": "cp874", "shift_jis": "cp932", "euc-kr": "cp949", "macintosh": "mac-roman"}


@pytest.mark.parametrize("encoding", WORDS)
@pytest.mark.parametrize(
    "declared",
    ["<meta charset={}>", "<meta charset='{}'/>", '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset={}">', '<?xml version="1.0" encoding="{}"?>'],
)  # fmt: skip
def test_a_declared_encoding_is_used(encoding, declared):
    page = f"<html>{declared.format(encoding)}<p>{WORDS[encoding]}</p>"
    if declared.startswith("<?xml"):
        page = declared.format(encoding) + f"<html><p>{WORDS[encoding]}</p>"
    tree = parse_html(page.encode(PYTHON.get(encoding, encoding)))
    assert (read(tree), tree.encoding, tree.warnings) == (WORDS[encoding], encoding, ())


SNOW = "Schnee fällt über Köln – “früh”"


@pytest.mark.parametrize(
    ("name", "data", "charset", "encoding"),
    [
        ("UTF-8", f"<p>{SNOW}".encode(), None, "utf-8"),
        ("UTF-8 that says it is Latin-1", f"<meta charset=latin1><p>{SNOW}".encode(), "latin1", "utf-8"),
        ("UTF-8 with a mark", f"<p>{SNOW}".encode("utf-8-sig"), None, "utf-8"),
        ("UTF-8 with a mark and a wrong header", f"<p>{SNOW}".encode("utf-8-sig"), "gbk", "utf-8"),
        ("UTF-16 with a mark, little end first", b"\xff\xfe" + f"<p>{SNOW}".encode("utf-16-le"), None, "utf-16le"),
        ("UTF-16 with a mark, big end first", b"\xfe\xff" + f"<p>{SNOW}".encode("utf-16-be"), "utf-8", "utf-16be"),
        ("UTF-16 without a mark", f"<html><p>{SNOW}".encode("utf-16-le"), None, "utf-16le"),
        ("UTF-16 without a mark, big end first", f"<html><p>{SNOW}".encode("utf-16-be"), None, "utf-16be"),
        ("windows-1252 that says nothing", f"<p>{SNOW}".encode("cp1252"), None, "windows-1252"),
        ("windows-1252 that says it is Latin-1", f"<meta charset=iso-8859-1><p>{SNOW}".encode("cp1252"), None, "windows-1252"),
        ("windows-1252 that says it is ASCII", f"<meta charset=us-ascii><p>{SNOW}".encode("cp1252"), None, "windows-1252"),
        ("windows-1252 that says it is UTF-16", f"<meta charset=utf-16><p>{SNOW}".encode("cp1252"), "windows-1252", "windows-1252"),
        ("the header before the page", f"<meta charset=koi8-r><p>{SNOW}".encode("cp1252"), "cp1252", "windows-1252"),
        ("a header that nobody knows", f"<meta charset=cp1252><p>{SNOW}".encode("cp1252"), "zip", "windows-1252"),
        ("a declaration in a comment", f"<!-- <meta charset=koi8-r> --><p>{SNOW}".encode("cp1252"), None, "windows-1252"),
        ("a codec of Python that is no encoding", f"<meta charset=rot13><p>{SNOW}".encode("cp1252"), None, "windows-1252"),
        ("a codec that is a path", f"<meta charset=../../etc><p>{SNOW}".encode("cp1252"), "idna", "windows-1252"),
        ("an encoding that is never read", f"<meta charset=hz-gb-2312><p>{SNOW}".encode("cp1252"), None, "windows-1252"),
        ("the user's own", f"<meta charset=x-user-defined><p>{SNOW}".encode("cp1252"), None, "windows-1252"),
    ],
)  # fmt: skip
def test_which_encoding_wins(name, data, charset, encoding):
    tree = parse_html(data, charset=charset)
    assert (read(tree), tree.encoding, tree.warnings) == (SNOW, encoding, ())


@pytest.mark.parametrize(
    ("name", "data", "text", "detail"),
    [
        ("one bad byte in UTF-8", f"<p>{SNOW * 20}".encode() + b"\xff.", SNOW * 20 + "\ufffd.", "1 place is not utf-8"),
        ("UTF-8 cut in a character", f"<p>{SNOW}".encode()[:-1], SNOW[:-1] + "\ufffd", "1 place is not utf-8"),
        ("UTF-8 that says so", b"<meta charset=utf8><p>\xff\xfe.", "\ufffd\ufffd.", "2 places are each not utf-8"),
        ("UTF-16 cut in a character", b"\xff\xfe" + "<p>ab".encode("utf-16-le")[:-1], "a\ufffd", "1 place is not utf-16le"),
    ],
)  # fmt: skip
def test_bytes_that_are_in_no_encoding_are_counted(name, data, text, detail):
    tree = parse_html(data)
    assert read(tree) == text
    assert [w.code for w in tree.warnings] == ["undecodable"]
    assert tree.warnings[0].detail.startswith(detail)


def test_pairs_of_surrogates_are_joined():
    tree = parse_html("<p>\ud83d\ude00 \ud83d")
    assert read(tree) == "\U0001f600 \ufffd"
    assert tree.warnings[0].detail == "1 place is a lone surrogate; shown as U+FFFD"


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("a PDF", b"%PDF-1.7\n%\xe2\xe3"),
        ("gzip", gzip.compress(b"<p>a</p>", mtime=0)),
        ("a PNG", b"\x89PNG\r\n\x1a\n\0\0"),
        ("a JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        ("a GIF", b"GIF89a\x01\0"),
        ("a WebP", b"RIFF\x10\0\0\0WEBPVP8 "),
        ("a BMP", b"BM\x10\0\0\0\0\0\0\0\x36\0"),
        ("a zip", b"PK\x03\x04\x14\0"),
        ("UTF-32", "<p>a".encode("utf-32")),
        ("a font", b"wOF2\0\1\0\0"),
        ("a program", b"\x7fELF\2\1\1\0"),
        ("an SQLite", b"SQLite format 3\0\x10"),
        ("binary data", bytes(range(32)) * 40),
        ("binary data", zlib.compress(bytes(range(256)) * 99, 9)[2:] * 9),
    ],
)
def test_what_is_no_page_is_named(what, data):
    with pytest.raises(InputError, match=f"this is {what}"):
        parse_html(data)


@pytest.mark.parametrize(
    "text", ["BM shares fell", "RIFFs and songs", "MZ said so", "ID3 was a tag"]
)
def test_words_are_no_signature(text):
    assert read(parse_html(text.encode())) == text


def test_a_file_in_a_string_is_named():
    with pytest.raises(InputError, match="a PDF"):
        parse_html("%PDF-1.4\n")


@pytest.mark.parametrize(
    "source", ["", " \n", "\ufeff", "<!-- a -->", "<?php ?>", b"", b"\xef\xbb\xbf", b"\0"]
)
def test_nothing_gives_no_root(source):
    assert parse_html(source).root is None


@given(st.one_of(st.text(), st.binary()))
def test_anything_gives_a_tree_or_our_own_error(source):
    try:
        tree = parse_html(source)
    except CleanNewsError:
        return
    assert tree.root is None or tree.root.tag == "html"


MARKUP = ["<p>", "</p>", "<div ", "<!--", "-->", "--!>", "<script>", "</script", ">", "<", "'", '"', "=", "</html>", "<html>", "<body>", "<head>", "<title>", "</title>", "<table><tr><td>", "<svg>", "<![CDATA[", "]]>", "<?", "&#0;", "&amp", "\0", "\ufffe", "&#1;", "\x0b", "\ud800", "é", "<plaintext>", "<frameset>", "<textarea>", " a=b", "tide ", "\n"]  # fmt: skip


@given(st.lists(st.sampled_from(MARKUP), max_size=60).map("".join))
def test_broken_markup_gives_a_tree(source):
    tree = parse_html(source)
    assert tree.root is None or (tree.root.tag == "html" and tree.root.getnext() is None)
    data, _ = repair.close_unclosed(source.encode("utf-8", "replace"))
    assert (
        not repair.may_end_in_comment(repair.close_unclosed(data)[0])
        or b"<script" in data.lower()
        or b"<t" in data.lower()
    )


# ---- Limits.


@pytest.mark.parametrize(
    ("limits", "source", "left", "named"),
    [
        (Limits(characters=40), "<p>" + "tide " * 99, "tide " * 7 + "ti", "'characters' (40)"),
        (Limits(characters=40), b"<p>" + b"tide " * 99, "tide " * 7 + "ti", "'characters' (40)"),
        (Limits(characters=5), "<p>日本日本日本".encode(), "日本", "'characters' (5)"),
        (Limits(tags=3), "<p>a<p>b<p>c<p>d<p>e", "a b c", "'tags' (3)"),
        (Limits(depth=8), "<div>" * 9 + "a" + "</div>" * 9 + "<p>b", "a b", "'depth' (8)"),
    ],
)
def test_a_limit_is_named(limits, source, left, named):
    tree = parse_html(source, limits=limits)
    assert read(tree) == left.strip()
    assert {w.code for w in tree.warnings} == {"over_limit"}
    assert named in tree.warnings[0].detail


def test_a_page_as_large_as_its_limit_is_read_whole():
    source = "<p>a</p>"
    assert parse_html(source, limits=Limits(characters=8, tags=2, depth=4)).warnings == ()


@pytest.mark.parametrize(
    "wrong",
    [{"characters": 0}, {"tags": -1}, {"depth": PARSER_DEPTH + 1}, {"depth": 1.5}, {"blocks": 0}, {"seconds": 0}, {"tags": True}, {"seconds": "1"}],
)  # fmt: skip
def test_wrong_limits(wrong):
    with pytest.raises(OptionError, match=next(iter(wrong))):
        Limits(**wrong)


def test_a_deadline_comes():
    now = [0.0]
    deadline = Deadline(2, clock=lambda: now[0])
    assert not deadline.is_over()
    now[0] = 2.0
    assert deadline.is_over()
    assert not Deadline(None, clock=lambda: now[0]).is_over()


# ---- HTML or flat text.


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page", f"{OPEN}{END}"),
        ("page behind a mark and lines", f"\ufeff\n\n  {OPEN}{END}"),
        ("page behind a comment", f"<!-- saved <b>today</b> -->\n{OPEN}"),
        ("page behind a conditional comment", "<!--[if IE]><html class=ie><![endif]--><html><body>a"),
        ("page behind a warning", f"PHP Notice: undefined index in line 4\n{OPEN}{END}"),
        ("XHTML", '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN">\n<html><p>a'),
        ("capitals", "<HTML><BODY BGCOLOR=white><FONT>a"),
        ("head alone", "<head><title>a</title></head>"),
        ("paragraph", "<p>The ferry left.</p>"),
        ("paragraph that is never closed", "<p>The ferry left."),
        ("paragraph with attributes", '<p class="lead" data-a="1">The ferry left.'),
        ("division", '<div class="story"><p>The ferry left.</p></div>'),
        ("article", "<article><h1>Ferry</h1><p>It left.</p></article>"),
        ("words before paragraphs", "HARBOUR —<p>The ferry left.</p><p>It came back.</p>"),
        ("picture first", '<img src="a.jpg" /><p>The ferry left.</p>\n<p>It came back.</p>'),
        ("strong words first", "<strong>HARBOUR</strong> The ferry left.<p>One.</p>\n<p>Two.</p>"),
        ("paragraphs on lines", "Ferry\n<p>The ferry left.</p>\n<p>It came back.</p>\n<p>Fog.</p>"),
        ("breaks", "The ferry left.<br><br>It came back.<br><br>Fog.<br/>Then sun."),
        ("breaks on lines", "The ferry left.<br />\n<br />\nIt came back.<br />\n<br />\nFog."),
    ],
)  # fmt: skip
def test_html(name, text):
    assert looks_like_html(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nothing", ""),
        ("text", "The ferry left the harbour at dawn.\n\nBy noon the fog had lifted."),
        ("less than", "a < b and c > d; 3<4, <3, <<, <-, ->"),
        ("talk about a tag", "Use <p> for a paragraph, and close it with </p>."),
        ("talk about tags", "The <table> tag came first, then <div>, then <section> and <br>."),
        ("tags between backquotes", "Write `<p>` and `</p>`\n`<div>` and `</div>`\n`</ul>`\n`</li>`"),
        ("a break or two", "The ferry left.<br>It came back.<br>Fog.\n\nBy noon it had lifted."),
        ("emphasis", "The <b>ferry</b> left the <i>harbour</i> at <em>dawn</em>.\n" * 9),
        ("Markdown with breaks", "# Ferry\n\n- one<br>\n- two<br>\n- three<br>\n- four<br>\n- five"),
        ("table in Markdown", "| a | b |\n|---|---|\n| 1<br>2 | 3<br>4 |\n| 5<br>6 | 7<br>8 |"),
        ("Markdown with a picture", '# Ferry\n\n[a](b)\n\n<p align="center">\n<img src="a">\n</p>\n\n- one\n- two'),
        ("feed", '<?xml version="1.0"?><rss><channel><item><p>a</p><p>b</p></item></channel></rss>'),
        ("Atom feed", "<feed xmlns='a'><entry><content><p>a</p><p>b</p></content></entry></feed>"),
        ("list of addresses", "<urlset><url><loc>https://harbour.example/</loc></url></urlset>"),
        ("address in brackets", "<https://harbour.example/> <ana@harbour.example>\n" * 9),
        ("escaped tags", "&lt;p&gt;The ferry left.&lt;/p&gt;\n" * 9),
        ("placeholders", "<name> wrote to <place>\n<name>, <date>\n" * 9),
        ("code in a long text", "The ferry left the harbour.\n" * 60 + "<p>One.</p>\n<p>Two.</p>\n"),
        ("box to copy from in one line", "The ferry left the harbour. " * 99 + "<h1>Ferry</h1> <p>One.</p> <p>Two.</p> " * 9),
        ("tags beyond what is looked at", "tide " * (LOOKED_AT // 5) + "<p>One.</p>" * 99),
        ("generic types", "List<String> a = new ArrayList<String>();\nMap<P, Div> b;"),
    ],
)  # fmt: skip
def test_flat_text(name, text):
    assert not looks_like_html(text)


@pytest.mark.parametrize(
    "bait",
    ["<", "<p", "<p ", "<!--", "\n", " ", "</p", "<br", "\n<", "<?xml ", "> <p", "#", "\ufeff", "<p>\n", "</p>\n", "a\n", "<p a='", "x" * 50 + "<br>"],
)  # fmt: skip
def test_looking_takes_little_time(bait):
    text = bait * (2 * LOOKED_AT // len(bait))
    start = time.process_time()
    looks_like_html(text)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    "bait",
    ["<a", "<a ", "<a/", "<p a=", "<p a='<b ", '<p a="<b "', "<b " * 1999 + "== ", "<!--", "<script>", "<title>", "</", "<?", "<![CDATA[", "&#0;", "<p>", "<b>", "<b><p>", "</b>", "<div>", "<td><table>", "<a1>", "<a a1=1>", "\0", "\x0b", "'", '"', "='", "\ud800"],
)  # fmt: skip
def test_parsing_takes_little_time(bait):
    start = time.process_time()
    parse_html(bait * (400_000 // len(bait)))
    assert time.process_time() - start < 2


def test_decoding_alone():
    assert decode_html(b"<p>a").utf8 == b"<p>a"


# ---- Quick looks at the bytes of a page, against the plain way of telling the same.


def gaps_one_by_one(data):
    """Return the stretches between brackets, the start and the end that are too long."""
    ends = [0, *(i for i, byte in enumerate(data) if byte == ord(">")), len(data)]
    return [(a, b) for a, b in pairwise(ends) if b - a > 6]


@given(st.lists(st.sampled_from([b">", b"a", b"aaaaa", b"aaaaaaa"])).map(b"".join))
def test_gaps_between_brackets(data):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(html, "SHORTEST_GAP", 6)
        assert html._gaps(data) == gaps_one_by_one(data)


@pytest.mark.parametrize("value", range(256))
def test_control_characters_are_seen(value):
    is_control = (value < 32 and value not in b"\t\n\f\r") or value == 127
    assert html._has_controls(b"<p>tide" + bytes([value])) == is_control
