"""Question sets, measurements and benchmarks of the assistant."""
