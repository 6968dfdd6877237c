"""A small question-passage model that marks where a text answers a question; nothing is written, only pointed at."""
