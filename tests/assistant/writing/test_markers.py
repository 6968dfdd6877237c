"""Citation markers are found however a model writes them, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.writing.markers import finished, without_markers


def _numbers(text: str, highest: int = 9) -> list[int]:
    return [number for marker in without_markers(text, highest)[1] for number in marker.numbers]


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("[1]", [1]),
        ("［1］", [1]),
        ("【1】", [1]),
        ("〔1〕", [1]),
        ("[1, 2]", [1, 2]),
        ("[1，2]", [1, 2]),
        ("[1、2]", [1, 2]),
        ("[1；3]", [1, 3]),
        ("[1 and 2]", [1, 2]),
        ("[1 và 2]", [1, 2]),
        ("[1和2]", [1, 2]),
        ("[1-3]", [1, 2, 3]),
        ("[1–3]", [1, 2, 3]),
        ("[1至3]", [1, 2, 3]),
        ("[3-1]", [1, 2, 3]),
        ("[1][2]", [1, 2]),
        ("[1] [2]", [1, 2]),
        ("[^1]", [1]),
        ("\\[1\\]", [1]),
        ("【1†source】", [1]),
        ("【2†L3-L9】", [2]),
        ("[passage 2]", [2]),
        ("[Passage 2]", [2]),
        ("[source: 2]", [2]),
        ("[passages 1, 3]", [1, 3]),
        ("[passage 1, passage 3]", [1, 3]),
        ("[段落 2]", [2]),
        ("[段落2、段落3]", [2, 3]),
        ("[đoạn 2]", [2]),
        ("[ข้อความ 2]", [2]),
        ("[１，２]", [1, 2]),
        ("[๒]", [2]),
        ("[២]", [2]),
        ("[၂]", [2]),
        ("[໒]", [2]),
        ("[ 1 ]", [1]),
    ],
)
def test_every_way_to_write_a_marker_is_read_and_taken_out(written, numbers):
    assert _numbers(f"It was held{written}.") == numbers
    assert without_markers(f"It was held {written}.", 9)[0] == "It was held."


@pytest.mark.parametrize("written", ["[0]", "[12]", "[999]", "[10-99]", "【4:0†source】"])
def test_a_number_that_no_passage_has_is_taken_out_and_cites_nothing(written):
    assert without_markers(f"Held{written}.", 9)[0] == "Held."
    assert _numbers(f"Held{written}.") == []


def test_a_range_gives_only_passages_that_there_are():
    assert _numbers("[3-999]", highest=4) == [3, 4]
    assert _numbers("[0-2]", highest=4) == [1, 2]


@pytest.mark.parametrize(
    "text",
    [
        "in [2007]",
        "[sic]",
        "[…]",
        "[1st session]",
        "[12 December]",
        "(1)",
        "[]",
        "[-]",
        "[1.5]",
        "a[i]",
        "[1](http://x.org)",
    ],
)
def test_other_brackets_stay_as_they_are(text):
    assert without_markers(text, 9) == (text, [])


def test_a_remark_in_brackets_behind_a_marker_does_not_hide_it():
    assert _numbers("会议[1](北京)") == [1]
    assert _numbers("held [1](2007)") == [1]


def test_a_marker_knows_where_it_stood():
    text, markers = without_markers("甲。[1]乙【2】。 C [3].", 3)
    assert text == "甲。乙。 C."
    assert [text[: marker.at] for marker in markers] == ["甲。", "甲。乙", "甲。乙。 C"]


def test_words_do_not_grow_together_where_a_marker_stood():
    assert without_markers("It was held.[1]Later", 1)[0] == "It was held. Later"
    assert without_markers("UNIAP[1]reported", 1)[0] == "UNIAP reported"
    assert without_markers("湄公河[1]次区域", 1)[0] == "湄公河次区域"


@pytest.mark.parametrize("begun", ["[", "[1", "[1,", "[1, 2", "【1†sou", "［", "[passage ", " [1", "\\[1"])
def test_a_marker_that_is_being_written_is_not_shown(begun):
    assert finished(f"It was held{begun}") == "It was held"


@settings(deadline=None)
@given(st.text("[]［］【】0123456789,，-–†^() \nab。.", max_size=40), st.integers(0, 12))
def test_markers_hold_only_numbers_of_passages_and_places_in_the_text(text, highest):
    clean, markers = without_markers(text, highest)
    assert all(1 <= number <= highest for marker in markers for number in marker.numbers)
    assert all(0 <= marker.at <= len(clean) for marker in markers)
    assert [marker.at for marker in markers] == sorted(marker.at for marker in markers)


@pytest.mark.parametrize("piece", ["[1, ", "[1", "[1-1-", "[", "[ ", "【1†", "[1]", "[1, 2, 3, "])
def test_a_hostile_text_is_read_to_its_end(piece):
    text = piece * (100_000 // len(piece))
    assert len(without_markers(text, 9)[0]) <= len(text)
    assert len(finished(text)) <= len(text)
