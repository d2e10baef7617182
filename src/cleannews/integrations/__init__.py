"""Adapters: cleannews as a step of other people's frameworks, one file a framework."""
