"""Word files: what is taken from the package before its text is read."""
