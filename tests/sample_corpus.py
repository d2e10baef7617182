"""A small output of a run, in words of our own: what the corpus report is tested on and shown with."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from pathlib import Path

from cleannews.columns import COLUMNS, clean_row
from cleannews.duplicates.find import find_duplicates

TITLES = [
    "{town} council votes to close the old {thing}", "Rains end a long drought in {town}",
    "School in {town} reopens after a fire", "{name} wins the {town} chess open",
    "Ferry to {town} sails again after {days} days", "{town} argues about a new {thing}",
    "Old {thing} of {town} is to become a library", "{name} leaves the {town} council",
]  # fmt: skip
WHO = ["Mayor {name}", "Councillor {name}", "the fire brigade", "the water board", "a spokeswoman",
       "the harbour master", "the head teacher", "the society of shopkeepers", "an engineer",
       "the museum", "the bus company", "the farmer {name}", "the doctor {name}"]  # fmt: skip
DID = ["praised", "turned down", "presented", "explained", "paid for", "cancelled", "defended",
       "inspected", "opened", "measured", "put off", "called for", "doubted", "welcomed"]  # fmt: skip
WHAT = ["the plan for the {thing}", "a grant of {cost} thousand", "the new timetable",
        "repairs to the north wall", "a second survey of the cellar", "the rents on the quay",
        "an exhibition about the year {year}", "the pumps at the weir", "a path along the cliffs",
        "the letters of {days} residents", "the lease of the mill", "a choir for the town hall",
        "the ban on garden hoses", "the longer opening hours"]  # fmt: skip
WHEN = ["on Monday", "late in the evening", "before the doors were shut", "in a short letter",
        "after two hours of talks", "against the advice of the clerk", "to some applause",
        "for the first time since {year}", "at the request of {name}", "without a vote",
        "while it was still raining", "in front of the old {thing}"]  # fmt: skip
WHY = ["because the roof had leaked since {year}", "although the budget was spent in May",
       "since nobody had objected in time", "so that the children need not cross the road",
       "as the insurers had demanded for years", "which {days} people had asked for",
       "and {name} thanked everybody who had come", "but the accounts are still to be checked",
       "and hardly anyone in {town} was surprised"]  # fmt: skip
SITES = [
    ("Tidewater Ledger", "tidewater-ledger.example", "[ad_1]\n\n", "\n\n[ad_2]\n\nSource link\n\nRelated Posts\n\nStorm nears the coast\n\nLeave a Comment"),
    ("Hillside Courier", "hillside-courier.example", "Share this article\n\n", "\n\nSubscribe to our newsletter\n\nCopyright © 2024 Hillside Courier. All rights reserved."),
    ("Northern Gazette", "northern-gazette.example", "", "\n\n(Photo: Ana Ruiz)\n\nEdited By:\n\nMira Stone\n\nPublished On:\n\nMay 2, 2024"),
]  # fmt: skip
TOWNS = ["Pell Rock", "Aldermere", "Corran", "Saltby", "Wexholm", "Ostergate", "Limmen", "Darrow"]
NAMES = ["Ben Okoro", "Ada Corran", "Lena Voss", "Tomas Brandt", "Ines Calder", "Hugo Marsh"]
THINGS = ["bridge", "harbour", "station", "market hall"]
MENU = ["Home", "Regional", "Weather", "Tides today", "Our team", "Classified", "Obituaries",
        "Letters", "Fish prices", "Jobs", "Ferry times", "Puzzles", "Pictures of the week",
        "Advertise", "The archive", "Church notices", "Planning", "Rowing", "Choirs"]  # fmt: skip
SPUN = {"praised": "lauded", "plan": "scheme", "opened": "inaugurated", "repairs": "mending",
        "Monday,": "Monday last,", "old": "ageing", "letter,": "note,", "surprised.": "astonished."}  # fmt: skip


def _facts(chance: random.Random) -> dict[str, object]:
    return {
        "town": chance.choice(TOWNS), "thing": chance.choice(THINGS),
        "name": chance.choice(NAMES), "year": chance.randint(1880, 1990),
        "cost": chance.randint(3, 90), "days": chance.randint(12, 140),
    }  # fmt: skip


def _sentence(chance: random.Random, facts: dict[str, object]) -> str:
    parts = (chance.choice(x) for x in (WHO, DID, WHAT, WHEN, WHY))
    words = [part.format(**{**facts, "name": chance.choice(NAMES)}) for part in parts]
    text = f"{words[0]} {words[1]} {words[2]} {words[3]}, {words[4]}."
    return text[0].upper() + text[1:]


def documents(number: int = 60, *, seed: int = 1) -> list[dict[str, str]]:
    """Pages of three sites; some stories are told again by other sites, partly in other words."""
    chance = random.Random(seed)
    made: list[dict[str, str]] = []
    while len(made) < number:
        facts = _facts(chance)
        title = chance.choice(TITLES).format(**facts)
        told = [_sentence(chance, facts) for _ in range(chance.randint(4, 9))]
        copies = chance.choice((1, 1, 1, 2, 3))
        for copy, (site, host, before, after) in enumerate(chance.sample(SITES, copies)):
            body = list(told)
            if copy == 1:
                body = [" ".join(SPUN.get(word, word) for word in line.split()) for line in body]
            if copy == 2:
                body = [*body[:2], "More was not to be learned on the day.", *body[2:-1]]
            text = f"{title}\n\nby {site}\n\n{before}" + "\n\n".join(body) + after
            if chance.random() < 0.2:  # a page whose menus nobody has seen before
                menu = chance.sample(MENU, chance.randint(6, 16))
                text = "\n".join([*menu, "", text if chance.random() < 0.6 else title, *menu[:5]])
            name = f"{host.split('.')[0]}-{len(made):04d}"
            url = f"https://{host}/2024/05/0{1 + copy}/{len(made)}"
            made.append({"id": name, "url": url, "text": text})
    return made[:number]


def rows_of(docs: list[dict[str, str]]) -> list[dict]:
    return [clean_row(**doc) for doc in docs]


def summary_of(
    rows: list[dict], *, quarantined: int = 0, outputs: list[str], **more: object
) -> dict:
    """What a run says of its rows."""
    read = [row for row in rows if row["text"] is not None]
    kept = sum(len(row["text"].split()) for row in read)
    gone = sum(len(r["text"].split()) for row in read for r in row["removed"])
    pieces, characters = Counter(), Counter()
    for row in read:
        for removal in row["removed"]:
            pieces[removal["category"]] += 1
            characters[removal["category"]] += removal["end"] - removal["start"]
    bins = [0] * 20
    for row in rows:
        bins[min(int(row["confidence"] * 20), 19)] += 1
    return {
        "schema_version": 1,
        "version": rows[0]["version"] if rows else "",
        "rules_hash": next((row["rules_hash"] for row in read), ""),
        "options": {"strictness": "balanced", "select": [], "headline": "remove"},
        "inputs": [{"path": "news.jsonl.gz", "kind": "jsonl", "records": len(rows), "bytes": 1,
                    "fingerprint": "00"}],
        "skipped": [{"path": "inbox/pipe", "reason": "a named pipe"}],
        "records": len(rows) + quarantined,
        "cleaned": len(read),
        "unreadable": len(rows) - len(read),
        "quarantined": quarantined,
        "outputs": outputs,
        "words": {"read": kept + gone, "kept": kept},
        "categories": {
            name: {"pieces": n, "characters": characters[name]} for name, n in pieces.most_common()
        },
        "sites": dict(Counter(row["site"] or "none" for row in rows).most_common()),
        "languages": dict(Counter(row["language"] or "none" for row in rows).most_common()),
        "warnings": dict(Counter(w["code"] for row in rows for w in row["warnings"]).most_common()),
        "confidence": bins,
        "dedup": None,
        **more,
    }  # fmt: skip


def write_output(path: Path, rows: list[dict], *, quarantine: tuple[dict, ...] = ()) -> Path:
    """Write what a run leaves: rows, summary, duplicates, quarantine. A folder holds two parts."""
    found = find_duplicates(
        {"id": r["id"], "text": r["text"], "title": r["title"], "url": r["url"], "date": r["published"]}
        for r in rows if r["text"] is not None
    )  # fmt: skip
    is_folder = not path.suffix
    if is_folder:
        path.mkdir()
        half = len(rows) // 2
        parts = {"part-00000.jsonl.gz": rows[:half], "part-00001.jsonl.gz": rows[half:]}
        stem, folder = "", path
    else:
        parts = {path.name: rows}
        stem, folder = path.name.partition(".")[0] + ".", path.parent
    for name, part in parts.items():
        write_rows(folder / name, part)
    kinds = Counter(link.kind for link in found.links)
    dedup = {"documents": found.documents, "links": dict(sorted(kinds.items())),
             "clusters": len(found.clusters), "redundant": len(found.redundant())}  # fmt: skip
    told = summary_of(rows, quarantined=len(quarantine), outputs=list(parts), dedup=dedup)
    (folder / f"{stem}summary.json").write_text(json.dumps(told, indent=1))
    lines = {
        "links.jsonl": [link.to_dict() for link in found.links],
        "clusters.jsonl": [cluster.to_dict() for cluster in found.clusters],
        "quarantine.jsonl": list(quarantine),
    }
    for name, values in lines.items():
        if values:
            (folder / f"{stem}{name}").write_text("".join(json.dumps(v) + "\n" for v in values))
    return path


def write_rows(path: Path, rows: list[dict]) -> None:
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    if path.name.endswith(".gz"):
        path.write_bytes(gzip.compress(lines, mtime=0))
    elif path.name.endswith(".zst"):
        import zstandard

        path.write_bytes(zstandard.ZstdCompressor().compress(lines))
    elif path.suffix == ".csv":
        import csv

        with path.open("w", newline="", encoding="utf-8") as file:
            cells = csv.writer(file, lineterminator="\n")
            cells.writerow(COLUMNS)
            for row in rows:
                cells.writerow(
                    "" if v is None else repr(v) if isinstance(v, float) else v
                    if isinstance(v, str) else json.dumps(v)
                    for v in row.values()
                )  # fmt: skip
    elif path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        from cleannews.arrow import CLEANED

        pq.write_table(pa.Table.from_pylist(rows, schema=CLEANED), path)
    else:
        path.write_bytes(lines)
