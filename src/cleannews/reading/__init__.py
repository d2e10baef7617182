"""From what was read to a `Page`: text and blocks. From there on nothing knows the input format."""
