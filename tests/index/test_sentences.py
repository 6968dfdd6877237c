"""Sentences: what can be quoted alone."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentence_spans

PIECES = [
    "第五次高官会议在北京召开。",
    "他说：“我们同意。”",
    "Mr. Meng spoke. ",
    "on Dec.14th, 2007. ",
    "3.5 ",
    "การประชุมจัดขึ้นที่กรุงปักกิ่ง ",
    "ກອງປະຊຸມ ",
    "កិច្ចប្រជុំ។ ",
    "အစည်းအဝေး။ ",
    "\n",
    "\n\n",
    " ",
    "\u3000",
    ".",
    "；",
    "1. ",
    "(a) ",
    "…",
    "”",
    "word ",
]


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=60).map("".join)), st.data())
def test_spans_are_ordered_disjoint_inside_and_lose_nothing(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = sentence_spans(text, start, end)
    assert all(start <= a < b <= end for a, b in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text[start:end].split())
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第一句。第二句！第三句？", ["第一句。", "第二句！", "第三句？"]),
        ("第一句。\n第二句……", ["第一句。", "第二句……"]),
        ("The first. The second! Is it?", ["The first.", "The second!", "Is it?"]),
        ("Câu thứ nhất. Đây là câu thứ hai.", ["Câu thứ nhất.", "Đây là câu thứ hai."]),
        ("កិច្ចប្រជុំបានធ្វើឡើង។ វាជោគជ័យ។", ["កិច្ចប្រជុំបានធ្វើឡើង។", "វាជោគជ័យ។"]),
        ("အစည်းအဝေး ကျင်းပသည်။ အောင်မြင်သည်။", ["အစည်းအဝေး ကျင်းပသည်။", "အောင်မြင်သည်။"]),
        ("ກອງປະຊຸມ ຈັດຂຶ້ນ. ມັນສຳເລັດ.", ["ກອງປະຊຸມ ຈັດຂຶ້ນ.", "ມັນສຳເລັດ."]),
        ("เขาพูดว่าใช่. Then he left.", ["เขาพูดว่าใช่.", "Then he left."]),
    ],
)
def test_sentences_of_every_language(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr. Meng Jianzhu met Mme. Huang Qingyi and Dr. Susu Thatun.",
        "On Dec.14th, 2007, IMM2 was concluded.",
        "On Dec. 14, 2007 the meeting ended.",
        "The U.S. Department of State reported it.",
        "Resolution No. 5 was adopted.",
        "Use several means, e.g. radio and posters, i.e. media.",
        "It grew by 3.5 per cent and by 1.25 points.",
        "See www.no-trafficking.org and http://uniap.law.pku.edu.cn for more.",
        "The speech was written by J. Smith.",
        "Hội nghị diễn ra ở TP. Hồ Chí Minh do PGS. TS. Nguyễn Văn A chủ trì.",
        "1. Develop national plans of action.",
        "12. Develop national plans of action.",
    ],
)
def test_a_full_stop_inside_a_sentence_ends_none(sentence: str) -> None:
    assert sentences(f"{sentence} The next sentence follows.") == [sentence, "The next sentence follows."]


def test_a_list_number_belongs_to_its_sentence_wherever_the_text_is_cut() -> None:
    text = "Main points:\n1. Develop plans. Train staff."
    start = text.index("1.")
    assert [text[a:b] for a, b in sentence_spans(text, start)] == ["1. Develop plans.", "Train staff."]
    text = "要点：\n7. 大会副主席发言。"
    assert [text[a:b] for a, b in sentence_spans(text, 4)] == ["7. 大会副主席发言。"]


@pytest.mark.parametrize("ending", ["in 2007.", "by 3.5.", "to 15."])
def test_a_number_may_end_a_sentence(ending: str) -> None:
    assert sentences(f"It rose {ending} Then it fell.") == [f"It rose {ending}", "Then it fell."]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("他说：“我们同意。”然后离开。", "他说：“我们同意。”"),
        ("他说：「同意！」然后離開。", "他说：「同意！」"),
        ("He said “we agree.” Then he left.", "He said “we agree.”"),
        ("(He agreed.) Then he left.", "(He agreed.)"),
        ('He said "we agree." Then he left.', 'He said "we agree."'),
    ],
)
def test_closing_quotes_and_brackets_belong_to_the_sentence(text: str, first: str) -> None:
    assert sentences(text)[0] == first


def test_thai_is_cut_at_spaces_into_phrases_that_can_be_quoted() -> None:
    text = " ".join(["การประชุมระดับรัฐมนตรีจัดขึ้นที่กรุงปักกิ่ง"] * 8)
    found = sentences(text)
    assert len(found) > 1
    assert all(len(phrase) >= 30 for phrase in found)
    assert " ".join(found) == text


def test_a_short_thai_text_stays_whole() -> None:
    assert sentences("การประชุม จัดขึ้น ที่ปักกิ่ง") == ["การประชุม จัดขึ้น ที่ปักกิ่ง"]


def test_a_long_sentence_is_cut_at_its_semicolons_and_a_short_one_is_not() -> None:
    clause = "各国进一步加强了打击跨国拐卖犯罪的实质性合作，联合开展了一系列卓有成效的打击行动"
    long = "；".join([clause] * 5) + "。"
    assert len(sentences(long)) == 5
    assert sentences("一是合作；二是培训。") == ["一是合作；二是培训。"]


def test_a_line_break_ends_no_sentence() -> None:
    text = "期望各位在会议期间生\n\n活愉快，会议富有成效。"
    assert sentences(text) == [text]


@pytest.mark.parametrize("piece", ["word. ", "Mr. Li. ", "字。", "1.", "a", '."', "ไทย ", "aaa;"])
def test_a_very_long_line_takes_no_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    began = time.perf_counter()
    sentence_spans(text)
    assert time.perf_counter() - began < 5
