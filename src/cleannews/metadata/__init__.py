"""Metadata: candidates read from the text, one module a field, chosen with confidence."""
