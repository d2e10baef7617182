"""Flat text to a `Page`: one block per physical line that holds anything."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleannews.document import Block, Page, Span
from cleannews.reading.folding import fold
from cleannews.reading.memo import Memo

# Everything that str.splitlines() breaks at, so that no line break hides inside a block.
_OTHER_BREAKS = "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
# Scripts without spaces between words, and how many of their characters make a word.
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_THAI_LAO = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_UNSPACED = re.compile(f"{_CJK.pattern}|{_THAI_LAO.pattern}")

# A sentence end that is not an ellipsis, and what may close after it.
_SENTENCE_END = re.compile(
    r"(?<![.…])[.!?。！？．।॥؟۔։።…](?:[\"'”’»«›‹)\]）」』】*_]|\[\d{1,3}\]|\s){0,6}$"
)
_INNER_END = re.compile(
    r"[^\W\d_]{2}[.!?。！？।؟۔](?=[\"'”’»)]{0,2}(?:\s|[A-ZÀ-ÖØ-ÞА-ЯЁ])|[\u3040-\u9fff])"
)

# Tokens that are no words: bullets, dashes, separators.
_MARKS = frozenset(
    [
        "|",
        "-",
        "–",
        "—",
        "•",
        "·",
        "/",
        "&",
        "*",
        "#",
        "+",
        "=",
        ">",
        "<",
        "»",
        "«",
        "›",
        "‹",
        "~",
        "_",
        ".",
        ",",
        ":",
        ";",
        "!",
        "?",
        "…",
        "...",
        "--",
        "---",
        "___",
        "**",
        "***",
        "●",
        "▶",
        "→",
    ]
)

PROSE_WORDS = 8
"""Least words of a prose block that ends like a sentence."""
LONG_PROSE_WORDS = 25
"""Least words of a prose block that has a sentence end only inside, or ends in an ellipsis."""

_memo: Memo[tuple[int, bool, str]] = Memo()


def count_words(text: str) -> int:
    """Return the length of `text` in words; CJK counts two characters and Thai five to a word.

    >>> count_words("The vote passed."), count_words("投票は可決された")
    (3, 4)
    """
    if not text.isascii() and _UNSPACED.search(text):
        cjk, thai = len(_CJK.findall(text)), len(_THAI_LAO.findall(text))
        rest = _UNSPACED.sub(" ", text)
        return _count_tokens(rest) + (cjk + 1) // 2 + (thai + 4) // 5
    return _count_tokens(text)


def _count_tokens(text: str) -> int:
    tokens = text.split()
    if _MARKS.isdisjoint(tokens):
        return len(tokens)
    return sum(t not in _MARKS for t in tokens)


def reads_like_prose(text: str, words: int) -> bool:
    """Tell whether a block of `words` words is running text rather than a heading or an entry.

    The measure is its own shape alone, so that removing other blocks never changes the answer.
    """
    if words < PROSE_WORDS:
        return False
    tail = text[-12:]
    if _SENTENCE_END.search(tail):
        return not (tail.rstrip("\"'”’»)] ").endswith(("...", "…")) and words < LONG_PROSE_WORDS)
    if tail.rstrip().endswith((":", "：")):
        return True
    # A whole sentence, then something that is none: a sub-heading run in, or boilerplate.
    inner = _INNER_END.search(text, 30)
    return inner is not None and (
        words >= LONG_PROSE_WORDS or count_words(text[: inner.end()]) >= PROSE_WORDS
    )


def _look_at(line: str) -> tuple[int, bool, str]:
    """Return words, is_prose and key of a stripped line."""
    words = count_words(line)
    return _memo.put(line, (words, reads_like_prose(line, words), fold(line)))


def read_plain(text: str) -> Page:
    r"""Return the page of a flat text.

    Args:
        text: Any text, with any of the line breaks Unicode knows.

    Returns:
        A page whose blocks are the text's non-blank lines without surrounding white space.

    >>> [b.text for b in read_plain("One.\n\n  Two.  ").blocks]
    ['One.', 'Two.']
    """
    blocks: list[Block] = []
    at = number = last = 0
    plain = _with_plain_breaks(text)
    known = _memo.get
    make = tuple.__new__  # half the cost of Block(...), and there are many
    for number, line in enumerate(plain.split("\n")):
        if body := line.strip():
            size = len(body)
            start = at if size == len(line) else at + line.index(body[0])
            words, is_prose, key = known(body) or _look_at(body)
            breaks = number - last if blocks else 0
            block = (len(blocks), start, start + size, body, breaks, words, is_prose, key)
            blocks.append(make(Block, block))
            last = number
        at += len(line) + 1
    return Page(text, tuple(blocks))


def _with_plain_breaks(text: str) -> str:
    """Write every line break as one line feed; offsets stay, so a CR LF becomes space and LF."""
    plain = text.replace("\r\n", " \n") if "\r" in text else text
    for other in _OTHER_BREAKS:
        if other in plain:
            plain = plain.replace(other, "\n")
    return plain


def read_rest(page: Page, removed: Sequence[Span], text: str) -> tuple[Page, list[int]]:
    """Return the page of what is left after removals, reading only what they touched.

    Args:
        page: The page before.
        removed: What went, in order, without overlaps. Where whole blocks went, a line break
            stays between those around them.
        text: What is left of the page's text.

    Returns:
        The same page that `read_plain` makes of `text`, and for each block the index of the
        untouched block that it was, or -1.
    """
    blocks: list[Block] = []
    origins: list[int] = []
    make = tuple.__new__
    nowhere = len(page.text) + 1
    cuts = [*removed, Span(nowhere, nowhere)]
    i = gone = end = 0  # the next cut, code points cut before it, the end of the block before
    cut_start, cut_end = cuts[0].start, cuts[0].end
    was_cut = True  # something went since the block before
    for block in page.blocks:
        index, start, old_end, body, breaks, words, is_prose, key = block
        while cut_end <= start:
            gone, i, was_cut = gone + cut_end - cut_start, i + 1, True
            cut_start, cut_end = cuts[i].start, cuts[i].end
        begin = start - gone
        if cut_start < old_end:
            first, left = _left_of(page, block, cuts, i)
            was_cut, index, body = True, -1, left.strip()
            if not body:
                continue
            while cuts[i].end <= first:
                gone, i = gone + len(cuts[i]), i + 1
            cut_start, cut_end = cuts[i].start, cuts[i].end
            begin = first - gone + len(left) - len(left.lstrip())
            words, is_prose, key = _memo.get(body) or _look_at(body)
        if was_cut:
            breaks = _with_plain_breaks(text[end:begin]).count("\n") if blocks else 0
            was_cut = False
        end = begin + len(body)
        moved = (len(blocks), begin, end, body, breaks, words, is_prose, key)
        blocks.append(make(Block, moved))
        origins.append(index)
    return Page(text, tuple(blocks)), origins


def _left_of(page: Page, block: Block, cuts: Sequence[Span], i: int) -> tuple[int, str]:
    """Return what cuts from the i-th on leave of a block, and where its first character stood."""
    pieces: list[str] = []
    at, first = block.start, block.end
    while at < block.end:
        if cuts[i].start > at:
            first = first if pieces else at
            pieces.append(page.text[at : min(cuts[i].start, block.end)])
        at, i = cuts[i].end, i + 1
    return first, "".join(pieces)
