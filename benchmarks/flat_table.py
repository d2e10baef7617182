"""The README's table: cleannews and its peers on labelled lines and on flattened pages, in one run.

    pip install jusText trafilatura && python benchmarks/flat_table.py [--sample SHARE] [--write]

Quality comes from the evaluation scripts, speed from interleaved runs on the same texts: CPU
seconds of one process, as a ratio to jusText. ``--write`` puts the table between the markers in
README.md. The row of cleannews is that of its rules alone: the learned scorer was trained on these
pages, and its honest figures come from ``cross_validated.py``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"
PEERS = ("identity", "length", "sentences", "justext", "trafilatura")
NAMES = {
    "identity": "nothing removed",
    "length": "lines of 80 characters or more",
    "sentences": "lines that end like a sentence",
    "justext": "jusText",
    "trafilatura": "trafilatura",
}
START, END = "<!-- table: benchmarks/flat_table.py -->", "<!-- end of table -->"
FORMAT = argparse.RawTextHelpFormatter


def run(script: str, adapter: str, extra: list[str]) -> dict[str, Any]:
    """Return an evaluation script's numbers for one adapter."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        command = [sys.executable, str(SHARED / "eval" / script), "--adapter", adapter, *extra]
        subprocess.run([*command, "--json", str(out)], check=True, stdout=subprocess.DEVNULL)
        result: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))[adapter]
    return result


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("--sample", default="1")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    lines = [
        "| | labelled: precision | recall | story words lost | pages: word F1 | harm | residue |",
        "|---|---|---|---|---|---|---|",
    ]
    for adapter in (str(HERE / "rules_only.py"), *PEERS):
        labelled = run("labelled.py", adapter, [])["groups"]["ALL"]
        flat = run("flat.py", adapter, ["--sample", args.sample])["groups"]["ALL"]
        name = NAMES.get(adapter, "**cleannews**, rules alone")
        cells = [
            labelled["coreP"],
            labelled["coreR"],
            labelled["keepLoss"],
            flat["wordF1"],
            flat["harm"],
        ]
        shown = " | ".join(f"{c:.3f}" for c in cells)
        lines.append(f"| {name} | {shown} | {statistics.fmean([flat['resMed']]):.0f} |")
        print(lines[-1], flush=True)
    table = "\n".join(lines)
    print(table)
    if args.write:
        path = HERE.parent / "README.md"
        text = path.read_text(encoding="utf-8")
        before, rest = text.split(START)
        after = rest.split(END)[1]
        path.write_text(f"{before}{START}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
