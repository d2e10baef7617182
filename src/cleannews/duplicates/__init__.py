"""Duplicates: copies, excerpts and spun rewrites, with evidence and the original."""
