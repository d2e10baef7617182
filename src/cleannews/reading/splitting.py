"""Splitting a line that lost its line breaks into the pieces it was once made of.

A scraper that joins everything with spaces leaves one line: menu, headline, paragraphs, footer. The
line is cut behind its sentences, where a run of title words gives way to a sentence, and around
phrases that the caller knows to be labels ("Related Posts"). What a cut is worth is judged by what
comes after the reading; here no piece is ever lost, and none is changed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from cleannews.reading.folding import fold
from cleannews.reading.memo import Memo

SHORTEST_LINE = 600
"""Least code points of a line that is looked at at all; a shorter one is never split."""
LONG_LINE = 330
"""Words from which on a line is no paragraph any more but a text without line breaks."""
LABELLED_LINE = 150
"""The same for a line that holds phrases which stand by themselves."""
LEAST_LABELS = 3
"""Cuts around such phrases that the line must have."""
TITLE_RUN = 4
"""Least title words of a run that begins a piece and gives way to a sentence."""
INNER_RUN = 6
"""The same for a run that stands behind other words: a long name is no menu."""
STARTS = 6
"""Last words of such a run among which the sentence's first word is looked for."""
LONGEST_PIECE = 700
"""Longest piece, in code points, that is left whole where no better cut is found."""
LONGEST_STRETCH = 100_000
"""Code points of a line that are looked at together; a longer line is cut between words first, as
what is kept of every word takes 200 times the memory of the text."""
SHORT_SENTENCE = 8
"""Longest sentence, in words of the line's mean length, that stays with the one before it."""
SHORT_TOKEN = 12
"""Longest entry of a menu, in characters, in scripts without spaces between words."""

_CLOSERS = "\"'”’»)\\]」』】）》›*_"
_STOP = re.compile(
    rf"(?:[.!?…]{{1,4}}|[؟۔]{{1,3}})[{_CLOSERS}]{{0,3}}(?=\s)|[。！？।॥]{{1,3}}[{_CLOSERS}]{{0,3}}"
)
_TOKEN = re.compile(r"\S+")
_SPACE = re.compile(r"\s+")
_OPENERS = "\"'“‘„«([{¿¡‹「『【（《*_-–—"
_EDGE = "\"'“”‘’„«»()[]{}*_.,;:!?…|"
_GOES_ON = "、，,;:)」』】）》。！？।॥؟۔"
_UNSPACED_MARKS = "。！？、，：；「」『』【】《》（）…"
_UNSPACED = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"
)

# Short forms that a name or a number follows; one letter and forms with inner stops need no list.
_ABBREVIATIONS = frozenset(
    "abs adm apr approx art aug ave blvd bros bzw ca capt cmdr co col corp cpl dec dept dr dra est"  # noqa: SIM905
    " evtl exmo feb fig fr fri frl ft gen gov hon hr ilmo inc jan jr jul jun lt ltd maj mar mlle"
    " mme mon mr mrs ms mt no nos nov nr núm oct pres prof pág rd rep rev sat sen sep sept sgt sr"
    " sra srta st str sun supt tel thu tue vol vs wed г гг д-р млн млрд проф руб тыс ул".split()
)


class Splitter:
    """Cuts long lines; knows the phrases that stand by themselves.

    Args:
        phrases: Gives labels and notices that were lines of their own, folded. Asked at the first
            long line, as there are tens of thousands and most texts have no such line.
    """

    def __init__(self, phrases: Callable[[], Iterable[str]] = tuple) -> None:
        self._given = phrases
        self._memo: Memo[tuple[int, ...]] = Memo()
        self._by_two: dict[str, dict[str, list[tuple[str, ...]]]] = {}

    @cached_property
    def _by_first(self) -> dict[str, list[str]]:
        """The phrases by their first word."""
        made: dict[str, list[str]] = defaultdict(list)
        for key in self._given():
            if len(key) >= 4:
                made[key.partition(" ")[0]].append(key)
        return made

    def _phrases(self, first: str, second: str) -> Sequence[tuple[str, ...]]:
        """Return the words of each phrase that begins with two words, or is the first alone.

        The longest comes first. They are split when first asked for: most never are.
        """
        known = self._by_two.get(first)
        if known is None:
            if first not in self._by_first:
                return ()
            known = {}
            for key in self._by_first[first]:
                words = tuple(key.split())
                known.setdefault(words[1] if len(words) > 1 else "", []).append(words)
            for phrases in known.values():
                phrases.sort(key=len, reverse=True)
            self._by_two[first] = known
        return (*(known.get(second, ()) if second else ()), *known.get("", ()))

    def cuts(self, line: str, words: int) -> tuple[int, ...]:
        """Return where the pieces of a line after the first begin; nothing for a paragraph.

        Args:
            line: A line without surrounding white space.
            words: Its length in words.
        """
        if words < LABELLED_LINE or len(line) < SHORTEST_LINE:
            return ()
        if (known := self._memo.get(line)) is not None:
            return known
        return self._memo.put(line, self._cuts(line, words))

    def _cuts(self, line: str, words: int) -> tuple[int, ...]:
        if len(line) > LONGEST_STRETCH:
            return tuple(self._cuts_of_stretches(line, words))
        if words < LONG_LINE and not self._may_be_labelled(line):
            return ()
        tokens = [(m.start(), m.group()) for m in _TOKEN.finditer(line)]
        line_ = _Line(line, tokens)
        stops = line_.sentence_starts()
        labels = self._around_phrases(line_, stops) | line_.copyrights()
        if words < LONG_LINE and len(labels) < LEAST_LABELS:
            return ()
        seams = labels | line_.seams(stops, labels) | line_.spaces()
        shortest = SHORT_SENTENCE * len(line) / words
        cuts = _without_short_sentences(line, sorted(stops | seams), stops - seams, shortest)
        return tuple(_with_long_ones_cut(line, cuts))

    def _cuts_of_stretches(self, line: str, words: int) -> Iterator[int]:
        start = 0
        while start < len(line):
            end = start + LONGEST_STRETCH
            if end < len(line):
                end = line.rfind(" ", start + LONGEST_STRETCH // 2, end) + 1 or end
                while line[end].isspace():  # the line itself ends in none
                    end += 1
            stretch = line[start:end].rstrip()
            if start:
                yield start
            for cut in self._cuts(stretch, words * len(stretch) // len(line)):
                yield start + cut
            start = end

    def _may_be_labelled(self, line: str) -> bool:
        """Tell quickly whether a line could have `LEAST_LABELS` cuts; False is certain."""
        most = line.count("©")
        tokens = line.split()
        words = [token.strip(_EDGE) for token in tokens]
        for i, word in enumerate(words):
            if word[:1].islower() or (first := _key(word)) not in self._by_first:
                continue
            after = _key(words[i + 1]) if i + 1 < len(words) else ""
            for phrase in self._phrases(first, after):
                if len(phrase) == 1:
                    is_behind_word = i and tokens[i - 1][-1].isalnum()  # and behind no sentence
                    if is_behind_word and not _UNSPACED.match(phrase[0]):
                        continue
                elif phrase[2:] != tuple(map(_key, words[i + 2 : i + len(phrase)])):
                    continue
                most += 2  # where it begins and where it ends
                break
            if most >= LEAST_LABELS:
                return True
        return most >= LEAST_LABELS

    def _around_phrases(self, line: _Line, stops: set[int]) -> set[int]:
        """Where a known phrase in title case begins, and where the text goes on behind it.

        A phrase of one word counts behind a sentence only, unless its script has no spaces.
        """
        found: set[int] = set()
        tokens, keys = line.tokens, line.keys
        i, count = 0, len(tokens)
        while i < count:
            if keys[i] not in self._by_first or not line.is_title(i) or line.is_inside(i):
                i += 1
                continue
            after = keys[i + 1] if i + 1 < count else ""
            for words in self._phrases(keys[i], after):
                end = i + len(words)
                is_alone = len(words) == 1 and not _UNSPACED.match(words[0])
                if is_alone and tokens[i][0] not in stops:
                    continue
                if end <= count and all(keys[i + k] == w for k, w in enumerate(words)):
                    if end == count or not (line.is_lower(end) or tokens[end][1][0] == "©"):
                        found.add(tokens[i][0])
                        if end < count:
                            found.add(tokens[end][0])
                        i = end - 1
                    break
            i += 1
        found.discard(0)
        return found


def _key(word: str) -> str:
    """Return the comparison form of a word."""
    return word.lower() if word.isascii() and word.isalpha() else fold(word)


class _Line:
    """A line's words and what the line itself tells of them."""

    def __init__(self, text: str, tokens: Sequence[tuple[int, str]]) -> None:
        self.text = text
        self.tokens = tokens
        self.bare = [t.strip(_EDGE) for _, t in tokens]
        self.keys = [_key(b) for b in self.bare]
        # How often a word stands in lower case: "the" does, "Harbour" does not.
        self.lower = Counter(b for b in self.bare if b[:1].islower())
        self.capital = Counter(
            b.lower()
            for b, (_, before) in zip(self.bare[1:], tokens, strict=False)
            if b[:1].isupper() and before[-1] not in '.!?…:"”'
        )

    def is_lower(self, i: int) -> bool:
        """Tell whether a word begins in lower case."""
        return self.bare[i][:1].islower()

    def is_title(self, i: int) -> bool:
        """Tell whether a word begins with a capital letter, or its script has none."""
        first = self.bare[i][:1]
        return first.isupper() or (first.isalpha() and not first.islower())

    def is_inside(self, i: int) -> bool:
        """Tell whether the word before is one that sentences are full of: "in Google Play"."""
        before = self.tokens[i - 1][1] if i else "."
        return before[-1].isalnum() and self.lower[before] >= 2

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
            is_full = stop[0] != "." or stop.startswith("..") or not self._is_short(i - 1)
            if is_full or self.starts_sentences(i):
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

    def seams(self, stops: set[int], labels: set[int]) -> set[int]:
        """Where a sentence begins behind words that are none: a menu, a headline, a label."""
        found: set[int] = set()
        run = lower = first = 0  # title words, lower-case words behind them; the last cut
        is_at_start = True  # the run began behind a sentence or another cut
        for i, (start, token) in enumerate(self.tokens):
            is_cut = start in stops
            if not is_cut and self._begins_unannounced(i):
                found.add(start)
                is_cut = True
            if is_cut:
                run, lower, is_at_start = 0, 0, True
            if is_cut or start in labels:
                first = i
            if self.is_lower(i):
                lower += 1
                if lower == 3 and run >= (TITLE_RUN if is_at_start else INNER_RUN):
                    found.add(self._start_in_run(i - 3, min(run, i - 2 - first)))
                if lower == 3:
                    run, is_at_start = 0, False
            else:
                if lower > 1 or (lower and len(self.bare[i - 1]) > 3):
                    run, is_at_start = 0, False
                run += self.is_title(i)
                lower = 0
            if token[-1] in ",;":
                run, lower, is_at_start = 0, 0, False
        return {at for at in found if at}

    def copyrights(self) -> set[int]:
        """Where a copyright line begins: with its sign, or with the word before it."""
        found: set[int] = set()
        for i, (start, token) in enumerate(self.tokens):
            if token[0] == "©" and i:
                is_named = self.keys[i - 1] == "copyright"
                found.add(self.tokens[i - 1][0] if is_named else start)
        return found - {0}

    def spaces(self) -> set[int]:
        """White space between unspaced scripts, which was a line break; menus stay together."""
        found: set[int] = set()
        for (_, before), (start, token) in pairwise(self.tokens):
            is_seam = _UNSPACED.match(before[-1]) or before[-1] in _UNSPACED_MARKS
            if (
                is_seam
                and (_UNSPACED.match(token) or token[0] in _UNSPACED_MARKS)
                and max(len(before), len(token)) > SHORT_TOKEN
            ):
                found.add(start)
        return found

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
        if i == 0 or i + 2 >= len(self.tokens) or not self.is_title(i):
            return False
        if self._is_dated(i - 1):
            return self.is_lower(i + 1) or self.is_lower(i + 2)
        if not self.starts_sentences(i):
            return False
        before = self.tokens[i - 1][1]
        if before[-1] in ",;:&(“\"'‘—–-/" or self.lower[self.bare[i - 1]] >= 3:
            return False
        if self.tokens[i][1][0] in _OPENERS:
            return False
        return self.is_lower(i + 1) or self.is_lower(i + 2)

    def _is_dated(self, i: int) -> bool:
        """Tell whether a date ends with a word and stands in no sentence: "May 3, 2021"."""
        word = self.tokens[i][1]
        if len(word) != 4 or not word.isdigit() or word[:2] not in ("19", "20"):
            return False
        return not any(self.is_lower(k) for k in range(max(0, i - 4), i))


def _without_short_sentences(
    line: str, cuts: list[int], stops: set[int], shortest: float
) -> list[int]:
    """Leave a short sentence with the one before it: by itself it looks like a button."""
    left: list[int] = []
    start = 0
    for at, end in pairwise([*cuts, len(line)]):
        is_short = end - at <= shortest and end - start <= LONGEST_PIECE // 2
        is_between = at in stops and (end in stops or end == len(line))
        if is_short and is_between and (not start or start in stops):
            continue
        left.append(at)
        start = at
    return left


def _with_long_ones_cut(line: str, cuts: list[int]) -> list[int]:
    """Cut what is left too long, at white space."""
    made: list[int] = []
    for begin, end in zip([0, *cuts], [*cuts, len(line)], strict=True):
        start = begin
        if start:
            made.append(start)
        while end - start > LONGEST_PIECE:
            m = _SPACE.search(line, start + LONGEST_PIECE // 2, end)
            if m is None or m.end() >= end:
                break
            start = m.end()
            made.append(start)
    return made
