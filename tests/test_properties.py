"""The promises that hold for every text: nothing silent, nothing invented, twice is once, the same always."""

import os
import pickle
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cleannews
from cleannews import CleanOptions, CleanResult, delete_spans
from cleannews.boilerplate.edit import plan_removals
from cleannews.boilerplate.matching import matcher_of
from cleannews.boilerplate.rulebook import load_rulebook
from cleannews.document import Finding, Span
from cleannews.reading.plain import count_breaks, read_plain, read_rest
from strategies import texts

SPLITTER = matcher_of(load_rulebook()).splitter
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
    check_promises(text, CleanOptions(source="text"))


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


def check_threads(many):
    """Two threads, one of them backwards, give what one call after the other gives."""
    expected = {source: cleannews.clean(source).to_json() for source in many}
    got = {}

    def work(part):
        for source in part:
            got[source] = cleannews.clean(source).to_json()

    threads = [threading.Thread(target=work, args=(part,)) for part in (many, many[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == expected


@budget(30)
@given(st.lists(texts(), min_size=2, max_size=6))
def test_threads_and_order_change_nothing(many):
    check_threads(many)


@budget(max(200, EXAMPLES // 4))
@given(texts(), st.data())
def test_reading_the_rest_equals_reading_anew(text, data):
    page = read_plain(text, SPLITTER)
    numbers = data.draw(st.lists(st.integers(0, 5), max_size=len(page.blocks)))
    findings = []
    for block, number in zip(page.blocks, numbers, strict=False):
        if number == 1:
            span = block.span
        elif number == 2:
            cut = data.draw(st.integers(0, len(block.text) - 1))
            span = Span(block.start + cut, block.end)
        elif number == 3:
            span = Span(block.start, block.start + data.draw(st.integers(1, len(block.text))))
        else:
            continue
        findings.append(Finding(span, "a/b", "a", "safe", 1.0, "drawn", "und"))
    spans = [span for span, _ in plan_removals(page, findings)]
    left = delete_spans(text, spans)
    rest, origins = read_rest(page, spans, left, SPLITTER)
    assert rest == read_plain(left, SPLITTER)
    assert all(
        o < 0 or page.blocks[o].text == b.text for o, b in zip(origins, rest.blocks, strict=True)
    )


@budget(max(200, EXAMPLES // 4))
@given(texts())
def test_blocks_hold_all_of_the_text_and_point_into_it(text):
    page = read_plain(text, SPLITTER)
    end = 0
    for block in page.blocks:
        assert block.start >= end
        assert not text[end : block.start].strip(), "nothing but white space between blocks"
        assert text[block.start : block.end] == block.text
        assert block.text == block.text.strip()
        assert block.shown
        assert block.text
        assert 0 <= block.links <= 1
        assert block.breaks == count_breaks(text[end : block.start]) or block.index == 0
        end = block.end
    assert not text[end:].strip()
