"""Golden fixtures: what a careful editor wants of whole pages, removal by removal.

`expected.json` says what is wanted, not what the program does. Where the two differ, the case
stands in `KNOWN_GAPS.json` as ``case/aspect`` and is a strict xfail: who mends it takes it out.
``pytest tests/test_fixtures.py --accept CASE`` rewrites one case; the diff is the review.
"""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from cleannews import CleanOptions, CleanResult, clean, delete_spans

FIXTURES = Path(__file__).parent / "fixtures"
GAPS = json.loads((FIXTURES / "KNOWN_GAPS.json").read_text(encoding="utf-8"))
ASPECTS = ("removed", "metadata", "warnings")
ANY_RULE = "*"
SNIPPET = 60
# The blocks of a page were scored by its tags; cleaning what is left again is the rules' business.
SCORED = ("before_article", "after_article", "short_line_block", "inside_article")
AGAIN = {"ignore": SCORED, "source": "text"}


@dataclass(frozen=True)
class Case:
    name: str

    @property
    def folder(self) -> Path:
        return FIXTURES / self.name

    @property
    def is_html(self) -> bool:
        return (self.folder / "input.html").exists()

    @property
    def source(self) -> str:
        # Not read_text: it would turn "\r\n" into "\n".
        name = "input.html" if self.is_html else "input.txt"
        return (self.folder / name).read_bytes().decode("utf-8")

    @property
    def text(self) -> str:
        """What spans point into: the text, or what an HTML page shows."""
        return self.result().document.text if self.is_html else self.source

    @property
    def expected(self) -> dict[str, Any]:
        path = self.folder / "expected.json"
        # A new case has none yet; `--accept` writes it.
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    @property
    def options(self) -> CleanOptions:
        return CleanOptions.from_mapping(self.expected.get("options", {}), where=self.name)

    def result(self) -> CleanResult:
        return clean(self.source, options=self.options)


CASES = [Case(folder.name) for folder in sorted(FIXTURES.iterdir()) if folder.is_dir()]
CONTROLS = [case for case in CASES if case.name.startswith("control-")]


def removals_of(result: CleanResult) -> list[dict[str, Any]]:
    """Removals with their white space left out; a piece of nothing else is no removal."""
    text, found = result.document.text, []
    for removal in result.removed:
        piece = removal.span.of(text)
        if body := piece.strip():
            start = removal.span.start + piece.index(body)
            found.append(
                {
                    "rule": removal.rule,
                    "category": removal.category,
                    "start": start,
                    "end": start + len(body),
                    "snippet": body[:SNIPPET],
                }
            )
    return found


def metadata_of(result: CleanResult) -> dict[str, Any]:
    """The values alone, without where they were read."""
    return {
        name: [v["value"] for v in value] if isinstance(value, list) else value["value"]
        for name, value in result.metadata.to_dict().items()
    }


def outcome_of(case: Case) -> dict[str, Any]:
    result = case.result()
    options = case.expected.get("options")
    return {
        **({"options": options} if options else {}),
        "removed": removals_of(result),
        "metadata": metadata_of(result),
        "warnings": sorted(w.code for w in result.warnings),
        "flagged_rules": sorted({f.rule for f in result.flagged}),
    }


def rows(cases, aspect):
    """One parameter a case, a strict xfail where the gap in this aspect is known."""
    made = []
    for case in cases:
        reason = GAPS.get(f"{case.name}/{aspect}")
        marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
        made.append(pytest.param(case, id=case.name, marks=marks))
    return made


@pytest.fixture(autouse=True)
def _accept(request):
    """Rewrite a case that ``--accept`` names, instead of comparing it."""
    case = request.node.callspec.params.get("case") if hasattr(request.node, "callspec") else None
    if case is not None and case.name in request.config.getoption("--accept"):
        written = json.dumps(outcome_of(case), ensure_ascii=False, indent=2) + "\n"
        (case.folder / "expected.json").write_text(written, encoding="utf-8", newline="\n")
        pytest.skip("expected.json was rewritten; read its diff, and KNOWN_GAPS.json")


@pytest.mark.parametrize("case", rows(CASES, "removed"))
def test_removals(case):
    wanted, got = case.expected["removed"], removals_of(case.result())
    for want, have in zip(wanted, got, strict=False):
        if want["rule"] == ANY_RULE:
            have["rule"] = ANY_RULE
    assert got == wanted


@pytest.mark.parametrize("case", rows(CASES, "metadata"))
def test_metadata(case):
    result = case.result()
    assert metadata_of(result) == case.expected["metadata"]
    # More may be reported than was thought of; what is named must be among it.
    assert set(case.expected["flagged_rules"]) <= {f.rule for f in result.flagged}


@pytest.mark.parametrize("case", rows(CASES, "warnings"))
def test_warnings(case):
    assert sorted(w.code for w in case.result().warnings) == case.expected["warnings"]


@pytest.mark.parametrize("case", rows(CONTROLS, "removed"))
def test_controls_lose_nothing(case):
    assert case.expected["removed"] == []
    assert case.result().text == case.text


@pytest.mark.parametrize("case", [pytest.param(c, id=c.name) for c in CASES])
def test_promises_hold(case):
    result = case.result()
    assert delete_spans(result.document.text, result.removed) == result.text
    again = replace(case.options, **AGAIN) if case.is_html else case.options
    assert clean(result.text, options=again).text == result.text
    assert CleanResult.from_dict(json.loads(result.to_json())) == result
    if "\r" not in case.text.replace("\r\n", ""):
        assert "\r" not in result.text.replace("\r\n", ""), "a line end was torn apart"


@pytest.mark.parametrize("case", [pytest.param(c, id=c.name) for c in CASES])
def test_spans_and_snippets_agree(case):
    text, last = case.text, 0
    for want in case.expected["removed"]:
        piece = text[want["start"] : want["end"]]
        assert piece == piece.strip()
        assert piece[:SNIPPET] == want["snippet"]
        assert want["start"] >= last
        last = want["end"]


def test_the_set_is_wide_enough():
    origin = (FIXTURES / "ORIGIN.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([\w-]+)` \| ([\w-]+) \|", origin, re.MULTILINE))
    assert sorted(listed) == [case.name for case in CASES]
    assert len(CASES) >= 30
    assert len(CONTROLS) >= 8
    assert len(set(listed.values())) >= 8


def test_known_gaps_name_cases_and_reasons():
    known = {f"{case.name}/{aspect}" for case in CASES for aspect in ASPECTS}
    assert set(GAPS) <= known
    assert all(reason.strip() for reason in GAPS.values())
