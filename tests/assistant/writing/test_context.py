"""A model is given whole passages, best first, as many as fit, and neighbours as one."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.writing.context import blocks, chosen
from index.catalog import CatalogEntry
from index.document import Document, Passage

TEXT = "".join(f"Sentence {number}.\n\n" for number in range(10))
"""Ten paragraphs of 13 characters."""


class _Content:
    documents: ClassVar[dict[str, Document]] = {name: Document(name, TEXT) for name in ("a.txt", "b.txt")}

    def document(self, source_id: str) -> Document:
        return self.documents[source_id]

    def entry(self, source_id: str) -> CatalogEntry:
        return CatalogEntry(file=source_id, title=f"Title of {source_id}", date="2007-12")


CONTENT: Any = _Content()


def _passage(first: int, last: int, source: str = "a.txt", language: str = "en") -> Passage:
    start, end = 13 * first, 13 * last + 11
    units = tuple((13 * number, 13 * number + 11) for number in range(first, last + 1))
    return Passage(source, start, end, TEXT[start:end], language, f"Heading {first}", units=units)


def _no_partners():
    raise AssertionError("partners are looked for only when room is short")


def test_everything_is_given_in_its_order_when_there_is_room():
    passages = [_passage(3, 3), _passage(1, 1), _passage(5, 5)]
    assert chosen(passages, lambda _: 10, 30, _no_partners) == [0, 1, 2]


def test_the_best_are_given_when_room_is_short_and_a_smaller_one_fills_what_is_left():
    passages = [_passage(0, 2), _passage(4, 7), _passage(9, 9)]
    assert chosen(passages, lambda passage: len(passage.units), 4, dict) == [0, 2]


def test_the_same_statement_in_the_other_language_is_kept_when_room_is_short():
    passages = [_passage(number, number) for number in range(4)]
    assert chosen(passages, lambda _: 10, 20, dict) == [0, 1]
    assert chosen(passages, lambda _: 10, 20, lambda: {0: 3, 3: 0}) == [0, 3]
    assert chosen(passages, lambda _: 10, 30, lambda: {0: 3, 3: 0, 1: 2, 2: 1}) == [0, 3, 1]


@pytest.mark.parametrize("room", [0, -5, 9])
def test_nothing_is_given_when_nothing_fits(room):
    assert chosen([_passage(0, 0)], lambda _: 10, room, dict) == []
    assert chosen([], lambda _: 10, max(room, 0), dict) == []


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 9), max_size=9), st.integers(0, 30), st.dictionaries(st.integers(0, 8), st.integers(0, 8))
)
def test_nothing_is_given_twice_or_beyond_the_room(sizes, room, pairs):
    passages = [_passage(size, size) for size in sizes]
    partners = {a: b for a, b in pairs.items() if a < len(sizes) and b < len(sizes)}
    taken = chosen(passages, lambda passage: passage.start // 13, room, lambda: partners)
    assert len(set(taken)) == len(taken)
    assert sum(sizes[at] for at in taken) <= room
    left = room - sum(sizes[at] for at in taken)
    assert all(sizes[at] > left for at in range(len(sizes)) if at not in taken)


def test_blocks_are_numbered_in_the_order_of_the_passages_and_tell_their_source():
    first, second = blocks([_passage(5, 6), _passage(1, 1, "b.txt", "zh")], CONTENT)
    assert (first.number, first.source_id, first.text) == (1, "a.txt", TEXT[65:89])
    assert (first.title, first.date, first.heading) == ("Title of a.txt", "2007-12", "Heading 5")
    assert (second.number, second.source_id, second.language) == (2, "b.txt", "zh")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_passages_that_follow_each_other_become_one_block(order):
    passages = [_passage(2, 3), _passage(4, 4)]
    (block,) = blocks([passages[at] for at in order], CONTENT)
    assert block.text == TEXT[26:63]
    assert block.units == ((26, 37), (39, 50), (52, 63))


def test_a_passage_that_closes_the_gap_between_two_makes_them_one():
    found = blocks([_passage(2, 2), _passage(7, 7), _passage(4, 4), _passage(3, 3)], CONTENT)
    assert [block.text for block in found] == [TEXT[26:63], TEXT[91:102]]
    assert [block.number for block in found] == [1, 2]


def test_passages_that_overlap_give_their_units_once():
    (block,) = blocks([_passage(2, 4), _passage(3, 5), _passage(3, 3)], CONTENT)
    assert block.text == TEXT[26:76]
    assert block.units == ((26, 37), (39, 50), (52, 63), (65, 76))


def test_text_between_two_passages_or_another_source_keeps_them_apart():
    assert len(blocks([_passage(2, 2), _passage(4, 4)], CONTENT)) == 2
    assert len(blocks([_passage(2, 2), _passage(3, 3, "b.txt")], CONTENT)) == 2
    assert blocks([], CONTENT) == []


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2), st.sampled_from(["a.txt", "b.txt"])), max_size=8))
def test_blocks_hold_every_unit_once_character_for_character(places):
    passages = [_passage(first, min(first + more, 9), source) for first, more, source in places]
    found = blocks(passages, CONTENT)
    assert [block.number for block in found] == list(range(1, len(found) + 1))
    assert all(block.text == TEXT[block.start : block.end] for block in found)
    units = [(block.source_id, unit) for block in found for unit in block.units]
    assert sorted(units) == sorted({(passage.source_id, unit) for passage in passages for unit in passage.units})
