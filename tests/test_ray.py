"""Ray Data, the real one: one local cluster for all tests."""

import pyarrow as pa
import pytest

from cleannews import CleanOptions, InputError
from cleannews.columns import COLUMNS, Fields, clean_columns

pytestmark = [
    pytest.mark.frameworks_large,
    # Ray's own: it forks, warns of its own future, and leaves sockets to its processes.
    pytest.mark.filterwarnings("default"),
]

STORY = "The council voted to close the old bridge, the mayor said on Monday."
ROWS = {
    "key": list(range(40)),
    "body": [f"[ad_1]\n\n{STORY}\n\nPage {n}\n\nSource link" for n in range(39)] + [None],
    "day": [f"2024-05-{n % 28 + 1:02}" for n in range(40)],
}
FIELDS = Fields(text="body", id="key")


@pytest.fixture(scope="module")
def ray():
    import ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield ray
    ray.shutdown()


def cleaned(ray, **how):
    from cleannews.integrations.ray import clean

    pages = ray.data.from_arrow(pa.table(ROWS)).repartition(3)
    made = clean(pages, fields=FIELDS, batch_size=7, **how).take_all()
    return sorted(made, key=lambda row: int(row["id"]))


def test_rows_are_those_of_the_columns_function(ray):
    options = CleanOptions(select=("placeholder", "source_credit"))
    expected = clean_columns(ROWS, fields=FIELDS, options=options)
    made = cleaned(ray, options=options)
    assert {name: [row[name] for row in made] for name in COLUMNS} == expected


def test_other_columns_may_stay(ray):
    assert [row["day"] for row in cleaned(ray, keep=["day"])] == ROWS["day"]


def test_a_column_of_the_results_name_cannot_stay():
    from cleannews.integrations.ray import clean

    with pytest.raises(InputError, match="'text' cannot be kept"):
        clean(None, keep=["text"])
