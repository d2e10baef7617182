"""cleannews on Spark: clean, learn sites and find duplicates in corpora beyond one machine.

Needs pyspark and Java (``pip install 'cleannews[spark]'``), and cleannews on every executor.
Importing this package does not load pyspark; the frames given to it bring it.
"""

from cleannews.integrations.spark.cleaning import clean, learn_sites
from cleannews.integrations.spark.search import FrameDuplicates, find_duplicates
from cleannews.integrations.spark.signing import DuplicateFields

__all__ = ["DuplicateFields", "FrameDuplicates", "clean", "find_duplicates", "learn_sites"]
