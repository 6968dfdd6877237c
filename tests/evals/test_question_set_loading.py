"""Question sets are read strictly, and every error says where."""

from __future__ import annotations

import pytest

from assistant.filters import Filters
from assistant.settings import load_settings
from evals.documents import Documents
from evals.loading import QuestionSetError, load_question_set
from evals.opening import open_set
from evals.question_set import Span, split_of
from index.errors import WrongCallError


@pytest.fixture
def load(set_file, small_sources):
    return lambda text: load_question_set(set_file(text), Documents(small_sources))


def test_quotations_become_offsets_and_groups(load, set_text):
    gauges, workshop, moon = load(set_text).questions
    assert gauges.gold == ((Span(source_id="river.txt", start=25, end=42),),)
    assert [[s.start for s in group] for group in workshop.gold] == [[4], [22]]
    assert not moon.answerable
    assert moon.kind == "off_topic"


def test_every_occurrence_of_a_quotation_is_gold(load, set_text):
    (question, *_) = load(set_text.replace("counted 48 gauges", "survey")).questions
    assert [span.start for span in question.gold[0]] == [10, 49]


def test_the_fingerprint_is_of_the_questions_alone(load, set_text):
    plain = load(set_text)
    assert load(set_text + "floors: {dev: {recall@1: 0.5}}\n").fingerprint == plain.fingerprint
    assert load(set_text.replace("moon", "sun")).fingerprint != plain.fingerprint


def test_filters_are_read_and_count_only_when_they_are_set(load, set_text):
    narrowed = load(set_text.replace("kind: number", "filters: {sources: river.txt}"))
    assert narrowed.questions[0].filters == Filters(sources=("river.txt",))
    assert narrowed.fingerprint != load(set_text.replace("    kind: number\n", "")).fingerprint
    assert "filters" not in load(set_text).questions[0].model_dump(exclude_defaults=True)


def test_the_split_is_the_last_bit_of_the_hashed_id():
    assert split_of("zh-som4-where") == split_of("zh-som4-where")
    # sha256("a") ends in …bb, sha256("b") in …9d, sha256("d") in …a4
    assert [split_of(name) for name in "abd"] == ["test", "test", "dev"]


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (("counted 48 gauges}", "counted 49 gauges}"), 8, "does not hold 'counted 49 gauges'"),
        (("source: river.txt", "source: rivers.txt"), 8, "no source 'rivers.txt'"),
        (("id: umbrella", "id: gauges"), 10, "stands there twice"),
        (("    unanswerable: off_topic\n", ""), 19, "neither gold and unanswerable"),
        (("    kind: number\n", "    unanswerable: off_topic\n"), 3, "both gold and unanswerable"),
        (('    answers: [["48"]]\n', ""), 3, "gold and answers go together"),
        (("kind: number", "sort: number"), 6, "unknown key 'sort': allowed are id, language"),
        (("quote: counted", "words: counted"), 8, "unknown key 'words': allowed are source, quote"),
        (("off_topic", "dull"), 22, "'dull' is none of off_topic"),
        (("needs: all", "needs: most"), 14, "needs"),
        (("kind: number", "filters: {year: 2011}"), 6, "unknown key 'year': allowed are languages, since"),
        (("kind: number", "filters: {since: 11}"), 6, "filters.since: '11' is no date"),
        (("name: small", "floors: {dev: {recall@2: 1}}\nname: small"), 1, "no metric 'recall@2'"),
        (("name: small", "floors: {all: {recall@1: 1}}\nname: small"), 1, "floors"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(load, set_text, change, line, message):
    with pytest.raises(QuestionSetError) as error:
        load(set_text.replace(*change))
    assert f"set.yaml:{line}: " in str(error.value)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["", "name: x\n", "name: x\nquestions: []\n", "- a\n", "name: [\n"])
def test_a_set_without_questions_is_refused(load, text):
    with pytest.raises(QuestionSetError, match=r"set\.yaml"):
        load(text)


def test_sets_are_named_or_files(set_file, set_text, small_sources):
    settings = load_settings(sources=small_sources)
    assert open_set(str(set_file(set_text)), settings).questions.name == "small"
    with pytest.raises(WrongCallError, match="no question set 'nothing': name commit"):
        open_set("nothing", settings)
    with pytest.raises(WrongCallError, match="--without-positives is for rgb"):
        open_set("commit", settings, without_positives=True)


def test_the_programs_own_set_fits_its_sources():
    questions = open_set("commit", load_settings()).questions
    assert len(questions.questions) > 250
    assert {question.split for question in questions.questions} == {"dev", "test"}
    assert set(questions.floors) == {"dev", "test"}
