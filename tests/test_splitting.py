"""Lines that lost their line breaks, and what is cut where."""

import time

import pytest

from cleannews import clean
from cleannews.boilerplate.matching import matcher_of
from cleannews.boilerplate.rulebook import load_rulebook
from cleannews.reading.plain import read_plain, read_rest
from cleannews.reading.splitting import LONG_LINE, Splitter

SPLITTER = matcher_of(load_rulebook()).splitter
STORY = " ".join(
    f"The council heard report number {n} on the old bridge, and the mayor said that the river"
    f" would not wait for any of the {n} engineers in the hall."
    for n in range(101, 120)
)
OTHER = STORY.replace("report", "letter").replace("bridge", "ferry")


def pieces(text, splitter=SPLITTER):
    return [b.text for b in read_plain(text, splitter).blocks]


@pytest.mark.parametrize(
    ("seam", "parts"),
    [
        ("It rained. The bridge held.", None),
        ("He asked Mr. Okoro about the bridge over the river. Nobody in the whole of the hall had an answer for him.",
         ["Nobody in the whole of the hall had an answer for him."]),
        ("The U.S. Navy sent a boat to the bridge, at 10.30 a.m. on a Tuesday in the winter.", None),
        ("J. R. Okoro wrote that the bridge was built for carts, not for a tram of forty tonnes.",
         None),
        ("It cost 3.5 million crowns, according to No. 7 of the reports on the desk of the mayor.",
         None),
        ("“Will it hold?” she asked the engineers in the hall, and nobody answered her at all.",
         None),
        ("“It will hold for a hundred years,” he said. “It held for my father and for his father.”",
         ["“It held for my father and for his father.”"]),
        ("She waited for the tram until it was dark… The tram did not come, and she walked home.",
         ["The tram did not come, and she walked home."]),
        ("Home About Us Contact Careers Camera and editing technology has changed since the war.",
         ["Camera and editing technology has changed since the war."]),
        ("Related Posts Leave a Comment Source link", ["Related Posts", "Leave a Comment",
                                                       "Source link"]),
        ("All rights of way are closed on the bridge. Copyright © 2021 Harbour Daily",
         ["Copyright © 2021 Harbour Daily"]),
        ("Ana Ruiz May 3, 2021 Engineers have closed the bridge to trams and to every lorry.",
         ["Engineers have closed the bridge to trams and to every lorry."]),
        ("它的桥面已经关闭，市长昨天在大厅里对工程师们说。居民们对这个决定意见不一，议会将在下个月再次投票表决，电车公司和渡船公司也各派了三名代表参加会议并在会上发言。",
         ["居民们对这个决定意见不一，议会将在下个月再次投票表决，电车公司和渡船公司也各派了三名代表参加会议并在会上发言。"]),
        ("「川は誰のことも待ってはくれない。」と市長は広間で技師たちに静かに語りかけたのである。", None),
        ("هل ستصمد الجسور القديمة أمام مياه النهر هذا الشتاء؟ قال المهندسون في القاعة الكبيرة إنهم لا يعرفون ذلك حتى الآن.",
         ["قال المهندسون في القاعة الكبيرة إنهم لا يعرفون ذلك حتى الآن."]),
        ("पुराने पुल को सोमवार से बंद कर दिया गया है। नगर परिषद अगले सप्ताह फिर से मतदान करेगी।",
         ["नगर परिषद अगले सप्ताह फिर से मतदान करेगी।"]),
    ],
)  # fmt: skip
def test_a_long_line_is_cut(seam, parts):
    found = pieces(f"{STORY} {seam} {STORY}")
    inside = [p for p in found if p not in pieces(STORY)]
    for part in parts or []:
        assert part in inside
    if parts is None:
        assert len(inside) <= 1
        assert any(seam in p for p in (*inside, *found))


@pytest.mark.parametrize(
    "text",
    [
        "The council voted to close the bridge. Nobody was hurt. The river rose. Trams stopped.",
        STORY[: STORY.index("number 106")],
        "Home About Us Contact Careers Camera and editing technology has changed since the war.",
    ],
)
def test_an_ordinary_line_stays_whole(text):
    assert pieces(text) == [text.strip()]


def test_a_shorter_line_is_cut_when_it_holds_labels():
    story = STORY[: STORY.index("The council heard report number 108")].strip()
    assert len(story.split()) < LONG_LINE
    page = f"{story} Related Posts Bridges of the World Leave a Comment Source link"
    assert pieces(page)[-4:] == [
        "Related Posts",
        "Bridges of the World",
        "Leave a Comment",
        "Source link",
    ]
    assert pieces(page, Splitter()) == [page]


def test_phrases_are_found_by_their_first_words_the_longest_first():
    known = Splitter(lambda: ["more on this", "more on this story", "more", "more news", "top"])
    assert known._phrases("more", "on") == (
        ("more", "on", "this", "story"),
        ("more", "on", "this"),
        ("more",),
    )
    assert known._phrases("more", "") == known._phrases("more", "rain") == (("more",),)
    assert known._phrases("top", "") == known._phrases("rain", "") == ()  # too short; unknown


def test_a_label_inside_a_sentence_is_no_label():
    text = f"{STORY} He wrote an essay on the Privacy Policy of the old bridge company. {STORY}"
    assert not any(p.startswith("Privacy Policy") for p in pieces(text))


def test_pieces_stand_on_one_line():
    blocks = read_plain(f"Title\n\n{STORY}\nEnd.", SPLITTER).blocks
    assert [b.breaks for b in blocks] == [0, 2, *[0] * (len(blocks) - 3), 1]


def test_removing_a_piece_leaves_one_space():
    page = f"{STORY} Story continues below {OTHER} Leave a Comment"
    assert clean(page).text == f"{STORY} {OTHER}"


def test_lines_stay_apart_when_their_ends_go():
    text = f"{STORY} Advertisement\nStory continues below {OTHER}"
    assert clean(text).text == f"{STORY}\n{OTHER}"


def test_a_touched_line_is_read_anew():
    text = f"{STORY} Leave a Comment"
    page = read_plain(text, SPLITTER)
    gone = [page.blocks[0].span]
    left = text[: gone[0].start] + text[gone[0].end :]
    rest, origins = read_rest(page, gone, left, SPLITTER)
    assert rest == read_plain(left, SPLITTER)
    assert set(origins) == {-1}


@pytest.mark.parametrize(
    "bait",
    ["a", "A ", "a ", ". ", "。", "… ", "A. ", "The The the ", "Leave a ", "Source link ", "© ",
     "Home About a b c ", "字", "字 ", "1999 The a ", "“", ".”", "(", "! "],
)  # fmt: skip
def test_time_grows_linearly(bait):
    def seconds(size):
        text = (bait * (size // len(bait) + 1))[:size]
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            read_plain(text, Splitter(lambda: ["leave a comment", "source link"]))
            best = min(best, time.process_time() - start)
        return best

    small, large = seconds(50_000), seconds(200_000)
    assert large < 0.05 or large / small < 4 * 2.3
