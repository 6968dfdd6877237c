"""No quotation leaves that does not stand in its source."""

from __future__ import annotations

import logging

from assistant.answer import Place
from assistant.citing import citations, is_exact
from assistant.quoting import Quotation
from index.generation import CurrentGeneration

SOURCE = "som4-phnom-penh-2006-meeting-note.zh.txt"


def test_a_changed_character_is_noticed(commit_settings):
    content = CurrentGeneration(commit_settings.storage).get().content
    text = content.document(SOURCE).text
    place = Place(source_id=SOURCE, title="", quote=text[100:140], start=100, end=140)
    assert is_exact(content, place)
    assert not is_exact(content, place.model_copy(update={"quote": text[100:139] + "x"}))
    assert not is_exact(content, place.model_copy(update={"start": 101}))
    assert not is_exact(content, place.model_copy(update={"source_id": "no-such.txt"}))


def test_a_place_outside_the_source_is_left_out_and_numbers_stay_consecutive(commit_settings, caplog):
    content = CurrentGeneration(commit_settings.storage).get().content
    length = len(content.document(SOURCE).text)
    chosen = [
        Quotation(SOURCE, 100, 140, 1.0),
        Quotation(SOURCE, length, length + 9, 0.9),
        Quotation(SOURCE, 200, 220, 0.8),
    ]
    with caplog.at_level(logging.ERROR):
        found = citations(content, chosen)
    assert [(citation.number, citation.start) for citation in found] == [(1, 100), (2, 200)]
    assert SOURCE in caplog.text
