"""Patterns that are compiled."""

import re

import pytest

from cleannews.boilerplate.matching import matcher_of
from cleannews.boilerplate.patterns import _CLASS, expand_macros, without_case
from cleannews.boilerplate.rulebook import load_rulebook

CHANGED = [
    ("Han", "[一-鿿]{2,4}", "(?-i:[一-鿿]){2,4}"),
    ("kana and Han", "x[぀-ヿ一-鿿々]", "x(?-i:[぀-ヿ一-鿿々])"),
    ("all but Hangul", "[^가-힣]", "(?-i:[^가-힣])"),
    ("letters with case", "[a-z一-鿿]", "[a-z一-鿿]"),
    ("a range beyond Han", "[一-ｚ]", "[一-ｚ]"),
    ("no range", "[。、]", "[。、]"),
    ("a bracket that is no class", r"\[一-鿿\]", r"\[一-鿿\]"),
    ("a bracket in a class", r"[(\[]一-鿿[)]", r"[(\[]一-鿿[)]"),
]


@pytest.mark.parametrize(("pattern", "told"), [pytest.param(*r[1:], id=r[0]) for r in CHANGED])
def test_classes_without_case_are_told(pattern, told):
    assert without_case(pattern) == told


def test_they_hold_the_same_characters():
    sources = (expand_macros(source) for _, source, _ in matcher_of(load_rulebook(None))._patterns)
    classes = {m[0] for source in sources for m in _CLASS.finditer(source)}
    changed = {c: told for c in classes if (told := without_case(c)) != c}
    assert changed
    every = [chr(i) for i in range(0x10000)]
    for before, after in changed.items():
        one, other = (re.compile(c, re.IGNORECASE).fullmatch for c in (before, after))
        assert [c for c in every if bool(one(c)) != bool(other(c))] == []
