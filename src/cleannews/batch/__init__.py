"""Cleaning of millions of records: reading, workers, journal, writing."""
