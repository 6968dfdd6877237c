"""The user's own language model: where it is, what it can take, and its replies as they come."""
