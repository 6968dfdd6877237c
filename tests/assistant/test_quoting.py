"""What is quoted: the sentences that answer, whole lists, what a sentence leans on, and no sentence twice."""

from __future__ import annotations

import pytest

from assistant.close_reading import CloseReading, OpenWindow, WindowScore
from assistant.dense import Nearness
from assistant.question import understand
from assistant.quoting import nearest_sentence, quotations
from assistant.retrieval import FoundPassage
from index.document import Document, Passage
from index.glossary import Glossary

TEXTS = {
    "a.txt": "COMMIT 始于 2003 年。它由六国政府领导。会议在金边举行。\n要点如下：\n一、联合调查\n二、信息交换\n三、遣返安置",
    "b.txt": "会议在金边举行。 The weather was fine.",
}
DOCUMENTS = {name: Document(name, text) for name, text in TEXTS.items()}


def _spans(name: str, *sentences: str) -> tuple[tuple[int, int], ...]:
    starts = [TEXTS[name].index(sentence) for sentence in sentences]
    return tuple((start, start + len(sentence)) for start, sentence in zip(starts, sentences, strict=True))


UNITS = {
    "a.txt": _spans(
        "a.txt",
        "COMMIT 始于 2003 年。",
        "它由六国政府领导。",
        "会议在金边举行。",
        "要点如下：",
        "一、联合调查",
        "二、信息交换",
        "三、遣返安置",
    ),
    "b.txt": _spans("b.txt", "会议在金边举行。", "The weather was fine."),
}
LIST = (UNITS["a.txt"][3][0], UNITS["a.txt"][-1][1])


def _window(name: str) -> OpenWindow:
    units = UNITS[name]
    lists = (LIST,) if name == "a.txt" else ()
    text = TEXTS[name]
    passage = Passage(name, 0, len(text), text, "zh", "", None, units, ((0, len(text)),), lists)
    found = FoundPassage(passage, 1.0, Nearness(0.9, 2.0, 0, "zh"), None)
    return OpenWindow(found, 0, units, tuple(text[a:b] for a, b in units))


def _reading(**scores: tuple[float, ...]) -> CloseReading:
    windows = [(_window(f"{name}.txt"), WindowScore(0.0, 0.0, added)) for name, added in scores.items()]
    return CloseReading(tuple(window.found for window, _ in windows), tuple(windows), "reader")


def _quoted(question: str, reading: CloseReading, length: int = 500) -> list[str]:
    found = quotations(understand(question, Glossary()), reading, DOCUMENTS.__getitem__, length)
    return [TEXTS[one.source_id][one.start : one.end] for one in found]


LOW = -20.0


def test_only_what_comes_near_the_best_is_quoted():
    reading = _reading(a=(LOW, LOW, 9.0, LOW, LOW, LOW, LOW), b=(LOW, LOW))
    assert _quoted("会议在哪里举行？", reading) == ["会议在金边举行。"]


def test_what_a_question_also_asks_for_is_quoted_from_further_away():
    reading = _reading(a=(LOW, 0.0, 9.0, LOW, LOW, LOW, LOW), b=(LOW, 0.0))
    assert _quoted("会议在哪里举行，由几国政府领导？", reading) == [
        "COMMIT 始于 2003 年。它由六国政府领导。会议在金边举行。"
    ]
    assert _quoted("会议在哪里举行？", reading) == ["会议在金边举行。"]


def test_a_sentence_that_leans_on_the_one_before_brings_it_along():
    reading = _reading(a=(LOW, 9.0, LOW, LOW, LOW, LOW, LOW))
    assert _quoted("谁领导 COMMIT？", reading) == ["COMMIT 始于 2003 年。它由六国政府领导。"]


def test_a_list_is_quoted_whole_when_a_list_is_asked_for():
    reading = _reading(a=(LOW, LOW, LOW, LOW, LOW, 9.0, LOW))
    assert _quoted("要点有哪些？", reading) == [TEXTS["a.txt"][LIST[0] : LIST[1]]]
    assert _quoted("第二点是什么？", reading) == ["二、信息交换"]


def test_what_two_sources_say_is_quoted_once_and_both_are_named():
    reading = _reading(a=(LOW, LOW, 9.0, LOW, LOW, LOW, LOW), b=(8.0, LOW))
    (found,) = quotations(understand("会议在哪里举行？", Glossary()), reading, DOCUMENTS.__getitem__, 500)
    assert found.source_id == "a.txt"
    assert [(source, TEXTS[source][a:b]) for source, a, b in found.also] == [("b.txt", "会议在金边举行。")]


def test_an_answer_is_no_longer_than_it_may_be_but_never_empty():
    reading = _reading(a=(8.0, 7.0, 9.0, LOW, LOW, LOW, LOW))
    assert _quoted("会议在哪里举行？", reading, length=5) == ["会议在金边举行。"]


def test_sentences_that_follow_each_other_are_one_quotation_in_reading_order():
    reading = _reading(a=(7.0, 8.0, 9.0, LOW, LOW, LOW, LOW))
    assert _quoted("会议在哪里举行？", reading) == ["COMMIT 始于 2003 年。它由六国政府领导。会议在金边举行。"]


def test_a_refusal_shows_the_nearest_sentence_of_each_passage():
    reading = _reading(a=(LOW, LOW, 3.0, LOW, LOW, LOW, LOW), b=(LOW, 1.0))
    nearest = [nearest_sentence(found, reading) for found in reading.passages]
    assert [TEXTS[one.source_id][one.start : one.end] for one in nearest] == [
        "会议在金边举行。",
        "The weather was fine.",
    ]


@pytest.mark.parametrize("length", [1, 500])
def test_nothing_read_gives_nothing_to_quote(length):
    assert quotations(understand("x?", Glossary()), CloseReading((), (), "reader"), DOCUMENTS.__getitem__, length) == []


def test_what_is_no_sentence_is_quoted_only_where_it_is_nearly_the_best():
    scores = (1.0, -20.0, 0.0, 0.0, -20.0, -20.0, -20.0)
    assert _quoted("什么？", _reading(a=scores)) == ["COMMIT 始于 2003 年。", "会议在金边举行。"]
    scores = (1.0, -20.0, 0.0, 3.5, -20.0, -20.0, -20.0)
    assert "要点如下：" in _quoted("什么？", _reading(a=scores))[-1]
