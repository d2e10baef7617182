"""Labels for the blocks of a page whose body is known: which blocks the body is made of.

A body holds the story's words once; a page holds many of them twice: the headline, the teaser above
it, the copy for small screens. So each block takes what it brings out of what the body still lacks,
those near the heaviest run first, and what finds its words gone is no part of the body.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

KEEP, DROP, UNKNOWN = 1, 0, -1
"""Labels of blocks."""
SHORT = 4
"""Blocks of fewer words are compared with whole lines of the body."""
LEAST = 0.6
"""Least share of a block's word runs that the body must still lack."""
LEAST_BRIEF, BRIEF, BRIEF_WORDS = 0.35, 10, 0.8
"""The same for blocks of fewer than `BRIEF` words, of whose words `BRIEF_WORDS` must be lacking."""
UNSURE = 0.3
"""Least share from which on a block is looked at again by its words alone."""
BEYOND = 3
"""Blocks beyond the first and last long one among which short ones are looked for."""
MOST_WORDS = 100
_WORD = re.compile("[\u2e80-\U0010ffff]|[^\\W_\u2e80-\U0010ffff]+")


def words_of(text: str) -> list[str]:
    """Return the words of a text; a character of a script without spaces is one."""
    return _WORD.findall(text.casefold())


def labels_of(texts: Sequence[str], body: str) -> np.ndarray:
    """Return the label of each block."""
    return _Labelling(texts, body).labels()


def labels_by_snippets(
    texts: Sequence[str], wanted: Sequence[str], unwanted: Sequence[str]
) -> np.ndarray:
    """Return labels where only some pieces of the story and of the rest are known."""
    labels = np.full(len(texts), UNKNOWN, dtype=np.int8)
    folded = [" ".join(t.split()) for t in texts]
    for snippet in wanted:
        piece = " ".join(snippet.split())
        hits = [i for i, text in enumerate(folded) if piece in text]
        if len(hits) == 1 or len(piece) > 25:
            labels[hits] = KEEP
    for snippet in unwanted:
        piece = " ".join(snippet.split())
        for i, text in enumerate(folded):
            if piece in text:
                labels[i] = UNKNOWN if labels[i] == KEEP else DROP
    return labels


def _runs(words: Sequence[str]) -> Counter[tuple[str, ...]]:
    if len(words) < SHORT:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[k:] for k in range(SHORT)), strict=False))


def _common(own: Counter, lacking: Counter) -> int:
    return sum(min(n, max(0, lacking[key])) for key, n in own.items())


class _Labelling:
    def __init__(self, texts: Sequence[str], body: str) -> None:
        words = words_of(body)
        self.words = [words_of(t) for t in texts]
        self.runs = [_runs(w) for w in self.words]
        self.size = np.array([len(w) for w in self.words], dtype=float)
        self.lacking_runs, self.lacking_words = _runs(words), Counter(words)
        self.lacking_lines = Counter("".join(words_of(line)) for line in body.split("\n"))
        self.found = np.full(len(texts), DROP, dtype=np.int8)

    def labels(self) -> np.ndarray:
        """Label the long blocks, then the short ones among them, then the uncertain ones."""
        order = self._order()
        if order is None:
            self.found[:] = UNKNOWN
            return self.found
        for i in order:
            if self.size[i] >= SHORT:
                self._judge_long(i)
        kept = np.flatnonzero(self.found == KEEP)
        if len(kept):
            for i in order:
                if 0 < self.size[i] < SHORT:
                    self._judge_short(i, int(kept[0]), int(kept[-1]))
            for i in order:
                if self.found[i] == UNKNOWN:
                    self._judge_again(i)
        return self.found

    def _order(self) -> list[int] | None:
        """The blocks, those of the heaviest run first, then by distance from it."""
        known = self.lacking_runs
        share = np.array(
            [
                sum(n for run, n in own.items() if run in known) / max(1, own.total())
                for own in self.runs
            ]
        )
        gains = np.where(
            self.size >= SHORT,
            (share - 0.5) * 2 * np.minimum(self.size, MOST_WORDS),
            -np.minimum(self.size, 3) * 0.3,
        )
        sums = np.concatenate([[0.0], np.cumsum(gains)])
        stop = int(np.argmax(sums - np.minimum.accumulate(sums)))
        if not stop:
            return None
        start, index = int(np.argmin(sums[:stop])), np.arange(len(gains))
        away = np.maximum(0, np.maximum(start - index, index - stop + 1))
        return np.lexsort((index, away)).tolist()

    def _take(self, i: int) -> None:
        self.found[i] = KEEP
        self.lacking_words.subtract(self.words[i])

    def _judge_long(self, i: int) -> None:
        own, size = self.runs[i], self.size[i]
        share = _common(own, self.lacking_runs) / own.total()
        brings = _common(Counter(self.words[i]), self.lacking_words) / size
        is_brief = size < BRIEF and share >= LEAST_BRIEF and brings >= BRIEF_WORDS
        if share >= LEAST or is_brief:
            self._take(i)
            for run, n in own.items():
                self.lacking_runs[run] = max(0, self.lacking_runs[run] - n)
            self.lacking_lines["".join(self.words[i])] -= 1
        elif share >= UNSURE:
            self.found[i] = UNKNOWN

    def _judge_short(self, i: int, first: int, last: int) -> None:
        line = "".join(self.words[i])
        if self.lacking_lines[line] > 0 and first - BEYOND <= i <= last + BEYOND:
            self._take(i)
            self.lacking_lines[line] -= 1
        elif first < i < last and all(self.lacking_words[w] > 0 for w in self.words[i]):
            self.found[i] = UNKNOWN

    def _judge_again(self, i: int) -> None:
        own = Counter(self.words[i])
        if own and _common(own, self.lacking_words) >= LEAST * self.size[i]:
            self._take(i)
        else:
            self.found[i] = DROP
