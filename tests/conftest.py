"""Options of the test run."""

from hypothesis import settings

# Whichever test comes first pays for reading the rules; a deadline would blame it.
settings.register_profile("cleannews", deadline=None)
settings.load_profile("cleannews")


def pytest_addoption(parser):
    parser.addoption(
        "--accept",
        action="append",
        default=[],
        metavar="CASE",
        help="rewrite tests/fixtures/CASE/expected.json from the current output; read the diff",
    )
