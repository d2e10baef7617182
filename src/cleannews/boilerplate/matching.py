"""Matching rules against one block, without looking at its neighbours.

A block's comparison form is looked up whole; by its first and last word for phrases that start or
end a block; and its words, symbols and length say which patterns are worth trying. The cost is
linear in the length of the text and hardly depends on the number of rules.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache, partial

from cleannews.boilerplate.hits import NOTHING, Found, Hit, language_rank, sort_hits
from cleannews.boilerplate.patterns import expand_macros, without_case
from cleannews.boilerplate.phrases import (
    UNSPACED,
    WORDS,
    ends_word,
    first_words,
    fold_phrase,
    is_loose,
    last_word,
    starts_word,
    words_of,
)
from cleannews.boilerplate.rulebook import Rulebook
from cleannews.boilerplate.shipped import folded_phrases
from cleannews.boilerplate.values import is_value
from cleannews.document import Block, Rule
from cleannews.metadata.dates import FoundDate
from cleannews.reading.folding import fold, visible
from cleannews.reading.memo import Memo
from cleannews.reading.plain import look_at
from cleannews.reading.splitting import Splitter

LONGEST_BLOCK = 900
"""Longest block, in code points, that a whole-block rule is tried on."""


LENGTHS = (14, 30, 60)
"""Lengths of blocks, in words, up to which patterns are filed apart: few rules claim a long block,
so that most words of a story lead to no pattern at all."""
_ANY_LENGTH = 1_000_000
"""Stands for the length of a block that no whole-block rule is tried on."""

_BULLETS = "|•·*»›>«‹<▶►●■✔✓→ "
"""What a list or a link leaves around a line; patterns are also tried without it."""
_QUOTES = "\"'“”‘’„«»"


DateLine = tuple[list[FoundDate], list[tuple[int, Rule]]]
"""The dates of a line and the known words around them, with their places."""

_Pattern = tuple[Rule, str, bool]
"""Rule, regular expression, whether it is for whole blocks."""
_Entry = tuple[int, int, str]
"""A pattern's number, the longest block in words, text that must be there besides the word."""


class _Shelf:
    """The patterns for blocks of some length, by what a block must hold."""

    def __init__(self) -> None:
        self.by_word: dict[str, list[_Entry]] = defaultdict(list)
        self.by_symbol: dict[str, list[_Entry]] = defaultdict(list)
        self.words: frozenset[str] = frozenset()
        self.symbols: re.Pattern[str] | None = None

    def close(self) -> None:
        """To be called when every pattern is filed."""
        self.words = frozenset(self.by_word)
        if symbols := "".join(sorted(map(re.escape, self.by_symbol))):
            self.symbols = re.compile(f"[{symbols}]")


class Matcher:
    """An index over a set of rules.

    Attributes:
        detector_rules: Rules that a detector serves, by the detector's name.
        detector_words: Their folded phrases, by the detector's name.
        warning_detectors: Those of them that warn, by id and language.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        # Where languages write a word alike, the one that more readers know is named.
        rules = sorted(rules, key=lambda r: language_rank(r.language))
        self.detector_rules: dict[str, list[Rule]] = defaultdict(list)
        self.detector_words: dict[str, dict[str, Rule]] = defaultdict(dict)
        for rule in rules:
            if rule.detector:
                self.detector_rules[rule.detector].append(rule)
                for phrase in rule.phrases:
                    self.detector_words[rule.detector].setdefault(fold(phrase), rule)
        self.warning_detectors = {
            (rule.id, rule.language): rule for rule in rules if rule.detector and rule.warns
        }
        self._exact: dict[str, list[Rule]] = defaultdict(list)
        # Phrases by their first or last two words; by one where they have but one, and by one
        # character in scripts without spaces. What is in `_ends` is filed under its last word.
        self._starts: dict[str, list[tuple[str, Rule]]] = {}
        self._ends: dict[str, list[tuple[str, Rule]]] = {}
        self._second: set[str] = set()
        """First words of phrases that are filed under two words."""
        self._patterns: list[_Pattern] = []
        self._always: list[tuple[int, int]] = []
        """Patterns that name no word or symbol: number, the longest block in words."""
        self._shelves = [_Shelf() for _ in (*LENGTHS, _ANY_LENGTH)]
        for rule in rules:
            if not rule.detector:
                self._add(rule)
        for shelf in self._shelves:
            shelf.close()
        self._first_words = {*self._starts, *self._second}
        self._first_words.update(*(shelf.words for shelf in self._shelves))
        for key in self._exact:
            if first := WORDS.search(key):
                self._first_words.add(first.group())
        self._longest = max(map(len, self._exact), default=0)
        self._longest_always = max((most for _, most in self._always), default=-1)
        self.splitter = Splitter(partial(iter, self._exact))
        """Cuts lines that lost their line breaks around the rules' phrases."""
        self._memo: Memo[Found] = Memo()
        # The same line may be Markdown in a flat text and stand as it is on an HTML page.
        self._marked: Memo[Found] = Memo()
        self.date_lines: Memo[DateLine | tuple[()]] = Memo()
        self.rests: Memo[tuple[tuple[int, Hit], ...]] = Memo()

    def _add(self, rule: Rule) -> None:
        if rule.extent == "inline":
            for hints, pattern in _inline_patterns(rule):
                self._file(rule, pattern, hints, for_blocks=False)
            return
        for phrase in rule.phrases:
            key, kind = _folded(phrase)
            if kind == "start":
                filed = first_words(key)
                self._starts.setdefault(filed, []).append((key, rule))
                if " " in filed:
                    self._second.add(filed.partition(" ")[0])
            elif kind == "end":
                self._ends.setdefault(last_word(key), []).append((key, rule))
            else:
                self._exact[key].append(rule)
        if rule.pattern is not None:
            hints = tuple(fold(hint) or hint for hint in rule.hints)
            self._file(rule, rule.pattern, hints, for_blocks=True)

    def _file(self, rule: Rule, pattern: str, hints: tuple[str, ...], *, for_blocks: bool) -> None:
        number = len(self._patterns)
        self._patterns.append((rule, pattern, for_blocks))
        most = rule.max_words if for_blocks else _ANY_LENGTH
        if not hints:
            self._always.append((number, most))
        shelves = [
            shelf
            for shelf, shortest in zip(self._shelves, (-1, *LENGTHS), strict=True)
            if most > shortest
        ]
        for hint in hints:
            word = WORDS.match(hint)
            is_word = word is not None and hint[0] < UNSPACED
            filed = word.group() if word and is_word else hint[0]
            entry = (number, most, "" if hint == filed else hint)
            for shelf in shelves:
                (shelf.by_word if is_word else shelf.by_symbol)[filed].append(entry)

    def matches(self, text: str) -> tuple[Hit, ...]:
        """Return what the rules find in the text of one block, without surrounding white space."""
        text, words, _, key, shown, *_ = look_at(text)
        memo = self._memo if shown is text else self._marked
        return (memo.get(text) or self.look_at(text, key, words, shown)).hits

    def found_in(self, block: Block) -> Found:
        """Return what the rules find in one block, remembered or looked for."""
        memo = self._memo if block.shown is block.text else self._marked
        known = memo.get(block.text)
        return known or self.look_at(block.text, block.key, block.words, block.shown)

    def look_at(self, text: str, key: str, words: int, shown: str) -> Found:
        """Find and remember what the rules find in one block.

        Args:
            text: The block, without surrounding white space.
            key: Its comparison form.
            words: Its length in words.
            shown: What is shown of it; the text itself where it holds no marks.
        """
        hits = self._look(text, key, words, shown)
        memo = self._memo if shown is text else self._marked
        return memo.put(text, sort_hits(hits) if hits else NOTHING)

    def knows(self, text: str, at: int) -> bool:
        """Tell quickly whether a rule could claim the rest of `text`: False is certain."""
        if text[at] in _QUOTES:
            at += 1
        first = WORDS.match(text, at)
        if first is None or text[at] >= UNSPACED:
            return True
        return first.group().casefold() in self._first_words

    def _look(self, text: str, key: str, words: int, shown: str) -> list[Hit]:
        """What whole-block rules find in what is shown, and inline rules in the text itself."""
        hits: list[Hit] = []
        tokens = words_of(key)
        if len(shown) > LONGEST_BLOCK:
            words = _ANY_LENGTH
        elif key:
            self._phrases(text, key, words, tokens, hits, ends_in_question=shown[-1] == "?")
        if shown is not text:
            key = f"{key} {fold(text)}"
            tokens = words_of(key)
        shelf = self._shelves[bisect_left(LENGTHS, words)]
        filed = [shelf.by_word[word] for word in shelf.words.intersection(tokens)]
        if shelf.symbols is not None and (symbols := shelf.symbols.findall(text)):
            filed += [shelf.by_symbol[symbol] for symbol in set(symbols)]
        numbers: set[int] = set()
        if words <= self._longest_always:
            numbers.update(number for number, most in self._always if words <= most)
        lowered = ""
        for entries in filed:
            for number, most, hint in entries:
                if words > most or number in numbers:
                    continue
                if hint and hint not in key:
                    lowered = lowered or text.lower()
                    if hint not in lowered:
                        continue
                numbers.add(number)
        if numbers:
            self._try(text, shown, sorted(numbers), hits)
        return hits

    def _phrases(
        self,
        text: str,
        key: str,
        words: int,
        tokens: list[str],
        hits: list[Hit],
        *,
        ends_in_question: bool,
    ) -> None:
        found: list[tuple[Rule, str, bool]] = []
        if len(key) <= self._longest and (rules := self._exact.get(key)):
            # "More?" in an interview is a question, not a button.
            is_question = ends_in_question and " " not in key
            found += [(rule, f"phrase “{key}”", False) for rule in rules if not is_question]
        if not tokens:
            return
        starts = self._starts
        first = tokens[0] if key[0] < UNSPACED else key[0]
        filed = [starts[first]] if first in starts else []
        if first in self._second and len(tokens) > 1 and (two := f"{first} {tokens[1]}") in starts:
            filed.append(starts[two])
        for phrases in filed:
            for phrase, rule in phrases:
                if key.startswith(phrase) and ends_word(key, len(phrase)):
                    found.append((rule, f"starts with “{phrase}”", is_loose(phrase)))
        last = tokens[-1] if key[-1] < UNSPACED else key[-1]
        if last in self._ends:
            for phrase, rule in self._ends[last]:
                if key.endswith(phrase) and starts_word(key, len(key) - len(phrase)):
                    found.append((rule, f"ends with “{phrase}”", is_loose(phrase)))
        for rule, why, loose in found:
            if words <= rule.max_words:
                hits.append(Hit(rule, 0, len(text), True, why, loose=loose))

    def _try(self, text: str, shown: str, numbers: list[int], hits: list[Hit]) -> None:
        plain = bare = ""
        for number in numbers:
            rule, source, for_blocks = self._patterns[number]
            pattern = _compiled(source)
            if not for_blocks:
                hits += _parts(rule, pattern, text)
                continue
            if not plain:
                plain = _plain(shown)
                bare = plain.strip(_BULLETS)
            m = pattern.fullmatch(plain)
            if m is None and bare != plain:
                m = pattern.fullmatch(bare)
            if m is not None and (captures := _captures(rule, m, text)) is not None:
                why = f"pattern: {rule.describe[0].lower()}{rule.describe[1:]}"
                hits.append(Hit(rule, 0, len(text), True, why, captures))


@lru_cache(maxsize=32)
def matcher_of(rulebook: Rulebook) -> Matcher:
    """Return the index over a rulebook's rules, built once."""
    return Matcher(rulebook.rules)


def _folded(phrase: str) -> tuple[str, str]:
    """Return what `fold_phrase` says of a phrase; of shipped phrases it may be known."""
    return folded_phrases().get(phrase) or fold_phrase(phrase)


def _plain(text: str) -> str:
    """Return the visible text with single spaces."""
    # Printable ASCII has no white space but spaces.
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(visible(text).split())


def _parts(rule: Rule, pattern: re.Pattern[str], text: str) -> list[Hit]:
    hits = []
    for m in pattern.finditer(text):
        captures = _captures(rule, m, text)
        if captures is not None and m.end() > m.start():
            evidence = f"“{_shorten(m.group())}”"
            hits.append(Hit(rule, m.start(), m.end(), False, evidence, captures))
    return hits


@cache
def _compiled(source: str) -> re.Pattern[str]:
    """Compile a pattern when it is first needed: most rules never are, and starting is quicker."""
    return re.compile(without_case(expand_macros(source)), re.IGNORECASE)


def _inline_patterns(rule: Rule) -> list[tuple[tuple[str, ...], str]]:
    """(lower-case texts of which one must be there, pattern) for each way a rule is written."""
    made: list[tuple[tuple[str, ...], str]] = []
    for phrase in rule.phrases:
        before = r"(?<!\w)" if phrase[0].isalnum() else ""
        after = r"(?!\w)" if phrase[-1].isalnum() else ""
        made.append(((phrase.lower(),), before + re.escape(phrase) + after))
    if rule.pattern is not None and rule.hints:
        made.append((tuple(hint.lower() for hint in rule.hints), rule.pattern))
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


def _shorten(text: str, size: int = 60) -> str:
    return text if len(text) <= size else text[: size - 1] + "…"
