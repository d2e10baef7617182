"""Flat text to a `Page`: one block per physical line that holds anything.

A line that is too long for a paragraph has lost its line breaks; it becomes several blocks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter

from cleannews.document import Block, Page, Span
from cleannews.reading.folding import fold
from cleannews.reading.markdown import is_bare, seen_of
from cleannews.reading.memo import Memo
from cleannews.reading.splitting import SHORTEST_LINE, Splitter

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

_END = attrgetter("end")

_Look = tuple[str, int, bool, str, str, float, str]
"""A block's fields from `text` on, which hang on its text alone."""
_memo: Memo[_Look] = Memo()
_shapes: Memo[tuple[int, bool, str]] = Memo()

SENTENCES = Splitter()
"""Splits long lines by what they show, without knowing any phrase."""


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
    if text[-1] in ".!?" and text[-2] not in ".…":
        return True  # as most prose ends; the general case is below
    tail = text[-12:]
    if _SENTENCE_END.search(tail):
        return not (tail.rstrip("\"'”’»)] ").endswith(("...", "…")) and words < LONG_PROSE_WORDS)
    if tail.rstrip().endswith((":", "：")):
        return True
    # A whole sentence, then something that is none: a sub-heading run in, or boilerplate.
    if text.isascii() and not ("." in text or "!" in text or "?" in text):
        return False
    inner = _INNER_END.search(text, 30)
    return inner is not None and (
        words >= LONG_PROSE_WORDS or count_words(text[: inner.end()]) >= PROSE_WORDS
    )


def shape_of(text: str) -> tuple[int, bool, str]:
    """Return a line's words, whether it is running text, and its comparison form."""
    if (known := _shapes.get(text)) is not None:
        return known
    words, key = count_words(text), fold(text)
    # Tens of thousands of lines are remembered: one string where two would be alike.
    shape = (words, reads_like_prose(text, words), text if key == text else key)
    return _shapes.put(text, shape)


def look_at(text: str) -> _Look:
    """Return a block's fields from `text` on.

    Args:
        text: A line or a piece of one, without surrounding white space.
    """
    if (known := _memo.get(text)) is not None:
        return known
    if is_bare(text):
        words, is_prose, key = shape_of(text)
        return _memo.put(text, (text, words, is_prose, key, text, 0.0, ""))
    shown, links, mark = seen_of(text)
    words = count_words(shown)
    # A picture's description and a heading are no running text, whatever they end in.
    can_be_prose = not mark or mark[0] not in "!#" or (mark != "!" and words >= LONG_PROSE_WORDS)
    is_prose = can_be_prose and reads_like_prose(shown, words)
    look = (text, words, is_prose, fold(shown), shown, links, mark)
    return _memo.put(text, look)


def read_plain(text: str, splitter: Splitter = SENTENCES) -> Page:
    r"""Return the page of a flat text.

    Args:
        text: Any text, with any of the line breaks Unicode knows.
        splitter: Cuts lines that lost their line breaks; knows phrases to cut around.

    Returns:
        A page whose blocks are the text's non-blank lines without surrounding white space, and the
        pieces of lines too long for one.

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
            look = known(body) or look_at(body)
            breaks = number - last if blocks else 0
            if size >= SHORTEST_LINE and (cuts := splitter.cuts(body, look[1])):
                _add_pieces(blocks, start, breaks, body, cuts)
            else:
                blocks.append(make(Block, (len(blocks), start, start + size, breaks, *look)))
            last = number
        at += len(line) + 1
    return Page(text, tuple(blocks))


def _add_line(blocks: list[Block], start: int, breaks: int, line: str, splitter: Splitter) -> None:
    """Add a line as a block, or as several."""
    look = look_at(line)
    if len(line) >= SHORTEST_LINE and (cuts := splitter.cuts(line, look[1])):
        _add_pieces(blocks, start, breaks, line, cuts)
    else:
        blocks.append(Block(len(blocks), start, start + len(line), breaks, *look))


def _add_pieces(
    blocks: list[Block], start: int, breaks: int, line: str, cuts: Sequence[int]
) -> None:
    """Add the pieces of a line as blocks."""
    for low, high in zip((0, *cuts), (*cuts, len(line)), strict=True):
        piece = line[low:high].strip()
        at = start + low  # a piece begins with its first character
        blocks.append(Block(len(blocks), at, at + len(piece), breaks, *look_at(piece)))
        breaks = 0


def lines_in(blocks: Sequence[Block]) -> list[Span]:
    """Return where the lines stand that hold the blocks, in order."""
    lines: list[Span] = []
    for block in blocks:
        if lines and not block.breaks:
            lines[-1] = Span(lines[-1].start, block.end)
        else:
            lines.append(block.span)
    return lines


def _with_plain_breaks(text: str) -> str:
    """Write every line break as one line feed; offsets stay, so a CR LF becomes space and LF."""
    plain = text.replace("\r\n", " \n") if "\r" in text else text
    for other in _OTHER_BREAKS:
        if other in plain:
            plain = plain.replace(other, "\n")
    return plain


def count_breaks(gap: str) -> int:
    r"""Return how many line breaks, of any kind, a piece of text holds.

    >>> count_breaks(" "), count_breaks("\r\n \u2028")
    (0, 2)
    """
    return _with_plain_breaks(gap).count("\n")


def read_rest(
    page: Page, removed: Sequence[Span], text: str, splitter: Splitter = SENTENCES
) -> tuple[Page, list[int]]:
    """Return the page of what is left after removals, reading only what they touched.

    Args:
        page: The page before, read with the same splitter.
        removed: What went, in order, without overlaps. Where whole blocks went, a line break
            stays between those around them if there was one.
        text: What is left of the page's text.
        splitter: As for `read_plain`.

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
    before = page.blocks
    k, count = 0, len(before)
    while k < count:
        start, old_end = before[k].start, before[k].end
        while cut_end <= start:
            gone, i, was_cut = gone + cut_end - cut_start, i + 1, True
            cut_start, cut_end = cuts[i].start, cuts[i].end
        if old_end <= cut_start and (stop := _untouched(before, k, cut_start)) > k:
            run = list(before[k:stop])
            up = k - len(blocks)
            if up or gone:
                run = [make(Block, (b[0] - up, b[1] - gone, b[2] - gone, *b[3:])) for b in run]
            if was_cut:
                head = run[0]
                breaks = count_breaks(text[end : head.start]) if blocks else 0
                if breaks != head.breaks:
                    run[0] = head._replace(breaks=breaks)
                was_cut = False
            blocks += run
            origins += range(k, stop)
            end, k = run[-1].end, stop
            continue
        k += 1
        while k < count and not before[k].breaks:  # the other pieces of the same line
            old_end = before[k].end
            k += 1
        was_cut = True
        if cut_start <= start and old_end <= cut_end:
            continue
        first, left = _left_of(page.text, start, old_end, cuts, i)
        body = left.strip()
        if not body:
            continue
        while cuts[i].end <= first:
            gone, i = gone + len(cuts[i]), i + 1
        cut_start, cut_end = cuts[i].start, cuts[i].end
        begin = first - gone + len(left) - len(left.lstrip())
        breaks = count_breaks(text[end:begin]) if blocks else 0
        _add_line(blocks, begin, breaks, body, splitter)
        origins += [-1] * (len(blocks) - len(origins))
        end, was_cut = begin + len(body), False
    return Page(text, tuple(blocks)), origins


def _untouched(blocks: Sequence[Block], k: int, cut: int) -> int:
    """Return the first block from `k` on whose line reaches beyond the start of a cut."""
    stop = bisect_right(blocks, cut, k, key=_END)
    while k < stop < len(blocks) and not blocks[stop].breaks:
        stop -= 1
    return stop


def _left_of(text: str, start: int, end: int, cuts: Sequence[Span], i: int) -> tuple[int, str]:
    """Return what cuts from the i-th on leave of a line, and where its first character stood."""
    pieces: list[str] = []
    at, first = start, end
    while at < end:
        if cuts[i].start > at:
            first = first if pieces else at
            pieces.append(text[at : min(cuts[i].start, end)])
        at, i = cuts[i].end, i + 1
    return first, "".join(pieces)
