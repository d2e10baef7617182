"""Text that a paywall hid by shifting its letters: ROT47, as some newspaper systems write it."""

from __future__ import annotations

from cleannews.boilerplate.context import Context

_ROT47 = {i: 33 + (i - 33 + 47) % 94 for i in range(33, 127)}
_OPENING_TAG = "kAm"  # "<p>" shifted by 47
SHORTEST = 12
"""Least code points of a shifted block."""


def unshift(text: str) -> str:
    """Return the text behind ROT47, which is its own inverse.

    >>> unshift("kAm")
    '<p>'
    """
    return text.translate(_ROT47)


def find_hidden_text(context: Context) -> None:
    """Claim blocks whose letters were shifted."""
    if _OPENING_TAG not in context.page.text:
        return
    for rule in context.detector_rules("hidden_text"):
        for block in context.page.blocks:
            if block.text[:3] != _OPENING_TAG or len(block.text) < SHORTEST:
                continue
            plain = unshift(block.text[:400])
            letters = sum(c.isalpha() or c.isspace() or c in "<>/" for c in plain)
            if letters >= 0.7 * len(plain):
                context.claim(block, rule, f"ROT47 of “{plain[:40]}…”")
