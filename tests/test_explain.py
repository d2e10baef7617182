"""The explanation: every removal is shown with its rule, and nothing on screen can lie."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleannews import CleanOptions, CleanResult, Document, Finding, Removal, Span, clean, explain
from cleannews.boilerplate.explain import (
    NARROWEST,
    UNPRINTABLE,
    explanation,
    lines_of,
    printable,
    summary,
)

STORY = "The council voted on Monday to close the old bridge for good."
LINES = [
    "[ad_1]",
    "Leave a Comment",
    "Source link",
    STORY,
    f"{STORY} [ad_2] Nobody spoke.",
    "Edited By:",
    "Ada Corran",
    "",
    " \t",
    "橋は月曜日に閉鎖された。",
    "\u202eLeave a Comment\u202c",
    "\x1b[2J",
    "投票" * 90,
    "x" * 300,
    "[tags]",
    "a\ud800b",
    "\u2028",
    "\x00",
]
texts = st.one_of(
    st.lists(st.sampled_from(LINES), max_size=14).map("\n".join),
    st.lists(st.sampled_from(LINES), max_size=8).map("\r\n\r\n".join),
    st.text(max_size=200),
)


def columns_of(row: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in row)


def result_of(
    text: str, *spans: tuple[int, int], flagged: tuple[tuple[int, int], ...] = ()
) -> CleanResult:
    """A result with made-up removals, to reach what the rules of today do not do."""
    made = ("shop/box", "shop", 0.9, "because")
    gone = tuple(Removal(Span(*s), *made) for s in spans)
    kept = tuple(Finding(Span(*s), "shop/maybe", "shop", "report", 0.5, "perhaps") for s in flagged)
    text_left = "".join(c for i, c in enumerate(text) if not any(s <= i < e for s, e in spans))
    return CleanResult(Document(text), text_left, gone, kept)


# --- what is shown ------------------------------------------------------------------------------


def test_a_removed_line_is_followed_by_its_rule_language_confidence_and_evidence() -> None:
    view = explain(clean(f"{STORY}\n\nLeave a Comment")).splitlines()
    assert view[1] == "  3 - Leave a Comment"
    assert re.fullmatch(
        r"      ╰ comments/leave-a-comment \(en\), 0\.\d\d: phrase “leave a comment”", view[2]
    )


VIEWS = [
    pytest.param(result_of("one\ntwo", (0, 4)), "  1 - one", id="a whole line"),
    pytest.param(result_of("one two", (0, 4)), "  1 ~ [-one -]two", id="a part of a line"),
    pytest.param(result_of("one two", flagged=((0, 7),)), "  1 ? one two", id="a flagged line"),
    pytest.param(result_of("one two", flagged=((0, 3),)), "  1 ? [?one?] two", id="a flagged part"),
    pytest.param(
        result_of("one two", (4, 7), flagged=((0, 3),)), "  1 ~ [?one?][- two-]"[:6], id="both"
    ),
    pytest.param(result_of("\n\none", (0, 5)), "  3 - one", id="after blank lines"),
    pytest.param(result_of("a\r\n\r\none", (5, 8)), "  3 - one", id="after Windows line ends"),
    pytest.param(result_of("a\u2028one", (1, 5)), "  2 - one", id="after a line separator"),
    pytest.param(result_of("a\n \nb", (1, 3)), "characters 1..3: “\\n ”", id="white space only"),
    pytest.param(
        result_of("a\x1b[2J\u202eb", (0, 7)), r"  1 - a\u001b[2J\u202eb", id="control characters"
    ),
]


@pytest.mark.parametrize(("result", "row"), VIEWS)
def test_view_holds(result: CleanResult, row: str) -> None:
    assert any(line.startswith(row) or row in line for line in explain(result).splitlines())


def test_long_runs_of_kept_lines_are_shortened_and_removed_ones_never() -> None:
    removed = "word " * 120
    text = "\n".join(["kept line"] * 50 + [removed])
    view = explain(result_of(text, (len(text) - len(removed), len(text))), width=60)
    assert "⋮ 48 lines kept" in view
    assert view.count("word") == 120


def test_kept_text_beside_a_removed_part_is_shortened() -> None:
    view = explain(result_of("x" * 5000 + " gone " + "y" * 5000, (5000, 5006)))
    assert re.search(r"… x+\[- gone\s+-\]y+ …", re.sub(r"\n {6}(?=\S)", " ", view))
    assert len(view) < 500


def test_a_flagged_finding_is_told_to_be_kept() -> None:
    page = f"{STORY}\n\nThe bridge at dusk. (Photo: Ada Corran)\n\n{STORY[:-1]}, they said.\n"
    view = explain(clean(page, options=CleanOptions(captions="keep")))
    assert re.search(r"^  3 \? The bridge at dusk", view, re.M)
    assert "╰ kept, looks like caption/" in view
    assert "Flagged and kept:" in view


def test_the_end_counts_pieces_and_characters_and_repeats_the_warnings() -> None:
    view = explain(clean(f"[ad_1]\n\n{STORY.replace('Monday', chr(0x202E) + 'Monday')}"))
    assert re.search(
        r"^Removed 1 piece: 8 of 70 characters \(11%\); confidence \d\.\d\d$", view, re.M
    )
    assert "Warning bidi_control: " in view
    assert explain(clean("")).splitlines()[0].startswith("Removed nothing: 0 of 0 characters")


SUMMARIES = [
    pytest.param(f"[ad_1]\n\n{STORY}", "removed 1 piece (placeholder 1), ", id="one"),
    pytest.param(f"[ad_1]\n\n{STORY}\n\n[ad_2]", "removed 2 pieces (placeholder 2), ", id="two"),
    pytest.param(STORY, "nothing to remove, confidence ", id="none"),
]


@pytest.mark.parametrize(("text", "said"), SUMMARIES)
def test_summary_says(text: str, said: str) -> None:
    assert summary(clean(text)).startswith(said)


def test_explanation_adds_words_and_lines_to_the_dictionary() -> None:
    told = explanation(clean(f"{STORY}\n\nEdited By:\n\nAda Corran\n"))
    assert [(r["line"], r["text"].strip()) for r in told["removed"]] == [
        (3, "Edited By:"), (5, "Ada Corran"),
    ]  # fmt: skip


# --- what holds for every text ------------------------------------------------------------------


@given(texts, st.integers(0, 120))
def test_no_control_character_reaches_the_screen_and_no_row_is_too_wide(
    text: str, width: int
) -> None:
    result = clean(text)
    view = explain(result, width=width)
    assert not UNPRINTABLE.search(view.replace("\n", ""))
    # Above the counts at the end, which are as wide as they are.
    body, _, _ = view.rpartition("Removed ")
    assert all(columns_of(row) <= max(width, NARROWEST) for row in body.splitlines())


@given(texts)
def test_colours_change_nothing_but_colours(text: str) -> None:
    result = clean(text)
    plain, colored = explain(result), explain(result, color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


@given(texts)
def test_every_removal_and_every_flag_is_told(text: str) -> None:
    result = clean(text)
    view = explain(result)
    assert view.count("╰") == len(result.removed) + len(result.flagged)


@given(texts)
def test_lines_hold_every_visible_character_once_and_in_order(text: str) -> None:
    result = clean(text)
    at = 0
    for line in lines_of(result):
        for piece in line.pieces:
            assert at <= piece.span.start
            assert not text[at : piece.span.start].strip()
            at = piece.span.end
    assert not text[at:].strip()


@given(texts)
def test_pieces_agree_with_the_removals(text: str) -> None:
    result = clean(text)
    gone = {i for r in result.removed for i in range(r.span.start, r.span.end)}
    for line in lines_of(result):
        for piece in line.pieces:
            removed = piece.fate is not None and piece.fate[0] == "removed"
            assert all((i in gone) == removed for i in range(piece.span.start, piece.span.end))


@given(st.text())
def test_printable_text_has_nothing_unprintable_and_says_it_all(text: str) -> None:
    shown = printable(text)
    assert not UNPRINTABLE.search(shown)
    if "\\" not in text:
        back = re.sub(
            r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|([tnr]))",
            lambda m: (
                {"t": "\t", "n": "\n", "r": "\r"}.get(m[3] or "") or chr(int(m[1] or m[2], 16))
            ),
            shown,
        )
        assert back == text
