"""Explaining a result: which line went, by which rule, on what evidence.

Both the terminal view here and the HTML page (`report/page.py`) are drawn from `lines_of`, so that
they can never disagree about what was removed.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cleannews.document import CleanResult, Finding, Removal, Span, covered
from cleannews.reading.plain import lines_in, read_plain

Fate = tuple[str, int] | None
"""``("removed", index)``, ``("flagged", index)`` or None for what just stays."""

_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")

# Whatever moves the cursor, recolours, reorders or hides: C0 and C1, soft hyphen, bidirectional
# marks, zero-width spaces (not the joiners: Persian and Hindi spell with them), tags, surrogates.
UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_SHORT_ESCAPES = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}

_RED, _YELLOW, _CYAN, _BOLD, _DIM, _STRUCK = "31", "33", "36", "1", "2", "9;31"

NARROWEST = 40
"""Least width, in columns, that the view is drawn for."""
KEPT_RUN = 3
"""Most neighbouring kept lines that are all shown; of a longer run only the first and last are."""
CONTEXT = 48
"""Code points of kept text shown on either side of a piece removed from inside a line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line that shares one fate."""

    span: Span
    fate: Fate = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the document that holds anything visible.

    Attributes:
        number: As an editor counts it, from 1.
        pieces: What the line is made of, in order and without gaps.
    """

    number: int
    pieces: tuple[Piece, ...]


def escape_character(character: str) -> str:
    r"""Return a character's escape as it would stand in Python source.

    >>> print(escape_character("\u202e"))
    \u202e
    """
    code = ord(character)
    long = f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"
    return _SHORT_ESCAPES.get(character, long)


def printable(text: str) -> str:
    r"""Return `text` with control, bidirectional and invisible characters written as escapes.

    >>> print(printable("a\x1b[31mb\u202e"))
    a\u001b[31mb\u202e
    """
    return UNPRINTABLE.sub(lambda m: escape_character(m.group()), text)


def lines_of(result: CleanResult) -> Iterator[Line]:
    """Yield the document's lines, blank ones left out, cut where a fate begins or ends.

    Where findings that were only flagged overlap, the first one is shown.
    """
    text = result.document.text
    fates = _fates(result)
    starts = [span.start for span, _ in fates]
    number, end = 1, 0
    for line in lines_in(read_plain(text).blocks):
        number += sum(1 for _ in _LINE_BREAK.finditer(text, end, line.start))
        end = line.end
        yield Line(number, tuple(_pieces(line, fates, starts)))


def _fates(result: CleanResult) -> list[tuple[Span, Fate]]:
    """Every stretch with a fate, in order and without overlaps; removed wins over flagged."""
    gone: list[tuple[Span, Fate]] = [
        (r.span, ("removed", i)) for i, r in enumerate(result.removed) if len(r.span)
    ]
    gone_starts = [span.start for span, _ in gone]
    flagged: list[tuple[Span, Fate]] = []
    at = 0
    for i, finding in sorted(enumerate(result.flagged), key=lambda f: f[1].span):
        start, end = max(at, finding.span.start), finding.span.end
        if start < end:
            parts = _pieces(Span(start, end), gone, gone_starts)
            flagged += [(p.span, ("flagged", i)) for p in parts if p.fate is None]
            at = end
    return sorted([*gone, *flagged], key=lambda f: f[0])


def _pieces(
    span: Span, fates: Sequence[tuple[Span, Fate]], starts: Sequence[int]
) -> Iterator[Piece]:
    at = span.start
    for i in range(max(0, bisect_right(starts, at) - 1), len(fates)):
        piece, fate = fates[i]
        if piece.start >= span.end:
            break
        start, end = max(at, piece.start), min(span.end, piece.end)
        if start >= end:
            continue
        if at < start:
            yield Piece(Span(at, start))
        yield Piece(Span(start, end), fate)
        at = end
    if at < span.end:
        yield Piece(Span(at, span.end))


def explanation(result: CleanResult) -> dict[str, Any]:
    """Return the dictionary of a result with the words that each finding stands for.

    It is ``result.to_dict()`` in which every item of `removed` and `flagged` also has `text`, the
    characters of its span, and `line`, where it begins (counted from 1).

    Args:
        result: What `clean` returned.

    >>> from cleannews import clean
    >>> explanation(clean("Leave a Comment"))["removed"][0]["text"]
    'Leave a Comment'
    """
    told = result.to_dict()
    text = result.document.text
    breaks = [m.end() for m in _LINE_BREAK.finditer(text)]
    for item in (*told["removed"], *told["flagged"]):
        start, end = item["span"]["start"], item["span"]["end"]
        item["text"] = text[start:end]
        # A span that begins with the white space around it is about the line of its first word.
        first = start + len(item["text"]) - len(item["text"].lstrip())
        item["line"] = 1 + bisect_right(breaks, first if first < end else start)
    return told


def counts(items: Iterable[Removal | Finding]) -> dict[str, int]:
    r"""Return how many items there are of each category, most frequent first.

    >>> from cleannews import clean
    >>> counts(clean("[ad_1]\n\nLeave a Comment\n\n[ad_2]").removed)
    {'placeholder': 2, 'comments': 1}
    """
    found = Counter(item.category for item in items)
    return dict(sorted(found.items(), key=lambda entry: (-entry[1], entry[0])))


def summary(result: CleanResult) -> str:
    r"""Return one line on what a result removed.

    >>> from cleannews import clean
    >>> text = "[ad_1]\n\nThe council voted on Monday to close the old bridge."
    >>> summary(clean(text))  # doctest: +ELLIPSIS
    'removed 1 piece (placeholder 1), confidence ...'
    """
    kinds = ", ".join(f"{name} {number}" for name, number in counts(result.removed).items())
    gone = f"removed {_number(len(result.removed), 'piece')} ({kinds})"
    parts = [gone if result.removed else "nothing to remove"]
    if result.flagged:
        parts.append(f"{len(result.flagged)} flagged and kept")
    return ", ".join([*parts, f"confidence {result.confidence:.2f}"])


def explain(result: CleanResult, *, color: bool = False, width: int = 100) -> str:
    r"""Return a view of the document in which every removal names rule, category and evidence.

    ``-`` marks a line that went, ``~`` one that lost a part (``[-like this-]``), ``?`` one that
    looks like boilerplate and was kept (``[?like this?]`` when it is a part). Long stretches of
    kept text are shortened; what went is always shown in full. Control and bidirectional characters
    are shown as escapes.

    Args:
        result: What `clean` returned.
        color: Add ANSI colours. Nothing is said by colour alone.
        width: Columns of the view, at least 40.

    >>> from cleannews import clean
    >>> text = "[ad_1]\n\nThe council voted on Monday to close the old bridge."
    >>> print(explain(clean(text)))  # doctest: +ELLIPSIS
      1 - [ad_1]
          ╰ placeholder/wp-automatic, 0.99: “[ad_1]”
      3   The council voted on Monday to close the old bridge.
    <BLANKLINE>
    Removed 1 piece: 8 of 60 characters (13%); confidence ...
      placeholder    1
    """
    return "\n".join(_View(result, color, max(width, NARROWEST)).draw())


class _View:
    """One drawing of one result: keeps what all parts of it need to know."""

    def __init__(self, result: CleanResult, color: bool, width: int) -> None:
        self.result = result
        self.color = color
        lines = list(lines_of(result))
        self.lines = lines
        self.digits = max(3, len(str(lines[-1].number)) if lines else 0)
        self.indent = " " * (self.digits + 3)
        self.room = width - len(self.indent)

    def draw(self) -> Iterator[str]:
        told: set[Fate] = set()
        kept: list[Line] = []
        for line in self.lines:
            if all(p.fate is None for p in line.pieces):
                kept.append(line)
                continue
            yield from self.kept_run(kept)
            kept = []
            yield from self.marked(line)
            for piece in line.pieces:
                if piece.fate is not None and piece.fate not in told:
                    told.add(piece.fate)
                    yield from self.reason(piece.fate)
        yield from self.kept_run(kept)
        yield from self.unseen(told)
        yield from self.closing()

    def paint(self, text: str, *codes: str) -> str:
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if self.color and text else text

    def gutter(self, number: int, mark: str, code: str) -> str:
        sign = self.paint(mark, _BOLD, code) if mark.strip() else mark
        return f"{self.paint(f'{number:{self.digits}d}', _DIM)} {sign} "

    def kept_run(self, lines: Sequence[Line]) -> Iterator[str]:
        shown = lines if len(lines) <= KEPT_RUN else (lines[0], lines[-1])
        for line in shown:
            text = "".join(p.span.of(self.result.document.text) for p in line.pieces)
            yield f"{self.gutter(line.number, ' ', _DIM)}{_shorten(text, self.room)}".rstrip()
            if line is lines[0] and len(shown) < len(lines):
                yield self.paint(f"{self.indent}⋮ {len(lines) - 2} lines kept", _DIM)

    def marked(self, line: Line) -> Iterator[str]:
        fates = {p.fate[0] if p.fate else "" for p in line.pieces}
        mark = "~" if "removed" in fates else "?"
        if fates == {"removed"}:
            mark = "-"
        cells: list[tuple[str, str]] = []
        for i, piece in enumerate(line.pieces):
            text = piece.span.of(self.result.document.text)
            if piece.fate is None:
                text = _context(text, before=i > 0, after=i < len(line.pieces) - 1)
                cells += [(c, "") for c in printable(text)]
                continue
            code = _STRUCK if piece.fate[0] == "removed" else _YELLOW
            shown = printable(text)
            if len(fates) > 1:
                sign = "-" if piece.fate[0] == "removed" else "?"
                shown = f"[{sign}{shown}{sign}]"
            cells += [(c, code) for c in shown]
        first = self.gutter(line.number, mark, _YELLOW if mark == "?" else _RED)
        for row in _wrap(cells, self.room):
            yield first + self.row(row)
            first = self.indent

    def row(self, cells: Sequence[tuple[str, str]]) -> str:
        drawn, at = [], 0
        while at < len(cells):
            end = at
            while end < len(cells) and cells[end][1] == cells[at][1]:
                end += 1
            text, code = "".join(c for c, _ in cells[at:end]), cells[at][1]
            drawn.append(self.paint(text, code) if code else text)
            at = end
        return "".join(drawn)

    def reason(self, fate: Fate) -> Iterator[str]:
        if fate is None:
            return
        kind, index = fate
        made: Removal | Finding = getattr(self.result, kind)[index]
        language = "" if made.language == "und" else f" ({made.language})"
        kept = "kept, looks like " if kind == "flagged" else ""
        told = f"{language}, {made.confidence:.2f}: {printable(made.evidence)}"
        cells = [(c, _DIM) for c in kept]
        cells += [(c, _CYAN) for c in printable(made.rule)]
        cells += [(c, _DIM) for c in told]
        corner = f"{self.indent}{self.paint('╰', _DIM)} "
        for row in _wrap(cells, self.room - 2):
            yield corner + self.row(row)
            corner = self.indent + "  "

    def unseen(self, told: set[Fate]) -> Iterator[str]:
        """What no line shows: removed white space, findings hidden behind others."""
        for kind in ("removed", "flagged"):
            for index, made in enumerate(getattr(self.result, kind)):
                if (kind, index) not in told:
                    place = f"characters {made.span.start}..{made.span.end}: "
                    text = printable(made.span.of(self.result.document.text))
                    for row in _wrap([(c, "") for c in f"{place}“{text}”"], self.room):
                        yield self.indent + self.row(row)
                    yield from self.reason((kind, index))

    def closing(self) -> Iterator[str]:
        result = self.result
        if self.lines:
            yield ""
        gone, length = covered([r.span for r in result.removed]), len(result.document.text)
        share = f"{gone / length:.0%}" if length else "0%"
        head = f"Removed {_number(len(result.removed), 'piece')}"
        head = head if result.removed else "Removed nothing"
        sizes = f"{gone:,} of {length:,} characters ({share})"
        yield f"{self.paint(head, _BOLD)}: {sizes}; confidence {result.confidence:.2f}"
        for title, items in (("", result.removed), ("Flagged and kept:", result.flagged)):
            told = counts(items)
            if title and told:
                yield title
            longest = max(map(len, told), default=0)
            for name, number in told.items():
                padding = " " * (longest - len(name))
                yield f"  {self.paint(printable(name), _CYAN)}{padding}  {number:>3}"
        for warning in result.warnings:
            text = printable(f"{warning.code}: {warning.detail}")
            yield f"{self.paint('Warning', _BOLD, _YELLOW)} {text}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _context(text: str, *, before: bool, after: bool) -> str:
    """Shorten kept text beside marked pieces; `before` and `after` tell on which sides they are."""
    if len(text) <= 2 * CONTEXT + 3:
        return text
    head = text[:CONTEXT] if before else ""
    tail = text[-CONTEXT:] if after else ""
    return f"{head} … {tail}" if head and tail else f"{head} …" if head else f"… {tail}"


def _shorten(text: str, room: int) -> str:
    """Return the start of a text that fits into `room` columns, with escapes."""
    kept: list[str] = []
    used = 0
    start = text[: 2 * room]
    for character in printable(start):
        used += _columns(character)
        kept.append(character)
        if used > room:
            while kept and used > room - 1:
                used -= _columns(kept.pop())
            return "".join(kept).rstrip() + "…"
    return "".join(kept) + ("…" if len(start) < len(text) else "")


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _wrap(cells: Sequence[tuple[str, str]], room: int) -> Iterator[Sequence[tuple[str, str]]]:
    """Yield rows that fit into `room` columns, broken at spaces where there are any."""
    start, used, space = 0, 0, -1
    for at, (character, _) in enumerate(cells):
        used += _columns(character)
        if character == " ":
            space = at
        if used > room and at > start:
            broken = space if space > start else at
            yield cells[start:broken]
            start, space = broken + (cells[broken][0] == " "), -1
            used = sum(_columns(c) for c, _ in cells[start : at + 1])
    yield cells[start:]
