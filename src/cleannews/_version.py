"""The version, in a place that nothing else is needed for."""

__version__ = "0.1.0"
