"""Evidence: more of it where more speaks for an answer, and floors for the manners of answering."""

from __future__ import annotations

import json

import pytest

from assistant.close_reading import CloseReading, OpenWindow, WindowScore
from assistant.dense import Nearness
from assistant.evidence import WEIGHTS, evidence, evidence_floor, features
from assistant.question import understand
from assistant.retrieval import FoundPassage
from assistant.settings import Settings
from index.document import Passage
from index.glossary import Glossary, GlossaryEntry

GLOSSARY = Glossary((GlossaryEntry(id="th", kind="place", names={"en": ("Thailand",), "zh": ("泰国",)}),))


def _reading(
    text: str,
    *,
    relevance: float = 0.0,
    alone: float | None = None,
    similarity: float = 0.85,
    scorer: str = "reader",
) -> CloseReading:
    span = (0, len(text))
    passage = Passage("a.txt", 0, len(text), text, "zh", "", None, (span,), (span,))
    found = FoundPassage(passage, 1.0, Nearness(similarity, 2.0, 0, "zh"), None)
    window = OpenWindow(found, 0, (span,), (text,))
    return CloseReading((found,), ((window, WindowScore(relevance, relevance, (0.0,), alone=alone)),), scorer)


def test_numbers_and_names_count_in_whatever_script_they_stand():
    question = understand("What did Thailand do in December 2007?", GLOSSARY)
    here = features(question, _reading("泰国于二〇〇七年十二月通过了法律。"))
    elsewhere = features(question, _reading("老挝于 2008 年 1 月通过了法律。"))
    assert (here["quantities"], here["names"]) == (1.0, 1.0)
    assert (elsewhere["quantities"], elsewhere["names"]) == (0.0, 0.0)


@pytest.mark.parametrize("scorer", ["reader", "cosine", "cross-encoder"])
def test_a_year_that_no_passage_has_takes_evidence_away(scorer):
    question = understand("2015 年的会议在哪里举行？", Glossary())
    with_year = evidence(question, _reading("会议于 2015 年在金边举行。", scorer=scorer))
    without = evidence(question, _reading("会议于 2006 年在金边举行。", scorer=scorer))
    assert 0 < without < with_year < 1


def test_what_the_reader_finds_relevant_is_evidence():
    question = understand("会议在哪里举行？", Glossary())
    assert evidence(question, _reading("a", relevance=4.0)) > evidence(question, _reading("a", relevance=-4.0))


def test_a_sentence_that_answers_by_itself_is_evidence_and_its_window_stands_in_where_none_was_read():
    question = understand("会议在哪里举行？", Glossary())
    held, unread, lost = (evidence(question, _reading("a", relevance=0.0, alone=own)) for own in (4.0, None, -4.0))
    assert held > unread > lost
    assert evidence(question, _reading("a", relevance=0.0, alone=0.0)) == unread


def test_nothing_found_is_no_evidence():
    assert evidence(understand("x?", Glossary()), CloseReading((), (), "reader")) == 0.0


@pytest.mark.parametrize("reader", ["packaged", "none", "some/cross-encoder"])
def test_cautious_asks_for_more_than_balanced_and_balanced_for_more_than_eager(reader):
    manners = ("cautious", "balanced", "eager")
    cautious, balanced, eager = (evidence_floor(Settings(reader=reader, answering=manner)) for manner in manners)
    assert cautious > balanced > eager > 0
    assert evidence_floor(Settings(reader=reader, evidence_floor=0.9)) == 0.9


def test_every_weight_is_of_a_feature_that_is_computed():
    known = features(understand("x?", Glossary()), _reading("a"))
    for fitted in json.loads(WEIGHTS.read_text(encoding="utf-8")).values():
        assert set(fitted["weights"]) <= set(known)
        assert all(weight > 0 for weight in fitted["weights"].values())
