"""Sphinx configuration. Build: python -m sphinx -W --keep-going -b html docs docs/_build/html."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from cleannews import __version__

project = "cleannews"
author = "The cleannews authors"
copyright = "The cleannews authors, Apache-2.0"
release = version = __version__
language = "en"

extensions = [
    "generated",
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build", "_ext"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
default_role = "code"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_custom_sections = ["Source"]
napoleon_attr_annotations = False  # it would write the type Warning_ as a link
napoleon_use_ivar = True

smartquotes = False  # "--config" is no dash

html_theme = "furo"
html_title = f"cleannews {version}"
html_copy_source = False
html_show_sourcelink = False
