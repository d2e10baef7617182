"""Reports for people: one renderer, for the HTML page and for notebooks."""
