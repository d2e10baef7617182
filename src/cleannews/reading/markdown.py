"""What a reader sees of a line of Markdown: its words without marks, link targets and pictures.

Only what cannot be prose is taken for Markdown: a bracket with a target behind it, emphasis that
opens and closes around words, an escaped mark, and the marks that open a heading, a quotation or a
table row. Brackets, asterisks and underscores that stand otherwise are text.

One walk over the line from mark to mark; every mark is looked at once.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_MARK = re.compile(r"!?\[|\]\(|\]|\\[!-/:-@\[-`{-~]|\*++|_++|<(?=https?://)[^\s<>]{1,2000}>")
# What a link points to, with a title behind it or not.
_TARGET = re.compile(
    r"\s*+(?P<where><[^<>]{0,2000}>|[^\s()<>]*+(?:\([^\s()]*+\)[^\s()]*+)*+)"
    r"(?:\s++(?:\"[^\"]{0,400}\"|'[^']{0,400}'|\([^()]{0,400}\)))?+\s*+\)"
)
# Some tools write addresses with spaces in them.
_LOOSE_TARGET = re.compile(r"\s*+(?:https?://|/|data:|mailto:|javascript:)[^()]{0,400}\)")
_OPENING = re.compile(r"(?P<quote>(?:>\s{0,3})*+)(?P<heading>#{1,6}\s++)?")
_CLOSING_HEADING = re.compile(r"\s++#{1,6}$")
_BULLET = re.compile(r"[*+-]\s++(?=\S)")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]++")
_OPENERS = "#>|"
_SIGNS_AT_START = "#>|*+-"


class Seen(NamedTuple):
    """What a reader sees of a line.

    Attributes:
        shown: The words; never empty.
        links: Share, 0..1, of their characters that are a link's.
        mark: What opens the line: ``#`` to ``######`` a heading, ``>`` a quotation, ``|`` a table
            row, ``*``, ``+`` or ``-`` an entry of a list, ``!`` pictures or links without words
            and nothing else; else nothing.
    """

    shown: str
    links: float
    mark: str


def is_bare(line: str) -> bool:
    """Tell quickly that a line holds no sign of Markdown and no address; False is no proof.

    What is seen of a bare line is the line: no share of links, no mark.
    """
    return not (
        line[0] in _SIGNS_AT_START
        or "*" in line
        or "_" in line
        or "]" in line
        or "\\" in line
        or "<" in line
        or (":" in line and "://" in line)
        or "www." in line
    )


def seen_of(line: str) -> Seen:
    r"""Return what a reader sees of a line without surrounding white space.

    >>> seen_of('* [Home](/home "Home") and **more**')
    Seen(shown='* Home and more', links=0.307..., mark='*')
    >>> seen_of("The rule [sic] is 2 * 3, *not less.").shown
    'The rule [sic] is 2 * 3, *not less.'
    """
    first = line[0]
    mark = first if first in "*+-" and _BULLET.match(line) else ""
    if not (
        "](" in line
        or first in _OPENERS
        or "*" in line
        or "_" in line
        or "\\" in line
        or "<http" in line
    ):
        return Seen(line, _share_of_urls(line), mark)
    start = 0
    if first in "#>":
        opening = _OPENING.match(line)
        if opening and opening.end() < len(line):
            start = opening.end()
            mark = (opening["heading"] or "").rstrip() or (">" if opening["quote"] else "")
    elif first == "|" and line.strip("|-: \t"):
        mark = "|"
    walk = _Walk(line, start)
    shown = " ".join("".join(walk.out).split())
    if mark == "|":
        shown = shown.strip("| ") or shown
    elif mark[:1] == "#":
        shown = _CLOSING_HEADING.sub("", shown)
    if not any(map(str.isalnum, shown)):
        if alts := " ".join(" ".join(walk.pictures).split()):
            return Seen(alts, float(walk.has_link), "!")
        # Nothing to read: an empty link, a separator. It is shown as it is, so that it is judged.
        is_link = walk.has_link or bool(walk.pictures)
        return Seen(line, float(is_link), "!" if is_link else mark)
    if shown == line:
        return Seen(line, _share_of_urls(line), mark)
    if not walk.linked:
        return Seen(shown, _share_of_urls(shown), mark)
    bullet = _BULLET.match(shown)
    return Seen(shown, min(1.0, walk.linked / (len(shown) - (bullet.end() if bullet else 0))), mark)


def _share_of_urls(text: str) -> float:
    if "://" not in text and "www." not in text:
        return 0.0
    return sum(m.end() - m.start() for m in _URL.finditer(text)) / len(text)


class _Walk:
    """One walk over a line, which takes out what a reader does not see."""

    def __init__(self, line: str, start: int) -> None:
        self.line = line
        self.out: list[str] = []
        self.pictures: list[str] = []
        self.linked = 0  # characters of link text
        self.has_link = False
        self._open: list[tuple[int, bool]] = []  # where a bracket opened in `out`; a picture's?
        self._emphasis: dict[str, list[int]] = {}
        self._since = 0  # where in `out` the text behind the last link begins
        at = start
        bullet = _BULLET.match(line, start)
        if bullet:
            self.out.append(bullet.group())
            self._since, at = 1, bullet.end()
        while m := _MARK.search(line, at):
            if m.start() > at:
                self.out.append(line[at : m.start()])
            at = self._take(m)
        self.out.append(line[at:])

    def _take(self, m: re.Match[str]) -> int:
        """Take one mark; return where the text goes on."""
        mark, out = m.group(), self.out
        if mark in ("[", "!["):
            self._open.append((len(out), mark == "!["))
            out.append(mark)
        elif mark == "](":
            if target := self._target(m.end()):
                self._close()
                return target
            self._unopen()
            out.append("]")
            return m.end() - 1
        elif mark == "]":
            self._unopen()
            out.append(mark)
        elif mark[0] == "\\":
            out.append(mark[1])
        elif mark[0] == "<":
            out.append(mark[1:-1])
            self.linked += len(mark) - 2
            self.has_link = True
        else:
            self._emphasise(m)
        return m.end()

    def _target(self, at: int) -> int:
        """Return where a link's target ends, 0 when there is none."""
        m = _TARGET.match(self.line, at)
        if m is not None:
            where = m["where"]
            is_target = not where or not where.isalnum()
            return m.end() if is_target and (self._open or len(where) > 1) else 0
        m = _LOOSE_TARGET.match(self.line, at)
        return m.end() if m else 0

    def _unopen(self) -> None:
        if self._open:
            self._open.pop()

    def _close(self) -> None:
        """A bracket with a target ends here: a picture goes, a link's words stay."""
        out = self.out
        start, is_picture = self._open.pop() if self._open else (self._since, False)
        if is_picture:
            self.pictures.append("".join(out[start + 1 :]))
            del out[start:]
            out.append(" ")
            return
        if start < len(out) and out[start] == "[":
            out[start] = ""
        text = "".join(out[start:])
        self.linked += len(" ".join(text.split()))
        self.has_link = True
        self._since = len(out)
        self._open.clear()

    def _emphasise(self, m: re.Match[str]) -> None:
        """Take out two marks that stand around words."""
        mark, line, out = m.group(), self.line, self.out
        before = line[m.start() - 1 : m.start()]
        after = line[m.end() : m.end() + 1]
        opened = self._emphasis.setdefault(mark, [])
        closes = bool(before) and not before.isspace() and (mark[0] == "*" or not after.isalnum())
        if len(mark) <= 3 and opened and closes:
            k = opened.pop()
            if k < len(out) and out[k] == mark:
                out[k] = ""
                return
        elif len(mark) <= 3 and after and not after.isspace() and not before.isalnum():
            opened.append(len(out))
        out.append(mark)
