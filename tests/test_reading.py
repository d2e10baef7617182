"""Reading flat text, and folding."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleannews.reading import memo
from cleannews.reading.folding import EDGE, fold, mixed_words, visible
from cleannews.reading.plain import count_words, read_plain


def test_offsets_point_at_the_blocks():
    text = "  One.\r\n\r\n\tTwo two.\u2028Three\x85 four \n\n"
    page = read_plain(text)
    assert [text[b.start : b.end] for b in page.blocks] == ["One.", "Two two.", "Three", "four"]
    assert [b.text for b in page.blocks] == ["One.", "Two two.", "Three", "four"]
    assert [b.breaks for b in page.blocks] == [0, 2, 1, 1]
    assert [b.span.of(text) for b in page.blocks] == [b.text for b in page.blocks]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u2028\x85", "\t \r\n"])
def test_nothing_to_read_gives_no_blocks(text):
    assert read_plain(text).blocks == ()


@pytest.mark.parametrize(
    ("text", "is_prose"),
    [
        ("The council voted on Monday to close the old bridge.", True),
        ("“The river will not wait for any of us,” she said.", True),
        ("Der Rat stimmte am Montag für die Sperrung der Brücke.", True),
        ("市议会周一投票决定关闭这座旧桥，居民对此意见不一。", True),
        ("สภาเมืองลงมติเมื่อวันจันทร์ให้ปิดสะพานเก่าซึ่งเปิดใช้มาตั้งแต่ปี 1911 และจะรื้อถอน!", True),
        ("नगर परिषद ने सोमवार को पुराने पुल को बंद करने के लिए मतदान किया।", True),
        ("صوّت المجلس البلدي يوم الاثنين على إغلاق الجسر القديم أمام الترام؟", True),
        ("She listed the three reasons that the engineers had given her:", True),
        ("The council voted on Monday to close the old bridge. Source link", True),
        ("Council votes to close the old bridge after a long and bitter debate", False),
        ("Nobody was hurt.", False),
        ("The mayor said that nobody had been told about the bridge…", False),
        ("Home News Sports Weather Opinion Culture Travel Contact", False),
    ],
)
def test_prose(text, is_prose):
    assert read_plain(text).blocks[0].is_prose == is_prose


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("one two three", 3), ("one | two - three", 3), ("don't stop", 2), ("", 0), ("___", 0),
        ("投票は可決された", 4), ("ผ่านการลงมติ", 3), ("投票 vote", 2),
    ],
)  # fmt: skip
def test_words_are_counted_in_every_script(text, words):
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("LEAVE A REPLY:", "leave a reply"), ("  Read\u00a0more » ", "read more"),
        ("12 Comments", "0 comments"), ("1,234 views", "0 views"), ("“Quoted”", "quoted"),
        ("Don’t", "don't"), ("So\u200burce li\u00adnk", "source link"), ("Ｓｏｕｒｃｅ", "source"),
        ("Sоurce", "source"), ("Привет", "привет"), ("***", ""), ("Straße", "strasse"),
    ],
)  # fmt: skip
def test_folding(text, folded):
    assert fold(text) == folded
    assert fold(folded) == folded


def test_only_words_of_two_alphabets_are_mixed():
    assert [m.group() for m in mixed_words("Mоrena und Москва, plain, Ω")] == ["Mоrena"]
    assert mixed_words("plain") == []
    assert visible("Москва") == "Москва"


def test_a_memory_is_bounded_and_changes_nothing(monkeypatch):
    monkeypatch.setattr(memo, "LARGEST", 1000)
    monkeypatch.setattr(memo, "LONGEST_PARAGRAPH", 800)
    kept = memo.Memo()
    for i in range(500):
        assert kept.put(f"line {i}", i) == i
    assert sum(map(len, kept.known)) <= 1000
    assert kept.put("x" * 900, 1) == 1
    assert kept.get("x" * 900) is None, "too long to be worth remembering"


def test_paragraphs_are_forgotten_before_lines(monkeypatch):
    monkeypatch.setattr(memo, "LARGEST_OF_PARAGRAPHS", 20_000)
    kept = memo.Memo()
    kept.put("Home", 1)
    for i in range(300):
        kept.put(f"{i:>150}", i)
    assert kept.get("Home") == 1
    assert sum(map(len, kept.known)) <= 20_000 + len("Home")
    assert kept.get(f"{299:>150}") == 299


@given(st.text(st.characters(max_codepoint=127)))
def test_folding_ascii_takes_no_other_way(text):
    numbers = re.sub(r"\d+(?:[.,]\d+)*", "0", text.lower())
    assert fold(text) == " ".join(numbers.split()).strip(EDGE)


@given(st.text("aü \u00a0\u2003\u0085\t"))
def test_folding_knows_every_white_space(text):
    assert fold(text) == " ".join(fold(word) for word in text.split())
