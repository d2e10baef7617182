"""The evaluation gate: the package's numbers on labelled data must not fall below their floors.

    python benchmarks/gate.py [--data DIR] [--eval DIR] [--raise]

Runs the evaluation scripts on the adapter, reads the numbers that ``floors.json`` names, prints a
table and ends with 1 when one of them is on the wrong side of its floor. Two numbers always stand
together: boilerplate left in, and journalism lost. ``--raise`` moves floors up to what was
reached, never down; lowering one is an edit by hand, with a reason in the change's description.
The flattened pages are those that the learned scorer was trained on: their bounds watch the
machinery and measure no quality; ``cross_validated.py`` does. Without the data it says so and ends
with 0: the labelled texts are third-party and do not ship with the package.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"
FLOORS = HERE / "floors.json"
FORMAT = argparse.RawTextHelpFormatter


def run(script: Path, data: Path, extra: list[str]) -> dict[str, Any]:
    """Return the JSON result of one evaluation script for our adapter."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        adapter = str(HERE / "adapter.py")
        command = [sys.executable, str(script), "--adapter", adapter, "--data", str(data), *extra]
        subprocess.run([*command, "--json", str(out)], check=True, stdout=subprocess.DEVNULL)
        result: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))[adapter]
    return result


def number(result: dict[str, Any], path: str) -> float:
    """Return the number at a path; ``categories/<name>/recall`` looks a row up by its name."""
    value: Any = result
    steps = path.split("/")
    if steps[0] == "categories":
        value = next(r for r in result["categories"] if r["category"] == steps[1])
        steps = steps[2:]
    for step in steps:
        value = value[step]
    return float(value)


def main() -> None:
    """Run the gate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--eval", type=Path, default=SHARED / "eval")
    parser.add_argument("--raise", action="store_true", dest="lift")
    args = parser.parse_args()
    if not args.data.is_dir() or not args.eval.is_dir():
        print(f"no labelled data in {args.data.name}/: the gate was not run", file=sys.stderr)
        return
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    fell = False
    for name, part in floors.items():
        result = run(args.eval / part["script"], args.data, part["arguments"])
        for bound in part["bounds"]:
            got = number(result, bound["number"])
            least, most = bound.get("least"), bound.get("most")
            good = (least is None or got >= least) and (most is None or got <= most)
            fell = fell or not good
            limit = f">= {least}" if least is not None else f"<= {most}"
            print(f"{'ok  ' if good else 'FELL'} {name:10} {bound['number']:44} {got:.3f}  {limit}")
            if args.lift and least is not None and got > least:
                bound["least"] = int(got * 1000) / 1000
    if args.lift:
        FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
    sys.exit(fell)


if __name__ == "__main__":
    main()
