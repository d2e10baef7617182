"""Two texts side by side, where they differ; long stretches of the same words are only counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleannews.report.parts import plural, shown
from cleannews.report.values import Step

CONTEXT = 8
"""Words of what is the same that are shown on either side of a difference."""
MOST_HUNKS = 24
"""Most places that are shown of one pair."""
LONGEST = 900
"""Most code points that are shown of one difference on one side."""

_WORD = re.compile(r"\w+")
_LINES = re.compile(r"(\s*\n\s*|\s+\Z)")


class Hunk(NamedTuple):
    """A place where the texts differ, with some words around it, or a stretch they share.

    Attributes:
        steps: What is shown.
        same: Words of a shared stretch that are not shown; such a hunk has no steps.
    """

    steps: tuple[Step, ...]
    same: int = 0


def hunks(steps: Sequence[Step]) -> list[Hunk]:
    """Group steps into places where texts differ and stretches in which they do not.

    >>> long = "one two three four five six seven eight nine ten eleven twelve "
    >>> made = hunks([Step("added", "", "new "), Step("same", long * 3, long * 3)])
    >>> [(len(hunk.steps), hunk.same) for hunk in made]
    [(2, 0), (0, 28)]
    """
    made: list[Hunk] = []
    open_steps: list[Step] = []
    for i, step in enumerate(steps):
        if step.kind != "same":
            open_steps.append(step)
            continue
        words = list(_WORD.finditer(step.a))
        before = CONTEXT if open_steps else 0
        after = CONTEXT if i + 1 < len(steps) else 0
        if len(words) <= before + after + 2:
            open_steps.append(step)
            continue
        others = list(_WORD.finditer(step.b))  # as many: the words are the same
        if before:
            head = Step("same", step.a[: words[before].start()], step.b[: others[before].start()])
            made.append(Hunk((*open_steps, head)))
        made.append(Hunk((), len(words) - before - after))
        open_steps = []
        if after:
            cut = step.a[words[-after].start() :], step.b[others[-after].start() :]
            open_steps.append(Step("same", *cut))
    if open_steps:
        made.append(Hunk(tuple(open_steps)))
    return made


def side_by_side(steps: Sequence[Step], *, first: str, second: str) -> Iterator[str]:
    """Yield a table of two columns: what only one text has is marked in it.

    Args:
        steps: From the first text to the second.
        first: What the first text is called.
        second: What the second one is called.
    """
    made = hunks(steps)
    differ = sum(step.kind != "same" for step in steps)
    if not differ:
        yield '<p class="hint">Word for word the same.</p>\n'
        return
    yield f'<table class="aligned"><thead><tr><th scope="col">{shown(first)}</th>'
    yield f'<th scope="col">{shown(second)}</th></tr></thead>\n<tbody>\n'
    for hunk in made[:MOST_HUNKS]:
        if hunk.same:
            words = plural(hunk.same, "word")
            yield f'<tr class="same"><td colspan="2">{hunk.same:,} {words} the same</td></tr>\n'
            continue
        yield '<tr><td dir="auto">'
        yield "".join(_side(step.kind, step.a, "del", "Only here: ") for step in hunk.steps)
        yield '</td><td dir="auto">'
        yield "".join(_side(step.kind, step.b, "ins", "Only here: ") for step in hunk.steps)
        yield "</td></tr>\n"
    yield "</tbody></table>\n"
    if (left := len(made) - MOST_HUNKS) > 0:
        yield f'<p class="hint">{left:,} more {plural(left, "place")} not shown.</p>\n'


def _side(kind: str, text: str, tag: str, said: str) -> str:
    if not text:
        return ""
    left = len(text) - LONGEST
    body = shown(text if left <= 0 else text[:LONGEST])
    more = f' <span class="left">… {left:,} more characters</span> ' if left > 0 else ""
    if kind == "same":
        return body + more
    # Screen readers say nothing of ins and del by themselves. White space between lines and at the
    # end is left out of the mark: it is no difference.
    opening = f'<{tag}><span class="said">{said}</span>'
    lines = _LINES.split(body)
    marked = [f"{opening}{x}</{tag}>" if x.strip() else x for x in lines]
    return "".join(marked) + more
