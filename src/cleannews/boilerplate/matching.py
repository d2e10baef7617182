"""Matching rules against one block, without looking at its neighbours.

A block is folded once and looked up: whole phrases in a dictionary, phrase starts and ends by their
first and last character, patterns only when a hint word is there. Cost is linear in the length of the
text and hardly depends on the number of rules.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cleannews.boilerplate.patterns import expand_macros
from cleannews.boilerplate.values import is_value
from cleannews.document import Rule
from cleannews.reading.folding import fold, visible
from cleannews.reading.plain import count_words

LONGEST_BLOCK = 900
"""Longest block, in code points, that a whole-block rule is tried on."""

_WORDS = re.compile(r"[^\W_]+")
_BULLETS = "|•·*»›>«‹<▶►●■✔✓→ "
"""What a list or a link leaves around a line; patterns are also tried without it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule's match in one block.

    Attributes:
        rule: The rule.
        start: First code point, counted from the block's start.
        end: One past the last.
        whole: It claims the whole block.
        evidence: What matched, for people.
        captures: (field, value, start, end), offsets counted from the block's start.
    """

    rule: Rule
    start: int
    end: int
    whole: bool
    evidence: str
    captures: tuple[tuple[str, str, int, int], ...] = ()


class Matcher:
    """An index over a set of rules."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._exact: dict[str, list[Rule]] = defaultdict(list)
        starts: dict[str, list[tuple[str, Rule]]] = defaultdict(list)
        ends: dict[str, list[tuple[str, Rule]]] = defaultdict(list)
        self._by_word: dict[str, list[tuple[Rule, re.Pattern[str]]]] = defaultdict(list)
        by_symbol: dict[str, list[tuple[Rule, re.Pattern[str]]]] = defaultdict(list)
        self._always: list[tuple[Rule, re.Pattern[str]]] = []
        inline: dict[str, list[tuple[Rule, re.Pattern[str]]]] = defaultdict(list)
        for rule in rules:
            if rule.detector:
                continue
            if rule.extent == "inline":
                for hint, pattern in _inline_patterns(rule):
                    inline[hint].append((rule, pattern))
                continue
            for phrase in rule.phrases:
                key, kind = fold_phrase(phrase)
                if kind == "start":
                    starts[key[0]].append((key, rule))
                elif kind == "end":
                    ends[key[-1]].append((key, rule))
                else:
                    self._exact[key].append(rule)
            if rule.pattern is not None:
                entry = (rule, re.compile(expand_macros(rule.pattern), re.IGNORECASE))
                for hint in rule.hints:
                    folded = hint.casefold()
                    if _WORDS.fullmatch(folded) and folded.isascii():
                        self._by_word[folded].append(entry)
                    else:
                        by_symbol[folded].append(entry)
                if not rule.hints:
                    self._always.append(entry)
        self._longest = max(map(len, self._exact), default=0)
        self._starts = {c: (tuple({k for k, _ in found}), found) for c, found in starts.items()}
        self._ends = {c: (tuple({k for k, _ in found}), found) for c, found in ends.items()}
        self._by_symbol = list(by_symbol.items())
        self._inline = list(inline.items())

    def matches(self, text: str) -> tuple[Hit, ...]:
        """Return what the rules find in the text of one block."""
        words = count_words(text)
        hits = self._whole(text, words) if len(text) <= LONGEST_BLOCK else []
        hits += self._parts(text)
        return tuple(hits)

    def _whole(self, text: str, words: int) -> list[Hit]:
        hits: list[Hit] = []
        key = fold(text)
        if not key:
            key = " "
        end = len(text)

        def add(rule: Rule, evidence: str) -> None:
            if words <= rule.max_words:
                hits.append(Hit(rule, 0, end, True, evidence))

        if len(key) <= self._longest:
            for rule in self._exact.get(key, ()):
                add(rule, f"phrase “{key}”")
        if (group := self._starts.get(key[0])) and key.startswith(group[0]):
            for phrase, rule in group[1]:
                if key.startswith(phrase) and _ends_word(key, len(phrase)):
                    add(rule, f"starts with “{phrase}”")
        if (group := self._ends.get(key[-1])) and key.endswith(group[0]):
            for phrase, rule in group[1]:
                if key.endswith(phrase) and _starts_word(key, len(key) - len(phrase)):
                    add(rule, f"ends with “{phrase}”")
        candidates = list(self._always)
        for word in dict.fromkeys(_WORDS.findall(key)):
            candidates += self._by_word.get(word, ())
        lowered = text.lower()
        for symbol, entries in self._by_symbol:
            if symbol in lowered:
                candidates += entries
        if candidates:
            hits += self._patterns(text, words, candidates)
        return hits

    def _patterns(
        self, text: str, words: int, candidates: list[tuple[Rule, re.Pattern[str]]]
    ) -> list[Hit]:
        plain = " ".join(visible(text).split())
        bare = plain.strip(_BULLETS)
        hits: list[Hit] = []
        tried: set[int] = set()
        for rule, pattern in candidates:
            if id(pattern) in tried or words > rule.max_words:
                continue
            tried.add(id(pattern))
            m = pattern.fullmatch(plain)
            if m is None and bare != plain:
                m = pattern.fullmatch(bare)
            if m:
                captures = _captures(rule, m, text)
                if captures is not None:
                    hits.append(Hit(rule, 0, len(text), True, "pattern", captures))
        return hits

    def _parts(self, text: str) -> list[Hit]:
        hits: list[Hit] = []
        seen: set[tuple[int, int]] = set()
        lowered = text.lower()
        for hint, entries in self._inline:
            if hint not in lowered:
                continue
            for rule, pattern in entries:
                for m in pattern.finditer(text):
                    if (id(pattern), m.start()) in seen or m.end() == m.start():
                        continue
                    seen.add((id(pattern), m.start()))
                    captures = _captures(rule, m, text)
                    if captures is not None:
                        evidence = f"“{_shorten(m.group())}”"
                        hits.append(Hit(rule, m.start(), m.end(), False, evidence, captures))
        return hits


def fold_phrase(phrase: str) -> tuple[str, str]:
    """Return a phrase's comparison form and which part of a block it stands for.

    Punctuation next to the "…" counts; at the other end it does not, as in any folded text.

    >>> fold_phrase("Also read: …"), fold_phrase("… is over"), fold_phrase("Read more:")
    (('also read:', 'start'), ('is over', 'end'), ('read more', 'whole'))
    """
    if phrase.endswith("…"):
        return fold(phrase.rstrip("… ") + " x")[:-1].rstrip(), "start"
    if phrase.startswith("…"):
        return fold("x " + phrase.lstrip("… "))[1:].lstrip(), "end"
    return fold(phrase), "whole"


def _inline_patterns(rule: Rule) -> list[tuple[str, re.Pattern[str]]]:
    """(substring that must be there, pattern) for each way an inline rule is written."""
    made: list[tuple[str, re.Pattern[str]]] = []
    for phrase in rule.phrases:
        escaped = re.escape(phrase)
        before = r"(?<!\w)" if phrase[0].isalnum() else ""
        after = r"(?!\w)" if phrase[-1].isalnum() else ""
        made.append((phrase.lower(), re.compile(before + escaped + after, re.IGNORECASE)))
    if rule.pattern is not None:
        pattern = re.compile(expand_macros(rule.pattern), re.IGNORECASE)
        made += [(hint.lower(), pattern) for hint in rule.hints or ("",)]
    return made


def _captures(
    rule: Rule, m: re.Match[str], text: str
) -> tuple[tuple[str, str, int, int], ...] | None:
    """The pattern's named groups with their place in `text`; None when one is not of its kind."""
    found = []
    for field, kind in rule.captures:
        value = m.groupdict().get(field)
        if value is None:
            continue
        value = value.strip()
        if not is_value(kind, value):
            return None
        start = text.find(value)
        # The pattern saw a plainer text than the block's; without an exact place, name the block.
        start, end = (start, start + len(value)) if start >= 0 else (0, len(text))
        found.append((field, value, start, end))
    return tuple(found)


def _ends_word(key: str, at: int) -> bool:
    return at == len(key) or not (key[at].isalnum() and key[at - 1].isalnum() and key[at] < "\u2e80")


def _starts_word(key: str, at: int) -> bool:
    return at == 0 or not (key[at - 1].isalnum() and key[at].isalnum() and key[at] < "\u2e80")


def _shorten(text: str, size: int = 60) -> str:
    return text if len(text) <= size else text[: size - 1] + "…"
