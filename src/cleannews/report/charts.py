"""Charts in plain HTML and inline SVG, each with its numbers as text."""

from __future__ import annotations

from collections.abc import Sequence

from cleannews.report.parts import plural

HEIGHT, TOP, BOTTOM = 190, 18, 26
"""Of the histogram, in CSS pixels: all of it, above the highest bar, below the axis."""


def histogram(counts: Sequence[int], *, label: str) -> str:
    """Return a histogram over 0 to 1 that is as wide as its place.

    Args:
        counts: Of bins of equal width.
        label: What is counted, for those who do not see it.

    >>> "10 records from 0.50 to 1.00" in histogram([0, 10], label="Confidence")
    True
    """
    bins, most, total = len(counts), max(counts, default=0), sum(counts)
    floor, scale = HEIGHT - BOTTOM, (HEIGHT - BOTTOM - TOP) / max(most, 1)
    size = f'width="100%" height="{HEIGHT}"'
    drawn = [f'<svg class="histogram" {size} role="img" aria-label="{label}: {_told(counts)}">\n']
    for share in (0.5, 1):
        y = floor - share * (floor - TOP)
        drawn.append(f'<line class="grid" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>')
        drawn.append(f'<text x="0" y="{y - 4:.1f}">{round(most * share):,}</text>\n')
    for i, count in enumerate(counts):
        # A bin with anything in it can be seen, however small its share.
        height = max(count * scale, 2) if count else 0
        low, high = i / bins, (i + 1) / bins
        words = f"{count:,} {plural(count, 'record')} from {low:.2f} to {high:.2f}"
        part = f" ({count / total:.1%})" if total else ""
        drawn.append(
            f'<rect x="{100 * low + 8 / bins:.2f}%" y="{floor - height:.1f}" '
            f'width="{84 / bins:.2f}%" height="{height:.1f}" rx="1.5">'
            f"<title>{words}{part}</title></rect>\n"
        )
    drawn.append(f'<line class="axis" x1="0" x2="100%" y1="{floor}" y2="{floor}"/>\n')
    for place, anchor in ((0.0, "start"), (0.25, "middle"), (0.5, "middle"), (0.75, "middle"),
                          (1.0, "end")):  # fmt: skip
        drawn.append(
            f'<text x="{100 * place:g}%" y="{HEIGHT - 8}" text-anchor="{anchor}">{place:g}</text>'
        )
    drawn.append("\n</svg>\n")
    return "".join(drawn)


def _told(counts: Sequence[int]) -> str:
    total = sum(counts)
    if not total:
        return "no records"
    below = sum(counts[: len(counts) // 2])
    highest = max(range(len(counts)), key=lambda i: counts[i])
    low, high = highest / len(counts), (highest + 1) / len(counts)
    return (
        f"{below:,} of {total:,} records are below 0.5; most, {counts[highest]:,}, are from "
        f"{low:.2f} to {high:.2f}. The numbers follow as a table."
    )


def histogram_table(counts: Sequence[int]) -> str:
    """Return the numbers of a histogram as a table; bins without anything are left out."""
    rows = "".join(
        f'<tr><th scope="row">{i / len(counts):.2f} – {(i + 1) / len(counts):.2f}</th>'
        f'<td class="number">{count:,}</td></tr>\n'
        for i, count in enumerate(counts)
        if count
    )
    return (
        '<table class="narrow"><thead><tr><th scope="col">Confidence</th>'
        f'<th scope="col" class="number">Records</th></tr></thead>\n<tbody>{rows}</tbody></table>\n'
    )


def bar(value: float, most: float) -> str:
    """Return a bar of the length that a value has beside the greatest one; its number stands by."""
    share = 100 * value / most if most else 0
    return f'<span class="bar" aria-hidden="true"><i style="width:{share:.1f}%"></i></span>'
