"""Boilerplate: detect it, decide what goes, edit the text, explain."""
