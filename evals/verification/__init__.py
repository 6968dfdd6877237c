"""How well written sentences are checked: true and corrupted ones, made from texts."""
