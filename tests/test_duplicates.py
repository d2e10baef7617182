"""Finding duplicates: kinds, clusters, originals, evidence, and what must not happen."""

import itertools
import json
import random
from datetime import date

import pytest

import cleannews
from cleannews import CleanResult, Document, DuplicateOptions, InputError, find_duplicates
from cleannews.duplicates.signatures import NAME, NUMBER, QUOTED, read_tokens

PLACES = "Vostok Marburg Lindale Torvik Ostrava Keld Namsos Brecht Ulvik Corran".split()
PEOPLE = "Alma Brandt,Piet Okker,Rosa Lind,Ivo Tarn,Nia Holm,Karel Dub,Una Berg,Max Orr".split(",")
COMMON = (
    "the council said that plans for a road were late and more money would be needed before work "
    "could start again after winter when crews return to repair what storms had broken while many "
    "people who live near asked why nobody told them how long it might take to open"
).split()


def story(seed, sentences=12):
    """A story with names and numbers of its own."""
    rng = random.Random(seed)
    people, places = rng.sample(PEOPLE, 3), rng.sample(PLACES, 3)
    words = COMMON + [
        f"{a}{b}" for a in "ba ke li mo ru".split() for b in (f"n{seed}t", f"r{seed}s")
    ]
    made = []
    for _ in range(sentences):
        text = rng.choices(words, k=rng.randint(10, 18))
        text.insert(3, rng.choice(people))
        text.insert(7, f"in {rng.choice(places)}{seed}")
        text.insert(9, str(rng.randint(1000, 99999)))
        made.append(" ".join(text).capitalize() + ".")
    return made


def text(seed, **kw):
    return " ".join(story(seed, **kw))


def find(*texts, **kw):
    return find_duplicates([{"id": f"{i:04}", "text": t} for i, t in enumerate(texts)], **kw)


def kinds(found):
    return {(x.a, x.b): x.kind for x in found.links}


def spun(sentences, seed=1):
    """The sentences with a third of their small words exchanged; names and numbers stay."""
    rng = random.Random(seed)
    other = {w: f"{w}ish" for w in COMMON if len(w) > 3}
    return [
        " ".join(other[w] if w in other and rng.random() < 0.6 else w for w in s.split())
        for s in sentences
    ]


FILLER = [text(900 + i) for i in range(30)]

PAIRS = {
    "equal": (text(1), text(1), "exact"),
    "spacing and quotes": ('He said "go" to ' + text(1), "He said  “go”\n\nto " + text(1), "exact"),
    "capitals": (text(1), text(1).upper(), "exact"),
    "a few words": (text(1), text(1).replace("winter", "spring"), "near"),
    "an excerpt": (text(1, sentences=30), " ".join(story(1, sentences=30)[:10]), "contains"),
    "a compilation": (text(1) + " " + text(2) + " " + text(3), text(2), "contains"),
    "spun": (text(1), " ".join(spun(story(1))), "rewritten"),
    "other story": (text(1), text(2), None),
}


@pytest.mark.parametrize(("a", "b", "kind"), PAIRS.values(), ids=PAIRS)
def test_kinds(a, b, kind):
    assert kinds(find(a, b, *FILLER)).get(("0000", "0001")) == kind


def test_a_document_that_contains_another_comes_first():
    part, whole = " ".join(story(1, sentences=30)[:10]), text(1, sentences=30)
    (link,) = find(part, whole).links
    assert (link.a, link.b, link.kind) == ("0001", "0000", "contains")
    assert link.containment_b > 0.95 > link.containment_a


def test_links_carry_evidence():
    (link,) = find(
        '"We shall see," he said. ' + text(1), '"We shall see," he said. ' + text(1)
    ).links
    assert link.anchors.names
    assert link.anchors.numbers
    assert all(name in text(1) for name in link.anchors.names if name not in ("We",))
    assert link.similarity == link.containment_a == link.containment_b == 1.0
    assert 0.9 < link.confidence <= 1.0


def test_templates_are_no_duplicates():
    """Weather reports of one mould: other places, other numbers."""
    mould = (
        "Forecast for {0}: highs of {1} and lows of {2} degrees are expected on Monday, with winds "
        "from the west at {3} knots. Residents of {0} should carry an umbrella, said {4} of the "
        "weather office. The pollen count in {0} is {5}, and sunrise is at {6} in the morning. "
        "Roads near {7} remain closed, {8} added, until {9} workers have cleared the snow."
    )
    rng = random.Random(3)
    family = [
        mould.format(
            f"P{i}ville", *(rng.randint(100, 999) for _ in range(3)), f"Ann{i} Doe{i}",
            rng.randint(1000, 9999), rng.randint(100, 999), f"Q{i}ton", f"Bob{i}", rng.randint(10, 99),
        )
        for i in range(8)
    ]  # fmt: skip
    found = find(*family)
    assert not any(x.is_same_story for x in found.links)
    assert not found.clusters
    assert {x.kind for x in found.links} == {"template"}
    assert found.templates() == (tuple(f"{i:04}" for i in range(8)),)


def test_five_hundred_copies_are_one_cluster():
    base = story(1)
    rng = random.Random(5)
    copies = []
    for i in range(500):
        made = list(base)
        if i % 3 == 1:  # a line of the site's own
            made.append(f"Read more on Site{i} today about Topic{i}.")
        if i % 3 == 2:
            made.pop(rng.randrange(len(made)))
        copies.append(" ".join(made))
    found = find(*copies, *FILLER)
    assert [len(c.members) for c in found.clusters] == [500]
    assert len(found.redundant()) == 499


def test_a_digest_melts_no_stories():
    """Five stories, each with a copy, and a page with the beginnings of all."""
    copies = [t for i in range(5) for t in (text(i), text(i).replace("winter", "spring"))]
    digest = " ".join(" ".join(story(i)[:5]) for i in range(5))
    found = find(*copies, digest)
    together = [set(c.members) - {"0010"} for c in found.clusters]
    assert sorted(map(sorted, together)) == [[f"{2 * i:04}", f"{2 * i + 1:04}"] for i in range(5)]


def test_same_body_under_other_titles():
    docs = [
        {"id": "a", "text": text(1), "title": "Harbour tunnel opens after nine years"},
        {"id": "b", "text": text(1), "title": "Three recipes with plums"},
        {"id": "c", "text": text(1), "title": "Harbour tunnel opens after ten years"},
    ]
    told = {(x.a, x.b): x.other_title for x in find_duplicates(docs).links}
    assert told == {("a", "b"): True, ("a", "c"): False, ("b", "c"): True}


def test_issues_of_a_series_are_a_template():
    """A page of a podcast that carries the earlier issues below the new one."""
    docs, page = [], ""
    for i in range(3):
        page = text(50 + i, sentences=6) + " " + page
        docs.append({"id": f"{i}", "text": page, "title": f"Harbour Talk Podcast: {text(i)[:30]}"})
    found = find_duplicates(docs)
    assert {x.kind for x in found.links} == {"template"}
    assert not found.clusters
    for doc in docs:
        del doc["title"]
    assert find_duplicates(docs).clusters


def test_order_does_not_matter():
    docs = [{"id": f"{i}", "text": t} for i, t in enumerate([text(1), text(1), text(2), *FILLER])]
    docs += [{"id": "s", "text": " ".join(spun(story(1)))}, {"id": "p", "text": text(2)[:500]}]
    expected = find_duplicates(docs).to_dict()
    for seed in range(3):
        shuffled = docs[:]
        random.Random(seed).shuffle(shuffled)
        assert find_duplicates(shuffled).to_dict() == expected


SMALL = {
    "nothing": ([], 0),
    "one document": ([text(1)], 0),
    "empty documents": (["", "", "  \n"], 0),
    "one word": (["Yes", "Yes", "No"], 1),
    "two words": (["Old news", "Old news"], 1),
    "all the same": ([text(1)] * 40, 1),
    "surrogates": (["\ud800 " + text(1), "\ud800 " + text(1)], 1),
    "zeros": (["\0" * 500, "\0" * 500], 0),
}


@pytest.mark.parametrize(("texts", "clusters"), SMALL.values(), ids=SMALL)
def test_small_and_odd_collections(texts, clusters):
    found = find(*texts)
    assert len(found.clusters) == clusters
    assert found.documents == len(texts)


def test_all_the_same_keeps_one():
    found = find(*[text(1)] * 40)
    assert len(found.redundant()) == 39


def test_briefs():
    """Under 60 words: a copy is one, the same form about something else is not."""
    brief = (
        "A lorry overturned near Torvik on Tuesday, spilling 40 tonnes of apples over the A7. "
        "Nobody was hurt, police spokeswoman Rosa Lind said."
    )
    copy = brief.replace("Tuesday", "Tuesday night")
    other = (
        "A fire broke out near Namsos on Friday, burning 12 hectares of woodland by the B3. "
        "Nobody was hurt, fire chief Ivo Tarn said."
    )
    found = find(brief, copy, other, *FILLER)
    assert kinds(found).get(("0000", "0001")) == "near"
    assert not any("0002" in (x.a, x.b) and x.is_same_story for x in found.links)


def shuffled_script(alphabet, seed, words):
    rng = random.Random(seed)
    return ["".join(rng.choices(alphabet, k=rng.randint(3, 8))) for _ in range(words)]


SCRIPTS = {
    "Arabic": ("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", " "),
    "Cyrillic": ("абвгдежзийклмнопрстуфхцчшщыэюя", " "),
    "Chinese": ("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会", ""),
    "Japanese": ("あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほ東京大阪", ""),
    "Thai": ("กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวศษสหอฮ", ""),
    "Greek": ("αβγδεζηθικλμνξοπρστυφχψω", " "),
    "Hindi": ("कखगघचछजझटठडढतथदधनपफबभमयरलवशषसह", " "),
}


@pytest.mark.parametrize(("alphabet", "gap"), SCRIPTS.values(), ids=SCRIPTS)
def test_scripts(alphabet, gap):
    first, second = (gap.join(shuffled_script(alphabet, s, 150)) for s in (1, 2))
    cut = first[: len(first) * 2 // 5]
    changed = gap.join(
        w if i % 20 else w[::-1] for i, w in enumerate(shuffled_script(alphabet, 1, 150))
    )
    found = kinds(find(first, first + " ", cut, changed, second))
    assert found[("0000", "0001")] == "exact"
    assert found[("0000", "0002")] in ("contains", "near")
    assert found[("0000", "0003")] in ("near", "rewritten")
    assert not any("0004" in pair for pair in found)


def test_capitals_of_other_scripts_are_names():
    tokens = read_tokens(["Москва и Élan et 12 «Ügo» “Na” łan Łan"])
    assert tokens.marks.tolist() == [
        NAME, 0, NAME, 0, NUMBER, NAME + QUOTED, NAME + QUOTED, 0, NAME
    ]  # fmt: skip


def test_look_alike_letters_and_case_hide_nothing():
    hidden = text(1).replace("o", "о").replace("a", "а")  # Cyrillic
    (link,) = find(text(1), hidden).links
    assert link.kind == "near"  # a word of its own like "a" is not read as Latin
    assert link.similarity > 0.6


BAD = {
    "twice": (
        [{"id": "a", "text": "x"}, {"id": "a", "text": "y"}],
        "two documents have the id 'a'",
    ),
    "number and text": ([{"id": 1, "text": "x"}, {"id": "1", "text": "y"}], "the id '1'"),
    "no text": ([{"id": "a", "body": "x"}], "document 'a' has no text"),
    "bytes": ([{"id": "a", "text": b"x"}], "document 'a' has no text"),
}


@pytest.mark.parametrize(("docs", "says"), BAD.values(), ids=BAD)
def test_wrong_documents(docs, says):
    with pytest.raises(InputError, match=says):
        find_duplicates(docs)


def test_ids_of_any_length_and_content():
    docs = [{"id": name, "text": text(1)} for name in ("a", "a\0", "b" * 3000, "", "\ud800")]
    (cluster,) = find_duplicates(docs).clusters
    assert sorted(cluster.members) == sorted(d["id"] for d in docs)


def test_no_document_at_all():
    with pytest.raises(TypeError, match="a document is"):
        find_duplicates(["only a string"])


def test_documents_of_every_kind():
    raw = "[ad_1]\n\n" + text(1) + "\n\n[ad_2]\n\nSource link"
    result = cleannews.clean(Document(raw, id="cleaned"))
    assert isinstance(result, CleanResult)
    found = find_duplicates([Document(text(1), id="plain"), result, {"text": text(1)}])
    assert {x.kind for x in found.links} == {"exact"}
    assert found.clusters[0].members == ("2", "cleaned", "plain")


def test_cleaning_first():
    furniture = "\n\nRead more:\nLeave a Comment\n© 2024 Site. All rights reserved.\nSource link"
    docs = [{"id": "a", "text": text(1)}, {"id": "b", "text": "[ad_1]\n\n" + text(1) + furniture}]
    trusted = find_duplicates(docs).links[0]
    cleaned = find_duplicates(docs, options=DuplicateOptions(clean=True)).links[0]
    assert trusted.kind == "near"
    assert cleaned.similarity > trusted.similarity


def test_minimum_and_related():
    docs = [{"id": str(i), "text": t} for i, t in enumerate([text(1), " ".join(spun(story(1)))])]
    assert find_duplicates(docs, options=DuplicateOptions(minimum=1.0)).links == ()
    with pytest.raises(cleannews.OptionError):
        DuplicateOptions(minimum=1.5)


ORIGINALS = {
    "earliest date": ({"date": "2024-05-02"}, {"date": "2024-05-01"}, "b"),
    "date and none": ({"date": date(2024, 5, 2)}, {"date": "2024-05-09T10:00:00Z"}, "a"),
    "address with a day": (
        {"url": "https://a.example/2024/05/03/x"}, {"url": "https://b.example/2024/05/01/x"}, "b",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("a", "b", "first"), ORIGINALS.values(), ids=ORIGINALS)
def test_original(a, b, first):
    docs = [{"id": "a", "text": text(1), **a}, {"id": "b", "text": text(1), **b}]
    (cluster,) = find_duplicates(docs).clusters
    assert cluster.original == first
    assert cluster.reasons
    assert 0.5 < cluster.confidence < 1


def test_original_named_as_source():
    raw = f"{text(1)}\n\nSource: https://first.example/news/bridge\n"
    copy = cleannews.clean(Document(raw, id="a", url="https://copy.example/1"))
    first = {"id": "z", "text": text(1), "url": "https://first.example/news/bridge/"}
    (cluster,) = find_duplicates([copy, first]).clusters
    if copy.metadata.based_on is not None and "http" in str(copy.metadata.based_on.value):
        assert cluster.original == "z"


def test_furniture_around_a_story_is_a_copy():
    page = f"Site News. By The Desk. Posted in Local\n{text(1)}\n" + " ".join(
        f"More about Topic{i} here." for i in range(10)
    )
    docs = [{"id": "a", "text": page}, {"id": "b", "text": text(1)}]
    (cluster,) = find_duplicates(docs).clusters
    assert cluster.original == "b"
    assert "others hold all of it and add to it" in cluster.reasons


def test_to_dict_is_json():
    found = find(text(1), text(1), " ".join(spun(story(1))))
    again = json.loads(json.dumps(found.to_dict()))
    assert again["schema_version"] == 1
    assert [x["kind"] for x in again["links"]] == [x.kind for x in found.links]
    assert again["clusters"][0]["members"] == ["0000", "0001", "0002"]


def test_members_of_clusters_are_disjoint_and_keep_their_original():
    found = find(*[text(i % 7) for i in range(20)], *[" ".join(story(i)[:6]) for i in range(7)])
    members = list(itertools.chain.from_iterable(c.members for c in found.clusters))
    assert len(members) == len(set(members))
    assert all(c.original in c.members and set(c.attached) < set(c.members) for c in found.clusters)
    assert not {c.original for c in found.clusters} & set(found.redundant())


def test_compare():
    made = cleannews.compare(text(1), " ".join(spun(story(1))))
    assert made.kind == "rewritten"
    assert made.passages
    for passage in made.passages:
        left, right = passage.a.of(made.a).lower(), passage.b.of(made.b).lower()
        assert left.split() == right.split() or passage.words >= 5
    assert "".join(c.a for c in made.changes).replace(" ", "") != ""
    assert made.to_dict()["kind"] == "rewritten"
    assert made.to_text().startswith("rewritten (")


def test_compare_shows_moved_passages():
    sentences = story(1)
    made = cleannews.compare(" ".join(sentences), " ".join(sentences[6:] + sentences[:6]))
    assert any(p.moved for p in made.passages)


def test_compare_unrelated_and_empty():
    assert cleannews.compare(text(1), text(2)).kind is None
    assert cleannews.compare(text(1), text(2)).score < 0.36
    assert cleannews.compare("", "").score == 0.0
    with pytest.raises(TypeError):
        cleannews.compare(text(1), 3)


def test_the_page_of_a_comparison_is_safe():
    made = cleannews.compare("<script>alert(1)</script> " + text(1), "\u202e" + text(1))
    page = made.to_html()
    assert "One\nline" in cleannews.compare("One\nline", "Two").to_html()
    assert "<script" not in page
    assert "\u202e" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_large_collections_lie_in_temporary_files(monkeypatch):
    docs = [{"id": f"{i}", "text": text(i % 9)} for i in range(30)]
    expected = find_duplicates(docs)
    monkeypatch.setattr("cleannews.duplicates.spilling.SPILL", 1000)
    monkeypatch.setattr("cleannews.duplicates.signatures.BATCH", 2000)
    monkeypatch.setattr("cleannews.duplicates.candidates.BLOCK", 50)
    assert find_duplicates(docs) == expected
    assert find_duplicates([]).documents == 0
