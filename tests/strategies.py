"""Texts for property tests: made of the rules' own examples, near misses and prose.

Random characters find little: what breaks promises is an example spliced into a block, two kinds
of gap side by side, a label without its value. So texts are put together from real pieces, and
pieces are now and then cut, glued or repeated.
"""

from __future__ import annotations

from hypothesis import strategies as st

from cleannews.boilerplate.shipped import shipped_rules

RULES, _ = shipped_rules()
MATCHES = sorted({e for r in RULES for e in r.match})
KEEPS = sorted({e for r in RULES for e in r.keep})
PROSE = [
    "The council voted on Monday to close the old bridge, which has carried trams since 1911.",
    "“We heard every side,” the mayor said, “and the river will not wait for us.”",
    "Repairs would cost 40 million crowns, the engineers wrote in a report of 60 pages.",
    "Nobody was hurt.",
    "Der Stadtrat stimmte am Montag dafür, die alte Brücke für den Verkehr zu sperren.",
    "Le conseil municipal a voté lundi la fermeture du vieux pont, ouvert en 1911.",
    "市议会周一投票决定关闭这座旧桥，该桥自一九一一年以来一直通行有轨电车，居民对此意见不一。",
    "صوّت المجلس البلدي يوم الاثنين على إغلاق الجسر القديم الذي افتتح عام 1911 أمام الترام.",
    "नगर परिषद ने सोमवार को पुराने पुल को बंद करने के लिए मतदान किया, जो 1911 से खुला था।",
    "Городской совет в понедельник проголосовал за закрытие старого моста, открытого в 1911 году.",
]
MARKDOWN = [
    '* [Home](/home "Home")',
    "[![logo](x.png)](/)",
    "![The bridge at dawn](https://harbour.example/a_b.jpg)",
    "[](https://harbour.example/share?a=1)",
    "## Council votes to *close* the bridge",
    "**Leave a Comment**",
    "[Leave a Comment](#respond)",
    "> She said that the [river](/river) would not wait for any of us.",
    "| Home | [News](/n) | Sport |",
    "By [Ana Ruiz](/authors/ana-ruiz) | [12 May 2021](/2021/05/12)",
    "[Source link](https://harbour.example/story)",
    "[ad_1](not a target) and ](/half) a [link",
    "\\[ad_1\\] \\(Reuters\\)",
]
HEADINGS = [
    "Council votes to close the old bridge",
    "What happens next",
    "Q: And the trams?",
    "1. A tower",
    "Harbour Daily",
    "Ana Ruiz",
    "12 May 2021",
    "Sep 14, 2023",
    "Summary",
]
GAPS = [
    "\n",
    "\n\n",
    "\n\n\n",
    "\r\n",
    "\r\n\r\n",
    " \n",
    "\n \t\n",
    "\u2028",
    "\x85",
    "\f",
    "\n\n\n\n",
]

pieces = st.one_of(
    st.sampled_from(MATCHES),
    st.sampled_from(MATCHES),
    st.sampled_from(KEEPS),
    st.sampled_from(PROSE),
    st.sampled_from(PROSE),
    st.sampled_from(HEADINGS),
    st.sampled_from(MARKDOWN),
    st.text(max_size=30),
)


@st.composite
def blocks(draw: st.DrawFn) -> str:
    """One block: a piece, or two spliced into one another."""
    piece = draw(pieces)
    if draw(st.integers(0, 3)):
        return piece
    other = draw(pieces)
    kind = draw(st.sampled_from(["after", "glued", "inside", "cut"]))
    if kind == "after":
        return f"{piece} {other}"
    if kind == "glued":
        return piece + other
    at = draw(st.integers(0, len(piece)))
    return piece[:at] + " " + other + " " + piece[at:] if kind == "inside" else piece[:at]


@st.composite
def long_lines(draw: st.DrawFn) -> str:
    """A line that lost its line breaks: prose, labels and titles joined by spaces."""
    parts = [PROSE[draw(st.integers(0, 5))] for _ in range(draw(st.integers(20, 34)))]
    for _ in range(draw(st.integers(0, 6))):
        parts.insert(draw(st.integers(0, len(parts))), draw(pieces))
    return draw(st.sampled_from([" ", " ", "  ", "\u3000"])).join(parts)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A whole text: blocks with gaps of all kinds, some of them repeated."""
    chosen = draw(st.lists(blocks(), max_size=14))
    if chosen and draw(st.integers(0, 3)) == 0:
        start = draw(st.integers(0, len(chosen) - 1))
        chosen += chosen[start : start + draw(st.integers(1, 5))]
    for _ in range(draw(st.sampled_from([0, 0, 0, 0, 1, 2]))):
        chosen.insert(draw(st.integers(0, len(chosen))), draw(long_lines()))
    made = draw(st.sampled_from(["", "", "\n", "  ", "\n\n"]))
    for block in chosen:
        made += block + draw(st.sampled_from(GAPS))
    return made + draw(st.sampled_from(["", "", "x", "\n\n"]))
