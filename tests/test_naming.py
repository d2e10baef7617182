"""What the names of elements say."""

import pytest

from cleannews.boilerplate import naming
from cleannews.boilerplate.naming import TAG_GROUPS, Names, group_names, words_in, words_of

NAMES = Names({"share": -2.0, "story": 1.0}, {"share": -1.0, "<aside": -0.5})


def groups(tag, names=""):
    said = NAMES.of(tag, names).groups
    return [name for i, name in enumerate(group_names()) if said >> i & 1]


WORDS = [
    ("one word", "comments", ["comments"]),
    ("hyphens", "related-posts", ["related", "posts", "related-posts"]),
    ("humps", "shareBar", ["share", "bar", "share-bar"]),
    ("a prefix of one letter", "c-share", ["share"]),
    ("digits", "col-12", ["col"]),
    ("capitals", "MENU", ["menu"]),
    ("many parts", "a1-one-two-three-four-five", ["one", "two", "three", "four", "five", "one-two-three-four"]),
    ("no letters", "--12", []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "words"), [pytest.param(*r[1:], id=r[0]) for r in WORDS])
def test_words(name, words):
    assert words_in(name) == words


def test_the_tag_comes_first_and_few_names_count():
    assert words_of("div", "share")[0] == "<div"
    assert len(words_of("p", " ".join("share" for _ in range(500)))) == 1 + naming.MOST_NAMES


GROUPS = [
    ("comments", "div", "commentArea", ["comments"]),
    ("a share bar", "div", "c-share-bar", ["share"]),
    ("an element that says it itself", "aside", "", ["<aside>"]),
    ("both", "aside", "newsletter", ["sign_up", "<aside>"]),
    ("nothing", "div", "x7 col-12", []),
    ("part of a word", "div", "sharecropper", []),
]


@pytest.mark.parametrize(("tag", "names", "said"), [pytest.param(*r[1:], id=r[0]) for r in GROUPS])
def test_groups(tag, names, said):
    assert groups(tag, names) == said


def test_every_element_that_says_something_has_a_group():
    assert group_names()[-len(TAG_GROUPS) :] == tuple(f"<{tag}>" for tag in TAG_GROUPS)
    assert len(set(group_names())) == len(group_names())


def test_weights_add_up():
    assert NAMES.of("div", "share story")[1:] == (-1.0, -1.0, 1)
    assert NAMES.of("aside", "share")[1:] == (-2.0, -1.5, 2)


def test_the_memory_changes_nothing(monkeypatch):
    names = [f"share-{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(60)]
    wanted = [Names({"share": -2.0}, {"share": -1.0}).of("div", n) for n in names]
    monkeypatch.setattr(naming, "MOST_REMEMBERED", 5)
    one = Names({"share": -2.0}, {"share": -1.0})
    assert [one.of("div", n) for n in names] == wanted
    assert [one.of("div", n) for n in names[::-1]] == wanted[::-1]


def test_a_long_name_is_cut():
    assert words_in("share" * 1000) == ["share" * (naming.LONGEST_NAME // 5)]


MANY = [
    "share",
    "c-share storyLine",
    "",
    "12",
    "Übersicht-share",
    "<aside x",
    "share\nstory",
    "a b c",
]


def test_many_elements_say_what_each_says():
    names = Names({"share": -2.0, "story": 1.0}, {"share": -1.0, "<aside": -0.5})
    tags = ["div", "aside"] * (len(MANY) // 2)
    told = names.of_all(tags, MANY)
    assert told == [tuple(NAMES.of(*key)) for key in zip(tags, MANY, strict=True)]
    assert names.of_all(tags, list(MANY)) == told


@pytest.mark.parametrize("name", [n for n in MANY if n.isascii() and n.strip()])
def test_names_that_are_split_together_are_split_alike(name):
    parts = name.split()
    assert naming._words_in_all(parts) == [[p] if p[0] == "<" else words_in(p) for p in parts]
