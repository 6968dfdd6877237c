"""Search text: what is written differently and means the same is the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search_text import search_text


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("湄公河次區域合作反對拐賣人口", "湄公河次区域合作反对拐卖人口"),
        ("ＣＯＭＭＩＴ　２００７（ＳＯＭ５）", "COMMIT 2007(SOM5)"),
        ("湄公河\n次区域", "湄公河次区域"),
        ("期望各位在会议期间生\n\n活愉快", "期望各位在会议期间生活愉快"),
        ("反 拐 通 訊", "反拐通讯"),
        ("2007 年 12 月 14 日", "2007年12月14日"),
        ("traf-\nficking in persons", "trafficking in persons"),
        ("traf\u00ad\nficking", "trafficking"),
        ("victims\nof trafficking", "victims of trafficking"),
        ("hu\u00adman traf\u200bficking\ufeff", "human trafficking"),
        ("ﬁrst", "first"),
        ("cafe\u0301", "café"),
        ("### **联合国**全球举措", "联合国全球举措"),
        ("暂定项目表\\*项目 103", "暂定项目表*项目103"),
    ],
)
def test_the_same_words_become_the_same_text(written: str, same: str) -> None:
    assert search_text(written) == search_text(same) == same


def test_what_scanners_misread_is_put_right() -> None:
    spellings = {"渭公河": "湄公河", "COMMII": "COMMIT"}
    assert search_text("渭公河次区域 (COMMII)", spellings) == "湄公河次区域 (COMMIT)"
    assert search_text("渭 公\n河", spellings) == "湄公河"


def test_the_longest_misreading_goes_first_however_they_are_ordered() -> None:
    assert search_text("渭公河次区", {"渭公": "渭水", "渭公河次区": "湄公河次区域"}) == "湄公河次区域"


def test_joiners_that_spell_words_are_kept() -> None:
    assert "\u200c" in search_text("می\u200cروم")


@given(st.text(max_size=200))
def test_search_text_is_one_line(text: str) -> None:
    once = search_text(text)
    assert once == " ".join(once.split())


@pytest.mark.parametrize("text", ["2004¹² followed", "in 2004² and", "Bangkok³, Thailand", "联合宣言¹⁰签署"])
def test_the_number_of_a_note_is_no_part_of_the_word_before(text: str) -> None:
    assert not any(char.isdigit() for char in search_text(text).replace("2004 ", ""))
