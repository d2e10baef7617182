"""Every shipped rule finds its `match` examples and leaves its `keep` examples alone."""

import pytest

import cleannews
from cleannews.boilerplate.phrases import fold_phrase
from cleannews.boilerplate.rulebook import check_rule, load_rulebook
from cleannews.boilerplate.shipped import shipped_rules
from cleannews.reading.plain import count_words

RULES, CATEGORIES = shipped_rules()

REQUIRED_CATEGORIES = """
    placeholder advertisement source_credit share newsletter related comments author_box cookie
    paywall copyright site_credit policy navigation tags photo_credit caption byline date embed
    video live_blog truncation disclaimer headline agency
""".split()
REQUIRED_LANGUAGES = """
    und en de es fr it pt nl pl ru tr id vi hi ar zh ja ko
""".split()


def named(rules):
    return [pytest.param(r, id=f"{r.language}-{r.id}") for r in rules]


@pytest.mark.parametrize("rule", named(RULES))
def test_the_rule_is_sound_and_its_examples_hold(rule):
    check_rule("shipped", rule)


@pytest.mark.parametrize("rule", named(r for r in RULES if not r.detector))
def test_keep_examples_are_near_misses_not_sentences(rule):
    assert any(count_words(e) <= 16 for e in rule.keep), "a full sentence proves nothing"


@pytest.mark.parametrize("rule", named(RULES))
def test_the_category_is_described(rule):
    assert CATEGORIES[rule.category].describe
    assert rule.describe[0].isupper()
    assert not rule.describe.endswith(".")


@pytest.mark.parametrize("rule", named(r for r in RULES if r.phrases and not r.detector))
def test_phrases_fit_their_word_limit(rule):
    too_long = [p for p in rule.phrases if count_words(p.replace("…", "")) > rule.max_words]
    assert too_long == []


def test_required_categories_and_languages_are_there():
    assert set(REQUIRED_CATEGORIES) <= {r.category for r in RULES}
    assert set(REQUIRED_LANGUAGES) <= {r.language for r in RULES}


def test_a_phrase_belongs_to_one_rule_of_a_language():
    seen = {}
    clashes = []
    for rule in RULES:
        # Notices are told as well as removed; detectors and sections look at the same words again.
        if rule.detector or rule.safety == "report" or rule.category == "notice":
            continue
        for phrase in rule.phrases:
            key = (
                rule.language,
                rule.extent == "section",
                rule.extent == "label",
                fold_phrase(phrase),
            )
            if seen.setdefault(key, rule.id) == rule.id:
                continue
            if not (rule.near or rule.zone != "any"):
                clashes.append((phrase, seen[key], rule.id))
    assert len(clashes) < 60, clashes[:10]


def test_one_idea_has_one_safety_in_every_language():
    safeties = {}
    for rule in RULES:
        safeties.setdefault(rule.id, set()).add(rule.safety)
    assert {i for i, s in safeties.items() if len(s) > 1} == set()


def test_rules_are_loaded_once_and_hashed():
    assert load_rulebook() is load_rulebook()
    assert len(load_rulebook().hash) == 16


def test_a_rule_can_be_told_by_prefix():
    assert {r.category for r in load_rulebook().find("comments")} == {"comments"}


@pytest.mark.parametrize(
    "heading", ["Conclusion", "Summary", "Pros", "Cons", "FAQ", "Key takeaways"]
)
def test_headings_of_stories_are_never_known(heading):
    story = "The council voted on Monday to close the old bridge for good."
    text = f"{story}\n\n{heading}\n\n{story} It was built in 1911."
    assert cleannews.clean(text).text == text
