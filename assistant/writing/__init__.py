"""Answers written by the user's language model, each sentence checked against the sources."""
