"""Rebuild ``src/cleannews/metadata/models.json``: what chooses titles, authors and dates.

    python training/metadata.py --data DATA [--rows ROWS] [--only html|text] [--report FILE]

Reads the labelled pages (``pages.<set>.jsonl.gz``) and their flat texts
(``text.<set>.<style>.jsonl.gz``) in DATA. For each field one set of oblivious trees learns which
candidate is right. Every figure it
prints and the calibration come from five folds grouped by site: no page is judged by trees that saw
its site. The seeds are fixed; the same data and library give the same file.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import pickle
import re
import sys
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from catboost import CatBoostClassifier

from cleannews.boilerplate.detect import detect_page, findings_of
from cleannews.boilerplate.matching import matcher_of
from cleannews.boilerplate.rulebook import load_rulebook
from cleannews.metadata.anchors import anchors_of
from cleannews.metadata.authors import name_groups, told_names
from cleannews.metadata.flat import captured_authors, captured_dates, captured_names
from cleannews.metadata.flat_title import TextIdentity, TitleCandidates, seen_of
from cleannews.metadata.flat_title import text_titles as title_candidates
from cleannews.metadata.identity import Identity
from cleannews.metadata.jsonld import Items
from cleannews.metadata.merge import FURTHER, is_refused, title_line_of
from cleannews.metadata.page import look
from cleannews.metadata.published import day_groups, stated_dates
from cleannews.metadata.title import title_groups
from cleannews.metadata.words import key
from cleannews.options import CleanOptions
from cleannews.reading.html import parse_html
from cleannews.reading.plain import read_plain

TARGET = Path(__file__).parent.parent / "src" / "cleannews" / "metadata" / "models.json"
SETS = ("trafilatura", "wcxb", "fundus", "fundus_history", "htmldate")
FOLDS = 5
WEIGHTS = {"fundus": 2.0, "fundus_history": 2.0, "trafilatura": 1.3}
COMMON: dict[str, Any] = {"depth": 6, "l2_leaf_reg": 6, "border_count": 64}
ONE: dict[str, Any] = {"learning_rate": 0.08}
DRAWN: dict[str, Any] = {
    "learning_rate": 0.12,
    "rsm": 0.4,
    "bootstrap_type": "Bernoulli",
    "subsample": 0.7,
}
SETS_OF_TREES: dict[str, tuple[int, int, dict[str, Any]]] = {
    "title": (4, 80, DRAWN),
    "author": (8, 80, DRAWN),
    "date": (1, 150, ONE),
    "text-title": (1, 240, ONE | {"learning_rate": 0.06}),
    "text-author": (4, 80, DRAWN),
    "text-date": (1, 140, ONE | {"learning_rate": 0.1}),
}
"""For each field: how many sets of trees are averaged, trees in each, and their settings. Several
sets see other draws of rows and columns, which helped titles and authors of pages and nothing else.
"""
THRESHOLDS = {
    "title": 0.0,
    "author": 0.45,
    "date": 0.1,
    "text-title": 0.02,
    "text-author": 0.13,
    "text-date": 0.15,
}
TEXT_SHARE = 0.34
"""Share of the flat texts that are learned from: every page comes in five or six styles."""
WRONG_MORE = 2
"""Wrong values added to each step of the calibration: it had better promise too little."""
REFUSED = -2
"""Stands in for the line of a name that the package never gives, whatever the trees say."""
IGNORED = {"year"}


class Row(NamedTuple):
    """The candidates of one page for one field."""

    group: str
    site: str
    page: str
    truth: Any
    candidates: list[tuple[str, dict[str, float], bool, int]]


def pages(data: Path) -> Iterator[dict[str, Any]]:
    """Yield labelled pages."""
    for name in SETS:
        path = data / f"pages.{name}.jsonl.gz"
        if path.exists():
            with gzip.open(path, "rt", encoding="utf-8", errors="surrogatepass") as lines:
                for line in lines:
                    page = json.loads(line)
                    if page.get("meta"):
                        yield page


def sample(name: str) -> float:
    """Return a fixed number in 0..1 for a name."""
    return int(hashlib.sha1(name.encode()).hexdigest()[:8], 16) / 2**32  # noqa: S324


def fold_of(site: str) -> int:
    """Return the fold of a site."""
    return int(hashlib.sha1(f"x{site}".encode()).hexdigest(), 16) % FOLDS  # noqa: S324


# ------------------------------------------------------------------ is a candidate right?
_SPLIT = re.compile(
    r"\s*(?:;|\||•|·|/|\n|\t|,|\s&\s|\s\+\s|\band\b|\bund\b|\bet\b|\by\b|\bwith\b|\bmit\b)\s*", re.I
)


def plain_name(name: str) -> str:
    """Return the form in which names are compared."""
    name = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    name = re.sub(r"^(?:by|von|par|por|di|dr|prof)\.?\s+", "", name)
    return " ".join(sorted(re.sub(r"[^\w ]+", " ", name).split()))


def true_names(values: list[str] | None) -> list[str]:
    """Return the names that a label means."""
    found = []
    for value in values or []:
        for part in _SPLIT.split(value):
            if (name := plain_name(part)) and name not in found:
                found.append(name)
    return found


def alike(a: str, b: str) -> bool:
    """Tell whether two names are one."""
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity(a, b) >= 0.9


def all_right(names: list[str], truth: list[str]) -> bool:
    """Tell whether the names are the truth, no more and no less."""
    names = [p for n in names for p in true_names([n])]
    left = list(truth)
    for name in names:
        hit = next((t for t in left if alike(name, t)), None)
        if hit is None:
            return False
        left.remove(hit)
    return not left


def name_is_right(name: str, truth: list[str]) -> bool:
    """Tell whether a name is one of the truth's."""
    parts = true_names([name])
    return bool(parts) and all(any(alike(p, t) for t in truth) for p in parts)


# ------------------------------------------------------------------ rows
def _titled(groups: list[Any], truth: str | None) -> list[tuple[str, dict[str, float], bool, int]]:
    return [(g.value, g.features, key(g.value) == truth, g.line) for g in groups]


def _named(
    groups: list[Any], truth: list[str] | None, identity: Any, *, is_flat: bool
) -> list[tuple[str, dict[str, float], bool, int]]:
    """Return names, the last figure `REFUSED` for those that the package never gives."""
    return [
        (
            g.name,
            g.features,
            name_is_right(g.name, truth or []),
            REFUSED if is_refused(g, identity, is_flat=is_flat) else -1,
        )
        for g in groups
    ]


def _lined(found: TitleCandidates) -> list[Any]:
    """Return the candidates of a text, each with its own features."""
    for group, *values in zip(found.groups, *found.features.values(), strict=True):
        group.features = dict(zip(found.features, values, strict=True))
    return found.groups


def html_titles(data: Path) -> Iterator[Row]:
    """Yield the title candidates of every page."""
    for page in pages(data):
        seen = look(parse_html(page["html"]).root)
        items = Items(seen.scripts)
        groups = title_groups(seen, items, Identity(seen, items, page["url"]), page["url"])
        meta = page["meta"]
        known = "title" in meta["annotated"] and meta["title"]
        truth = key(meta["title"]) if known else None
        yield Row(page["dataset"], page["site_key"], page["id"], truth,
                  _titled(groups, truth))  # fmt: skip


def html_rest(
    data: Path, title_of: dict[tuple[str, str], tuple[str, int]]
) -> Iterator[tuple[Row, Row]]:
    """Yield author and date candidates of every page, with titles chosen out of fold."""
    for page in pages(data):
        seen = look(parse_html(page["html"]).root)
        items = Items(seen.scripts)
        identity = Identity(seen, items, page["url"])
        title, line = title_of[page["dataset"], page["id"]]
        if line < 0:
            line = title_line_of(seen, None)
        meta, where = page["meta"], (page["dataset"], page["site_key"], page["id"])
        truth = true_names(meta["authors"]) if "authors" in meta["annotated"] else None
        anchors = anchors_of(seen, title, line)
        names = name_groups(told_names(seen, items, anchors), seen, identity, anchors, title)
        authors = Row(
            *where,
            truth,
            _named(names, truth, identity, is_flat=False),
        )
        day = meta["date"] or "" if "date" in meta["annotated"] else None
        days = day_groups(stated_dates(seen, items, page["url"], anchors), seen, anchors)
        dates = Row(*where, day, [(str(g.day), g.features, str(g.day) == day, -1) for g in days])
        yield authors, dates


def texts(data: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield group, record and truth of every flat text whose page has a truth."""
    truths = {(p["dataset"], p["id"]): p for p in pages(data)}
    for path in sorted(data.glob("text.*.jsonl.gz")):
        name, style = path.name.split(".")[1:3]
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                if name != "labelled" and sample(f"{style}/{record['id']}") >= TEXT_SHARE:
                    continue
                if name == "labelled":
                    known = ["authors"] + ["title"] * (key(record["title"]) in key(record["text"]))
                    known += ["date"] * (record["date_from"] == "text")
                    truth = {
                        "annotated": known,
                        **{k: record[k] for k in ("title", "authors", "date")},
                    }
                    yield "labelled", {**record, "site_key": record["site"]}, truth
                elif page := truths.get((name, re.sub(r"^.*/(?:dev-|test-)?", "", record["id"]))):
                    yield style, {**record, "site_key": page["site_key"]}, page["meta"]


class Text(NamedTuple):
    """A flat text as the package reads it."""

    page: Any
    findings: Any
    identity: Any


def read_text(text: str, rulebook: Any, matcher: Any) -> Text:
    """Read a text and what rules find in it."""
    page = read_plain(text, matcher.splitter)
    findings = findings_of(detect_page(page, rulebook, matcher))
    return Text(page, findings, TextIdentity(None, captured_names(findings)))


def text_titles(data: Path) -> Iterator[tuple[Row, Text]]:
    """Yield the title candidates of every text."""
    rulebook = load_rulebook(CleanOptions())
    matcher = matcher_of(rulebook)
    for group, record, meta in texts(data):
        read = read_text(record["text"], rulebook, matcher)
        groups = _lined(title_candidates(read.page, read.findings, read.identity))
        known = "title" in meta["annotated"] and meta["title"]
        truth = key(meta["title"]) if known else None
        row = Row(group, record["site_key"], f"{group}/{record['id']}", truth,
                  _titled(groups, truth))  # fmt: skip
        yield row, meta, read


def text_rest(row: Row, meta: dict[str, Any], read: Text, title: str, line: int) -> tuple[Row, Row]:
    """Return author and date candidates of a text."""
    seen, items = seen_of(read.page, read.findings), Items([])
    where = row[:3]
    truth = true_names(meta["authors"]) if "authors" in meta["annotated"] else None
    anchors = anchors_of(seen, title, line)
    told = told_names(seen, items, anchors, captured_authors(read.page, read.findings))
    names = name_groups(told, seen, read.identity, anchors, title)
    authors = Row(*where, truth, _named(names, truth, read.identity, is_flat=True))
    day = meta["date"] or "" if "date" in meta["annotated"] else None
    stated = stated_dates(seen, items, None, anchors, captured_dates(read.page, read.findings))
    days = day_groups(stated, seen, anchors)
    dates = Row(*where, day, [(str(g.day), g.features, str(g.day) == day, -1) for g in days])
    return authors, dates


# ------------------------------------------------------------------ learning
def table(rows: list[Row], names: list[str]) -> tuple[Any, Any, Any, Any, Any]:
    """Return features, labels, row numbers, folds and weights."""
    x, y, q, f, w = [], [], [], [], []
    for n, row in enumerate(rows):
        fold, weight = fold_of(row.site), WEIGHTS.get(row.group, 1.0)
        for _, features, right, _ in row.candidates:
            x.append([features.get(name, 0.0) for name in names])
            y.append(right)
            q.append(n)
            f.append(fold)
            w.append(weight)
    return np.array(x, dtype=np.float32), np.array(y, int), np.array(q), np.array(f), np.array(w)


def fit(x: Any, y: Any, w: Any, field: str) -> list[CatBoostClassifier]:
    """Fit the sets of trees of a field."""
    sets, trees, settings = SETS_OF_TREES[field]
    made = []
    for seed in range(1, sets + 1):
        model = CatBoostClassifier(
            **COMMON,
            **settings,
            iterations=trees,
            random_seed=seed,
            thread_count=1,
            verbose=0,
            allow_writing_files=False,
        )
        model.fit(x, y, sample_weight=w)
        made.append(model)
    return made


def probabilities(trees: list[CatBoostClassifier], x: Any) -> Any:
    """Return the probability of each candidate."""
    raw = [t.predict(x, prediction_type="RawFormulaVal") for t in trees]
    return 1 / (1 + np.exp(-np.mean(raw, axis=0)))


def cross_validated(field: str, rows: list[Row]) -> tuple[list[list[float]], list[str]]:
    """Return the probabilities of each row's candidates by trees that did not see its site."""
    rows_used = [r for r in rows if r.truth is not None]
    names = sorted({n for r in rows_used for c in r.candidates for n in c[1]} - IGNORED)
    x, y, _, f, w = table(rows, names)
    known = np.array([r.truth is not None for r in rows for _ in r.candidates])
    p = np.zeros(len(y))
    for fold in range(FOLDS):
        learn = (f != fold) & known
        p[f == fold] = probabilities(fit(x[learn], y[learn], w[learn], field), x[f == fold])
    found, at = [], 0
    for row in rows:
        found.append([float(v) for v in p[at : at + len(row.candidates)]])
        at += len(row.candidates)
    return found, names


def export(
    field: str, rows: list[Row], names: list[str], calibration: tuple[list[float], list[float]]
) -> dict[str, Any]:
    """Fit on everything and return the model in the form that the package reads."""
    x, y, _, _, w = table([r for r in rows if r.truth is not None], names)
    flat: list[tuple[list[tuple[int, float]], list[float]]] = []
    bias = 0.0
    models = fit(x, y, w, field)
    for trees in models:
        own, own_bias = _flat(trees, len(models))
        flat += own
        bias += own_bias / len(models)
    used = sorted({c for q, _ in flat for c, _ in q})
    place = {c: n for n, c in enumerate(used)}
    return {
        "features": [names[c] for c in used],
        "trees": [[[[place[c], b] for c, b in q], leaves] for q, leaves in flat],
        "bias": round(bias, 6),
        "scores": calibration[0],
        "shares": calibration[1],
        "threshold": THRESHOLDS[field],
    }


def _flat(
    trees: CatBoostClassifier, sets: int
) -> tuple[list[tuple[list[tuple[int, float]], list[float]]], float]:
    """Return questions and leaves of each tree, as a part of the average of sets, and the bias."""
    path = Path(tempfile.mkdtemp()) / "trees.json"
    trees.save_model(str(path), format="json")
    told = json.loads(path.read_text())
    scale, bias = told["scale_and_bias"]
    columns = [t["feature_index"] for t in told["features_info"]["float_features"]]
    flat = []
    for tree in told["oblivious_trees"]:
        # Leaves are numbered with the first split as the lowest bit; the reader asks highest first.
        questions = [
            (columns[s["float_feature_index"]], round(s["border"], 5))
            for s in reversed(tree["splits"])
        ]
        flat.append((questions, [round(v * scale / sets, 4) for v in tree["leaf_values"]]))
    return flat, bias[0] if isinstance(bias, list) else bias


def calibrate(given: list[tuple[float, bool]]) -> tuple[list[float], list[float]]:
    """Return steps of probability and the share of the values given in each that were right.

    Isotonic: neighbouring steps are joined until the shares rise (pool adjacent violators). A step
    holds at least 40 values, and `WRONG_MORE` wrong values are added to each, so that
    nothing is certain.
    """
    given = sorted(given)
    size = max(40, len(given) // 15)
    steps: list[list[float]] = []
    for at in range(0, len(given), size):
        part = given[at : at + size]
        if len(part) < size // 2 and steps:
            steps[-1][1] += sum(r for _, r in part)
            steps[-1][2] += len(part)
            continue
        steps.append([part[0][0], float(sum(r for _, r in part)), float(len(part))])
        while len(steps) > 1 and steps[-1][1] / steps[-1][2] <= steps[-2][1] / steps[-2][2]:
            last = steps.pop()
            steps[-1][1] += last[1]
            steps[-1][2] += last[2]
    shares = [round(right / (n + WRONG_MORE), 3) for _, right, n in steps]
    return [round(s[0], 4) for s in steps[1:]], shares


def choose_people(field: str, p: list[float], usable: Sequence[int]) -> list[int]:
    """Return the names that are given: a first one, and further ones that are surer."""
    order = sorted(usable, key=lambda i: -p[i])[:8]
    first, further = THRESHOLDS[field], max(THRESHOLDS[field], FURTHER[field])
    return [i for n, i in enumerate(order) if p[i] >= (further if n else first)]


def report(
    field: str, rows: list[Row], found: list[list[float]]
) -> tuple[dict[str, Any], list[tuple[float, bool]]]:
    """Return figures for each group of pages, and what was given with which probability."""
    counts: dict[str, list[float]] = defaultdict(lambda: [0.0] * 4)
    given: list[tuple[float, bool]] = []
    threshold = THRESHOLDS[field]
    for row, p in zip(rows, found, strict=True):
        if row.truth is None:
            continue
        count = counts[row.group]
        if field.endswith("author"):
            usable = [i for i, c in enumerate(row.candidates) if c[3] != REFUSED]
            chosen = choose_people(field, p, usable)
            given += [(p[i], row.candidates[i][2]) for i in chosen]
            right = all_right([row.candidates[i][0] for i in chosen], row.truth)
            count[0 if row.truth else 2] += 1
            count[1 if row.truth else 3] += right if row.truth else bool(chosen)
        else:
            best = max(range(len(p)), key=p.__getitem__) if p else -1
            if best >= 0 and p[best] < threshold:
                best = -1
            if row.truth:
                count[0] += 1
                count[1] += best >= 0 and row.candidates[best][2]
                if best >= 0:
                    given.append((p[best], row.candidates[best][2]))
            else:
                count[2] += 1
                count[3] += best >= 0
    shown = {
        group: {"n": c[0], "right": round(c[1] / c[0], 3) if c[0] else None,
                "n none": c[2], "given": round(c[3] / c[2], 3) if c[2] else None}
        for group, c in sorted(counts.items())
    }  # fmt: skip
    return shown, given


def learn(
    field: str, rows: list[Row], models: dict[str, Any], told: dict[str, Any]
) -> list[list[float]]:
    """Cross-validate, calibrate, print, fit and keep one model."""
    found, names = cross_validated(field, rows)
    shown, given = report(field, rows, found)
    models[field] = export(field, rows, names, calibrate(given))
    told[field] = {"sets": shown, "reliability": reliability(given, models[field])}
    print(field, json.dumps(shown), flush=True)
    print("   ", json.dumps(told[field]["reliability"]), flush=True)
    return found


def reliability(given: list[tuple[float, bool]], model: dict[str, Any]) -> list[dict[str, float]]:
    """Return for each stated confidence how many values had it and how many were right."""
    steps: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for p, right in given:
        share = model["shares"][int(np.searchsorted(model["scores"], p, side="right"))]
        steps[share][0] += 1
        steps[share][1] += right
    return [
        {"confidence": s, "n": n, "right": round(r / n, 3)} for s, (n, r) in sorted(steps.items())
    ]


def chosen(row: Row, p: list[float]) -> tuple[str, int]:
    """Return the likeliest title and its line."""
    if not p:
        return "", -1
    best = max(range(len(p)), key=p.__getitem__)
    return row.candidates[best][0], row.candidates[best][3]


def main() -> None:
    """Read, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", choices=("html", "text"))
    parser.add_argument("--report", type=Path)
    parser.add_argument(
        "--rows", type=Path, help="also write the candidates there, for experiments"
    )
    args = parser.parse_args()
    models: dict[str, Any] = json.loads(TARGET.read_text()) if TARGET.exists() else {}
    told: dict[str, Any] = {}
    rows: dict[str, Any] = {}
    if args.only != "text":
        titles = list(html_titles(args.data))
        found = learn("title", titles, models, told)
        title_of = {(r.group, r.page): chosen(r, p) for r, p in zip(titles, found, strict=True)}
        both = list(html_rest(args.data, title_of))
        rows |= {"title": titles, "author": [a for a, _ in both], "date": [d for _, d in both]}
        learn("author", rows["author"], models, told)
        learn("date", rows["date"], models, told)
    if args.only != "html":
        read = list(text_titles(args.data))
        titles = [r for r, _, _ in read]
        found = learn("text-title", titles, models, told)
        both = [text_rest(r, m, t, *chosen(r, p)) for (r, m, t), p in zip(read, found, strict=True)]
        rows |= {
            "text-title": titles,
            "text-author": [a for a, _ in both],
            "text-date": [d for _, d in both],
        }
        learn("text-author", rows["text-author"], models, told)
        learn("text-date", rows["text-date"], models, told)
    if TARGET.exists():
        models = json.loads(TARGET.read_text()) | {k: v for k, v in models.items() if k in told}
    TARGET.write_text(
        json.dumps(models, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )
    if args.report:
        args.report.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    if args.rows:
        args.rows.write_bytes(pickle.dumps(rows))


if __name__ == "__main__":
    sys.exit(main())
