"""Given names: what tells a by-line without a cue from any other short line."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

CHINESE_NAME = 3
"""Ideographs of most Chinese names: a surname of one and two more."""
_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊赵趙吴吳徐孙孫朱胡郭罗羅郑鄭梁谢謝宋许許韩韓冯馮邓鄧曹彭曾肖萧蕭董袁潘蒋蔣蔡"
    "吕呂沈姚卢盧姜崔钟鍾谭譚汪廖韦韋贾賈邹鄒孟熊秦邱尹薛闫侯陶贺賀顾顧郝龚龔邵覃戴莫孔汤湯"
)
"""Common Chinese surnames that no common word of three ideographs begins with."""


@cache
def given_names() -> frozenset[str]:
    """Return common given names of many languages, lower case."""
    path = files("cleannews.metadata").joinpath("given.toml")
    table: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))
    return frozenset(name for names in table.values() for name in names.split())


def begins_with_given_name(name: str) -> bool:
    """Tell whether a name begins with a common given name; of two joined ones the first counts.

    In Chinese the surname stands first, and tells as much.

    >>> begins_with_given_name("Ana Ruiz"), begins_with_given_name("Jean-Luc Roux")
    (True, True)
    >>> begins_with_given_name("王小明")
    True
    >>> begins_with_given_name("Daily Mail")
    False
    """
    words = name.split()
    if not words:
        return False
    if name[0] in _SURNAMES:
        return len(name) == CHINESE_NAME
    first = words[0].casefold().strip(".,")
    return first in given_names() or first.split("-")[0] in given_names()
