"""Pieces of text on a page → lines in reading order; for printed and scanned pages alike."""
