"""Terms: a word finds the texts that have it, in every script."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search_text import search_text
from index.tokens import terms

VIETNAMESE = (
    "Hội nghị quan chức cấp cao lần thứ năm về phòng, chống mua bán người được tổ chức tại Bắc Kinh với sự tham gia "
    "của Đoàn đại biểu Lào, Campuchia, Thái Lan, Myanmar và Việt Nam; các nước ký tuyên bố chung, nạn nhân, trẻ em, phụ nữ"
)


def shared(word: str, text: str) -> set[str]:
    return set(terms(search_text(word))) & set(terms(search_text(text)))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("拐卖人口", "打击拐卖人口犯罪"),
        ("湄公河", "湄公河次区域合作"),
        ("การค้ามนุษย์", "การต่อต้านการค้ามนุษย์ในอนุภูมิภาค"),
        ("จีน", "ผู้แทนจากประเทศจีนและลาวเข้าร่วม"),
        ("ลาว", "ผู้แทนจากประเทศจีนและลาวเข้าร่วม"),
        ("คน", "การลักลอบขนคนข้ามแดน"),
        ("ຈີນ", "ຜູ້ຕາງໜ້າຈາກປະເທດຈີນແລະລາວ"),
        ("ການຄ້າມະນຸດ", "ການຕໍ່ຕ້ານການຄ້າມະນຸດ"),
        ("ចិន", "តំណាងមកពីប្រទេសចិននិងឡាវ"),
        ("ជួញដូរមនុស្ស", "ប្រឆាំងការជួញដូរមនុស្ស"),
        ("ထိုင်း", "တရုတ်နှင့်ထိုင်းနိုင်ငံ"),
        ("လူကုန်ကူး", "လူကုန်ကူးမှုတားဆီးရေး"),
        ("北京で", "会議は北京で開かれた"),
    ],
)
def test_a_word_shares_terms_with_a_text_without_spaces(word: str, text: str) -> None:
    assert shared(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [("พม่า", "ประเทศจีนและลาว"), ("越南", "中国和老挝"), ("ភូមា", "ប្រទេសចិន"), ("ban", "bank banking"), ("2006", "20061")],
)
def test_another_word_shares_none(word: str, text: str) -> None:
    assert not shared(word, text)


@given(st.lists(st.sampled_from(VIETNAMESE.replace(",", "").replace(";", "").split()), min_size=1, max_size=8))
def test_vietnamese_is_found_without_its_marks(words: list[str]) -> None:
    text = " ".join(words)
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    assert set(terms(bare)) <= set(terms(VIETNAMESE))


def test_marks_still_tell_words_apart() -> None:
    assert "bán" in terms("bán")
    assert "bạn" not in terms("bán")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("trafficking", "trafficked"),
        ("victims", "victim"),
        ("Victims’", "victim's"),
        ("MINISTERS", "minister"),
        ("naïveté", "naivete"),
        ("anti-trafficking", "anti trafficking"),
    ],
)
def test_forms_of_a_word_meet(one: str, other: str) -> None:
    assert shared(one, other)


@pytest.mark.parametrize("digits", ["2007", "２００７", "๒๐๐๗", "໒໐໐໗", "២០០៧", "၂၀၀၇"])
def test_digits_of_every_script_are_the_same_number(digits: str) -> None:
    assert terms(search_text(digits)) == ["2007", "d:2007"]


@pytest.mark.parametrize("text", ["2007年12月", "ปี ๒๐๐๗", "ឆ្នាំ២០០៧", "၂၀၀၇ခုနှစ်", "in 2007, Beijing", "2007-2010"])
def test_a_year_is_found_in_a_text_of_any_language(text: str) -> None:
    assert "2007" in terms(search_text(text))


def test_thousands_separators_do_not_matter() -> None:
    assert terms("1,234,567") == terms("1234567")
    assert terms("3.5") == ["3.5", "n:3.5"]


def test_terms_keep_order_and_count() -> None:
    assert terms("拐卖拐卖") == ["拐卖", "卖拐", "拐卖"]
    assert terms("SOM5 and SOM5").count("som") == 2


@given(st.text(max_size=200))
def test_any_text_has_terms_without_white_space(text: str) -> None:
    assert all(term and not any(char.isspace() for char in term) for term in terms(text))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("2007年12月", "On Dec.14th, 2007"),
        ("ธันวาคม 2550", "2007年12月14日"),
        ("tháng 12 năm 2007", "二〇〇七年十二月"),
        ("lần thứ tư", "第四次"),
        ("the sixth", "ຄັ້ງທີ 6"),
    ],
)
def test_a_date_or_a_number_is_a_term_in_every_script(word: str, text: str) -> None:
    assert {term for term in shared(word, text) if ":" in term}


def test_a_date_has_terms_for_its_month_and_year_besides_those_of_its_digits() -> None:
    found = terms("2007年12月14日")
    assert found[-4:] == ["d:2007-12-14", "d:2007-12", "d:12-14", "d:2007"]
    assert {"2007", "12", "14"} < set(found)


@given(st.text(max_size=60))
def test_no_word_looks_like_the_term_of_a_date(text: str) -> None:
    plain = terms(search_text("".join(char for char in text if not char.isnumeric())))
    assert all(term.startswith(("d:", "n:")) for term in plain if ":" in term)
