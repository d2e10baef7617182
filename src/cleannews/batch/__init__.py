"""Work on corpora: reading and writing files of any kind, and cleaning them by the million."""
