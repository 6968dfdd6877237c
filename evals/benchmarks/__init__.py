"""Benchmarks: ratios measured in one run against a stated baseline, never asserted in a test.

`python -m evals.benchmarks --output DIR` runs them all, writes `benchmarks.json`, a table and plots.
"""
