"""Rule files: what is wrong is named with its place and the way out."""

import pytest

import cleannews
from cleannews import CleanOptions, RuleError
from cleannews.boilerplate import rulebook, shipped
from cleannews.boilerplate.phrases import fold_phrase
from cleannews.boilerplate.rulebook import load_rulebook, read_rules
from cleannews.boilerplate.shipped import shipped_rules

CATEGORIES = shipped_rules()[1]

GOOD = """
["acme/promo"]
describe = "Our promo"
phrases  = ["buy the book"]
match    = ["Buy the book", "BUY THE BOOK!"]
keep     = ["Buy the bookshop"]
"""


def read(content):
    return read_rules(content, "own.toml", CATEGORIES)


def test_a_good_file_is_read_with_defaults():
    (rule,) = read(GOOD)
    assert (rule.id, rule.category, rule.language) == ("acme/promo", "acme", "und")
    assert (rule.zone, rule.extent, rule.safety) == ("any", "block", "safe")


def test_a_table_without_a_category_takes_the_file_name():
    (rule,) = read(GOOD.replace('"acme/promo"', "promo"))
    assert rule.id == "own/promo"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("phrases ", "patern ", "unknown field 'patern' (did you mean 'pattern'?)"),
        ("phrases ", "frases ", "unknown field 'frases' (did you mean 'phrases'?)"),
        ("describe =", 'zone = "tale"\ndescribe =', "'zone' is 'tale'; it takes any, head, tail"),
        ("describe =", 'extent = "blok"\ndescribe =', "(did you mean 'block'?)"),
        ("describe =", 'safety = "sure"\ndescribe =', "'safety' is 'sure'"),
        ("describe =", "max_words = 4000\ndescribe =", "'max_words' takes a whole number"),
        ("describe =", "confidence = 2\ndescribe =", "'confidence' takes a number"),
        ("describe =", 'captures = { author = "peple" }\ndescribe =', "(did you mean 'people'?)"),
        ("describe =", 'extent = "label"\ndescribe =', "a label needs one field in 'captures'"),
        ('describe = "Our promo"', "", "'describe' is missing"),
        ('phrases  = ["buy the book"]', "", "needs 'phrases', 'pattern' or 'detector'"),
        ('["buy the book"]', '"buy the book"', "'phrases' takes a list of non-empty strings"),
        ('["buy the book"]', '["buy … book"]', "has its '…' inside; use 'pattern'"),
        ('["buy the book"]', '["***"]', "is empty after folding"),
        ('"BUY THE BOOK!"', '"Sell it"', "the 'match' example 'Sell it' is not found"),
        ('"Buy the bookshop"', '"buy the book"', "is found and must not be"),
        ('"Buy the bookshop"', '"Nothing alike"', "is a near miss"),
        ('["Buy the bookshop"]', "[]", "needs two 'match' examples and a near miss"),
        ('phrases  = ["buy the book"]', "pattern = '''buy.*'''", "'*' has no upper bound"),
        ('phrases  = ["buy the book"]', "pattern = '''buy(('''", "pattern:"),
        ('phrases  = ["buy the book"]', "pattern = '''<NOBODY>'''", "unknown macro <NOBODY>"),
        ('phrases  = ["buy the book"]', "pattern = '''(?P<who>buy)'''", "'who' is not in 'captures'"),
        ('"acme/promo"', '"acme/Pro mo"', "is not a name"),
        (GOOD, 'title = "x"', "stands outside a table"),
        (GOOD, "[", "not valid TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(old, new, says):
    with pytest.raises(RuleError) as caught:
        read(GOOD.replace(old, new))
    assert says in str(caught.value)
    assert str(caught.value).startswith("own.toml: ")


def test_own_rules_work_and_change_the_hash(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(GOOD)
    options = CleanOptions(rules=(str(path),))
    result = cleannews.clean("Buy the book\n\nThe bridge is closed.", options=options)
    assert [r.rule for r in result.removed] == ["acme/promo"]
    assert result.rules_hash != cleannews.clean("x").rules_hash
    path.write_text(GOOD.replace("buy the book", "buy the books"))
    with pytest.raises(RuleError, match="is not found"):
        load_rulebook(options)


def test_a_missing_rule_file_is_named(tmp_path):
    with pytest.raises(RuleError, match=r"gone\.toml: cannot read the rule file"):
        load_rulebook(CleanOptions(rules=(str(tmp_path / "gone.toml"),)))


def test_the_same_rule_twice_is_an_error(tmp_path):
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(GOOD)
    paths = tuple(str(tmp_path / n) for n in ("a.toml", "b.toml"))
    with pytest.raises(RuleError, match=r"'acme/promo' .* is defined twice"):
        load_rulebook(CleanOptions(rules=paths))


class Plugin:
    name = "acme"

    def __init__(self, value):
        self.value = value

    def load(self):
        return self.value


def test_plug_ins_bring_rules(tmp_path, monkeypatch):
    path = tmp_path / "plugin.toml"
    path.write_text(GOOD)
    for value in (path, str(path), [path], lambda: [path]):
        monkeypatch.setattr(rulebook, "entry_points", lambda group, v=value: [Plugin(v)])
        rulebook._assemble.cache_clear()
        assert load_rulebook().find("acme/promo")
    monkeypatch.setattr(rulebook, "entry_points", lambda group: [Plugin(tmp_path / "no.toml")])
    rulebook._assemble.cache_clear()
    with pytest.raises(RuleError, match="plug-in 'acme'"):
        load_rulebook()
    monkeypatch.undo()
    rulebook._assemble.cache_clear()


def test_restricting_changes_the_hash_and_order_does_not_matter():
    book = load_rulebook()
    assert book.restrict(("comments",), ()).hash != book.hash
    assert book.restrict((), ()) is book
    assert {r.category for r in book.restrict(("comments", "share"), ("share",)).rules} == {
        "comments"
    }


def test_the_compiled_rules_are_those_of_the_files(tmp_path, monkeypatch):
    (tmp_path / shipped.COMPILED).write_text(shipped.compile_rules(), encoding="utf-8")
    from_files = shipped.read_shipped_rules()
    monkeypatch.setattr(shipped, "_folder", lambda: tmp_path)
    shipped._compiled.cache_clear()
    try:
        assert shipped.shipped_rules() == from_files
        known = shipped.folded_phrases()
        assert all(known[p] == fold_phrase(p) for r in from_files[0] for p in r.phrases)
    finally:
        shipped._compiled.cache_clear()


def test_an_installed_package_holds_its_own_rules_compiled():
    # A wheel whose compiled rules are not those of its files was built from two versions.
    assert shipped.shipped_rules() == shipped.read_shipped_rules()
