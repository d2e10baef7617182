"""Site profiles: learning, merging, storing, and cleaning with them. All pages are invented."""

import json
import os
import pickle
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cleannews
from cleannews import (
    CleanOptions,
    CleanResult,
    Document,
    InputError,
    OptionError,
    RuleError,
    SiteError,
    SiteProfile,
    SiteProfiles,
    clean,
    clean_pages,
    delete_spans,
    detect,
    learn_site,
)
from cleannews.boilerplate.detectors.site_template import confidence_of
from cleannews.boilerplate.sites import MOST_LINES, MOST_PAGES, LearnedPage, learn_sites
from cleannews.metadata.site import host_of
from cleannews.reading.plain import read_plain
from strategies import texts

EXAMPLES = int(os.environ.get("CLEANNEWS_EXAMPLES", "2000"))

PROMISE = (
    "The Harbour Daily has been printed on the quay since 1911 and belongs to those who read it."
)
STORIES = {
    "ferry": [
        "The old ferry sails again on Monday, the harbour master said after the last trial.",
        "Its engine was taken from a tug that lay behind the mill for eleven years.",
    ],
    "snow": [
        "Snow fell on the hills in the night, and the trams stood still until noon.",
        "Two hundred people slept in the school, where the baker brought bread at dawn.",
    ],
    "choir": [
        "The choir of the rope makers sang its last concert in the hall by the lock.",
        "Nobody under sixty had joined it since the rope works closed, its leader said.",
    ],
    "goose": [
        "A goose that had lived on the roof of the town hall for a year flew off on Sunday.",
        "The mayor, who had named it Treasurer, called the loss one that the budget can bear.",
    ],
}
HEAD = ["Harbour Daily", "Port and town", "Weather on the quay"]
FOOT = [PROMISE, "From the tide tables", "Lost on the pier", "To the letters desk"]


def page(name, *, inside=(), head=HEAD, foot=FOOT):
    first, *rest = STORIES[name]
    return "\n".join([*head, first, *inside, *rest, *foot])


PAGES = {name: page(name) for name in STORIES}
PROFILE = learn_site(PAGES.values())


def story(name):
    return "\n".join(STORIES[name])


# --- what goes and what stays -------------------------------------------------------------------


def test_template_lines_go_and_the_story_stays():
    result = clean(PAGES["ferry"], site=PROFILE)
    assert result.text == story("ferry")
    named = [r for r in result.removed if r.rule == "site_template/line"]
    assert len(named) == len(HEAD) + len(FOOT)
    assert {r.evidence for r in named} == {"on 3 of 3 other pages of this site"}
    assert {r.category for r in named} == {"site_template"}


def test_one_other_page_is_enough_for_lines_but_not_for_paragraphs():
    result = clean(PAGES["ferry"], site=learn_site([PAGES["snow"]]))
    assert result.text == story("ferry") + "\n" + PROMISE
    assert result.removed[0].evidence == "on 1 of 1 other page of this site"


KEPT = {
    "the page alone": (PAGES["ferry"], [PAGES["ferry"]]),
    "the page, with another date line": (PAGES["ferry"], ["Tuesday\n" + PAGES["ferry"]]),
    "what was cleaned before": (story("ferry"), [PAGES["ferry"], *PAGES.values()]),
    "a paragraph printed in one other story": (
        story("ferry"),
        [page("snow", inside=[STORIES["ferry"][1]]), PAGES["choir"], PAGES["goose"]],
    ),
    "two copies of a page are one page": (
        story("ferry"),
        [
            page("snow", inside=[STORIES["ferry"][1]]),
            page("snow", inside=[STORIES["ferry"][1], "An addition on the evening of that day."]),
        ],
    ),
    "a story printed whole in two round-ups": (
        story("ferry"),
        [
            "\n".join([*STORIES["ferry"], *(f"{i}: {p}" for i in "abcdefg" for p in STORIES[n])])
            for n in ("snow", "choir")
        ],
    ),
    "a sub-heading that another page has, too": (
        page("ferry", inside=["What comes next"], head=(), foot=()),
        [page("snow", inside=["What comes next"])],
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_is_no_template_stays(name):
    text, learned = KEPT[name]
    assert clean(text, site=learn_site(learned)).text == clean(text).text


@pytest.mark.parametrize(
    ("names", "stays"), [(["ferry", "snow", "choir"], True), (["ferry"], False)]
)
def test_prose_that_would_take_the_story_is_not_claimed(names, stays):
    # Two round-ups print it among much else, so that they are no copies.
    printed = [line for name in names for line in STORIES[name]]
    new = ["The goose came back on Tuesday.", *(f"Entry {i} of the list" for i in range(90))]
    rounds = [
        "\n".join([*printed, *HEAD, *(f"{i}: {STORIES['goose'][1]}" for i in letters)])
        for letters in ("abcdefghijkl", "mnopqrstuvwx")
    ]
    options = CleanOptions(select=("site_template",))
    result = clean("\n".join([*printed, *HEAD, *new]), site=learn_site(rounds), options=options)
    assert result.text == "\n".join([*(printed if stays else ()), *new])


def test_a_sub_heading_on_one_other_page_is_flagged():
    text, learned = KEPT["a sub-heading that another page has, too"]
    flagged = {f.rule: f for f in clean(text, site=learn_site(learned)).flagged}
    assert flagged["site_template/line"].span.of(text) == "What comes next"


def test_pieces_of_a_broken_paragraph_are_judged_together():
    broken = ["The paper", "Harbour Daily", "reported on Monday that the lock stays shut for good."]
    text = "\n".join([*HEAD, *STORIES["ferry"], *broken, *FOOT])
    assert "\n".join(broken) in clean(text, site=PROFILE).text


def test_a_rule_that_knows_the_line_keeps_naming_it():
    foot = ["Leave a Comment", *FOOT]
    site = learn_site([page("snow", foot=foot)])
    removed = clean(page("ferry", foot=foot), site=site).removed
    (comment,) = [r for r in removed if r.category == "comments"]
    assert comment.evidence.endswith("; on 1 of 1 other page of this site")


def test_options_that_keep_a_line_win():
    head = ["By Ana Ruiz", *HEAD]
    site = learn_site([page("snow", head=head), page("choir", head=head)])
    text = page("ferry", head=head)
    assert "By Ana Ruiz" not in clean(text, site=site).text
    assert "By Ana Ruiz" in clean(text, site=site, options=CleanOptions(byline="keep")).text
    assert clean(text, site=site).metadata.authors[0].value.name == "Ana Ruiz"


@pytest.mark.parametrize("ignored", ["site_template", "site_template/line"])
def test_the_profile_can_be_ignored(ignored):
    options = CleanOptions(ignore=(ignored,))
    assert clean(PAGES["ferry"], site=PROFILE, options=options).text == clean(PAGES["ferry"]).text


def test_select_takes_it_alone():
    options = CleanOptions(select=("site_template",))
    assert clean(PAGES["ferry"], site=PROFILE, options=options).text == story("ferry")
    with pytest.raises(RuleError, match="did you mean 'site_template'"):
        clean(PAGES["ferry"], options=CleanOptions(select=("site_tempalte",)))
    with pytest.raises(OptionError):
        CleanOptions(ignore="site_template")


def test_detect_takes_a_profile_and_removes_nothing():
    found = [f for f in detect(PAGES["ferry"], site=PROFILE) if f.category == "site_template"]
    assert [f.span.of(PAGES["ferry"]) for f in found] == HEAD + FOOT


def test_the_result_says_that_a_profile_was_in_force():
    plain = clean(PAGES["ferry"])
    with_profile = clean(PAGES["ferry"], site=PROFILE)
    other = clean(PAGES["ferry"], site=learn_site([PAGES["snow"]]))
    assert len({plain.rules_hash, with_profile.rules_hash, other.rules_hash}) == 3
    again = clean(PAGES["ferry"], site=learn_site(reversed(list(PAGES.values()))))
    assert again == with_profile


def test_the_schema_holds():
    jsonschema = pytest.importorskip("jsonschema")
    data = clean(PAGES["ferry"], site=PROFILE).to_dict()
    jsonschema.validate(data, cleannews.json_schema())


# --- confidence ---------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["line", "alone", "prose"])
def test_confidence_rises_with_the_pages_a_line_is_on(shape):
    for pages in range(1, 40):
        row = [confidence_of(shape, count, pages) or 0.0 for count in range(1, pages + 1)]
        assert row == sorted(row)
        assert all(0 <= c < 1 for c in row)


@pytest.mark.parametrize(
    ("shape", "count", "pages", "removed"),
    [
        ("line", 1, 1, True),
        ("line", 3, 3, True),
        ("line", 1, 4, True),
        ("line", 1, 5, False),
        ("line", 2, 20, True),
        ("line", 20, 20, True),
        ("alone", 1, 1, False),
        ("prose", 1, 1, False),
        ("prose", 1, 20, False),
        ("prose", 2, 2, True),
        ("prose", 2, 20, False),
        ("prose", 20, 20, True),
    ],
)
def test_which_confidences_remove_by_default(shape, count, pages, removed):
    assert ((confidence_of(shape, count, pages) or 0.0) >= 0.8) is removed


# --- learning and merging -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pages", "number"),
    [
        ([], 0),
        ([""], 0),
        (["", " \n\t", "---\n***"], 0),
        (["One line"], 1),
        (["One line", "One line", "  ONE LINE: "], 1),
        (["One line\nTwo lines", "Two lines\nOne line"], 1),
        (["One line", "Another line"], 2),
    ],
)
def test_pages_count_once_and_empty_ones_not_at_all(pages, number):
    assert len(learn_site(pages).pages) == number
    assert clean(PAGES["ferry"], site=learn_site(pages)).text


def test_no_text_is_kept():
    told = SiteProfiles((PROFILE,)).to_json().lower() + repr(PROFILE).lower()
    assert not any(word in told for word in ("harbour", "ferry", "tide"))


def test_a_profile_is_bounded_whatever_the_order():
    pages = [f"Harbour Daily\nStory {'x' * i} of this town" for i in range(3 * MOST_PAGES)]
    profile = learn_site(pages)
    assert len(profile.pages) == MOST_PAGES
    assert learn_site(reversed(pages)) == profile
    parts = [learn_site(pages[i::4]) for i in range(4)]
    assert parts[2].merge(parts[0]).merge(parts[3]).merge(parts[1]) == profile


def test_a_page_is_bounded_and_still_known_for_itself():
    lines = [f"{'x' * (i % 60)} {'y' * (i // 60)} heading" for i in range(3 * MOST_LINES)]
    text = "\n".join([*lines, *STORIES["ferry"]])
    profile = learn_site([text])
    assert len(profile.pages[0].lines) + len(profile.pages[0].prose) == MOST_LINES
    assert profile.seen(read_plain(text).blocks).pages == 0
    assert profile.seen(read_plain("\n".join(lines)).blocks).pages == 0


def test_merging_profiles_of_two_hosts_is_an_error():
    a, b = SiteProfile(host="a.example"), SiteProfile(host="b.example")
    with pytest.raises(SiteError, match=r"'a\.example' and 'b\.example'"):
        a.merge(b)
    assert a.merge(SiteProfile()).host == SiteProfile().merge(a).host == "a.example"


@pytest.mark.parametrize("wrong", ["one text", Document("one text")])
def test_a_single_page_is_wrong_use(wrong):
    with pytest.raises(TypeError, match="put a single one into a list"):
        learn_site(wrong)


def test_what_is_no_text_is_wrong_use():
    with pytest.raises(TypeError, match="not bytes"):
        learn_site([b"bytes"])
    with pytest.raises(TypeError, match="not str"):
        clean("text", site="site.json")


hashes = st.integers(0, 2**64 - 1)
learned = st.builds(
    LearnedPage,
    st.integers(0, 60),
    st.lists(st.integers(0, 8), max_size=4, unique=True).map(lambda h: tuple(sorted(h))),
    st.lists(st.integers(9, 16), max_size=4, unique=True).map(lambda h: tuple(sorted(h))),
)
profiles = st.lists(learned, max_size=50).map(lambda pages: SiteProfile(tuple(pages), "a.example"))
stores = st.lists(
    st.tuples(st.lists(learned, max_size=5), st.sampled_from([None, "a.example", "b.example"])),
    max_size=4,
).map(lambda many: SiteProfiles(tuple(SiteProfile(tuple(p), host) for p, host in many)))


@given(profiles, profiles, profiles)
def test_merging_is_a_union(a, b, c):
    assert a.merge(b) == b.merge(a)
    assert a.merge(b).merge(c) == a.merge(b.merge(c))
    assert a.merge(a) == a
    assert a.merge(b).merge(b) == a.merge(b)
    assert a.merge(SiteProfile()) == a


@given(stores, stores, stores)
def test_merging_stores_is_a_union(a, b, c):
    assert a.merge(b) == b.merge(a)
    assert a.merge(b).merge(c) == a.merge(b.merge(c))
    assert a.merge(a) == a


@given(stores)
def test_stores_come_back_from_json_and_pickle(store):
    again = SiteProfiles.from_json(store.to_json())
    assert again == store
    assert again.to_json() == store.to_json()
    assert pickle.loads(pickle.dumps(store)) == store
    assert [p.hash for p in again.profiles] == [p.hash for p in store.profiles]


# --- promises -----------------------------------------------------------------------------------


@settings(
    max_examples=max(100, EXAMPLES // 5),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    st.lists(texts(), min_size=1, max_size=5),
    st.lists(st.sampled_from([*HEAD, *FOOT, *STORIES["ferry"]]), max_size=5),
    st.booleans(),
    st.sampled_from(["keep_more", "balanced", "strict"]),
)
def test_promises_hold_with_a_profile(many, shared, is_learned, strictness):
    many = [text + "\n" + "\n".join(shared) for text in many]
    text, others = many[0], many if is_learned else many[1:]
    profile = learn_site(others)
    options = CleanOptions(strictness=strictness)
    result = clean(text, site=profile, options=options)
    assert delete_spans(text, result.removed) == result.text
    again = clean(result.text, site=profile, options=options)
    assert again.text == result.text
    assert again.removed == ()
    assert clean(text, site=learn_site(others[::-1]), options=options) == result
    assert CleanResult.from_dict(result.to_dict()) == result


def test_pages_that_teach_each_other_are_cleaned_alike_in_any_order():
    documents = [Document(t, id=n, url=f"https://a.example/{n}") for n, t in PAGES.items()]
    expected = {r.document.id: r for r in clean_pages(documents)}
    assert {n: r.text for n, r in expected.items()} == {n: story(n) for n in PAGES}
    for order in permutations(documents):
        assert {r.document.id: r for r in clean_pages(order)} == expected


def test_hosts_teach_only_themselves():
    documents = [
        Document(PAGES["ferry"], url="https://a.example/1"),
        Document(PAGES["snow"], url="https://www.a.example/2"),
        Document(PAGES["choir"], url="https://b.example/3"),
        Document(PAGES["goose"]),
    ]
    alone = [clean(d) for d in documents]
    results = clean_pages(documents)
    assert [r.text == a.text for r, a in zip(results, alone, strict=True)] == [
        False, False, True, True
    ]  # fmt: skip
    assert all(w.code != "no_site_profile" for r in results for w in r.warnings)
    told = clean_pages(documents, host="a.example")
    assert story("goose") == told[3].text
    known = clean_pages(documents, site=PROFILE)
    assert [r.text for r in known] == [story(n) for n in PAGES]


# --- hosts and stores ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://example.org/a", "example.org"),
        ("https://WWW.Example.ORG:8443/a?b#c", "example.org"),
        ("example.org", "example.org"),
        ("www.example.org/a", "example.org"),
        ("//example.org/a", "example.org"),
        ("https://user:word@example.org./", "example.org"),
        ("https://news.example.org/", "news.example.org"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("mailto:a@example.org", ""),
        ("https://[broken/", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_hosts_have_one_form(url, host):
    assert host_of(url) == host
    if host:
        assert SiteProfile(host=url).host == host


def test_a_profile_takes_its_host_from_what_is_told():
    at = [Document("One", url="https://www.a.example/1"), Document("Two", url="http://A.example/2")]
    assert learn_site(at).host == "a.example"
    assert learn_site(at, host="b.example").host == "b.example"
    assert learn_site(["One"], url="https://c.example/x").host == "c.example"
    assert learn_site(["One"]).host is None
    with pytest.raises(SiteError, match=r"2 hosts, a\.example, b\.example"):
        learn_site([*at, Document("Three", url="https://b.example/3")])


def test_a_store_gives_the_profile_of_a_host_or_else_the_one_without():
    a, none = SiteProfile(host="a.example"), learn_site(["One", "Two"])
    store = SiteProfiles((a,)).merge(none)
    assert store.get("www.a.example") == store.for_url("https://a.example/x") == a
    assert store.get("b.example") == store.for_url(None) == none
    assert SiteProfiles((a,)).get("b.example") is None


def test_no_profile_for_the_host_is_told_and_changes_nothing_else():
    store = learn_sites([Document(PAGES["snow"], url="https://a.example/1")])
    plain = clean(PAGES["ferry"], url="https://b.example/1")
    result = clean(PAGES["ferry"], url="https://b.example/1", site=store)
    (warning,) = [w for w in result.warnings if w not in plain.warnings]
    assert (warning.code, result.text) == ("no_site_profile", plain.text)
    assert result.rules_hash == plain.rules_hash
    assert "b.example" in warning.detail
    assert clean(PAGES["ferry"], url="https://a.example/2", site=store).text != plain.text


# --- files --------------------------------------------------------------------------------------


def test_files_come_back_and_are_the_same_bytes(tmp_path):
    path = tmp_path / "site.json"
    store = SiteProfiles((PROFILE,))
    store.save(path)
    before = path.read_bytes()
    assert SiteProfiles.load(path) == store
    SiteProfiles.load(str(path)).save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "site.json"
    SiteProfiles((PROFILE,)).save(path)
    before = path.read_bytes()

    def fail(*_):
        raise OSError(28, "no space left")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(OSError, match="no space"):
        SiteProfiles().save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


GOOD = json.loads(SiteProfiles((learn_site(["One line"], host="a.example"),)).to_json())


def changed(**values):
    return json.dumps({**GOOD, **values})


def with_site(**values):
    return changed(sites=[{**GOOD["sites"][0], **values}])


BROKEN = {
    "empty": ("", "not a file of site profiles"),
    "cut short": (json.dumps(GOOD)[:-20], "not a file of site profiles"),
    "another JSON": ('{"a": 1}', "'cleannews learn' or SiteProfiles.save"),
    "a list": ("[]", "not a file of site profiles"),
    "nested deep": ("[" * 100_000, "not a file of site profiles"),
    "newer": (changed(format_version=2), "'format_version' is 2, expected 1"),
    "no version": (changed(format_version=None), "'format_version' is None"),
    "sites": (changed(sites={}), "'sites' takes a list, not dict"),
    "site": (changed(sites=[1]), "site 1: takes a table"),
    "host": (with_site(host=3), "'host' is 3"),
    "empty host": (with_site(host=""), "'host' is ''"),
    "page": (with_site(pages=["x"]), "site 1: page 1: takes a table"),
    "no lines": (with_site(pages=[{"page": "0" * 16}]), "page 1: 'lines' takes hashes"),
    "short hash": (
        with_site(pages=[{"page": "0" * 15, "lines": "", "prose": ""}]),
        "page 1: 'page' takes hashes",
    ),
    "two hashes": (
        with_site(pages=[{"page": "0" * 16 + " " + "1" * 16, "lines": "", "prose": ""}]),
        "'page' takes one hash",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_told_with_their_place(name, tmp_path):
    content, message = BROKEN[name]
    path = tmp_path / "site.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SiteError) as caught:
        SiteProfiles.load(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        SiteProfiles.load(tmp_path / "none.json")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe")
    with pytest.raises(SiteError, match="not a file of site profiles"):
        SiteProfiles.load(tmp_path / "bytes.json")


# --- command line -------------------------------------------------------------------------------


@pytest.fixture
def inbox(tmp_path, monkeypatch):
    """A folder with the pages, as the working folder's only content."""
    for name in list(os.environ):
        if name.startswith("CLEANNEWS_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pages").mkdir()
    for name, text in PAGES.items():
        (tmp_path / "pages" / f"{name}.txt").write_text(text, encoding="utf-8")
    return tmp_path


def run(*arguments, stdin=None):
    from click.testing import CliRunner

    from cleannews.cli import cli

    return CliRunner().invoke(cli, list(arguments), input=stdin, prog_name="cleannews")


def test_learn_and_clean(inbox):
    done = run("learn", "pages", "-o", "site.json")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "a site without a host: 4 pages" in done.stderr
    assert SiteProfiles.load("site.json") == SiteProfiles((PROFILE,))
    cleaned = run("clean", "pages/ferry.txt", "--site", "site.json")
    assert (cleaned.exit_code, cleaned.stdout) == (0, story("ferry") + "\n")
    shown = run("explain", "pages/ferry.txt", "--site", "site.json")
    assert "on 3 of 3 other pages of this site" in shown.stdout


def test_learn_writes_to_stdout_and_reads_stdin(inbox):
    done = run("learn", stdin=PAGES["ferry"])
    assert SiteProfiles.from_json(done.stdout).profiles == (learn_site([PAGES["ferry"]]),)


def test_learn_adds_to_files(inbox):
    run("learn", "pages/ferry.txt", "pages/snow.txt", "--host", "a.example", "-o", "a.json")
    run("learn", "pages/choir.txt", "--host", "www.A.example", "-o", "b.json")
    run("learn", "--merge", "a.json", "--merge", "b.json", "-o", "ab.json")
    run("learn", "pages/choir.txt", "--host", "a.example", "--merge", "a.json", "-o", "a.json")
    both = SiteProfiles.load("ab.json")
    assert both == SiteProfiles.load("a.json")
    assert len(both.get("a.example").pages) == 3
    run("learn", "pages/goose.txt", "--host", "b.example", "--merge", "ab.json", "-o", "ab.json")
    assert [p.host for p in SiteProfiles.load("ab.json").profiles] == ["a.example", "b.example"]


def test_the_profile_is_chosen_by_host_url_or_because_there_is_only_one(inbox):
    run("learn", "pages", "--host", "a.example", "-o", "a.json")
    run("learn", "pages/goose.txt", "--host", "b.example", "--merge", "a.json", "-o", "ab.json")
    plain = run("clean", "pages/ferry.txt", "-q").stdout
    cases = {
        ("--site", "a.json"): True,
        ("--site", "a.json", "--url", "https://a.example/x"): True,
        ("--site", "a.json", "--url", "https://c.example/x"): False,
        ("--site", "ab.json", "--host", "a.example"): True,
        ("--site", "ab.json", "--url", "https://www.a.example/x"): True,
        ("--site", "ab.json"): False,
    }
    for arguments, is_used in cases.items():
        done = run("clean", "pages/ferry.txt", *arguments)
        assert (done.stdout == story("ferry") + "\n") is is_used, arguments
        assert (done.stdout == plain) is not is_used
        assert ("no_site_profile" in done.stderr) is not is_used


def test_learn_site_learns_from_the_inputs_of_the_run(inbox):
    done = run("clean", "pages", "--learn-site", "-o", "clean/")
    assert done.exit_code == 0
    for name in PAGES:
        assert (inbox / "clean" / f"{name}.txt").read_text(encoding="utf-8") == story(name) + "\n"
    forward = run("clean", "pages/ferry.txt", "pages/snow.txt", "--learn-site", "--json", "-q")
    backward = run("clean", "pages/snow.txt", "pages/ferry.txt", "--learn-site", "--json", "-q")
    assert sorted(forward.stdout.split("\n")) == sorted(backward.stdout.split("\n"))


def test_learn_site_adds_to_what_is_known(inbox):
    run("learn", "pages", "--host", "a.example", "-o", "a.json")
    done = run("clean", "pages/ferry.txt", "--learn-site", "--site", "a.json")
    assert done.stdout == story("ferry") + "\n"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["clean", "pages/ferry.txt", "--host", "a.example"], 2, "name that file, too"),
        (["clean", "pages/ferry.txt", "--site", "none.json"], 2, "No such file"),
        (["clean", "pages/ferry.txt", "--site", "pages/ferry.txt"], 2, "not a file of site"),
        (["clean", "pages/ferry.txt", "--site", "ab.json", "--host", "c.example"], 2, "it has a."),
        (["clean", "pages", "--learn-site", "--site", "ab.json", "--check"], 2, "say with --host"),
        (["learn", "pages/none.txt"], 74, "nothing was learned"),
        (["learn", "pages/ferry.txt", "-o", "pages/ferry.txt"], 2, "it would be overwritten"),
        (["learn", "--merge", "none.json"], 2, "No such file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)  # fmt: skip
def test_wrong_use_is_told(inbox, arguments, code, message):
    run("learn", "pages/ferry.txt", "--host", "a.example", "-o", "ab.json")
    run("learn", "pages/snow.txt", "--host", "b.example", "--merge", "ab.json", "-o", "ab.json")
    done = run(*arguments)
    assert done.exit_code == code, done.stderr
    assert message in done.stderr
    assert done.stdout == ""


def test_an_empty_page_is_told_and_the_others_are_learned(inbox):
    (inbox / "pages" / "void.txt").write_text(" \n", encoding="utf-8")
    done = run("learn", "pages", "-o", "site.json")
    assert done.exit_code == 1
    assert "void.txt: error: empty input" in done.stderr
    assert len(SiteProfiles.load("site.json").profiles[0].pages) == 4
