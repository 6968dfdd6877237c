"""Web pages: what of a page is its text, and how it is read."""
