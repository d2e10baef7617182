"""What a reader sees of a line of Markdown."""

import time

import pytest

from cleannews import clean
from cleannews.reading.markdown import is_bare, seen_of
from cleannews.reading.plain import read_plain
from strategies import HEADINGS, KEEPS, MARKDOWN, MATCHES, PROSE


@pytest.mark.parametrize(
    ("line", "shown", "links", "mark"),
    [
        ('* [Home](/home "Home")', "* Home", 1.0, "*"),
        ("[ Log in ](https://a.example/x?y=(1))", "Log in", 1.0, ""),
        ("## Heading", "Heading", 0.0, "##"),
        ("## Heading ##", "Heading", 0.0, "##"),
        ("# *Big* news", "Big news", 0.0, "#"),
        ("#### [Big news](/big)", "Big news", 1.0, "####"),
        ("> She said no.", "She said no.", 0.0, ">"),
        ("> * **One:** two", "* One: two", 0.0, ">"),
        ("| Name | [Price](/p) |", "Name | Price", 5 / 12, "|"),
        ("**bold** and _thin_ and ***both***", "bold and thin and both", 0.0, ""),
        (r"\(Reuters\) 5\. May\*", "(Reuters) 5. May*", 0.0, ""),
        ("[One](/1)[Two](/2) | [Three](/3)", "OneTwo | Three", 11 / 14, ""),
        ("The [river](/river) rose", "The river rose", 5 / 14, ""),
        ("[![Logo](l.png)](/)", "Logo", 1.0, "!"),
        ("![The bridge at dawn.](b.jpg)", "The bridge at dawn.", 0.0, "!"),
        ("![](b.jpg)", "![](b.jpg)", 1.0, "!"),
        ("[](/)", "[](/)", 1.0, "!"),
        ("[![](i.svg) Markets](/m)", "Markets", 1.0, ""),
        ("![Ana](a.jpg) Ana Ruiz", "Ana Ruiz", 0.0, ""),
        ("Markets](/m)", "Markets", 1.0, ""),
        ("<https://a.example/b>", "https://a.example/b", 1.0, ""),
        ("https://a.example/b", "https://a.example/b", 1.0, ""),
        ("See https://a.example/b", "See https://a.example/b", 19 / 23, ""),
        ("- an entry", "- an entry", 0.0, "-"),
    ],
)  # fmt: skip
def test_markdown_is_taken_out(line, shown, links, mark):
    seen = seen_of(line)
    assert (seen.shown, seen.mark) == (shown, mark)
    assert seen.links == pytest.approx(links)


@pytest.mark.parametrize(
    "line",
    [
        "[ad_1]", "The old one [sic] is shorter", "He said [in 2019] (and later) no", "2 * 3 * 4",
        "*Prices may vary", "Fields marked * are required *", "snake_case_name", "____",
        "[note](he said so)", "a]( b", "#hashtag", "-5 degrees", "f*** it", "* * *", "___",
        "—Hello, she said", "[1] A footnote", "C:\\users", ">", "#", "| |", "[", "](", "![",
        "| --- | --- |",
    ],
)  # fmt: skip
def test_what_is_no_markdown_stays(line):
    assert seen_of(line).shown is line


def test_a_bare_line_is_seen_as_it_is():
    lines = [line.strip() for line in (*MATCHES, *KEEPS, *PROSE, *MARKDOWN, *HEADINGS)]
    bare = [line for line in lines if is_bare(line)]
    assert len(bare) > len(lines) / 2
    assert [seen_of(line) for line in bare] == [(line, 0.0, "") for line in bare]


def test_plain_blocks_show_their_text():
    block = read_plain("The council voted on Monday to close the old bridge.").blocks[0]
    assert block.shown is block.text
    assert (block.links, block.mark) == (0.0, "")


@pytest.mark.parametrize(
    ("line", "is_prose"),
    [
        ("[The council](/c) voted on *Monday* to close the old bridge.", True),
        ("![The council voted on Monday to close the old bridge.](b.jpg)", False),
        ("## Has the council voted on Monday to close the old bridge?", False),
        ("[Bridge](https://a.example/one/two-three-four-five-six.html).", False),
    ],
)
def test_prose_is_judged_by_what_is_shown(line, is_prose):
    assert read_plain(line).blocks[0].is_prose == is_prose


def test_values_point_into_the_source():
    story = "The council voted on Monday to close the old bridge over the river to all trams."
    text = (
        "# Council votes to *close* the old bridge\n\nBy [Ana Ruiz](/authors/ana)\n\n"
        f"[12 May 2021](/2021)\n\n{story}\n"
    )
    meta = clean(text).metadata
    assert meta.title.value == "Council votes to close the old bridge"
    assert meta.title.where.of(text) == "# Council votes to *close* the old bridge"
    assert meta.authors[0].where.of(text) == "Ana Ruiz"
    assert meta.published.where.of(text) == "12 May 2021"
    plain = clean(text.replace("*", "")).metadata
    assert plain.title.where.of(text.replace("*", "")) == "Council votes to close the old bridge"


def test_pictures_are_removed_with_captions_or_kept_with_them():
    story = "The council voted on Monday to close the old bridge over the river to all trams."
    text = f"{story}\n\n![The bridge at dawn](bridge.jpg)\n\n[](/share)\n\n{story[:-1]} today."
    assert [r.rule for r in clean(text).removed] == [
        "caption/markdown-picture",
        "navigation/empty-link",
    ]
    from cleannews import CleanOptions

    kept = clean(text, options=CleanOptions(captions="keep"))
    assert [r.rule for r in kept.removed] == ["navigation/empty-link"]


@pytest.mark.parametrize(
    "bait",
    ["[", "]", "](", "![](", "[a](b", "[a](b) ", "*", "**a ", "_a ", "**a", "\\", "<https://",
     "[](\"", "[](x \"", "[](x '", "[](x (", "(", "[a](b(", "> ", "#", "| ", "![a](b)", "](a) "],
)  # fmt: skip
def test_time_grows_linearly(bait):
    def seconds(size):
        text = (bait * (size // len(bait) + 1))[:size].strip()
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            seen_of(text)
            best = min(best, time.process_time() - start)
        return best

    small, large = seconds(50_000), seconds(200_000)
    assert large < 0.05 or large / small < 4 * 2.3
