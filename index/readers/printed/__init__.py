"""PDF files: characters and lines of a page → words, headings, tables."""
