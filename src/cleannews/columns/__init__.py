"""The verbs as functions from columns to columns: what every framework's adapter is made of.

A batch is a mapping from a column's name to a sequence with one value a row. What comes back has
fixed columns, always all of them, always in one order.
"""

from cleannews.columns.cleaning import (
    COLUMNS,
    Fields,
    clean_columns,
    clean_row,
    is_missing,
    json_text,
    row_of,
)
from cleannews.columns.duplicates import (
    CLUSTER_COLUMNS,
    LINK_COLUMNS,
    SIGNATURE_COLUMNS,
    DuplicateFields,
    PairFields,
    cluster_columns,
    link_columns,
    signature_columns,
    verify_columns,
)

__all__ = [
    "CLUSTER_COLUMNS",
    "COLUMNS",
    "LINK_COLUMNS",
    "SIGNATURE_COLUMNS",
    "DuplicateFields",
    "Fields",
    "PairFields",
    "clean_columns",
    "clean_row",
    "cluster_columns",
    "is_missing",
    "json_text",
    "link_columns",
    "row_of",
    "signature_columns",
    "verify_columns",
]
