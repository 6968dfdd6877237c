"""Conversations that are kept: what is kept of them, and the file in which a served page keeps its users'."""
