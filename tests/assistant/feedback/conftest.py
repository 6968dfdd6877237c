"""An answer to be rated, and where ratings are kept."""

from __future__ import annotations

import pytest

from assistant.answer import Answer, Citation, Stamp, Turn
from assistant.feedback.record import RatedAnswer
from assistant.feedback.store import FILE, FeedbackStore


@pytest.fixture
def answer():
    def make(answer_id="a1", **values):
        stamp = Stamp(generation="g", corpus="c", embedding_model="e5")
        quoted = {"source_id": "river.txt", "title": "River", "quote": "counted 48 gauges", "start": 25, "end": 42}
        plain = {"question": "How many gauges?", "answer": "counted 48 gauges [1]", "refused": False, "language": "en"}
        citations = (Citation(number=1, **quoted),)
        return Answer(**{"id": answer_id, "stamp": stamp, "citations": citations, **plain, **values})

    return make


@pytest.fixture
def rated(answer):
    def make(answer_id="a1", **values):
        earlier = (Turn(role="user", content="And before?"), Turn(role="assistant", content="Nothing."))
        return RatedAnswer.of(answer(answer_id, **values), earlier)

    return make


@pytest.fixture
def store(tmp_path):
    return FeedbackStore(tmp_path / "storage" / FILE)
