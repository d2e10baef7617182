"""Main text from HTML: cleannews and its peers on labelled pages, quality and speed.

    python benchmarks/extraction.py --cache DIR --folds DIR [--line-folds DIR] [--fast-folds DIR]
                                    [--skim-folds DIR] [--json FILE] [--write]

Every tool runs over all pages in a process of its own; what the peers gave is kept in the cache.
Scores are the evaluation script's. The figures of cleannews come from models that have not seen the
page's site (one for each fold, ``0.npz`` and so on; ``--line-folds`` the same for the scorer of
lines); beside them stands the model that ships, which was trained on these pages. Without
``--folds`` there is only the latter, and no comparison is fair. Differences are paired, with 95 %
intervals from drawing whole sites anew. Speed is the CPU time of all tools on the same pages, one
page after the other in one process. A peer that is not installed and not in the cache is left out.

The report is Markdown on stdout. ``--write`` puts its parts between the markers of README.md and
docs/explanation/extraction.md. Pages are told by set and host only: their texts are other people's.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import paired
from extraction_report import ARTICLES, COMPARED, FAST, OWN, YARDSTICK, Report, write
from extraction_runs import (
    FORMAT,
    HERE,
    SHARED,
    TOOLS,
    Extractor,
    fingerprint,
    host_of,
    labelled,
    load_kit,
    read_run,
    site_of,
    version_of,
)
from paired import WORDS

WORST = 20
"""Pages in the list of the largest losses."""
FEWEST = 10
"""Pages that a kind of page must have to be told of."""
LENGTHS = ((1000, "under 1,000"), (3000, "1,000 to 3,000"), (8000, "3,000 to 8,000"))
COMMENTS = re.compile(
    r"""<(?:div|section|ol|ul)[^>]{0,300}(?:id|class)=["'][^"'>]{0,200}"""
    r"""(?:comment-?list|comments-area|disqus_thread|commentlist|["' ]comments["' ])""",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Page:
    """What the report needs of a page.

    Attributes:
        key: Set and id.
        host: Whose page it is.
        site: The unit that is drawn anew.
        groups: Sets of pages that it counts in.
        kinds: Kinds of page that it is one of.
        rows: The scores of each tool.
    """

    key: str
    host: str
    site: str
    groups: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)


def groups_of(dataset: str, page: dict[str, Any]) -> tuple[str, ...]:
    """Return the sets of pages that a page counts in."""
    is_article = page["page_type"] == "article" and page["body"] is not None
    name = dataset
    if dataset == "magic_html":
        name = f"{dataset} {'articles' if is_article else 'forum'}"
    return (name, ARTICLES) if is_article else (name,)


def kinds_of(page: dict[str, Any]) -> Iterator[str]:
    """Yield the kinds that a page with a known body is one of."""
    body, html = page["body"], page["html"]
    if body is None:
        return
    if page["page_type"] != "article":
        yield "forum"
        return
    size = len("".join(body.split()))
    band = next((words for end, words in LENGTHS if size < end), "8,000 and more")
    yield f"body of {band} characters"
    language = page["lang"]
    yield "English" if language == "en" else "other languages" if language else "language not told"
    lines = [len(line) for line in body.split("\n") if line.strip()]
    if lines and statistics.median(lines) < 60:
        yield "body of short lines (median under 60 characters)"
    if COMMENTS.search(html):
        yield "readers' comments in the page"
    articles = len(re.findall(r"<article\b", html, re.IGNORECASE))
    yield "no <article>" if not articles else "one <article>" if articles == 1 else "more <article>"
    if len(re.findall(r"<p\b", html, re.IGNORECASE)) < 3:
        yield "fewer than three <p>"


def cached(cache: Path, name: str) -> dict[str, Any]:
    """Return what the cache knows of a run, nothing when it has none."""
    path = cache / f"{name}.run.json"
    if not path.exists() or not (cache / f"{name}.jsonl.gz").exists():
        return {}
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def is_fresh(told: dict[str, Any], tool: Extractor, args: argparse.Namespace) -> bool:
    """Tell whether a run in the cache is of these pages and of the installed version."""
    if not told or told["pages"] not in (
        fingerprint(args.data, 1.0),
        fingerprint(args.data, args.sample),
    ):
        return False
    return args.reuse if tool.scorer else version_of(tool) in ("", told["version"])


def make_run(name: str, as_name: str, extra: list[str], args: argparse.Namespace) -> bool:
    """Let a tool run in a process of its own; False when it cannot."""
    command = [sys.executable, str(HERE / "extraction_runs.py"), name, "--name", as_name]
    command += ["--cache", str(args.cache), "--data", str(args.data), "--eval", str(args.eval)]
    command += ["--sample", str(args.sample), *extra]
    done = subprocess.run(command, check=False, stdout=sys.stderr)
    if done.returncode not in (0, 3):
        raise SystemExit(f"{name}: the run ended with {done.returncode}")
    return done.returncode == 0


def runs(args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Return all runs of the report, made or found, with what is known of each."""
    args.cache.mkdir(parents=True, exist_ok=True)
    lines = ["--line-folds", str(args.line_folds)] if args.line_folds else []
    folds = {OWN: args.folds, FAST: args.fast_folds}
    found = {}
    for name in args.tools.split(",") if args.tools else TOOLS:
        tool = TOOLS[name]
        wanted: list[tuple[str, list[str]]] = [(name, [])]
        if folds.get(name):
            wanted = [(name, ["--folds", str(folds[name]), *lines]), (f"{name}_shipped", [])]
            if name == FAST and args.skim_folds:
                wanted[0][1].extend(["--skim-folds", str(args.skim_folds)])
        for as_name, extra in wanted:
            told = cached(args.cache, as_name)
            if not is_fresh(told, tool, args):
                if not make_run(name, as_name, extra, args):
                    continue
                told = cached(args.cache, as_name)
            found[as_name] = told
    return found


def title_of(name: str, args: argparse.Namespace) -> str:
    """Return what the tables call a run."""
    plain = name.removesuffix("_shipped")
    if plain == name and {OWN: args.folds, FAST: args.fast_folds}.get(name, True):
        return TOOLS[name].title
    return f"{TOOLS[plain].title}, trained on these pages"


def known_rows(kit: Any, cache: Path, name: str) -> tuple[Path, str, dict[str, Any]]:
    """Return where the scores of a run are kept, what they belong to, and the scores if any."""
    sources = [Path(kit.__file__), Path(kit.common.__file__), cache / f"{name}.run.json"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    path = cache / f"{name}.rows.json"
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return path, digest, told["rows"] if told.get("of") == digest else {}


def score(kit: Any, found: dict[str, Any], args: argparse.Namespace) -> list[Page]:
    """Return all pages with the scores of all runs; scores of the same run are made once."""
    kept = {name: known_rows(kit, args.cache, name) for name in found}
    fresh = {name: read_run(args.cache, name) for name, (*_, rows) in kept.items() if not rows}
    pages = []
    for dataset, record in labelled(kit, args.data, args.sample):
        key = f"{dataset}/{record['id']}"
        page = Page(
            key, host_of(record), site_of(record), groups_of(dataset, record), (*kinds_of(record),)
        )
        for name, (_, _, rows) in kept.items():
            if name in fresh:
                run = fresh[name][key]
                row = rows[key] = kit.score_page(record, run["text"])
                row |= {"failed": bool(run["error"]), "sec": run["sec"], "bytes": kit.size(record)}
                if record["body"] is None or record["body"].strip():
                    row["story"] = row["empty"]
            page.rows[name] = rows[key]
        pages.append(page)
    for name, (path, digest, rows) in kept.items():
        if name in fresh and len(rows) == len(fresh[name]):
            path.write_text(json.dumps({"of": digest, "rows": rows}), encoding="utf-8")
    return pages


def in_group(pages: list[Page], group: str) -> list[Page]:
    """Return the pages of a set."""
    return [page for page in pages if group in page.groups]


def qualities(kit: Any, pages: list[Page], names: Sequence[str]) -> dict[str, Any]:
    """Return all numbers of all sets, ours and the evaluation script's, which must agree."""
    told: dict[str, Any] = {}
    for name in names:
        for group in dict.fromkeys(g for page in pages for g in page.groups):
            rows = [page.rows[name] for page in in_group(pages, group)]
            numbers = kit.summarise(rows)
            for measure in {m for _, m in COMPARED}:
                value = paired.number(measure, rows)
                if value is not None and measure.key:
                    assert abs(value - numbers[measure.key]) < 1e-9, (name, group, measure.name)
                numbers[measure.name] = value
            told.setdefault(name, {})[group] = numbers
    return told


def differences(pages: list[Page], own: str, peers: Sequence[str]) -> list[dict[str, Any]]:
    """Return the difference of one of our runs to each peer, by set and measure."""
    told = []
    for group, measure in COMPARED:
        chosen = in_group(pages, group)
        sites = [page.site for page in chosen]
        for peer in peers:
            found = paired.difference(
                measure, [p.rows[own] for p in chosen], [p.rows[peer] for p in chosen], sites
            )
            if found:
                sign = -1 if measure.less_is_better else 1
                told.append(
                    {"own": own, "peer": peer, "set": group, "measure": measure.name}
                    | asdict(found)
                    | {"loses": sign * (found.ours - found.theirs) < 0, "is_sure": found.is_sure}
                )
    return told


def kinds(pages: list[Page], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the mean word F1 of every run on every kind of page."""
    told = []
    for kind in dict.fromkeys(k for page in pages for k in page.kinds):
        chosen = [page for page in pages if kind in page.kinds]
        if len(chosen) >= FEWEST:
            scores = {n: paired.number(WORDS, [p.rows[n] for p in chosen]) for n in names}
            told.append({"kind": kind, "pages": len(chosen), "word F1": scores})
    return told


def worst(pages: list[Page], own: str, peers: Sequence[str]) -> list[dict[str, Any]]:
    """Return the pages that lose most word F1 to the best of the peers."""
    told = []
    for page in pages:
        if "word" in page.rows[own] and peers:
            best = max(peers, key=lambda peer: page.rows[peer]["word"][2])
            ours, theirs = (page.rows[name]["word"][2] for name in (own, best))
            host, dataset = page.host, page.key.split("/")[0]
            told.append(
                {"set": dataset, "host": host, "ours": ours, "theirs": theirs, "peer": best}
            )
    return sorted(told, key=lambda t: t["ours"] - t["theirs"])[:WORST]


def race(args: argparse.Namespace) -> dict[str, Any]:
    """Time all tools against each other, or return the last race when none is wanted."""
    if args.race:
        command = [sys.executable, str(HERE / "extraction_runs.py"), "--race", str(args.race)]
        command += ["--cache", str(args.cache), "--data", str(args.data), "--eval", str(args.eval)]
        command += ["--tools", args.tools] if args.tools else []
        subprocess.run(command, check=True, stdout=sys.stderr)
    path = args.cache / "race.json"
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"seconds": {}}
    first = told["seconds"].get(YARDSTICK)
    speeds = {}
    for name, spent in told["seconds"].items():
        total = sum(spent)
        speeds[name] = {"pages": len(spent), "cpu_s": total, "mb_s": told["bytes"] / 1e6 / total}
        if first:
            low, high = paired.ratio_interval(spent, first)
            median = statistics.median(f / max(s, 1e-9) for f, s in zip(first, spent, strict=True))
            speeds[name] |= {"ratio": sum(first) / total, "low": low, "high": high}
            speeds[name]["median_ratio"] = median
    return speeds


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("--cache", type=Path, required=True, metavar="DIR")
    parser.add_argument("--folds", type=Path, metavar="DIR", help="models of the folds")
    parser.add_argument("--line-folds", type=Path, metavar="DIR", help="those of lines")
    parser.add_argument("--fast-folds", type=Path, metavar="DIR", help="those of the quick way")
    parser.add_argument("--skim-folds", type=Path, metavar="DIR", help="those of its quick look")
    parser.add_argument("--tools", metavar="NAME[,NAME]", help=f"some of {', '.join(TOOLS)}")
    parser.add_argument("--race", type=int, default=200, metavar="PAGES", help="0: the last race")
    parser.add_argument("--reuse", action="store_true", help="do not run cleannews anew")
    parser.add_argument("--data", type=Path, default=SHARED / "data", metavar="DIR")
    parser.add_argument("--eval", type=Path, default=SHARED / "eval", metavar="DIR")
    parser.add_argument("--sample", type=float, default=1.0, metavar="SHARE")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    kit = load_kit(args.eval)
    found = runs(args)
    pages = score(kit, found, args)
    peers = [name for name in found if name in TOOLS and not TOOLS[name].scorer]
    own = [name for name in (OWN, FAST) if name in found]
    told = {
        "runs": found,
        "quality": qualities(kit, pages, list(found)),
        "differences": [d for name in own for d in differences(pages, name, peers)],
        "kinds": kinds(pages, list(found)),
        "worst": worst(pages, OWN, peers) if OWN in found else [],
        "speed": race(args),
    }
    parts = Report(told, lambda name: title_of(name, args)).parts()
    for name, part in parts.items():
        print(f"## {name}\n\n{part}\n")
    if args.write:
        write(parts)
    if args.json:
        args.json.write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
