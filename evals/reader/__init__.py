"""Training and measuring of the reader on public question sets."""
