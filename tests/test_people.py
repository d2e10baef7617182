"""Names: what looks like one, what does not, and lists of them."""

import pytest

from cleannews.metadata.people import split_people
from cleannews.metadata.site import host_core, looks_like_organisation, matches_host


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ana Ruiz", ["Ana Ruiz"]),
        ("Ana Ruiz and Ben Okoro", ["Ana Ruiz", "Ben Okoro"]),
        ("Ana Ruiz, Ben Okoro & Chloé Dupont", ["Ana Ruiz", "Ben Okoro", "Chloé Dupont"]),
        ("Jan van der Berg", ["Jan van der Berg"]),
        ("J. P. O'Neill", ["J. P. O'Neill"]),
        ("Анна Петрова", ["Анна Петрова"]),
        ("王小明", ["王小明"]),
        ("김민수", ["김민수"]),
        ("Ana Ruiz |", ["Ana Ruiz"]),
        ("María-José de la Cruz y Juan Pérez", ["María-José de la Cruz", "Juan Pérez"]),
    ],
)
def test_names(text, names):
    assert list(split_people(text)) == names


@pytest.mark.parametrize(
    "text",
    [
        "", "the numbers", "bus to the airport", "@ana", "ana@example.com", "2 May 2021", "https://x.org",
        "Ana: a life", "a", "The", "One Two Three Four Five Six Seven Eight", "这是一个完整的句子。",
        "A, B, C, D, E, F, G, H", "noon on Monday",
    ],
)  # fmt: skip
def test_no_names(text):
    assert split_people(text) == ()


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("The Technical Blogs", True), ("Reuters Staff", True), ("Harbour News", True),
        ("Redaktion", True), ("Ana Ruiz", False), ("Ben Okoro", False), ("Redacción", True),
    ],
)  # fmt: skip
def test_organisations(name, is_one):
    assert looks_like_organisation(name) == is_one


@pytest.mark.parametrize(
    ("url", "core"),
    [
        ("https://www.harbour-daily.co.uk/a?b", "harbour-daily"), ("harbour.com", "harbour"), (None, ""),
        ("https://[bad", ""), ("http://news.harbour.org", "harbour"), ("localhost", "localhost"),
        ("javascript://x/alert(1)", ""), ("javascript:alert(1)", ""),
    ],
)  # fmt: skip
def test_hosts(url, core):
    assert host_core(url) == core


def test_a_name_can_spell_the_host():
    assert matches_host("The Harbour Daily", "https://harbourdaily.com/x")
    assert matches_host("Harbour Daily News", "https://hdn.org")
    assert not matches_host("Ana Ruiz", "https://harbourdaily.com")
    assert not matches_host("", None)
