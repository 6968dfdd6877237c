"""What a question also asks for is quoted before more about what is quoted already, in every script."""

from __future__ import annotations

import pytest

from assistant.close_reading import ReadSentence
from assistant.coverage import Coverage
from assistant.dense import Nearness
from assistant.question import understand
from assistant.retrieval import FoundPassage
from index.document import Passage
from index.glossary import Glossary
from index.search_text import search_text

MARGIN = 7.0
TWO_THINGS = {
    "en": (
        "What are the fax number and the e-mail address of the office?",
        "The office's fax number is 6420 3115.",
        "A fax number may be busy.",
        "Its e-mail address ends in cn.",
    ),
    "zh": ("办公室的传真号码和电子邮箱是什么？", "传真号码是64203115。", "传真号码有时占线。", "电子邮箱以cn结尾。"),
    "zh-Hant": (
        "辦公室的傳真號碼和電子郵箱是什麼？",
        "傳真號碼是64203115。",
        "傳真號碼有時佔線。",
        "電子郵箱以cn結尾。",
    ),
    "vi": (
        "Số fax và địa chỉ thư điện tử là gì?",
        "Số fax là 64203115.",
        "Số fax có khi bận.",
        "Địa chỉ thư điện tử có đuôi cn.",
    ),
    "th": ("หมายเลขแฟกซ์และที่อยู่อีเมลคืออะไร", "หมายเลขแฟกซ์คือ 64203115", "หมายเลขแฟกซ์อาจไม่ว่าง", "ที่อยู่อีเมลลงท้ายด้วย cn"),
    "km": ("តើលេខទូរសារ និងអាសយដ្ឋានអ៊ីមែលជាអ្វី?", "លេខទូរសារ 64203115", "លេខទូរសារអាចរវល់", "អាសយដ្ឋានអ៊ីមែលបញ្ចប់ដោយ cn"),
    "lo": ("ເບີແຟັກ ແລະ ທີ່ຢູ່ອີເມວແມ່ນຫຍັງ?", "ເບີແຟັກ 64203115", "ເບີແຟັກອາດບໍ່ວ່າງ", "ທີ່ຢູ່ອີເມວລົງທ້າຍດ້ວຍ cn"),
    "my": ("ဖက်စ်နံပါတ်နှင့် အီးမေးလ်လိပ်စာက ဘာလဲ။", "ဖက်စ်နံပါတ် 64203115", "ဖက်စ်နံပါတ် မအားပါ", "အီးမေးလ်လိပ်စာ cn"),
}


def _sentences(scores: dict[str, float]) -> list[ReadSentence]:
    passage = Passage("a.txt", 0, 1, "", "en", "", None, (), ())
    found = FoundPassage(passage, 0.0, Nearness(0.9, 2.0, 0, "en"), None)
    read = [ReadSentence(found, 0, 1, search_text(text), score) for text, score in scores.items()]
    return sorted(read, key=lambda sentence: -sentence.score)


def _quoted(question: str, scores: dict[str, float]) -> list[str]:
    """All that is taken, each of it quoted, as it was written."""
    written = {search_text(text): text for text in scores}
    coverage = Coverage(understand(question, Glossary()).terms, _sentences(scores))
    taken = []
    while sentence := coverage.take(MARGIN):
        coverage.quote(sentence)
        taken.append(written[sentence.text])
    return taken


@pytest.mark.parametrize("language", TWO_THINGS)
def test_the_other_thing_that_is_asked_for_comes_before_more_about_the_first(language: str):
    question, first, more, other = TWO_THINGS[language]
    assert _quoted(question, {first: 5.0, more: 3.0, other: 1.0}) == [first, other, more]


@pytest.mark.parametrize("language", TWO_THINGS)
def test_it_is_taken_where_more_about_the_first_is_too_far_away(language: str):
    question, first, more, other = TWO_THINGS[language]
    assert _quoted(question, {first: 5.0, more: -2.5, other: -2.5}) == [first, other]


def test_new_words_do_not_bring_in_what_is_very_far_away():
    question, first, _, other = TWO_THINGS["en"]
    assert _quoted(question, {first: 5.0, other: -25.0}) == [first]


def test_without_words_in_common_the_scores_decide():
    scores = {"会议在金边举行。": 5.0, "六国政府参加。": 4.0, "天气很好。": -3.0}
    assert _quoted("Where was the meeting held?", scores) == ["会议在金边举行。", "六国政府参加。"]


def test_what_was_taken_and_not_quoted_covers_nothing():
    question, first, more, other = TWO_THINGS["en"]
    coverage = Coverage(understand(question, Glossary()).terms, _sentences({first: 5.0, more: 4.0, other: 3.0}))
    taken = [coverage.take(MARGIN), coverage.take(MARGIN)]
    assert [one.text for one in taken if one] == [search_text(first), search_text(more)]


def test_nothing_read_is_nothing_taken():
    assert Coverage(("x",), []).take(MARGIN) is None
