"""A run's report: its numbers (`model`), their picture (`plots`) and its page (`page`)."""
