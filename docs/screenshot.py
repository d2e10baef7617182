"""Make how-to/corpus-report.png anew. Needs cleannews[browser] and Chromium.

Run: python docs/screenshot.py
The output that is reported on is made of invented pages, see tests/sample_corpus.py.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent / "tests"))

import sample_corpus  # noqa: E402
from cleannews.batch.survey import survey  # noqa: E402
from cleannews.report.corpus import render_corpus  # noqa: E402

PLACES = tuple(
    {"id": f"tidewater-ledger-{n}", "where": f"news.jsonl:{n}", "sha256": f"{n:064x}",
     "reason": "took more than 10 s of CPU time, twice"}
    for n in (371, 912)
)  # fmt: skip


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        docs = sample_corpus.documents(400, seed=7)
        docs.append({"id": "hillside-courier-0400", "url": docs[0]["url"], "text": None})
        rows = sample_corpus.rows_of(docs)
        out = sample_corpus.write_output(Path(folder) / "clean.jsonl", rows, quarantine=PLACES)
        page = Path(folder) / "report.html"
        page.write_text(render_corpus(survey(out)), encoding="utf-8")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            tab = browser.new_page(viewport={"width": 1100, "height": 1480}, color_scheme="light")
            tab.goto(page.as_uri())
            tab.screenshot(path=DOCS / "how-to" / "corpus-report.png")
            browser.close()


if __name__ == "__main__":
    main()
