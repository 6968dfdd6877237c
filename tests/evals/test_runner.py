"""Runs on a tiny corpus with the real model: kept as they go, gone on with after a stop, never mixed."""

from __future__ import annotations

import json

import pytest

from assistant.engine import Assistant
from assistant.filters import Filters
from evals.question_set import Question
from evals.report.model import read_report
from evals.report.page import write_report
from evals.run_folder import RESULTS, RunFolderError
from evals.runner import OpenedSet, ready_assistant, run, select
from evals.stamp import Selection, run_stamp
from index.errors import AssistantError, WrongCallError
from index.generation import NoIndexError

EVERYTHING = Selection()


pytestmark = pytest.mark.usefixtures("settled_code")


@pytest.fixture
def opened(small_opened):
    return small_opened


def test_a_run_finds_answers_and_scores_them(opened, tmp_path):
    told = []
    report = run(opened, tmp_path / "run", EVERYTHING, lambda *counts: told.append(counts))
    assert told == [(1, 3), (2, 3), (3, 3)]
    gauges, workshop, moon = report.outcomes
    assert gauges.scores["recall@1"] == gauges.scores["ndcg@10"] == gauges.scores["citations_exact"] == 1
    assert gauges.first_ranks == {"en": 1}
    assert workshop.scores["recall@10"] == 1
    assert workshop.first_ranks["zh"] == 1
    assert moon.scores.keys() <= {"citations_exact"}
    assert moon.evidence is not None
    assert {"embed_ms", "select_ms", "total_ms"} <= gauges.timings.keys()
    assert report.splits["all"]["recall@10"].n == 2
    assert {(pair.question_language, pair.document_language) for pair in report.pairs} == {
        ("en", "en"),
        ("zh-Hans", "zh"),
    }
    write_report(report, tmp_path / "run")
    assert read_report(tmp_path / "run") == report
    assert not {"sources", "storage", "cache"} & report.settings.keys()


def test_a_stopped_run_goes_on_where_it_was(opened, tmp_path, monkeypatch):
    folder = tmp_path / "run"

    def stop_after_one(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(opened, folder, EVERYTHING, stop_after_one)
    with (folder / RESULTS).open("a", encoding="utf-8") as file:
        file.write('{"id": "umbrella", "fou')  # what a kill in the middle of a line leaves
    told = []
    first = run(opened, folder, EVERYTHING, lambda *counts: told.append(counts))
    assert told == [(2, 3), (3, 3)]
    lines = (folder / RESULTS).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["gauges", "umbrella", "moon"]
    monkeypatch.setattr(Assistant, "ask", None)  # nothing is asked again
    assert run(opened, folder, EVERYTHING).outcomes == first.outcomes


def test_results_of_another_run_are_not_mixed_in(opened, tmp_path):
    folder = tmp_path / "run"
    run(opened, folder, Selection(limit=1, search_only=True))
    settings = opened.settings.model_copy(update={"candidates": 7})
    other = OpenedSet(opened.questions, settings)
    with pytest.raises(RunFolderError, match=r"\(the settings, --limit differ\): name another folder with --output"):
        run(other, folder, Selection(search_only=True))
    (folder / RESULTS).write_text("{}\n", encoding="utf-8")
    with pytest.raises(RunFolderError, match=r"results\.jsonl:1 is damaged"):
        run(opened, folder, Selection(limit=1, search_only=True))
    (folder / "run.json").unlink()
    with pytest.raises(RunFolderError, match="unknown run"):
        run(opened, folder, Selection(limit=1, search_only=True))


def test_only_searching_gives_no_verdict_on_answers(opened, tmp_path):
    report = run(opened, tmp_path / "run", Selection(search_only=True, only="answerable"))
    assert all(outcome.right is None and not outcome.answer for outcome in report.outcomes)
    assert "accuracy" not in report.splits["all"]
    assert report.splits["all"]["recall@10"].value == 1


def test_a_question_that_fails_is_counted_and_the_run_goes_on(opened, tmp_path, monkeypatch):
    asked = Assistant.ask

    def ask(self, question, **options):
        if "gauges" in question:
            raise RuntimeError("the model\nhas gone")
        return asked(self, question, **options)

    monkeypatch.setattr(Assistant, "ask", ask)
    report = run(opened, tmp_path / "run", EVERYTHING)
    broken = report.outcomes[0]
    assert broken.error == "RuntimeError: the model has gone"
    assert broken.right is False
    assert broken.scores["answer_contained"] == 0
    assert broken.scores["recall@1"] == 1  # it was found before the answer failed
    assert report.splits["all"]["errors"].value == 1
    assert report.splits["all"]["accuracy"].n == 3


def test_a_question_is_asked_within_its_filters(opened, tmp_path):
    gauges, *_ = opened.questions.questions
    here, elsewhere, nowhere = (
        gauges.model_copy(update={"id": name, "filters": Filters(sources=(name,))})
        for name in ("river.txt", "craft.txt", "none.txt")
    )
    questions = opened.questions.model_copy(update={"questions": (here, elsewhere, nowhere)})
    report = run(OpenedSet(questions, opened.settings), tmp_path / "run", EVERYTHING)
    assert [outcome.scores["recall@10"] for outcome in report.outcomes] == [1, 0, 0]
    assert "no source 'none.txt'" in report.outcomes[2].error


def test_an_index_that_has_gone_stops_the_run(opened, tmp_path, monkeypatch):
    def search(*_, **__):
        raise NoIndexError("there is no index yet")

    monkeypatch.setattr(Assistant, "search", search)
    with pytest.raises(NoIndexError):
        run(opened, tmp_path / "run", EVERYTHING)
    assert not (tmp_path / "run" / RESULTS).exists()


def test_an_index_of_other_sources_is_refused(opened, small_sources, tmp_path):
    moved = opened.settings.model_copy(update={"sources": small_sources, "storage": tmp_path / "storage"})
    opened = OpenedSet(opened.questions, moved)
    ready_assistant(opened)
    (small_sources / "new.txt").write_text("A third text.\n", encoding="utf-8")
    with pytest.raises(AssistantError, match="run `commit-assistant index`"):
        ready_assistant(opened)
    ready_assistant(OpenedSet(opened.questions, opened.settings, own_corpus=True))


def questions(count):
    return [
        Question(id=f"q{number}", language="en", question="?", kind="fact" if number % 2 else "date")
        for number in range(count)
    ]


def test_a_sample_is_the_same_every_time_and_grows():
    pool = questions(200)
    small = select(pool, Selection(limit=20))
    large = select(pool, Selection(limit=60))
    assert small == select(list(reversed(pool)), Selection(limit=20))[::-1]
    assert set(small) < set(large)
    assert list(large) == sorted(large, key=pool.index)
    assert small != tuple(pool[:20])
    assert 20 < sum(question.split == "dev" for question in large) < 40


def test_kinds_and_splits_are_selected_and_unknown_ones_named():
    pool = questions(50)
    assert {question.kind for question in select(pool, Selection(only="date"))} == {"date"}
    assert len(select(pool, Selection(only="answerable"))) == 50
    assert {question.split for question in select(pool, Selection(split="test"))} == {"test"}
    with pytest.raises(WrongCallError, match="there are answerable, date, fact, unanswerable"):
        select(pool, Selection(only="riddle"))
    with pytest.raises(WrongCallError, match="no question of the set is left"):
        select(pool, Selection(only="unanswerable"))


def test_runs_on_processors_that_compute_otherwise_differ(opened, monkeypatch):
    manifest = ready_assistant(opened).current.get().manifest

    def stamp(*, multiplies: bool, reader: str = "packaged"):
        monkeypatch.setattr("assistant.reader.halves.multiplies_halves", lambda: multiplies)
        settings = opened.settings.model_copy(update={"reader": reader})
        return run_stamp(opened.questions, settings, manifest, EVERYTHING)

    one, other = stamp(multiplies=True), stamp(multiplies=False)
    assert (one.arithmetic, other.arithmetic) == ("bfloat16", "single")
    assert one.differences(other) == ["the processor's arithmetic"]
    without = stamp(multiplies=True, reader="none"), stamp(multiplies=False, reader="none")
    assert without[0] == without[1]
