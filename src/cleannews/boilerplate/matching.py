"""Matching rules against one block, without looking at its neighbours.

A block's comparison form is looked up whole; by its first and last word for phrases that start or
end a block; and its words and symbols say which patterns are worth trying. The cost is linear in
the length of the text and hardly depends on the number of rules.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import count
from operator import itemgetter

from cleannews.boilerplate.patterns import expand_macros
from cleannews.boilerplate.rulebook import Rulebook
from cleannews.boilerplate.values import is_value
from cleannews.document import Rule
from cleannews.metadata.dates import FoundDate
from cleannews.reading.folding import fold, visible
from cleannews.reading.memo import Memo
from cleannews.reading.plain import look_at
from cleannews.reading.splitting import Splitter

LANGUAGE_ORDER = {"und": 0, "en": 1}
"""Languages whose rules come before those of others."""
LONGEST_BLOCK = 900
"""Longest block, in code points, that a whole-block rule is tried on."""

FEW_WORDS = 4
"""A phrase of fewer words may also begin or end a sentence of a story."""

_WORDS = re.compile(r"[^\W_]+")
_BULLETS = "|•·*»›>«‹<▶►●■✔✓→ "
"""What a list or a link leaves around a line; patterns are also tried without it."""
_UNSPACED = "\u2e80"
"""From here on, scripts that put no space between words."""
_QUOTES = "\"'“”‘’„«»"


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
        loose: Only the block's first or last words are the rule's, and they are few.
    """

    rule: Rule
    start: int
    end: int
    whole: bool
    evidence: str
    captures: tuple[tuple[str, str, int, int], ...] = ()
    loose: bool = False


_number = itemgetter(0)

DateLine = tuple[list[FoundDate], list[tuple[int, Rule]]]
"""The dates of a line and the known words around them, with their places."""

_Entry = tuple[int, bool, Rule, str, str]
"""Number, whether it is for whole blocks, rule, text that must be there, pattern."""


class Matcher:
    """An index over a set of rules.

    Attributes:
        detector_rules: Rules that a detector serves, by the detector's name.
        detector_words: Their folded phrases, by the detector's name.
        warning_detectors: Those of them that warn, by id and language.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        # Where languages write a word alike, the one that more readers know is named.
        rules = sorted(rules, key=lambda r: LANGUAGE_ORDER.get(r.language, len(LANGUAGE_ORDER)))
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
        # Patterns by a word or symbol of which a block must hold one.
        self._by_word: dict[str, list[_Entry]] = defaultdict(list)
        self._by_symbol: dict[str, list[_Entry]] = defaultdict(list)
        self._entries = count()
        self._always: list[_Entry] = []
        for rule in rules:
            if not rule.detector:
                self._add(rule)
        self._words = frozenset(self._by_word)
        self._first_words = {*self._words, *self._starts, *self._second}
        for key in self._exact:
            if first := _WORDS.search(key):
                self._first_words.add(first.group())
        symbols = "".join(sorted(map(re.escape, self._by_symbol)))
        self._symbols = re.compile(f"[{symbols}]") if symbols else None
        self._longest = max(map(len, self._exact), default=0)
        self._longest_always = max((e[2].max_words for e in self._always), default=0)
        self.splitter = Splitter(_labels(rules))
        """Cuts lines that lost their line breaks around the rules' phrases."""
        self._memo: Memo[tuple[Hit, ...]] = Memo()
        self.date_lines: Memo[DateLine | tuple[()]] = Memo()
        self.rests: Memo[tuple[tuple[int, Hit], ...]] = Memo()
        self.known = self._memo.get
        """Hits of a block that was looked at before, by its text."""

    def _add(self, rule: Rule) -> None:
        if rule.extent == "inline":
            for hint, pattern in _inline_patterns(rule):
                self._file(False, rule, hint, pattern)
            return
        for phrase in rule.phrases:
            key, kind = fold_phrase(phrase)
            if kind == "start":
                filed = _first_words(key)
                self._starts.setdefault(filed, []).append((key, rule))
                if " " in filed:
                    self._second.add(filed.partition(" ")[0])
            elif kind == "end":
                self._ends.setdefault(_last_word(key), []).append((key, rule))
            else:
                self._exact[key].append(rule)
        if rule.pattern is not None:
            for hint in rule.hints:
                self._file(True, rule, fold(hint) or hint, rule.pattern)
            if not rule.hints:
                self._always.append((next(self._entries), True, rule, "", rule.pattern))

    def _file(self, whole: bool, rule: Rule, hint: str, pattern: str) -> None:
        entry = (next(self._entries), whole, rule, hint, pattern)
        word = _WORDS.match(hint)
        if word and hint[0] < _UNSPACED:
            self._by_word[word.group()].append(entry)
        else:
            self._by_symbol[hint[0]].append(entry)

    def matches(self, text: str) -> tuple[Hit, ...]:
        """Return what the rules find in the text of one block.

        Args:
            text: The block, without surrounding white space.
        """
        if (known := self.known(text)) is not None:
            return known
        _, words, _, key, shown, _, _ = look_at(text)
        return self._memo.put(text, tuple(self._look(text, key, words, shown)))

    def knows(self, text: str, at: int) -> bool:
        """Tell quickly whether a rule could claim the rest of `text`: False is certain."""
        if text[at] in _QUOTES:
            at += 1
        first = _WORDS.match(text, at)
        if first is None or text[at] >= _UNSPACED:
            return True
        return first.group().casefold() in self._first_words

    def _look(self, text: str, key: str, words: int, shown: str) -> list[Hit]:
        """What whole-block rules find in what is shown, and inline rules in the text itself."""
        hits: list[Hit] = []
        whole = len(shown) <= LONGEST_BLOCK
        tokens = _WORDS.findall(key)
        if whole and key:
            self._phrases(text, key, words, tokens, hits, shown[-1] == "?")
        if shown is not text:
            key = f"{key} {fold(text)}"
            tokens = _WORDS.findall(key)
        found: list[_Entry] = []
        if not self._words.isdisjoint(tokens):
            for word in self._words.intersection(tokens):
                found += self._by_word[word]
        if self._symbols is not None and (symbols := self._symbols.findall(text)):
            for symbol in set(symbols):
                found += self._by_symbol[symbol]
        if words <= self._longest_always:
            found += self._always
        if found:
            found.sort(key=_number)  # sets have no order
            candidates = [e for e in found if not e[1] or (whole and words <= e[2].max_words)]
            self._patterns(text, key, shown, candidates, hits)
        return hits

    def _phrases(
        self,
        text: str,
        key: str,
        words: int,
        tokens: list[str],
        hits: list[Hit],
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
        first = tokens[0] if key[0] < _UNSPACED else key[0]
        filed = [starts[first]] if first in starts else []
        if first in self._second and len(tokens) > 1 and (two := f"{first} {tokens[1]}") in starts:
            filed.append(starts[two])
        for phrases in filed:
            for phrase, rule in phrases:
                if key.startswith(phrase) and _ends_word(key, len(phrase)):
                    found.append((rule, f"starts with “{phrase}”", _is_loose(phrase)))
        last = tokens[-1] if key[-1] < _UNSPACED else key[-1]
        for phrase, rule in self._ends.get(last, ()):
            if key.endswith(phrase) and _starts_word(key, len(key) - len(phrase)):
                found.append((rule, f"ends with “{phrase}”", _is_loose(phrase)))
        for rule, why, loose in found:
            if words <= rule.max_words:
                hits.append(Hit(rule, 0, len(text), True, why, loose=loose))

    def _patterns(
        self, text: str, key: str, shown: str, candidates: list[_Entry], hits: list[Hit]
    ) -> None:
        lowered = text.lower()
        forms: list[str] | None = None
        tried: set[tuple[int, str]] = set()
        for _, for_blocks, rule, hint, source in candidates:
            if (id(rule), source) in tried or (hint not in key and hint not in lowered):
                continue
            tried.add((id(rule), source))
            pattern = _compiled(source)
            if not for_blocks:
                hits += _parts(rule, pattern, text)
                continue
            if forms is None:
                plain = " ".join(visible(shown).split())
                forms = [plain, bare] if (bare := plain.strip(_BULLETS)) != plain else [plain]
            if m := next(filter(None, map(pattern.fullmatch, forms)), None):
                captures = _captures(rule, m, text)
                if captures is not None:
                    why = f"pattern: {rule.describe[0].lower()}{rule.describe[1:]}"
                    hits.append(Hit(rule, 0, len(text), True, why, captures))


@lru_cache(maxsize=32)
def matcher_of(rulebook: Rulebook) -> Matcher:
    """Return the index over a rulebook's rules, built once."""
    return Matcher(rulebook.rules)


def _labels(rules: Iterable[Rule]) -> Iterator[str]:
    """Phrases that are whole blocks, wherever they stand."""
    for rule in rules:
        if not rule.detector and rule.extent != "inline":
            yield from (p for p in rule.phrases if fold_phrase(p)[1] == "whole")


def _first_words(key: str) -> str:
    """What a start phrase is filed under: its first two words, or its first character."""
    words = _WORDS.findall(key)
    # A second word may go on: "e-mails" begins with the phrase "e-mail".
    return key[0] if key[0] >= _UNSPACED else " ".join(words[: 2 if len(words) > 2 else 1])


def _last_word(key: str) -> str:
    return key[-1] if key[-1] >= _UNSPACED else _WORDS.findall(key)[-1]


def _parts(rule: Rule, pattern: re.Pattern[str], text: str) -> list[Hit]:
    hits = []
    for m in pattern.finditer(text):
        captures = _captures(rule, m, text)
        if captures is not None and m.end() > m.start():
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


@cache
def _compiled(source: str) -> re.Pattern[str]:
    """Compile a pattern when it is first needed: most rules never are, and starting is quicker."""
    return re.compile(expand_macros(source), re.IGNORECASE)


def _inline_patterns(rule: Rule) -> list[tuple[str, str]]:
    """(lower-case text that must be there, pattern) for each way an inline rule is written."""
    made: list[tuple[str, str]] = []
    for phrase in rule.phrases:
        before = r"(?<!\w)" if phrase[0].isalnum() else ""
        after = r"(?!\w)" if phrase[-1].isalnum() else ""
        made.append((phrase.lower(), before + re.escape(phrase) + after))
    if rule.pattern is not None:
        made += [(hint.lower(), rule.pattern) for hint in rule.hints]
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


def _is_loose(phrase: str) -> bool:
    """Tell whether a phrase may also begin or end a sentence of a story; "read more:" may not."""
    spaces = phrase.count(" ")
    is_label = spaces > 0 and phrase[-1] in ":|"
    return spaces + 1 < FEW_WORDS and phrase[0] < _UNSPACED and not is_label


def _ends_word(key: str, at: int) -> bool:
    return at == len(key) or not (
        key[at].isalnum() and key[at - 1].isalnum() and key[at] < _UNSPACED
    )


def _starts_word(key: str, at: int) -> bool:
    return at == 0 or not (key[at - 1].isalnum() and key[at].isalnum() and key[at] < _UNSPACED)


def _shorten(text: str, size: int = 60) -> str:
    return text if len(text) <= size else text[: size - 1] + "…"
