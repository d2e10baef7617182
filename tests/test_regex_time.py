"""Every pattern on hostile input: doubling the input at most about doubles the time."""

import re
import time

import pytest

import cleannews
from cleannews.boilerplate.matching import LONGEST_BLOCK, Matcher
from cleannews.boilerplate.patterns import expand_macros, pattern_problem
from cleannews.boilerplate.shipped import shipped_rules

PATTERNS = [r for r in shipped_rules()[0] if r.pattern]
LARGEST_RATIO = 2.3
SMALLEST_SECONDS = 0.02  # below this the clock says nothing

BAIT = [
    "a",
    "A",
    " ",
    "1",
    "(",
    "[",
    "[ad_",
    "{{",
    "By Ana ",
    "Ana Ruiz, ",
    "(Photo: ",
    "©",
    "© 2020 ",
    "»",
    "Facebook ",
    "Tags: ",
    "http://",
    "-",
    "…",
    "... ",
    "Share this ",
    "& ",
    "a.b.",
    "作者",
    "AP/",
    "#a ",
    "Updated: ",
    "12 May ",
    "<",
    "Home › ",
    "\u202e",
    "click here to ",
    "from ",
]


def baits(rule, size):
    seeds = [e for e in (*rule.match, *rule.keep) if e][:3]
    for seed in (*BAIT, *seeds):
        yield (seed * (size // len(seed) + 1))[:size]
    for seed in seeds:
        # The start fits, the end does not: what backtracking dreads.
        yield (seed + " " + "A b " * size)[:size] + "\x00"


def seconds(pattern, texts, inline):
    start = time.process_time()
    for text in texts:
        if inline:
            for _ in pattern.finditer(text):
                pass
        else:
            pattern.fullmatch(text)
    return time.process_time() - start


@pytest.mark.parametrize("rule", [pytest.param(r, id=f"{r.language}-{r.id}") for r in PATTERNS])
def test_time_grows_linearly(rule):
    pattern = re.compile(expand_macros(rule.pattern), re.IGNORECASE)
    inline = rule.extent == "inline"
    # Whole-block patterns never see more than LONGEST_BLOCK characters; an inline one sees any
    # line.
    size = 20_000 if inline else LONGEST_BLOCK // 2
    small, large = list(baits(rule, size)), list(baits(rule, 2 * size))
    best = None
    for _ in range(3):  # a busy machine may slow one of them down; it cannot speed one up
        once, twice = seconds(pattern, small, inline), seconds(pattern, large, inline)
        best = min(best or 99.0, twice / max(once, SMALLEST_SECONDS / 2))
        if best <= LARGEST_RATIO:
            break
    assert best <= LARGEST_RATIO or twice < SMALLEST_SECONDS
    assert twice < 2.0


@pytest.mark.parametrize("rule", [pytest.param(r, id=f"{r.language}-{r.id}") for r in PATTERNS])
def test_quantifiers_are_bounded(rule):
    assert pattern_problem(expand_macros(rule.pattern)) is None


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("by .*", "no upper bound"),
        ("(?:a+)b", "no upper bound"),
        ("a{3,}", "no upper bound"),
        ("(?:a{0,90}b){0,90}", "repeats a group"),
        ("a{0,9000}", "is above"),
        (r"\*[*+]{1,3}a?", None),
    ],
)
def test_unsafe_patterns_are_named(pattern, says):
    problem = pattern_problem(pattern)
    assert (problem is None) if says is None else (says in problem)


@pytest.mark.parametrize("bait", BAIT, ids=repr)
def test_whole_cleaning_is_linear_in_the_length_of_a_line_and_in_lines(bait):
    Matcher(())  # imports are nobody's time
    cleannews.clean(bait)

    def cost(text):
        start = time.process_time()
        cleannews.clean(text)
        return time.process_time() - start

    for made in (lambda n: bait * n, lambda n: "\n".join(f"{bait}{i}" for i in range(n))):
        for _ in range(3):
            small, large = cost(made(2000)), cost(made(4000))
            if large <= 3.0 * max(small, SMALLEST_SECONDS):
                break
        else:
            pytest.fail(f"{small:.3f} s, twice the input {large:.3f} s")
