"""What a table cannot say: sections, run-together titles, repeats, headlines, glued ends …"""

import pytest

import cleannews

S1 = "The council voted on Monday to close the old bridge, which opened in 1911."
S2 = "Repairs would cost 40 million crowns, the engineers wrote in their long report."
S3 = "Trams will take the new tunnel from May, and buses the road along the river."
LONG = (
    "The engineers wrote that the bearings under the third arch had moved by more than four "
    "centimetres since the last survey, and that nobody could say how long they would hold."
)


def lines(*blocks):
    return "\n\n".join(blocks)


def removed(text, **options):
    result = cleannews.clean(text, options=cleannews.CleanOptions(**options))
    return [(r.rule, r.span.of(text).strip()) for r in result.removed]


def left(text):
    return cleannews.clean(text).text


# ---------------------------------------------------------------- sections
def test_a_heading_after_the_story_takes_what_follows():
    text = lines(
        S1, S2, "Related Posts", "Storm nears the coast", "Mayor asks for calm", "Ferry is late"
    )
    assert left(text) == lines(S1, S2)


def test_a_heading_inside_the_story_takes_the_titles_below_it():
    text = lines(S1, "Read more:", "Storm nears the coast", "Mayor asks for calm", S2)
    assert left(text) == lines(S1, S2)


def test_a_long_list_inside_the_story_stays():
    titles = [f"The bridge number {i} of the city" for i in range(9)]
    text = lines(S1, "See also", *titles, S2)
    assert left(text) == lines(S1, *titles, S2)


def test_sub_headings_of_one_or_two_words_stay():
    text = lines(S1, "Related", "The cost", S2, "What next", S3)
    assert left(text) == lines(S1, "The cost", S2, "What next", S3)


def test_a_button_inside_the_story_takes_nothing_with_it():
    text = lines(S1, "Read more", "Why the bridge moved", S2)
    assert left(text) == lines(S1, "Why the bridge moved", S2)


# ---------------------------------------------------------------- run together
@pytest.mark.parametrize(
    "line",
    [
        "Storm nears the coast as ferries stayMayor asks for calm over the bridgeSchools to open late",
        "Storm nears coast and ferries stay in port Mayor says nobody can be... Wanted: a few more tram drivers THE HARBOUR DAILY",
    ],
)
def test_titles_run_together_go(line):
    assert removed(lines(S1, S2, line)) == [("related/run-together", line)]


@pytest.mark.parametrize(
    "line",
    [
        "An iPhone, a MacBook and a PlayStation stood on one desk in the mayor’s small office that day",
        "func OpenBridge(name string) (err error) { openGate() closeRoad() return nil } // sluiceGate",
        "#BridgeClosed #HarbourNews and #TramTunnel were the words of the day in every office of town",
    ],
)
def test_what_only_looks_run_together_stays(line):
    assert left(lines(S1, line, S2)) == lines(S1, line, S2)


# ---------------------------------------------------------------- repeats
def test_an_article_printed_twice_is_kept_once():
    text = lines(S1, S2, S3, S1, S2, S3)
    assert left(text) == lines(S1, S2, S3)


def test_a_caption_under_its_thumbnail_goes():
    caption = "A tram crosses the old bridge in Harbour on a foggy Tuesday, May 4"
    assert left(lines(S1, caption, caption, S2)) == lines(S1, caption, S2)


def test_a_teaser_cut_from_a_caption_goes():
    caption = "A tram crosses the old bridge in Harbour on a foggy Tuesday, May 4"
    assert left(lines(S1, caption, caption[:40] + "...", S2)) == lines(S1, caption, S2)


@pytest.mark.parametrize(
    "again",
    [
        "No.",
        "And the river rolls on, rolls on",
        "Warm up: ten minutes easy, then five strides of fifteen seconds.",
    ],
)
def test_refrains_answers_and_drills_stay(again):
    text = lines(S1, again, S2, again, S3, again)
    assert left(text) == text


def test_a_long_paragraph_printed_twice_goes_once():
    assert left(lines(LONG, S1, S2, S3, LONG)) == lines(LONG, S1, S2, S3)


# ---------------------------------------------------------------- headline
@pytest.mark.parametrize(
    "below", ["By Ana Ruiz", "12 May 2021", "[ad_1]", "Published on May 12, 2021", "Share this"]
)
def test_a_title_above_furniture_is_the_headline(below):
    text = lines("Council votes to close the old bridge", below, S1, S2)
    result = cleannews.clean(text)
    assert result.text == lines(S1, S2)
    assert result.metadata.title.value == "Council votes to close the old bridge"


def test_a_title_printed_twice_is_the_headline():
    title = "Council votes to close the old bridge"
    text = lines(title, S1, S2, f"The post {title} appeared first on Harbour Daily.")
    result = cleannews.clean(text)
    assert result.text == lines(S1, S2)
    assert result.metadata.publisher.value == "Harbour Daily"


def test_a_first_line_alone_is_reported_and_kept():
    text = lines("Council votes to close the old bridge", S1, S2)
    result = cleannews.clean(text)
    assert result.text == text
    assert [f.rule for f in result.flagged] == ["headline/first-line"]
    assert result.metadata.title.value == "Council votes to close the old bridge"
    assert result.metadata.title.confidence < 0.8


# ---------------------------------------------------------------- glued ends
@pytest.mark.parametrize(
    "rest",
    [
        "Source link",
        "Leave a Comment",
        "Read more",
        "All rights reserved.",
        "Related Posts",
        "Share this:",
    ],
)
def test_boilerplate_glued_to_the_last_paragraph_goes(rest):
    for glue in (" ", ""):
        assert left(lines(S1, S2 + glue + rest)) == lines(S1, S2)


@pytest.mark.parametrize(
    "rest",
    [
        "Share prices fell.",
        "Comments were few.",
        "It is closed.",
        "She said no more.",
        "Sources say so.",
    ],
)
def test_a_last_short_sentence_stays(rest):
    assert left(lines(S1, f"{S2} {rest}")) == lines(S1, f"{S2} {rest}")


# ---------------------------------------------------------------- dates
@pytest.mark.parametrize(
    ("line", "published", "modified"),
    [
        ("May 12, 2021", "2021-05-12", None),
        ("Published: May 12, 2021 | Updated: May 13, 2021 7:53am", "2021-05-12", "2021-05-13"),
        ("Updated 5:47 am, Sunday, May 23, 2021", None, "2021-05-23"),
        ("Posted on 12 May 2021 at 10:15 GMT", "2021-05-12", None),
        ("2021-05-12T10:00:00+05:30", "2021-05-12", None),
    ],
)
def test_date_lines_are_lifted(line, published, modified):
    result = cleannews.clean(lines(line, S1, S2))
    assert result.text == lines(S1, S2)
    values = (result.metadata.published, result.metadata.modified)
    assert [v and v.value.isoformat() for v in values] == [published, modified]


@pytest.mark.parametrize(
    "line", ["May 12, 2021: the day the bridge closed", "12 May", "May 12, 2021, Rome"]
)
def test_lines_with_more_than_a_date_stay(line):
    assert left(lines(line, S1, S2)) == lines(line, S1, S2)


def test_a_date_between_paragraphs_is_a_heading():
    assert left(lines(S1, "12 May 2021", S2)) == lines(S1, "12 May 2021", S2)


# ---------------------------------------------------------------- clusters, shifted text
def test_an_aggregators_cluster_goes_and_its_teaser_stays():
    text = "\n".join(
        [
            "[ad_1]", "Harbour Daily", "Council votes to close the old bridge", "Harbour Daily", S1,
            "Old bridge to close, trams to take tunnelThe Bugle", "Bridge shut in MayTram Times",
            "HTV -Coast Post -Port News", "all 99 news articles »", "[ad_2]", "Source",
        ]
    )  # fmt: skip
    assert left(text) == S1


def test_shifted_text_goes_with_a_warning():
    from cleannews.boilerplate.detectors.hidden_text import unshift

    hidden = unshift(f"<p>{S2}</p>")
    result = cleannews.clean(lines(S1, hidden))
    assert result.text == S1
    assert [w.code for w in result.warnings] == ["obfuscated_text"]
    assert result.confidence <= 0.1


# ---------------------------------------------------------------- fragments, labels, neighbours
def test_a_piece_of_a_broken_sentence_is_no_button():
    text = "\n".join([S1, "If you know more, please", "contact us", "before the end of May.", S2])
    assert left(text) == text


def test_a_label_takes_the_value_below_it_only_if_it_is_one():
    result = cleannews.clean(
        lines(S1, S2, "Edited By:", "Ana Ruiz", "Published On:", "Sep 14, 2023")
    )
    assert result.text == lines(S1, S2)
    assert result.metadata.editors[0].value == cleannews.Person("Ana Ruiz", "editor")
    assert result.metadata.published.value.isoformat() == "2023-09-14"
    assert left(lines("Edited By:", "a team of many hands", S1)) == lines(
        "a team of many hands", S1
    )


def test_source_needs_a_neighbour_or_the_end():
    assert left(lines(S1, S2, "Source")) == lines(S1, S2)
    assert left(lines(S1, S2, "Source", "A table of numbers")) == lines(
        S1, S2, "Source", "A table of numbers"
    )
    assert left(lines(S1, "Source", S2)) == lines(S1, "Source", S2)
