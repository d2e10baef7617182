"""Headlines run together on one line, as a list of links leaves them when its tags are gone."""

from __future__ import annotations

import re

from cleannews.boilerplate.context import Context
from cleannews.reading.memo import Memo

# "gangesIndia": a title that ends where the next begins. "MacBook" begins with a capital itself.
_GLUED_WORD = re.compile(r"(?<![^\s(])[a-zà-öø-ÿа-яё'’-]{3,24}[A-ZÀ-ÖØ-ÞА-ЯЁ][a-zà-öø-ÿа-яё]")
_HANDLE = re.compile(r"[#@]\w{1,60}")
_CUT_TITLE = re.compile(r"(?:\.\.\.|…)\s+[A-ZÀ-ÖØ-ÞА-ЯЁ\"“]")
_CAPITALS_AT_END = re.compile(r"(?:\s[A-Z]{2,}){2,6}$")
_CODE = re.compile(r"[{}=;<>]|\(\)|\w\(|://|\w\.\w+\(|\w_\w")
_SENTENCE = re.compile(r"[^.…][.!?][\"'”’»)]?\s+[A-ZÀ-ÖØ-ÞА-ЯЁ\"“]")

_known: Memo[str] = Memo()

SHORTEST = 14
"""Least words of a line of titles."""


def find_run_together(context: Context) -> None:
    """Claim lines of run-together titles."""
    for rule in context.detector_rules("run_together"):
        most = rule.max_words
        lines = [b for b in context.page.blocks if SHORTEST <= b.words <= most and not b.is_prose]
        for block in lines:
            if not context.in_zone(block.index, rule.zone):
                continue
            if (signs := _known.get(block.shown)) is None:
                signs = _known.put(block.shown, _signs(block.shown))
            if signs:
                context.claim(block, rule, f"titles run together: {signs}")


def _signs(text: str) -> str:
    """Signs of run-together titles, or nothing when there are too few."""
    if _SENTENCE.search(text) or _CODE.search(text):
        return ""
    signs = []
    glued = len(_GLUED_WORD.findall(_HANDLE.sub("", text)))
    if glued >= 2:
        signs.append(f"{glued} words glued")
    cut = len(_CUT_TITLE.findall(text))
    if cut:
        signs.append(f"{cut} {'title' if cut == 1 else 'titles'} cut short")
    if _CAPITALS_AT_END.search(text):
        signs.append("a name in capitals at the end")
    if glued >= 2 or len(signs) >= 2:
        return ", ".join(signs)
    return ""
