"""Signs that a text is not an honest article: hidden characters, look-alike letters, spintax.

Oddities are told as warnings. They never remove anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cleannews.boilerplate.context import Context
from cleannews.document import Block, Page, Rule, Span, Warning_
from cleannews.reading.folding import mixed_words, visible
from cleannews.reading.memo import Memo

_ZERO_WIDTH_CHARACTERS = "\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u180e"
_BIDI_CHARACTERS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_ZERO_WIDTH = re.compile(f"[{_ZERO_WIDTH_CHARACTERS}]")
_BIDI = re.compile(f"[{_BIDI_CHARACTERS}]")
_SUSPECT = re.compile(f"[\u0370-\u052f{_ZERO_WIDTH_CHARACTERS}{_BIDI_CHARACTERS}]")
_suspects: Memo[bool] = Memo()
_SPINTAX = re.compile(r"\{[^{}|\n]{1,60}(?:\|[^{}|\n]{0,60}){1,12}\}")

MOST_EXAMPLES = 3
"""Examples that a warning's text names."""
ONLY_SHORT = frozenset({"stub", "error_page"})
"""Warnings that a text with a whole story does not get: it may quote such words."""
STUB_WORDS = 40
"""Fewer words of story than this make a text that points elsewhere a stub."""


def find_oddities(context: Context) -> tuple[Warning_, ...]:
    """Return the warnings for a text.

    Args:
        context: What the first look at it found.
    """
    return (*odd_characters(context.page), *notices(context))


def odd_characters(page: Page) -> tuple[Warning_, ...]:
    """Return the warnings for what a reader cannot see or would take for something else."""
    suspects = [b for b in page.blocks if not b.text.isascii() and _is_suspect(b.text)]
    return (*(_characters(page.text, suspects) if suspects else ()), *_spintax(page.text))


def notices(context: Context) -> tuple[Warning_, ...]:
    """Return the warnings that rules give, and those for a text without a story."""
    return (*_reported(context), *_emptiness(context))


def _is_suspect(line: str) -> bool:
    """Tell whether a line holds hidden characters or letters that look like Latin ones."""
    if (known := _suspects.get(line)) is None:
        return _suspects.put(line, _SUSPECT.search(line) is not None)
    return known


def _characters(text: str, suspects: Sequence[Block]) -> Iterator[Warning_]:
    # A joiner inside a word is spelling in Persian or Hindi; a zero-width space never is.
    hidden = [m for m in _ZERO_WIDTH.finditer(text) if 0 < m.start() < len(text) - 1]
    if hidden:
        yield Warning_(
            "invisible_characters",
            f"{_number(hidden, 'invisible character')}, the first is "
            f"U+{ord(hidden[0].group()):04X}",
            Span(*hidden[0].span()),
        )
    bidi = list(_BIDI.finditer(text))
    if bidi:
        yield Warning_(
            "bidi_control",
            f"{_number(bidi, 'bidirectional control')}; text may show in another order",
            Span(*bidi[0].span()),
        )
    mixed = [(b.start + m.start(), m[0]) for b in suspects for m in mixed_words(b.text)]
    mixed = [(at, word) for at, word in mixed if word.isalpha()]
    if mixed:
        shown = ", ".join(dict.fromkeys(word for _, word in mixed[: 4 * MOST_EXAMPLES]))
        at, first = mixed[0]
        yield Warning_(
            "homoglyphs",
            f"{_number(mixed, 'word')} of two alphabets: {shown[:80]}",
            Span(at, at + len(first)),
        )


def _spintax(text: str) -> Iterator[Warning_]:
    has_braces = "{" in text and "|" in text
    spun = [m for m in _SPINTAX.finditer(text) if _is_spintax(m.group())] if has_braces else []
    if spun:
        yield Warning_(
            "spintax",
            f"{_number(spun, 'unresolved choice')} of a spinning tool: {spun[0].group()[:60]}",
            Span(*spun[0].span()),
        )


def _number(found: Sequence[object], what: str) -> str:
    return f"{len(found)} {what}" if len(found) == 1 else f"{len(found)} {what}s"


def _is_spintax(group: str) -> bool:
    return any(c.isalpha() for c in group) and not any(c in "=;<>$" for c in group)


def _reported(context: Context) -> Iterator[Warning_]:
    """One warning for each code that a matching rule asks for."""
    warning = list(_warning_rules(context))
    if not warning:
        return
    codes: dict[str, Warning_] = {}
    story_words = sum(context.page.blocks[i].words for i in context.story)
    for block, rule in warning:
        code = rule.warns
        if code is None or (code in ONLY_SHORT and story_words >= 2 * STUB_WORDS):
            continue
        codes.setdefault(code, Warning_(code, f"“{block.shown[:80]}” ({rule.id})", block.span))
    yield from codes.values()


def _warning_rules(context: Context) -> Iterator[tuple[Block, Rule]]:
    """Blocks in which a rule with a warning was found, whichever rule claims the block."""
    for block, found in context.hit_blocks:
        for hit in found.warning:
            if context.in_zone(block.index, hit.rule.zone):
                yield block, hit.rule
    served = context.matcher.warning_detectors
    for index, claim in sorted(context.claims.items()):
        if rule := served.get((claim.rule, claim.language)):
            yield context.page.blocks[index], rule


def _emptiness(context: Context) -> Iterator[Warning_]:
    blocks = context.page.blocks
    if not any(visible(b.text).strip() for b in blocks):
        yield Warning_("empty_input", "the text holds no visible character")
    elif all(context.is_removable(b.index) for b in blocks):
        yield Warning_("empty_body", "everything in the text is boilerplate")
    elif not context.story:
        yield Warning_("no_prose", "no block of the text reads like a sentence of a story")
