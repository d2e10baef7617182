"""Finding what rules find: the index over all rules against each rule by itself."""

import pytest

from cleannews import load_rulebook
from cleannews.boilerplate.hits import NOTHING, sort_hits
from cleannews.boilerplate.matching import LENGTHS, LONGEST_BLOCK, Matcher, matcher_of
from cleannews.document import Rule

RULES = load_rulebook().rules
EXAMPLES = [example for rule in RULES for example in (*rule.match, *rule.keep)]
STORY = (
    "The council voted on Monday to close the old bridge, and nobody in the town was surprised. "
)


def rule(name, language="en", **fields):
    return Rule(f"share/{name}", "share", language, "A button", **fields)


def test_the_index_finds_what_each_rule_finds_alone():
    together = matcher_of(load_rulebook())
    alone = [Matcher((r,)) for r in RULES]
    for example in EXAMPLES[::331]:
        for text in (
            example,
            f"• {example.upper()} |",
            f"{STORY}{example}",
            f"{example} {STORY * 9}",
        ):
            found = [hit for matcher in alone for hit in matcher.matches(text)]
            assert sorted(map(repr, together.matches(text))) == sorted(map(repr, found))


@pytest.mark.parametrize("most", [*LENGTHS, *(n - 1 for n in LENGTHS), *(n + 1 for n in LENGTHS)])
@pytest.mark.parametrize("hints", [("word",), ("!",), ("word x",)])
def test_a_pattern_claims_blocks_up_to_its_longest(most, hints):
    matcher = Matcher((rule("x", pattern=r"word.{0,600}!", hints=hints, max_words=most),))
    assert matcher.matches(" ".join(["word", *"x" * (most - 2), "end!"]))
    assert not matcher.matches(" ".join(["word", *"x" * (most - 1), "end!"]))


def test_patterns_without_hints_keep_to_their_lengths():
    short = rule("short", pattern=r"[a-z ]{1,200}", max_words=2)
    long = rule("long", pattern=r"[a-z ]{1,200}", max_words=20)
    matcher = Matcher((short, long))
    assert [h.rule for h in matcher.matches("a bridge")] == [short, long]
    assert [h.rule for h in matcher.matches("a very old bridge")] == [long]


def test_markdown_is_matched_as_shown_by_blocks_and_as_written_by_parts():
    block = rule("block", phrases=("share this",), pattern=r"Share (?:it|them)", hints=("share",))
    inline = rule("inline", extent="inline", pattern=r"\(/share\)", hints=("(/share",))
    matcher = Matcher((block, inline))
    assert [h.rule for h in matcher.matches("**Share** *this*")] == [block]
    assert [h.rule for h in matcher.matches("[Share](/share) *them*")] == [block, inline]
    assert not matcher.matches("[Old bridge](/shared)")


def test_a_very_long_block_is_searched_for_parts_only():
    inline = rule("inline", extent="inline", pattern=r"\[ad\]", hints=("[ad",))
    block = rule("block", pattern=r"\[ad\].{0,600}.{0,600}", hints=("ad",), max_words=400)
    matcher = Matcher((inline, block))
    assert len(matcher.matches("[ad]" + "x" * 100)) == 2
    assert [h.rule for h in matcher.matches("[ad]" + "x" * LONGEST_BLOCK)] == [inline]


def test_several_hints_of_one_pattern_find_it_once():
    inline = rule("inline", extent="inline", pattern=r"read more", hints=("read", "more"))
    assert len(Matcher((inline,)).matches("Please read more")) == 1


def test_hits_are_sorted_by_their_use():
    rules = (
        rule("plain", phrases=("share",)),
        rule("needing", phrases=("share",), near=("end",)),
        rule("heading", phrases=("share",), extent="section", safety="unsafe"),
        rule("warning", phrases=("share",), warns="stub"),
        rule("part", extent="inline", phrases=("share",)),
    )
    hits = Matcher(rules).matches("Share")
    found = sort_hits(hits)
    names = {use: [h.rule.id[6:] for h in getattr(found, use)] for use in found._fields[:-1]}
    assert names == {
        "hits": ["plain", "needing", "heading", "warning", "part"],
        "claims": ["plain", "heading", "warning"],
        "needing": ["needing"],
        "parts": ["part"],
        "labels": [],
        "headings": ["heading"],
        "warning": ["warning"],
    }
    assert found.is_safe
    assert not sort_hits(Matcher(rules[2:3]).matches("Share")).is_safe
    assert sort_hits([]) == NOTHING
    assert Matcher(rules).look_at("Old bridge", "old bridge", 2, "Old bridge") is NOTHING


def test_of_one_rule_in_several_languages_the_best_known_claims():
    rules = [rule("home", language=lang, phrases=("home",)) for lang in ("it", "de", "en")]
    hits = Matcher(rules).matches("Home")
    assert len(hits) == 3
    assert [h.rule.language for h in sort_hits(hits[::-1]).claims] == ["en"]
    others = [rule("home", "it", phrases=("home",)), rule("home", phrases=("home",), zone="tail")]
    assert len(sort_hits(Matcher(others).matches("Home")).claims) == 2
