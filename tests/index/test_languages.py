"""Languages of passages and questions."""

from __future__ import annotations

import pytest

from index.languages import detect_language, is_traditional

SIMPLIFIED = "第五次高官会议在北京召开，六国代表出席了会议。"
TRADITIONAL = "第五次高官會議在北京召開，六國代表出席了會議。"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (SIMPLIFIED, "zh"),
        (TRADITIONAL, "zh"),
        ("การประชุมเจ้าหน้าที่อาวุโสจัดขึ้นที่ไหน", "th"),
        ("Hội nghị quan chức cấp cao lần thứ năm được tổ chức ở đâu?", "vi"),
        ("កិច្ចប្រជុំមន្ត្រីជាន់ខ្ពស់", "km"),
        ("ກອງປະຊຸມເຈົ້າໜ້າທີ່ອາວຸໂສ", "lo"),
        ("အဆင့်မြင့်အရာရှိများ အစည်းအဝေး", "my"),
        ("Where was the fifth Senior Officials Meeting held?", "en"),
        ("会議は北京で開かれました", "ja"),
    ],
)
def test_languages_of_the_mekong(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("COMMIT 第四次高官会（SOM4）在哪里召开？", "zh"),
        ("SOM5 จัดขึ้นที่ Beijing เมื่อไร ใครเข้าร่วมบ้าง", "th"),
        ("What does 反拐 mean in these documents and newsletters?", "en"),
    ],
)
def test_most_of_a_mixed_text_decides(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "  \n", "2007-12-14", "(+86 10) 6420 1827", "……。"])
def test_a_text_without_letters_has_no_language(text: str) -> None:
    assert detect_language(text) == "und"


@pytest.mark.parametrize("text", ["COMMIT", "SOM5", "UNIAP"])
def test_an_abbreviation_alone_counts_as_english(text: str) -> None:
    assert detect_language(text) == "en"


def test_very_long_texts_and_line_breaks_do_no_harm() -> None:
    assert detect_language("The meeting was held\nin Beijing.\n" * 5000) == "en"


def test_traditional_and_simplified_are_told_apart() -> None:
    assert is_traditional(TRADITIONAL)
    assert not is_traditional(SIMPLIFIED)
    assert not is_traditional("北京")
    assert not is_traditional("The meeting")
