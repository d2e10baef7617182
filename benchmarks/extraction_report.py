"""What `extraction.py` measured, as Markdown tables for README and documentation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from extraction_runs import HERE, TOOLS
from paired import CJK, EMPTY, EXACT, MISSED, PARAGRAPHS, SEGMENTS, SHINGLES, WORDS, Measure

ARTICLES = "all articles"
HEADLINES: tuple[tuple[str, Measure], ...] = (
    ("scrapinghub", SHINGLES),
    ("wcxb", WORDS),
    ("fundus", WORDS),
    ("fundus_eval", PARAGRAPHS),
    ("trafilatura", SEGMENTS),
    ("magic_html articles", CJK),
)
"""The number that each set's own authors use."""
OVERALL = ((ARTICLES, WORDS), (ARTICLES, MISSED), (ARTICLES, EMPTY), ("scrapinghub", EXACT))
COMPARED = (
    *HEADLINES,
    ("fundus", SHINGLES),
    ("fundus_eval", SHINGLES),
    ("fundus_history", WORDS),
    ("magic_html forum", CJK),
    *OVERALL,
    (ARTICLES, EXACT),
)
OWN = "cleannews"
FAST = "cleannews_fast"
YARDSTICK = "trafilatura"
"""Whose speed is 1."""
TARGETS = (HERE.parent / "README.md", HERE.parent / "docs" / "explanation" / "extraction.md")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def shown(value: float | None, sign: str = "") -> str:
    """Return a number as the tables show it."""
    return "-" if value is None else f"{value:{sign}.3f}"


class Report:
    """The parts of the report, from what was measured."""

    def __init__(self, told: dict[str, Any], title: Callable[[str], str]) -> None:
        self.told, self.title = told, title

    def row(self, name: str, columns: Sequence[tuple[str, Measure]]) -> list[str]:
        """Return a run's numbers, the last cells its speed and peak memory."""
        quality = self.told["quality"].get(name)
        if not quality:
            return [TOOLS[name].title, "not measured yet", *["-"] * (len(columns) + 1)]
        cells = [shown(quality.get(group, {}).get(m.name)) for group, m in columns]
        speed = self.told["speed"].get(name, {}).get("ratio")
        memory = self.told["runs"][name]["peak_mib"]
        return [
            self.title(name),
            *cells,
            "-" if speed is None else f"{speed:.2f}",
            f"{memory:.0f}",
        ]

    def names(self) -> list[str]:
        """Return the runs in the order of the tables, ours first, measured or not."""
        found = list(self.told["quality"])
        return [*(n for n in (OWN, FAST) if n not in found), *found]

    def short(self) -> str:
        """Return the README's table."""
        columns = (*HEADLINES, (ARTICLES, MISSED))
        head = ["", *(f"{g}: {m.name}" for g, m in columns), f"speed, {YARDSTICK} = 1", "peak MiB"]
        rows = [self.row(n, columns) for n in self.names() if not n.endswith("_shipped")]
        return table(head, rows)

    def quality(self) -> str:
        """Return all headline numbers of all tools."""
        columns = (*HEADLINES, ("fundus_history", WORDS), ("magic_html forum", CJK), *OVERALL)
        head = ["", *(f"{g}: {m.name}" for g, m in columns), f"speed, {YARDSTICK} = 1", "peak MiB"]
        return table(head, [self.row(n, columns) for n in self.names()])

    def versions(self) -> str:
        """Return what was run."""
        told = [(n, r) for n, r in self.told["runs"].items() if not n.endswith("_shipped")]
        rows = [
            [TOOLS[n].title, r["version"], str(r["failures"]), f"{r['slowest_s']:.2f}"]
            for n, r in told
        ]
        return table(["", "version", "pages that it failed on", "slowest page, CPU seconds"], rows)

    def differences(self) -> str:
        """Return the differences to every peer; bold where the interval leaves zero out."""
        told = [d for d in self.told["differences"] if d["own"] == OWN]
        if not told:
            return "Not measured yet."
        peers = list(dict.fromkeys(d["peer"] for d in told))
        rows = []
        for group, measure in COMPARED:
            here = [d for d in told if (d["set"], d["measure"]) == (group, measure.name)]
            if not here:
                continue
            size = f"{here[0]['pages']} / {here[0]['sites']}"
            cells = {d["peer"]: self.cell(d) for d in here}
            less = ", less is better" if measure.less_is_better else ""
            rows.append([f"{group}: {measure.name}{less}", size, *(cells[p] for p in peers)])
        return table(["", "pages / sites", *(self.title(p) for p in peers)], rows)

    @staticmethod
    def cell(found: dict[str, Any]) -> str:
        """Return a difference with its interval."""
        mark = "**" if found["is_sure"] else ""
        value = found["ours"] - found["theirs"]
        return f"{mark}{value:+.3f}{mark} ({found['low']:+.3f} to {found['high']:+.3f})"

    def fast(self) -> str:
        """Return the differences of the quick way to trafilatura's two."""
        peers = (YARDSTICK, f"{YARDSTICK}_fast")
        told = [d for d in self.told["differences"] if d["own"] == FAST and d["peer"] in peers]
        if not told:
            return "Not measured yet."
        rows = {}
        for d in told:
            rows.setdefault(f"{d['set']}: {d['measure']}", {})[d["peer"]] = self.cell(d)
        cells = [[name, *(row.get(p, "-") for p in peers)] for name, row in rows.items()]
        return table(["", *(self.title(p) for p in peers)], cells)

    def losses(self) -> str:
        """Return every set and measure in which a peer has the better number."""
        told = [d for d in self.told["differences"] if d["own"] == OWN]
        if not told:
            return "Not measured yet."
        rows = [
            [
                f"{d['set']}: {d['measure']}",
                self.title(d["peer"]),
                shown(d["ours"]),
                shown(d["theirs"]),
                self.cell(d),
            ]
            for d in told
            if d["loses"]
        ]
        return table(["", "peer", "cleannews", "peer's", "difference"], rows) if rows else "None."

    def kinds(self) -> str:
        """Return word F1 by kind of page, ours and of the best peer."""
        rows = []
        for told in sorted(self.told["kinds"], key=lambda t: str(t["kind"])):
            scores = told["word F1"]
            peers = [n for n in scores if not TOOLS[n.removesuffix("_shipped")].scorer]
            best = max(peers, key=lambda n: scores[n], default=None)
            yard, ours = scores.get(YARDSTICK), scores.get(OWN)
            behind = "yes" if ours is not None and best and scores[best] > ours else ""
            rows.append(
                [
                    told["kind"].replace("<", "`<").replace(">", ">`"),
                    str(told["pages"]),
                    shown(ours),
                    shown(yard),
                    f"{shown(scores[best])}, {self.title(best)}" if best else "-",
                    behind,
                ]
            )
        head = ["articles with", "pages", "cleannews", YARDSTICK, "best peer", "cleannews behind"]
        return table(head, rows)

    def worst(self) -> str:
        """Return the pages that lose most to the best peer."""
        told = self.told["worst"]
        if not told:
            return "Not measured yet."
        rows = [
            [d["set"], d["host"], shown(d["ours"]), shown(d["theirs"]), self.title(d["peer"])]
            for d in told
        ]
        return table(["set", "site", "cleannews", "best peer's", "best peer"], rows)

    def parts(self) -> dict[str, str]:
        """Return all parts by the names of their markers."""
        made = (
            self.short,
            self.quality,
            self.differences,
            self.fast,
            self.losses,
            self.kinds,
            self.worst,
            self.versions,
        )
        return {part.__name__: part() for part in made}


def write(parts: dict[str, str]) -> None:
    """Put the parts between their markers, wherever these stand."""
    for path in TARGETS:
        text = path.read_text(encoding="utf-8")
        for name, part in parts.items():
            start = f"<!-- table: benchmarks/extraction.py {name} -->"
            end = f"<!-- end of {name} -->"
            if start in text:
                before, rest = text.split(start)
                text = f"{before}{start}\n{part}\n{end}{rest.split(end, 1)[1]}"
        path.write_text(text, encoding="utf-8")
