"""A reply that repeats itself or is in another language is told; one that only looks so is not."""

from __future__ import annotations

import pytest

from assistant.writing.signs import in_other_language, repeated_sentence, repeats

ENGLISH = "The fifth Senior Officials Meeting was held in Beijing in December 2007 and six countries took part in it."
CHINESE = "第五次高官会于二〇〇七年十二月在北京举行，六个国家的代表参加了会议，并签署了联合宣言。"
VIETNAMESE = "Hội nghị quan chức cấp cao lần thứ năm được tổ chức tại Bắc Kinh vào tháng 12 năm 2007 với sáu nước."
THAI = "การประชุมเจ้าหน้าที่อาวุโสครั้งที่ห้าจัดขึ้นที่กรุงปักกิ่งในเดือนธันวาคม"
KHMER = "កិច្ចប្រជុំមន្ត្រីជាន់ខ្ពស់លើកទីប្រាំបានប្រព្រឹត្តទៅនៅទីក្រុងប៉េកាំង"
LAO = "ກອງປະຊຸມເຈົ້າໜ້າທີ່ອາວຸໂສຄັ້ງທີຫ້າໄດ້ຈັດຂຶ້ນທີ່ນະຄອນປັກກິ່ງ"
BURMESE = "အဆင့်မြင့်အရာရှိများ၏ ပဉ္စမအကြိမ် အစည်းအဝေးကို ပေကျင်းမြို့၌ ကျင်းပခဲ့သည်"
JAPANESE = "第五回の高級実務者会議は二〇〇七年十二月に北京で開かれ、六か国の代表が参加しました。"
TEXTS = {
    "en": ENGLISH,
    "zh-Hans": CHINESE,
    "vi": VIETNAMESE,
    "th": THAI,
    "km": KHMER,
    "lo": LAO,
    "my": BURMESE,
    "ja": JAPANESE,
}


@pytest.mark.parametrize("said", ["and so on ", "他们", "的", "ก", "the same\n", ENGLISH + " "])
def test_an_end_that_says_the_same_over_and_over_repeats(said):
    assert repeats("It was held. " + said * 130)
    assert repeats(ENGLISH + (said * 130)[:-1])


@pytest.mark.parametrize(
    "text",
    ["", "aaa", "2007-2007-2007", ENGLISH * 2, CHINESE * 3, "很好很好很好很好", "-" * 100, "1. a\n2. b\n3. c\n4. d"],
)
def test_a_little_repetition_is_none(text):
    assert not repeats(text)


def test_what_was_repeated_before_other_text_came_does_not_count():
    assert not repeats("and so on " * 50 + ENGLISH)


def test_a_sentence_that_stands_there_four_times_repeats():
    assert repeated_sentence([ENGLISH, CHINESE] * 4)
    assert repeated_sentence(["六国参加会议。", "六国参加会议", "（六国参加会议）", "六国 参加 会议！"])
    assert not repeated_sentence([ENGLISH, CHINESE] * 3)
    assert not repeated_sentence(["No.", "是。"] * 5)
    assert not repeated_sentence([])


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("written", TEXTS)
def test_a_reply_is_in_the_language_of_its_question_or_not(language, written):
    assert in_other_language(TEXTS[written], language) == (written != language)


def test_the_script_of_a_chinese_question_does_not_matter():
    assert not in_other_language(CHINESE, "zh-Hant")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("UNIAP", "zh-Hans"),
        ("", "th"),
        ("2007", "en"),
        ("参加的组织有UNIAP、UNICEF、ILO、World Vision和Save the Children等。", "zh-Hans"),
        ("องค์กรที่เข้าร่วม ได้แก่ UNIAP, UNICEF, World Vision และ Save the Children", "th"),
        ("It signed the declaration 《湄公河次区域合作反拐进程联合宣言》 in Beijing.", "en"),
        (ENGLISH, "und"),
        (ENGLISH, "fr"),
    ],
)
def test_names_in_another_script_and_short_replies_prove_nothing(text, language):
    assert not in_other_language(text, language)
