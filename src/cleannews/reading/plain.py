"""Flat text to a `Page`: one block per physical line that holds anything."""

from __future__ import annotations

import re

from cleannews.document import Block, Page, Span

# Everything that str.splitlines() breaks at, so that no line break hides inside a block.
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_WORD = re.compile(r"\w+(?:['’.\-]\w+)*")
# Scripts without spaces between words, and how many of their characters make a word.
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_THAI_LAO = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")

# A sentence end that is not an ellipsis, and what may close after it.
_SENTENCE_END = re.compile(
    r"(?<![.…])[.!?。！？．।॥؟۔։።…](?:[\"'”’»«›‹)\]）」』】*_]|\[\d{1,3}\]|\s){0,6}$"
)
_INNER_END = re.compile(r"[^\W\d_]{2}[.!?。！？।؟۔](?=[\"'”’»)]{0,2}\s|[\u3040-\u9fff])")

PROSE_WORDS = 8
"""Least words of a prose block that ends like a sentence."""
LONG_PROSE_WORDS = 25
"""Least words of a prose block that has a sentence end only inside, or ends in an ellipsis."""


def count_words(text: str) -> int:
    """Return the length of `text` in words; CJK counts two characters and Thai five to a word.

    >>> count_words("The vote passed."), count_words("投票は可決された")
    (3, 4)
    """
    if text.isascii():
        return len(_WORD.findall(text))
    cjk, thai = len(_CJK.findall(text)), len(_THAI_LAO.findall(text))
    if not cjk and not thai:
        return len(_WORD.findall(text))
    rest = _THAI_LAO.sub(" ", _CJK.sub(" ", text))
    return len(_WORD.findall(rest)) + (cjk + 1) // 2 + (thai + 4) // 5


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


def read_plain(text: str) -> Page:
    """Return the page of a flat text.

    Args:
        text: Any text, with any of the line breaks Unicode knows.

    Returns:
        A page whose blocks are the text's non-blank lines without surrounding white space.

    >>> [b.text for b in read_plain("One.\\n\\n  Two.  ").blocks]
    ['One.', 'Two.']
    """
    blocks: list[Block] = []
    end = 0
    for line in _LINE.finditer(text):
        body = line.group().strip()
        if not body:
            continue
        start = line.start() + line.group().index(body[0])
        gap = text[end:start]
        breaks = gap.count("\n") or len(gap.splitlines()) - 1 if blocks else 0
        words = count_words(body)
        blocks.append(
            Block(
                index=len(blocks),
                span=Span(start, start + len(body)),
                text=body,
                breaks=max(breaks, 1) if blocks else 0,
                words=words,
                is_prose=reads_like_prose(body, words),
            )
        )
        end = start + len(body)
    return Page(text, tuple(blocks))
