"""Our pages in a real browser: axe finds nothing, nothing is loaded, keys and paper work.

Needs the extra ``browser`` and a Chromium on the machine; without them these tests are skipped. Set
``CLEANNEWS_BROWSER_TESTS=1`` to make that a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sample_corpus
from cleannews import clean, compare, extract_metadata, find_duplicates
from cleannews.batch.survey import survey
from cleannews.report.corpus import render_corpus
from cleannews.report.page import render_page
from cleannews.report.parts import document

MUST = os.environ.get("CLEANNEWS_BROWSER_TESTS") == "1"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)

if MUST:
    import axe_playwright_python.sync_playwright as axe
    import playwright.sync_api as playwright

    assert CHROMIUM, "CLEANNEWS_BROWSER_TESTS is set and there is no Chromium"
else:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs cleannews[browser]")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    if not CHROMIUM:
        pytest.skip("there is no Chromium on this machine", allow_module_level=True)

WIDE, NARROW = {"width": 1200, "height": 800}, {"width": 360, "height": 740}
PAGES = ["corpus", "page", "comparison", "notebook"]


def _pages() -> dict[str, str]:
    docs = sample_corpus.documents(40)
    result = clean(docs[0]["text"] + "\n\nA \u202eturned\u202c line.", url=docs[0]["url"])
    found = find_duplicates(docs)
    texts = {doc["id"]: doc["text"] for doc in docs}
    both = compare(*(texts[name] for name in found.clusters[0].members[:2]))
    values = (result, result.metadata, found, found.clusters[0], both, extract_metadata(""))
    cells = (value._repr_html_() for value in values)
    return {
        "page": render_page(result),
        "comparison": both.to_html(),
        "notebook": document(
            "Notebook", ["<main>\n<h1>Notebook</h1>\n<h2>Cells</h2>\n", *cells, "</main>\n"]
        ),
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    place = {"id": "q", "where": "news.jsonl:7", "reason": "took too long", "sha256": "ab" * 32}
    rows = sample_corpus.rows_of(sample_corpus.documents(60))
    out = sample_corpus.write_output(folder / "clean.jsonl", rows, quarantine=(place,))
    made = {"corpus": render_corpus(survey(out)), **_pages()}
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    # The sandbox of Chromium does not work for root, which is who runs in a container.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] if is_root else []
        )
        yield chromium
        chromium.close()


class Seen:
    """A page in the browser, and what it asked for and complained about."""

    def __init__(self, browser: Any, path: Path, **context: Any) -> None:
        self.context = browser.new_context(**{"viewport": WIDE, **context})
        self.tab = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("console", lambda message: self.complaints.append(message.text))
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.goto(path.as_uri())

    def run(self, script: str) -> Any:
        return self.tab.evaluate(script)

    def unfold(self) -> None:
        self.run("document.querySelectorAll('details').forEach(d => { d.open = true; })")

    def __enter__(self) -> Seen:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(name: str, scheme: str, pages: dict[str, Path], browser: Any) -> None:
    for size in (WIDE, NARROW):
        with Seen(browser, pages[name], color_scheme=scheme, viewport=size) as seen:
            seen.unfold()
            found = axe.Axe().run(seen.tab)
            told = [
                f"{v['id']}: {v['help']}: {node['html'][:160]}"
                for v in found.response["violations"]
                for node in v["nodes"][:3]
            ]
            assert not told, "\n".join(told)
            assert len(found.response["passes"]) > 10


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_loaded_and_nothing_complained_of(
    name: str, pages: dict[str, Path], browser: Any
) -> None:
    with Seen(browser, pages[name]) as seen:
        seen.unfold()
        seen.tab.mouse.wheel(0, 5_000)
        seen.tab.wait_for_timeout(100)
        assert seen.requests == [pages[name].as_uri()]
        assert seen.complaints == []


@pytest.mark.parametrize("name", PAGES)
def test_a_narrow_window_does_not_scroll_sideways(
    name: str, pages: dict[str, Path], browser: Any
) -> None:
    with Seen(browser, pages[name], viewport=NARROW) as seen:
        seen.unfold()
        assert seen.run("document.documentElement.scrollWidth") <= NARROW["width"]


def test_the_corpus_report_is_walked_with_the_keyboard(
    pages: dict[str, Path], browser: Any
) -> None:
    with Seen(browser, pages["corpus"]) as seen:
        order, rings = [], []
        for _ in range(30):
            seen.tab.keyboard.press("Tab")
            order.append(seen.run("document.activeElement.textContent.trim()"))
            rings.append(seen.run("getComputedStyle(document.activeElement).outlineStyle"))
        assert order[:4] == ["Skip to the report", "Confidence", "What went", "Least sure"]
        assert set(rings) == {"solid"}
        places = seen.run(
            "[...document.querySelectorAll('a, summary')].map(e => e.textContent.trim())"
        )
        closed = [name for name in order if name in places]
        assert [places.index(name) for name in dict.fromkeys(closed)] == sorted(
            places.index(name) for name in dict.fromkeys(closed)
        )
        seen.run("document.querySelector('#lowest summary').focus()")
        for is_open in (True, False):
            seen.tab.keyboard.press("Enter")
            assert seen.run("document.querySelector('#lowest details').open") == is_open
        assert seen.run("document.querySelector('.skip').getBoundingClientRect().right") < 0


def test_the_skip_link_and_the_list_of_sections_lead_there(
    pages: dict[str, Path], browser: Any
) -> None:
    with Seen(browser, pages["corpus"]) as seen:
        seen.tab.keyboard.press("Tab")
        assert seen.run("document.activeElement.getBoundingClientRect().left") > 0
        for name in seen.run("[...document.querySelectorAll('nav a')].map(a => a.hash)"):
            seen.tab.click(f"nav a[href='{name}']")
            top = seen.run(f"document.querySelector('{name}').getBoundingClientRect().top")
            menu = seen.run("document.querySelector('nav').getBoundingClientRect().bottom")
            assert top >= menu - 1 or seen.run(
                "innerHeight + scrollY >= document.body.scrollHeight - 2"
            )


def test_a_label_of_the_page_opens_its_note_when_it_is_reached(
    pages: dict[str, Path], browser: Any
) -> None:
    with Seen(browser, pages["page"]) as seen:
        seen.run("document.querySelector('.text a.chip').focus()")
        seen.tab.wait_for_timeout(400)
        note = "document.getElementById(document.activeElement.getAttribute('aria-describedby'))"
        assert seen.run(f"getComputedStyle({note}).visibility") == "visible"


def test_folded_things_are_printed(pages: dict[str, Path], browser: Any) -> None:
    with Seen(browser, pages["corpus"]) as seen:
        height = "document.querySelector('#lowest .entry > div').getBoundingClientRect().height"
        shown = "document.querySelector('#lowest .entry > div').checkVisibility()"
        assert not seen.run(shown)
        seen.tab.emulate_media(media="print")
        assert seen.run(height) > 50
        assert seen.run(shown)
        assert seen.run("getComputedStyle(document.querySelector('nav')).display") == "none"
        assert len(seen.tab.pdf(format="A4")) > 10_000


def test_without_javascript_it_is_the_same_page(pages: dict[str, Path], browser: Any) -> None:
    pictures = []
    for enabled in (True, False):
        with Seen(browser, pages["corpus"], java_script_enabled=enabled) as seen:
            pictures.append(seen.tab.screenshot())
    assert pictures[0] == pictures[1]
