"""One extractor over all labelled pages, in a process of its own; and all of them in a race.

    python benchmarks/extraction_runs.py TOOL --cache DIR      # texts, CPU seconds, peak memory
    python benchmarks/extraction_runs.py --race 200 --cache DIR

`extraction.py` calls this for each tool that has no run in the cache yet. A run is two files:
``TOOL.jsonl.gz`` with the text of each page, ``TOOL.run.json`` with what else was measured. The
peers' runs stay good while versions and pages stay; those of cleannews are made anew each time.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import importlib
import json
import os
import platform
import random
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"
FORMAT = argparse.RawTextHelpFormatter
LAYOUT = "cleannews.boilerplate.block_scorer"
"""Module of the learned scorer of a page's blocks."""
SKIMS = "cleannews.boilerplate.skim_scorer"
"""Module of the learned scorer of the quick look."""
LINES = "cleannews.boilerplate.scorer"
"""Module of the learned scorer of a text's lines."""
WARM_UP = (
    "<html><body><article><h1>A page to warm up with</h1>"
    + "<p>The council voted on Monday to close the old bridge, which opened in 1911.</p>" * 9
    + "</article></body></html>",
    "https://example.org/bridge",
)


@dataclass(frozen=True, slots=True)
class Extractor:
    """A tool of the table.

    Attributes:
        title: What the tables call it.
        adapter: What the evaluation scripts call it.
        package: Distribution that it comes in.
        scorer: Function of `LAYOUT` that gives its model, empty for a peer.
    """

    title: str
    adapter: str
    package: str
    scorer: str = ""


OWN = f"{HERE / 'adapter.py'}:html_to_text"
TOOLS = {
    "cleannews": Extractor("**cleannews**", OWN, "cleannews", "model"),
    "cleannews_fast": Extractor("**cleannews**, fast", f"{OWN}_fast", "cleannews", "model"),
    "trafilatura": Extractor("trafilatura", "trafilatura", "trafilatura"),
    "trafilatura_fast": Extractor("trafilatura, fast", "trafilatura_fast", "trafilatura"),
    "trafilatura_precision": Extractor(
        "trafilatura, precision", "trafilatura_precision", "trafilatura"
    ),
    "readability": Extractor("readability-lxml", "readability", "readability-lxml"),
    "newspaper4k": Extractor("newspaper4k", "newspaper4k", "newspaper4k"),
    "goose3": Extractor("goose3", "goose3", "goose3"),
    "justext": Extractor("jusText", "justext", "jusText"),
    "resiliparse": Extractor("resiliparse", "resiliparse", "Resiliparse"),
    "boilerpy3": Extractor("boilerpy3", "boilerpy3", "boilerpy3"),
}
NOTHING = Extractor("reading the pages alone", f"{Path(__file__)}:nothing", "cleannews")


def nothing(html: str, url: str | None) -> str:
    """Extract nothing: what the harness costs."""
    return ""


def version_of(tool: Extractor) -> str:
    """Return the installed version of a tool's package, empty when there is none."""
    try:
        return version(tool.package)
    except PackageNotFoundError:
        return getattr(importlib.import_module("cleannews"), "__version__", "")


def labelled(kit: Any, data: Path, sample: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield set and record of every page with something to score."""
    yield from kit.labelled_pages(argparse.Namespace(data=data, sample=sample))


def load_kit(folder: Path) -> Any:
    """Return the evaluation script for pages.

    Raises:
        SystemExit: It is not there.
    """
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("pages")
    except ModuleNotFoundError:
        raise SystemExit(f"{folder}: no pages.py; name the evaluation kit with --eval") from None


def load_tool(kit: Any, tool: Extractor) -> Any:
    """Return a tool ready to be called, warmed up.

    Raises:
        LookupError: It is not installed, or cannot do what is asked.
    """
    ready = kit.common.Tool(tool.adapter, kit.ROLE)
    ready(*WARM_UP)
    if ready.error and ready.error.startswith(("ModuleNotFound", "ImportError", "TypeError")):
        raise LookupError(ready.error)
    ready.reset()
    return ready


def fold_models(folder: Path, module: str, function: str) -> Callable[[str], None]:
    """Return a function that makes cleannews use the model that has not seen a site.

    The only place that knows how a scorer comes by its model: `module` has ``read_model(path)``,
    and calls `function` whenever it scores.
    """
    from cross_validated import fold_of

    try:
        scorer = importlib.import_module(module)
    except ModuleNotFoundError:
        raise SystemExit(f"cleannews has no {module}; leave the models of its folds out") from None
    models = [scorer.read_model(path) for path in sorted(folder.glob("*.npz"))]
    if not models:
        raise SystemExit(f"{folder}: no models of the folds; the training script writes them")

    def use(site: str) -> None:
        chosen = models[fold_of(site, len(models))]
        setattr(scorer, function, lambda: chosen)

    return use


def site_of(page: dict[str, Any]) -> str:
    """Return the site of a page, the unit that is dealt into folds and drawn anew."""
    return str(page["site_key"])


def host_of(page: dict[str, Any]) -> str:
    """Return the host of a page, by which the flattened texts are dealt into folds."""
    return (urlsplit(page["url"] or "").hostname or site_of(page)).removeprefix("www.")


def peak_memory() -> float:
    """Return the most memory that this process has held, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # the other figure begins with what the parent process held
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fingerprint(data: Path, sample: float) -> str:
    """Return what tells one state of the pages from another."""
    sizes = [f"{p.name}:{p.stat().st_size}" for p in sorted(data.glob("pages.*.jsonl.gz"))]
    return f"{sample:g} " + " ".join(sizes)


def run(name: str, tool: Extractor, kit: Any, args: argparse.Namespace) -> None:
    """Extract every page and write the run into the cache."""
    uses: list[tuple[Callable[[str], None], Callable[[dict[str, Any]], str]]] = []
    if args.folds:
        uses.append((fold_models(args.folds, LAYOUT, tool.scorer), site_of))
    if args.skim_folds:
        uses.append((fold_models(args.skim_folds, SKIMS, "model"), site_of))
    if args.line_folds:
        uses.append((fold_models(args.line_folds, LINES, "model"), host_of))
    ready = load_tool(kit, tool)
    part = args.cache / f"{name}.part"
    with gzip.open(part, "wt", encoding="utf-8", errors="surrogatepass", compresslevel=6) as out:
        for dataset, page in labelled(kit, args.data, args.sample):
            for use, key in uses:
                use(key(page))
            text = ready(page["html"], page["url"])
            row = {
                "page": f"{dataset}/{page['id']}",
                "text": text if isinstance(text, str) else "",
                "error": ready.error,
                "sec": ready.last,
            }
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    part.replace(args.cache / f"{name}.jsonl.gz")
    told = {
        "tool": name,
        "version": version_of(tool),
        "python": platform.python_version(),
        "pages": fingerprint(args.data, args.sample),
        "peak_mib": peak_memory(),
        **ready.speed(),
    }
    (args.cache / f"{name}.run.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    print(ready.note("pages"), f"peak {told['peak_mib']:.0f} MiB")


def race(kit: Any, args: argparse.Namespace) -> None:
    """Time all tools page by page in this process, and write the seconds into the cache."""
    ready = {}
    for name in args.tools.split(",") if args.tools else TOOLS:
        try:
            ready[name] = load_tool(kit, TOOLS[name])
        except LookupError as why:
            print(f"{name} is left out: {why}", file=sys.stderr)
    pages = [page for _, page in labelled(kit, args.data, args.sample)]
    random.Random(5).shuffle(pages)
    pages = pages[: args.race]
    for page in pages[:5]:  # caches and lazy tables
        for tool in ready.values():
            tool(page["html"], page["url"])
    gc.collect()
    gc.freeze()
    names = list(ready)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for i, page in enumerate(pages):
        for k in range(len(names)):
            name = names[(k + i) % len(names)]  # nobody is always first
            gc.collect()  # nobody sweeps for another
            ready[name](page["html"], page["url"])
            seconds[name].append(ready[name].last)
    told = {"bytes": sum(map(kit.size, pages)), "seconds": seconds, "cores": os.cpu_count()}
    (args.cache / "race.json").write_text(json.dumps(told), encoding="utf-8")
    for name, spent in sorted(seconds.items(), key=lambda s: sum(s[1])):
        print(f"{name:24} {sum(spent):8.2f} CPU s, {len(spent) / sum(spent):6.1f} pages a second")


def read_run(cache: Path, name: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a run by page."""
    path = cache / f"{name}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8", errors="surrogatepass") as lines:
        return {row["page"]: row for row in map(json.loads, lines)}


def main() -> None:
    """Make one run, or a race."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("tool", nargs="?", choices=[*TOOLS, "nothing"])
    parser.add_argument("--name", help="what the run is called in the cache")
    parser.add_argument("--race", type=int, metavar="PAGES")
    parser.add_argument("--tools", help="who takes part in the race, separated by commas")
    parser.add_argument("--cache", type=Path, required=True, metavar="DIR")
    parser.add_argument("--folds", type=Path, metavar="DIR")
    parser.add_argument("--line-folds", type=Path, metavar="DIR")
    parser.add_argument("--skim-folds", type=Path, metavar="DIR")
    parser.add_argument("--data", type=Path, default=SHARED / "data", metavar="DIR")
    parser.add_argument("--eval", type=Path, default=SHARED / "eval", metavar="DIR")
    parser.add_argument("--sample", type=float, default=1.0, metavar="SHARE")
    args = parser.parse_args()
    kit = load_kit(args.eval)
    args.cache.mkdir(parents=True, exist_ok=True)
    if args.race:
        race(kit, args)
        return
    if not args.tool:
        parser.error("name a tool, or the pages of a race")
    tool = TOOLS.get(args.tool, NOTHING)
    try:
        run(args.name or args.tool, tool, kit, args)
    except LookupError as why:
        print(f"{args.tool} is left out: {why}", file=sys.stderr)
        raise SystemExit(3) from None


if __name__ == "__main__":
    main()
