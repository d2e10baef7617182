"""Warnings: texts that are no honest article."""

import pytest

import cleannews

STORY = "\n\n".join(
    f"The council voted on Monday to close bridge number {n}, which has carried trams since 1911."
    for n in ("one", "two", "three", "four", "five")
)


def codes(text):
    return [w.code for w in cleannews.clean(text).warnings]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_input"),
        ("\u200b \n", "empty_input"),
        ("Leave a Comment\n\nShare this", "empty_body"),
        ("A tower\n\nA bridge\n\nA tunnel", "no_prose"),
        (STORY.replace("bridge", "bri\u200bdge", 1), "invisible_characters"),
        (STORY.replace("voted", "vo\u202eted", 1), "bidi_control"),
        (STORY.replace("Monday", "Mоnday", 1), "homoglyphs"),
        (STORY.replace("council", "{council|board|city}", 1), "spintax"),
        ("Please enable JavaScript to view this page.", "error_page"),
        ("404 Not Found\n\nThe page you are looking for is gone.", "error_page"),
        ("Checking your browser before accessing harbour.example.", "error_page"),
        ("You are being redirected to the new page", "stub"),
        ("The bridge will close in May.\n\nTo continue reading this story, log in.", "paywalled"),
    ],
)
def test_oddities_are_told(text, code):
    assert code in codes(text)


def test_an_oddity_names_its_first_place():
    text = STORY.replace("council voted on Monday to close bridge number four", "сouncil vоted")
    warning = next(w for w in cleannews.clean(text).warnings if w.code == "homoglyphs")
    assert warning.span.of(text) == "сouncil"
    assert warning.detail == "2 words of two alphabets: сouncil, vоted"


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        STORY + "\n\nThe set {a, b} and the words {{ad}} are not spun.",
        "می‌خواهم به خانه بروم و کتاب تازه‌ای را که خریده‌ام تا پایان شب بخوانم، او گفت.\n\n" + STORY,
        STORY
        + "\n\nOn the screen stood: please enable JavaScript to view this page, and so we did.",
        "Москва и Лондон — города. " + STORY,
    ],
    ids=["plain", "braces", "persian joiners", "quoted notice", "two scripts"],
)
def test_honest_texts_get_no_warning(text):
    assert codes(text) == []


def test_warnings_name_the_place():
    text = STORY.replace("Monday", "Mоnday", 1)
    (warning,) = cleannews.clean(text).warnings
    assert warning.span.of(text) == "Mоnday"
    assert "Mоnday" in warning.detail


def test_a_text_that_never_settles_is_given_back_whole(monkeypatch):
    monkeypatch.setattr("cleannews.boilerplate.looks.MOST_PASSES", 1)
    text = f"[ad_1]\n\n{STORY}"
    result = cleannews.clean(text)
    assert result.text == text
    assert result.removed == ()
    assert [w.code for w in result.warnings] == ["did_not_settle"]
    assert result.confidence <= 0.1
