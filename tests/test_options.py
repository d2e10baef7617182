"""Options: values, errors that teach, reading from TOML."""

import pickle

import pytest

import cleannews
from cleannews import CleanOptions, InputError, OptionError, RuleError
from cleannews.options import find_options, read_options

STORY = "The council voted on Monday to close the old bridge, which opened in 1911."
TEXT = f"""Council votes to close the old bridge

By Ana Ruiz

12 May 2021

{STORY}

The bridge in spring. (Photo: Ben Okoro)

{STORY} It will be missed.

Related Posts

Storm nears the coast"""


def cleaned(**options):
    return cleannews.clean(TEXT, options=CleanOptions(**options)).text


@pytest.mark.parametrize(
    ("option", "line"),
    [
        ("headline", "Council votes to close the old bridge"),
        ("byline", "By Ana Ruiz"),
        ("dates", "12 May 2021"),
        ("captions", "The bridge in spring. (Photo: Ben Okoro)"),
    ],
)
def test_each_option_keeps_its_line_and_the_metadata_stay(option, line):
    assert line not in cleaned()
    assert line in cleaned(**{option: "keep"})
    kept = cleannews.clean(TEXT, options=CleanOptions(**{option: "keep"})).metadata
    assert kept == cleannews.clean(TEXT).metadata
    assert kept.title.value == "Council votes to close the old bridge"
    assert kept.photo_credits[0].value == "Ben Okoro"


def test_select_takes_categories_and_rule_prefixes():
    assert cleaned(select=("related",)).splitlines()[-1] == f"{STORY} It will be missed."
    assert "By Ana Ruiz" in cleaned(select=("related",))
    assert "Storm nears" in cleaned(ignore=("related",))
    assert "Storm nears" in cleaned(ignore=("related/heading",))


def test_selecting_nothing_that_exists_is_an_error_with_the_nearest_name():
    with pytest.raises(RuleError, match="did you mean 'comments'"):
        cleaned(select=("coments",))


def test_an_old_id_still_works(tmp_path):
    rules = tmp_path / "own.toml"
    rules.write_text(
        '["acme/promo"]\ndescribe = "Our promo"\nphrases = ["buy the book"]\naliases = ["acme/ad"]\n'
        'match = ["Buy the book", "BUY THE BOOK!"]\nkeep = ["Buy the bookshop"]\n'
    )
    options = CleanOptions(rules=(str(rules),), ignore=("acme/ad",))
    assert cleannews.clean("Buy the book", options=options).text == "Buy the book"


def test_an_unsafe_rule_works_on_request_only(tmp_path):
    rules = tmp_path / "own.toml"
    rules.write_text(
        '["acme/promo"]\ndescribe = "Our promo"\nsafety = "unsafe"\nphrases = ["buy the book"]\n'
        'match = ["Buy the book", "BUY THE BOOK!"]\nkeep = ["Buy the bookshop"]\n'
    )
    text = f"{STORY}\n\nBuy the book"
    for options, goes in [
        (CleanOptions(rules=(str(rules),)), False),
        (CleanOptions(rules=(str(rules),), strictness="strict"), True),
        (CleanOptions(rules=(str(rules),), select=("acme/promo",)), True),
    ]:
        assert ("Buy the book" not in cleannews.clean(text, options=options).text) == goes


def test_stricter_never_keeps_what_milder_removes():
    sizes = [len(cleaned(strictness=s)) for s in ("keep_more", "balanced", "strict")]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"captoins": "keep"}, "unknown option 'captoins' (did you mean 'captions'?)"),
        ({"captions": "kept"}, "'kept'; it takes one of keep, remove (did you mean 'keep'?)"),
        ({"strictness": "strickt"}, "(did you mean 'strict'?)"),
        ({"select": "comments"}, "takes a list of strings"),
        ({"ignore": ["comments", 3]}, "takes a list of strings, not 3"),
    ],
)
def test_wrong_options_say_what_to_write(values, says):
    with pytest.raises(OptionError) as caught:
        CleanOptions.from_mapping(values, where="cleannews.toml")
    assert says in str(caught.value)
    assert str(caught.value).startswith("cleannews.toml: ")


def test_errors_can_be_pickled():
    for error in (OptionError("a"), RuleError("b"), InputError("c")):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again)) == (type(error), str(error))


def test_options_are_read_from_their_own_file(tmp_path):
    own = tmp_path / "cleannews.toml"
    own.write_text('captions = "keep"\nrules = ["own.toml"]\n')
    assert read_options(own) == {"captions": "keep", "rules": (str(tmp_path / "own.toml"),)}


def test_options_are_read_from_pyproject(tmp_path):
    project = tmp_path / "pyproject.toml"
    project.write_text('[tool.cleannews]\nstrictness = "strict"\n')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_options(below) == project
    assert read_options(project) == {"strictness": "strict"}


def test_a_pyproject_of_others_does_not_count(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.other]\n")
    assert find_options(tmp_path) != tmp_path / "pyproject.toml"


@pytest.mark.parametrize(
    ("content", "error"), [("captions = ", OptionError), ("x = 1", OptionError), (None, InputError)]
)
def test_a_broken_options_file_is_named(tmp_path, content, error):
    path = tmp_path / "cleannews.toml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(error, match=r"cleannews\.toml"):
        read_options(path)


def test_the_text_is_the_same_without_metadata() -> None:
    page = "<html><title>Old bridge to close</title><body><h1>Old bridge to close</h1>"
    page += "<p>The council voted on Monday to close the old bridge, which opened in 1911.</p>"
    plain = cleannews.clean(page, options=CleanOptions(metadata=False))
    assert plain.metadata.to_dict() == {}
    assert plain.text == cleannews.clean(page).text
    assert cleannews.clean(page).metadata.title is not None


def test_a_switch_takes_true_or_false() -> None:
    with pytest.raises(OptionError, match="'metadata' takes true or false"):
        CleanOptions(metadata="no")  # type: ignore[arg-type]
