"""Comparisons and verdicts, with numbers worked out by hand."""

from __future__ import annotations

import pytest

from evals.compare import compare
from evals.gate import verdicts
from evals.question_set import QuestionSet
from evals.stamp import RunStamp, Selection
from evals.summary import report
from evals.tables import show_comparison, show_report, show_verdicts
from index.errors import WrongCallError


@pytest.fixture
def make_report(commit_free_settings):
    def make(outcomes, *, questions="s", settings="x", floors=None):
        plain = dict.fromkeys(RunStamp.model_fields, "same")
        stamp = RunStamp.model_validate(
            {**plain, "set": questions, "settings": settings, "prompts": {}, "selection": Selection()}
        )
        made = QuestionSet(name=questions, questions=(), floors=floors or {})
        return report(made, commit_free_settings, stamp, outcomes)

    return make


@pytest.fixture
def commit_free_settings(tmp_path):
    from assistant.settings import load_settings

    return load_settings(sources=tmp_path, storage=tmp_path / "storage")


@pytest.fixture
def answered(outcome):
    """Outcomes of answerable questions: `answered("+-")` is one right, one wrong."""

    def make(rights):
        scores = {"+": 1.0, "-": 0.0}
        return [
            outcome(
                f"q{number}",
                right=sign == "+",
                scores={"recall@1": scores[sign], "answer_contained": scores[sign]},
            )
            for number, sign in enumerate(rights)
        ]

    return make


def test_runs_are_compared_question_by_question(make_report, answered, capsys):
    first = make_report(answered("---------+++"))
    second = make_report(answered("+++++++++-++"), settings="y")
    found = compare(first, second)
    right = next(item for item in found.disagreements if item.outcome == "right")
    assert (right.only_first, right.only_second) == (1, 9)
    assert right.p == pytest.approx(22 / 1024)
    accuracy = next(item for item in found.differences if item.measure == "accuracy")
    assert accuracy.difference == pytest.approx(8 / 12)
    assert accuracy.significant
    assert 0 < accuracy.low < 8 / 12 < accuracy.high <= 1
    assert [flip.id for flip in found.flips] == [f"q{number}" for number in range(10)]
    assert [flip.id for flip in found.flips if not flip.now_right] == ["q9"]
    assert found.stamps_differ == ("the settings",)
    show_comparison(found)
    shown = capsys.readouterr().out
    assert "The runs differ in: the settings" in shown
    assert "now wrong  q9 [en, fact]" in shown


def test_a_run_compared_with_itself_shows_nothing(make_report, answered):
    same = make_report(answered("+-+"))
    found = compare(same, same)
    assert not found.flips
    assert not found.stamps_differ
    assert all(item.p == 1 for item in found.disagreements)
    assert all(item.difference == 0 and not item.significant for item in found.differences)


def test_only_common_questions_are_compared_and_other_sets_refused(make_report, answered):
    short, long = make_report(answered("+")), make_report(answered("+-"))
    found = compare(short, long)
    assert (found.questions, found.left_out) == (1, 1)
    with pytest.raises(WrongCallError, match="different question sets"):
        compare(short, make_report(answered("+"), questions="another"))
    with pytest.raises(WrongCallError, match="no question in common"):
        compare(short, make_report(answered("+-")[1:]))


def test_floors_hold_from_the_right_side(make_report, answered, capsys):
    floors = {"dev": {"accuracy": 0.5, "recall@1": 0.51, "wrong_refusal_rate": 0.0, "auroc": 0.5}}
    made = make_report(answered("+-"), floors=floors)
    found = verdicts(made)
    assert {verdict.measure.name: verdict.held for verdict in found} == {
        "accuracy": True,
        "recall@1": False,
        "wrong_refusal_rate": True,  # less is better: the most that is allowed
        "auroc": False,  # cannot be computed, and so is not held
    }
    show_verdicts(found)
    lines = capsys.readouterr().out.splitlines()
    assert "NOT HELD" in lines[1]
    assert "NOT HELD" not in lines[-1]
    show_report(made)
    assert "Right, over everything" in capsys.readouterr().out
