"""A reply that says there is no answer is told from one that answers."""

from __future__ import annotations

import pytest

from assistant.writing.declining import NO_ANSWER, declines, may_decline, without_token


@pytest.mark.parametrize(
    "reply",
    [
        "NO_ANSWER",
        " NO_ANSWER.",
        "**NO_ANSWER**",
        "`NO_ANSWER`",
        "no_answer",
        "No answer.",
        "NO ANSWER",
        '"NO_ANSWER"',
        "NO_ANSWER\n\nThe passages say nothing.",
    ],
)
def test_the_agreed_word_declines_whatever_else_is_said(reply):
    assert declines(reply, supported=False)
    assert declines(reply, supported=True)


@pytest.mark.parametrize(
    "reply",
    [
        "The passages do not mention the budget.",
        "The provided context does not contain this information.",
        "I don’t know.",
        "We cannot determine this.",
        "There is no information about it in the documents.",
        "The budget is not mentioned in the passages.",
        "资料中没有提到预算。",
        "提供的段落没有相关内容。",
        "无法根据所给资料回答。",
        "我不知道。",
        "資料中沒有提到預算，無法回答。",
        "文件並未說明預算。",
        "Tài liệu không đề cập đến ngân sách.",
        "Tôi không biết.",
        "Không tìm thấy thông tin.",
        "เอกสารไม่ได้กล่าวถึงงบประมาณ",
        "ไม่พบข้อมูลเรื่องนี้",
        "ឯកសារមិនបានបញ្ជាក់អំពីថវិកាទេ។",
        "ເອກະສານບໍ່ໄດ້ກ່າວເຖິງງົບປະມານ",
        "စာရွက်စာတမ်းတွင် ဘတ်ဂျက်အကြောင်း မပါဝင်ပါ။",
    ],
)
def test_words_to_that_end_decline_unless_a_sentence_is_supported(reply):
    assert declines(reply, supported=False)
    assert not declines(reply, supported=True)


@pytest.mark.parametrize(
    "reply",
    [
        "The meeting was held in Beijing.",
        "No answer was received from Thailand.",
        "Thailand did not sign.",
        "会议没有通过宣言。",
        "雙方未簽署文件。",
        "Thái Lan không ký.",
        "ประเทศไทยไม่ได้ลงนาม",
        "កម្ពុជាមិនបានចុះហត្ថលេខាទេ។",
        "The casino_answer is yes.",
        "",
    ],
)
def test_an_answer_that_denies_something_does_not_decline(reply):
    assert not declines(reply, supported=False)
    assert not declines(reply, supported=True)


def test_a_reservation_late_in_a_long_answer_does_not_decline():
    assert not declines("It was held in Beijing. " * 20 + "The passages do not mention more.", supported=False)


def test_an_answer_in_which_the_word_also_stands_counts_when_it_is_supported():
    reply = "It was held in Beijing. NO_ANSWER"
    assert not declines(reply, supported=True)
    assert declines(reply, supported=False)
    assert without_token(reply) == "It was held in Beijing."


def test_ordinary_words_are_never_taken_out():
    assert without_token("No answer was received.") == "No answer was received."
    assert without_token("no answer") == "no answer"


@pytest.mark.parametrize("length", range(len(NO_ANSWER) + 1))
def test_nothing_is_shown_while_the_word_may_still_come(length):
    for written in (NO_ANSWER, "No answer", "**" + NO_ANSWER):
        assert may_decline(written[:length])


@pytest.mark.parametrize("reply", ["It", "Now", "会议", "No, it", "NO_ANSWERS", "No answer was", "N_"])
def test_a_reply_is_shown_once_it_is_another(reply):
    assert not may_decline(reply)


def test_the_agreed_word_with_more_behind_it_is_not_shown():
    assert may_decline("NO_ANSWER because")
