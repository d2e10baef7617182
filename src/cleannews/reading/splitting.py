"""Splitting a line that lost its line breaks into the pieces it was once made of.

A scraper that joins everything with spaces leaves one line: menu, headline, paragraphs, footer. The
line is cut behind its sentences, where a run of title words gives way to a sentence, and around
phrases that the caller knows to be labels ("Related Posts"). What a cut is worth is judged by what
comes after the reading; here no piece is ever lost, and none is changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from cleannews.reading.folding import fold
from cleannews.reading.memo import Memo

SHORTEST_LINE = 600
"""Least code points of a line that is looked at at all; a shorter one is never split."""
LONG_LINE = 330
"""Words from which on a line is no paragraph any more but a text without line breaks."""
SEAMED_LINE = 170
"""The same for a line that shows seams other than sentence ends."""
LEAST_SEAMS = 2
"""Seams that such a line must show."""
TITLE_RUN = 5
"""Least words of a run of title words that gives way to a sentence."""
STARTS = 6
"""Last words of such a run among which the sentence's first word is looked for."""
LONGEST_PIECE = 700
"""Longest piece, in code points, that is left whole where no better cut is found."""
SHORT_TOKEN = 12
"""Longest entry of a menu, in characters, in scripts without spaces between words."""

_CLOSERS = "\"'”’»)\\]」』】）》›*_"
_STOP = re.compile(
    rf"(?:[.!?…]{{1,4}}|[؟۔]{{1,3}})[{_CLOSERS}]{{0,3}}(?=\s)|[。！？।॥]{{1,3}}[{_CLOSERS}]{{0,3}}"
)
_TOKEN = re.compile(r"\S+")
_SPACE = re.compile(r"\s+")
_OPENERS = "\"'“‘„«([{¿¡‹「『【（《*_-–—"
_GOES_ON = "、，,;:)」』】）》。！？।॥؟۔"
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")

# Short forms that a name or a number follows; one letter and forms with inner stops need no list.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr st sen rep gov gen lt col sgt cpl capt cmdr adm maj prof rev hon pres supt jr sr vs"
    " no nos nr inc ltd co corp bros jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu"
    " fri sat sun ave blvd rd mt ft fig vol art approx dept est hr fr frl bzw ca evtl str tel abs mme"
    " mlle sra dra srta exmo ilmo pág núm г гг ул тыс млн млрд руб д-р проф".split()
)


class Splitter:
    """Cuts long lines; knows the phrases that stand by themselves.

    Args:
        phrases: Labels and notices that were lines of their own, in any case.
    """

    def __init__(self, phrases: Iterable[str] = ()) -> None:
        self._phrases: dict[str, list[tuple[str, ...]]] = {}
        for key in sorted({fold(p) for p in phrases}):
            words = tuple(key.split())
            if len(words) >= 2 or (len(key) >= 4 and _UNSPACED.match(key)):
                self._phrases.setdefault(words[0], []).append(words)
        for known in self._phrases.values():
            known.sort(key=len, reverse=True)
        self._memo: Memo[tuple[int, ...]] = Memo()

    def cuts(self, line: str, words: int) -> tuple[int, ...]:
        """Return where the pieces of a line after the first begin; nothing for a paragraph.

        Args:
            line: A line without surrounding white space.
            words: Its length in words.
        """
        if words < SEAMED_LINE or len(line) < SHORTEST_LINE:
            return ()
        if (known := self._memo.get(line)) is not None:
            return known
        return self._memo.put(line, self._cuts(line, words))

    def _cuts(self, line: str, words: int) -> tuple[int, ...]:
        tokens = [(m.start(), m.group()) for m in _TOKEN.finditer(line)]
        line_ = _Line(line, tokens)
        stops = line_.sentence_starts()
        seams = line_.seams(stops) | self._around_phrases(line_)
        seams -= stops
        if words < LONG_LINE and len(seams) < LEAST_SEAMS:
            return ()
        cuts = sorted(stops | seams)
        return tuple(_with_long_ones_cut(line, cuts))

    def _around_phrases(self, line: _Line) -> set[int]:
        """Where a known phrase in title case begins, and where the text goes on behind it."""
        found: set[int] = set()
        tokens, keys = line.tokens, line.keys
        i, count = 0, len(tokens)
        while i < count:
            phrases = self._phrases.get(keys[i])
            if phrases is None or not line.is_title(i):
                i += 1
                continue
            for words in phrases:
                end = i + len(words)
                if end <= count and all(keys[i + k] == w for k, w in enumerate(words)):
                    if end == count or not line.is_lower(end):
                        found.add(tokens[i][0])
                        if end < count:
                            found.add(tokens[end][0])
                        i = end - 1
                    break
            i += 1
        found.discard(0)
        return found


class _Line:
    """A line's words and what the line itself tells of them."""

    def __init__(self, text: str, tokens: Sequence[tuple[int, str]]) -> None:
        self.text = text
        self.tokens = tokens
        self.bare = [t.strip("\"'“”‘’„«»()[]{}*_.,;:!?…|") for _, t in tokens]
        self.keys = [fold(t) for t in self.bare]
        # How often a word stands in lower case: "the" does, "Harbour" does not.
        self.lower = Counter(b for b in self.bare if b[:1].islower())
        self.capital = Counter(
            b.lower()
            for b, (_, before) in zip(self.bare[1:], tokens, strict=False)
            if b[:1].isupper() and before[-1] not in ".!?…:\"”"
        )

    def is_lower(self, i: int) -> bool:
        """Tell whether a word begins in lower case."""
        return self.bare[i][:1].islower()

    def is_title(self, i: int) -> bool:
        """Tell whether a word begins with a capital letter, or its script has none."""
        first = self.bare[i][:1]
        return first.isupper() or (first.isalpha() and not first.islower())

    def starts_sentences(self, i: int) -> bool:
        """Tell whether a word with a capital is one that stands in lower case elsewhere."""
        word = self.bare[i].lower()
        count = self.lower[word]
        return self.bare[i][:1].isupper() and count >= 2 and count >= 3 * self.capital[word]

    def sentence_starts(self) -> set[int]:
        """Where a sentence begins behind the end of another."""
        found: set[int] = set()
        text, size = self.text, len(self.text)
        number = {start: i for i, (start, _) in enumerate(self.tokens)}
        for m in _STOP.finditer(text):
            at = m.end()
            while at < size and text[at].isspace():
                at += 1
            if at == size:
                break
            stop = m.group()
            first = text[at]
            if stop[0] in "。！？।॥":
                # 「……。」と述べた: the sentence goes on behind the quotation.
                is_quoted = at == m.end() and stop[-1] in "」』】）”’"
                if first not in _GOES_ON and not is_quoted:
                    found.add(at)
                continue
            i = number[at]
            if first in _GOES_ON or self.is_lower(i):
                continue
            if stop[0] == "." and not stop.startswith("..") and self._is_short(i - 1):
                if not self.starts_sentences(i):
                    continue
            found.add(at)
        return found

    def _is_short(self, i: int) -> bool:
        """Tell whether a word with a stop may be an abbreviation, an initial or a number."""
        token = self.tokens[i][1].lstrip(_OPENERS).rstrip("\"'”’»)]")
        word = token[:-1]
        if len(word) <= 1:
            return True
        if "." in word:  # U.S., a.m., but not example.com
            return all(len(part) <= 2 for part in word.split("."))
        return word.lower() in _ABBREVIATIONS or (word.isdigit() and len(word) <= 2)

    def seams(self, stops: set[int]) -> set[int]:
        """Where a sentence begins behind words that are none: a menu, a headline, a label."""
        found: set[int] = set()
        run = lower = 0  # title words, and lower-case words behind them
        for i, (start, token) in enumerate(self.tokens):
            if start in stops:
                run = lower = 0
            elif self._begins_unannounced(i):
                found.add(start)
                run = lower = 0
            if self.is_lower(i):
                lower += 1
                if lower == 3 and run >= TITLE_RUN:
                    found.add(self._start_in_run(i - 3, run))
                if lower >= 3:
                    run = 0
            else:
                if lower <= 2 and (lower == 0 or self._are_small(i, lower)):
                    run += 1 + lower
                else:
                    run = 1
                lower = 0
            if token[-1] in ",;":
                run = lower = 0
        return {at for at in found if at}

    def _are_small(self, i: int, count: int) -> bool:
        return all(len(self.bare[k]) <= 3 for k in range(i - count, i))

    def _start_in_run(self, last: int, run: int) -> int:
        """The word among a run's last ones with which the sentence most likely begins."""
        low = max(last - min(run, STARTS) + 1, 0)
        best = last
        for k in range(last, low - 1, -1):
            if self.is_title(k) and self.lower[self.keys[k]] > self.lower[self.keys[best]]:
                best = k
        return self.tokens[best][0]

    def _begins_unannounced(self, i: int) -> bool:
        """Tell whether a sentence begins at a word although none ends before it."""
        if i == 0 or i + 2 >= len(self.tokens) or not self.starts_sentences(i):
            return False
        before = self.tokens[i - 1][1]
        if before[-1] in ",;:&(“\"'‘—–-/" or self.lower[self.bare[i - 1]] >= 3:
            return False
        if self.tokens[i][1][0] in _OPENERS:
            return False
        return self.is_lower(i + 1) or self.is_lower(i + 2)


def _with_long_ones_cut(line: str, cuts: list[int]) -> list[int]:
    """Cut what is left too long, at white space."""
    made: list[int] = []
    for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True):
        if start:
            made.append(start)
        while end - start > LONGEST_PIECE:
            m = _SPACE.search(line, start + LONGEST_PIECE // 2, end)
            if m is None or m.end() >= end:
                break
            start = m.end()
            made.append(start)
    return made
