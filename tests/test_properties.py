"""The promises that hold for every text: nothing silent, nothing invented, twice is once, the same always."""

import os
import pickle
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cleannews
from cleannews import CleanOptions, CleanResult, delete_spans
from strategies import texts

EXAMPLES = int(os.environ.get("CLEANNEWS_EXAMPLES", "2000"))
MANY = 20_000

OPTIONS = [
    CleanOptions(),
    CleanOptions(strictness="strict"),
    CleanOptions(strictness="keep_more"),
    CleanOptions(headline="keep", byline="keep", dates="keep", captions="keep"),
    CleanOptions(select=("placeholder", "related", "comments", "residue")),
    CleanOptions(ignore=("repeat", "headline")),
]


def budget(examples):
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def check_promises(text, options):
    result = cleannews.clean(text, options=options)

    # 1. Every removed character lies inside a removal that says why.
    assert delete_spans(text, result.removed) == result.text
    for removal in result.removed:
        assert removal.rule.startswith(f"{removal.category}/")
        assert removal.evidence
        assert 0 < removal.confidence <= 1
        assert len(removal.span) > 0

    # 2. Nothing is invented: what is left is a subsequence of the text.
    left = iter(text)
    assert all(c in left for c in result.text)

    # 3. Cleaning twice is cleaning once.
    again = cleannews.clean(result.text, options=options)
    assert again.text == result.text
    assert again.removed == ()

    # 4. The same input gives the same output, also through the dictionary form and pickle.
    assert cleannews.clean(text, options=options) == result
    assert CleanResult.from_dict(result.to_dict()) == result
    assert pickle.loads(pickle.dumps(result)) == result

    # What points into the text points at what it says.
    for found in (*result.removed, *result.flagged, *result.warnings):
        if found.span is not None:
            assert found.span.end <= len(text)
    for finding in result.flagged:
        for capture in finding.captures:
            assert capture.span.end <= len(text)
    assert 0 <= result.confidence <= 1


@budget(EXAMPLES)
@given(texts(), st.sampled_from(OPTIONS))
def test_promises_hold_for_texts_made_of_our_own_pieces(text, options):
    check_promises(text, options)


@budget(max(200, EXAMPLES // 5))
@given(st.text(max_size=300))
def test_promises_hold_for_any_characters(text):
    check_promises(text, CleanOptions())


@pytest.mark.long
@budget(MANY)
@given(texts(), st.sampled_from(OPTIONS))
def test_promises_hold_for_twenty_thousand_texts(text, options):
    check_promises(text, options)


@budget(200)
@given(texts())
def test_detecting_removes_nothing_and_points_into_the_text(text):
    for finding in cleannews.detect(text):
        assert 0 <= finding.span.start < finding.span.end <= len(text)


@budget(30)
@given(st.lists(texts(), min_size=2, max_size=6))
def test_threads_and_order_change_nothing(many):
    expected = {text: cleannews.clean(text).to_json() for text in many}
    got = {}

    def work(part):
        for text in part:
            got[text] = cleannews.clean(text).to_json()

    threads = [threading.Thread(target=work, args=(part,)) for part in (many, many[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == expected
