"""Options of the test run."""


def pytest_addoption(parser):
    parser.addoption(
        "--accept",
        action="append",
        default=[],
        metavar="CASE",
        help="rewrite tests/fixtures/CASE/expected.json from the current output; read the diff",
    )
