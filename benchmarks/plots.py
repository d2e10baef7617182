"""The scorer's two pictures in the documentation, from what `cross_validated.py` measured.

    python benchmarks/cross_validated.py FOLDER --json FILE && python benchmarks/plots.py FILE

Writes ``docs/explanation/reliability.svg`` (confidence of removals against the share that was
right) and ``docs/explanation/dial.svg`` (harm against residue). Plain SVG by hand: two small
pictures need no plotting library, and the same figures give the same file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "docs" / "explanation"
WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 520, 320, 64, 48, 16, 20
STYLE = "font-family:system-ui,sans-serif;font-size:12px;fill:#57606a"
INK = "#0a7d70"


class Picture:
    """A chart with two axes; x and y run over the given ranges."""

    def __init__(self, title: str, x: tuple[float, float], y: tuple[float, float]) -> None:
        self.x, self.y = x, y
        self.parts = [f"<title>{title}</title>"]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of a value in the picture."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return (
            round(LEFT + across * (WIDTH - LEFT - RIGHT), 1),
            round(HEIGHT - BOTTOM - up * (HEIGHT - BOTTOM - TOP), 1),
        )

    def text(self, x: float, y: float, words: str, anchor: str = "middle") -> None:
        """Add words at a place of the picture."""
        self.parts.append(f'<text x="{x}" y="{y}" text-anchor="{anchor}">{words}</text>')

    def axes(self, xs: list[float], ys: list[float], x_name: str, y_name: str) -> None:
        """Add ticks, grid and names."""
        for value in xs:
            x, y = self.at(value, self.y[0])
            self.text(x, y + 18, f"{value:g}")
            self.line([(value, self.y[0]), (value, self.y[1])], "#d0d7de")
        for value in ys:
            x, y = self.at(self.x[0], value)
            self.text(x - 8, y + 4, f"{value:g}", "end")
            self.line([(self.x[0], value), (self.x[1], value)], "#d0d7de")
        self.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, x_name)
        middle = (TOP + HEIGHT - BOTTOM) / 2
        self.parts.append(
            f'<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle">'
            f"{y_name}</text>"
        )

    def line(self, points: list[tuple[float, float]], color: str, dash: str = "") -> None:
        """Add a line through values."""
        path = " ".join(f"{x},{y}" for x, y in (self.at(*p) for p in points))
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{color}"{dashed}/>')

    def dot(self, x: float, y: float, size: float, label: str = "") -> None:
        """Add a dot, with a label beside it."""
        a, b = self.at(x, y)
        self.parts.append(f'<circle cx="{a}" cy="{b}" r="{size:.1f}" fill="{INK}"/>')
        if label:
            self.text(a + 8, b - 8, label, "start")

    def write(self, path: Path) -> None:
        """Write the file."""
        body = "\n".join(self.parts)
        path.write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'style="background:#fff;{STYLE}">\n{body}\n</svg>\n',
            encoding="utf-8",
        )


def main() -> None:
    """Draw both pictures."""
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    picture = Picture("Confidence of removals and the share that was right", (0.4, 1), (0.4, 1))
    ticks = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    picture.axes(ticks, ticks, "confidence of the removal", "share that is boilerplate")
    picture.line([(0.4, 0.4), (1, 1)], "#57606a", "4 4")
    bins = [(low, count, right) for low, (count, right) in told["bins"] if count]
    ends = [*(low for low, *_ in bins[1:]), 1.0]
    dots = [
        ((low + end) / 2, right / count, count)
        for (low, count, right), end in zip(bins, ends, strict=True)
    ]
    picture.line([(x, y) for x, y, _ in dots], INK)
    for x, y, count in dots:
        picture.dot(x, y, 3 + min(6, count / 60_000))
    picture.write(TARGET / "reliability.svg")

    most = max(residue for _, _, residue, _ in told["dial"])
    top = 20 * (int(most) // 20 + 1)
    picture = Picture("Words left in against stories damaged", (0, 0.24), (0, top))
    picture.axes(
        [0, 0.04, 0.08, 0.12, 0.16, 0.2, 0.24],
        [float(v) for v in range(0, top + 1, 20)],
        "harm: share of texts that lose more than 5 % of their body",
        "residue: median words left beyond the body",
    )
    picture.line([(harm, residue) for _, harm, residue, _ in told["dial"]], INK)
    for threshold, harm, residue, _ in told["dial"]:
        picture.dot(harm, residue, 4, f"{threshold:g}")
    picture.write(TARGET / "dial.svg")


if __name__ == "__main__":
    main()
