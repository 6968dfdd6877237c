"""A fast part of the gate: the COMMIT set's floors for retrieval, and what must hold of every answer."""

from __future__ import annotations

from evals.gate import verdicts
from evals.opening import open_set
from evals.runner import run
from evals.stamp import Selection

RETRIEVAL = {"recall@3", "recall@10", "mrr"}


def test_retrieval_holds_the_floors_of_the_dev_half(commit_settings, tmp_path):
    report = run(open_set("commit", commit_settings), tmp_path, Selection(split="dev", search_only=True))
    checked = [verdict for verdict in verdicts(report) if verdict.split == "dev" and verdict.measure.name in RETRIEVAL]
    assert {verdict.measure.name for verdict in checked} == RETRIEVAL
    assert [(verdict.measure.name, verdict.value, verdict.floor) for verdict in checked if not verdict.held] == []


def test_a_sample_of_answers_fails_nowhere_and_quotes_exactly(commit_settings, tmp_path):
    report = run(open_set("commit", commit_settings), tmp_path, Selection(limit=16))
    assert report.splits["all"]["errors"].value == 0
    assert report.splits["all"]["citations_exact"].value == 1
