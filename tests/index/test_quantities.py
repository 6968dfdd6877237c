"""Numbers and dates are the same in every script, and nothing else is taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.month_names import ENGLISH_MONTHS, MONTHS
from index.number_words import UNSPACED_NUMBERS
from index.quantities import present_quantities, quantities
from index.search_text import search_text

SOURCES = Path(__file__).resolve().parents[2] / "sources"
ENGLISH = [name.capitalize() for name in list(ENGLISH_MONTHS) if len(name) > 4 or name in {"june", "july", "may"}]
ENGLISH = list(dict.fromkeys(name for name in ENGLISH if name != "Sept"))
THAI = [name for name in MONTHS if name.endswith(("คม", "ยน", "พันธ์"))]
DIGITS = {"th": "๐๑๒๓๔๕๖๗๘๙", "lo": "໐໑໒໓໔໕໖໗໘໙", "km": "០១២៣៤៥៦៧៨៩", "my": "၀၁၂၃၄၅၆၇၈၉"}


def keys(text: str) -> list[str]:
    return [quantity.term for quantity in quantities(search_text(text))]


@pytest.mark.parametrize(
    "text",
    [
        "二〇〇七年十二月",
        "二○○七年十二月",
        "2007 年 12 月",
        "2007年12月份",
        "December 2007",
        "in Dec. 2007",
        "December, 2007",
        "december of 2007",
        "2007-12",
        "tháng 12 năm 2007",
        "tháng 12/2007",
        "tháng mười hai năm 2007",
        "ธันวาคม 2550",
        "เดือนธันวาคม พ.ศ. 2550",
        "ธ.ค. ๒๕๕๐",
        "ธันวาคม 2007",
        "ເດືອນທັນວາ ປີ 2007",
        "ທັນວາ ໒໐໐໗",
        "ខែធ្នូ ឆ្នាំ២០០៧",
        "ខែ ១២ ឆ្នាំ ២០០៧",
        "၂၀၀၇ ခုနှစ် ဒီဇင်ဘာလ",
        "2007 ဒီဇင်ဘာလ",
    ],
)
def test_a_month_of_a_year_is_the_same_in_every_writing(text):
    assert keys(text) == ["d:2007-12"]


@pytest.mark.parametrize(
    "text",
    [
        "2007年12月14日",
        "二〇〇七年十二月十四日",
        "2007 年 12\n\n月 14 日",
        "14 December 2007",
        "14th of December, 2007",
        "December 14, 2007",
        "On Dec.14th, 2007",
        "2007-12-14",
        "2007/12/14",
        "2007・12・14",
        "14/12/2007",
        "12/14/2007",
        "14.12.2007",
        "ngày 14 tháng 12 năm 2007",
        "ngày 14/12/2007",
        "วันที่ 14 ธันวาคม พ.ศ. 2550",
        "๑๔ ธ.ค. ๒๕๕๐",
        "ວັນທີ 14 ທັນວາ 2007",
        "ថ្ងៃទី១៤ ខែធ្នូ ឆ្នាំ២០០៧",
        "၂၀၀၇ ခုနှစ်၊ ဒီဇင်ဘာလ ၁၄ ရက်",
    ],
)
def test_a_day_is_the_same_in_every_writing(text):
    assert keys(text) == ["d:2007-12-14"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2007 年 12\n\n月 12-14 日由中国公安部主办", ["2007-12-12", "2007-12-14"]),
        ("2006 年 5 月 10 日-5 月 12 日", ["2006-05-10", "2006-05-12"]),
        ("2004 年 10 月 27—28 日在缅甸仰光", ["2004-10-27", "2004-10-28"]),
        ("在 2009 年 4 月 14 日和 15 日在维也纳", ["2009-04-14", "2009-04-15"]),
        ("2008 年 2 月 13 日至 15 日", ["2008-02-13", "2008-02-15"]),
        ("2005年11月1日至7日,以中国公安部", ["2005-11-01", "2005-11-07"]),
        ("2007-2010年合作计划", ["2007", "2010"]),
        ("（2008—2010年）", ["2008", "2010"]),
        ("2001年至2006年", ["2001", "2006"]),
        ("从 2005 年到 2007 年", ["2005", "2007"]),
        ("2005和2006年", ["2005", "2006"]),
        ("(2008 – 2010)", ["2008", "2010"]),
        ("Dec. 14-15, 2007", ["2007-12-14", "2007-12-15"]),
        ("14-15/12/2007", ["2007-12-14", "2007-12-15"]),
        ("27 and 28 October 2004", ["2004-10-27", "2004-10-28"]),
        ("27 October to 2 November 2004", ["2004-10-27", "2004-11-02"]),
        ("từ ngày 12 đến ngày 14 tháng 12 năm 2007", ["2007-12-12", "2007-12-14"]),
        ("12-14 ธันวาคม 2550", ["2007-12-12", "2007-12-14"]),
        ("từ năm 2001 đến năm 2005", ["2001", "2005"]),
        ("ปี 2005 และปี 2549", ["2005", "2006"]),
    ],
)
def test_a_range_gives_both_its_ends(text, found):
    assert keys(text) == [f"d:{key}" for key in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12月14日下午", ["d:12-14"]),
        ("14 December", ["d:12-14"]),
        ("ngày 14 tháng 12", ["d:12-14"]),
        ("于今年11月出台", []),
        ("tháng 11", []),
        ("you may go", []),
        ("พ.ศ. 2551", ["d:2008"]),
        ("พุทธศักราช ๒๕๕๑", ["d:2008"]),
        ("mid-2007", ["d:2007"]),
        ("一九九一年", ["d:1991"]),
        ("(+86 10) 6420 1999", ["n:86", "n:10", "n:6420", "n:1999"]),
        ("2000人", ["n:2000"]),
        ("2000 people", ["n:2000"]),
        ("第 63/194 号决议", ["n:63", "n:194"]),
        ("最近两年", ["n:2"]),
        ("十五年", ["n:15"]),
    ],
)
def test_what_is_said_is_given_and_no_more(text, found):
    assert keys(text) == found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("二十三", "23"),
        ("一百五十名", "150"),
        ("一百余名被害人", "100"),
        ("两千", "2000"),
        ("一千零五", "1005"),
        ("三万五", "35000"),
        ("兩萬", "20000"),
        ("3万", "30000"),
        ("1.2亿", "120000000"),
        ("1万2千人", "12000"),
        ("第四次高官会", "4"),
        ("第四屆高官會", "4"),
        ("第六十四届会议", "64"),
        ("首次协商会议", "1"),
        ("两国", "2"),
        ("六國", "6"),
        ("七个合作要点", "7"),
        ("百分之二十五", "25%"),
        ("百分之25", "25%"),
        ("25%", "25%"),
        ("25 per cent", "25%"),
        ("12.5%", "12.5%"),
        ("the fourth SOM", "4"),
        ("4th SOM", "4"),
        ("SOM4", "4"),
        ("twenty-three people", "23"),
        ("two hundred and fifty", "250"),
        ("thirty-fourth", "34"),
        ("three million", "3000000"),
        ("2.5 million", "2500000"),
        ("5,000 dollars", "5000"),
        ("10 000 people", "10000"),
        ("Nearly 200 delegates", "200"),
        ("lần thứ tư", "4"),
        ("lần thứ 4", "4"),
        ("lần thứ năm", "5"),
        ("SPA thứ nhất", "1"),
        ("sáu nước", "6"),
        ("năm nước thành viên", "5"),
        ("hai mươi ba người", "23"),
        ("một trăm năm mươi", "150"),
        ("hai nghìn năm trăm người", "2500"),
        ("5.000 người", "5000"),
        ("1,5 triệu người", "1500000"),
        ("25 phần trăm", "25%"),
        ("ครั้งที่ 4", "4"),
        ("ครั้งที่ ๔", "4"),
        ("ครั้งที่สี่", "4"),
        ("ฉบับที่หนึ่ง", "1"),
        ("หกประเทศ", "6"),
        ("ร้อยละ 25", "25%"),
        ("ຄັ້ງທີ 4", "4"),
        ("ຄັ້ງທີສີ່", "4"),
        ("ຫົກປະເທດ", "6"),
        ("លើកទី៤", "4"),
        ("លើកទីបួន", "4"),
        ("ប្រទេសទាំងប្រាំមួយ", "6"),
        ("၆ နိုင်ငံ", "6"),
        ("ခြောက်နိုင်ငံ", "6"),
        ("စတုတ္ထအကြိမ်", "4"),
    ],
)
def test_a_number_is_the_same_in_digits_and_words(text, number):
    assert keys(text) == [f"n:{number}"]


@pytest.mark.parametrize(
    "text",
    [
        "一些国家一起，统一标准",
        "在万象举行",
        "长江三角洲和四川",
        "十分重视",
        "进一步加强",
        "唯一方式之一",
        "三分之一",
        "万一",
        "千万不要",
        "数十名",
        "几百名",
        "三四个",
        "十几个",
        "周三",
        "第一时间",
        "第三方",
        "十二五规划",
        "one of the countries",
        "at first",
        "seconds",
        "often, tension, sixties",
        "một nước",
        "năm nay",
        "tư pháp",
        "สามารถ ห้าม สามี เก้าอี้",
        "ສາມາດ ຫ້າມ",
        "version 1.2.3.4",
        "",
        "……",
    ],
)
def test_a_word_that_looks_like_a_number_is_none(text):
    assert keys(text) == []


def test_a_quantity_says_where_it_stands():
    text = search_text("会议于 2007 年 12 月 14 日召开，共 200 人")
    assert [text[quantity.start : quantity.end] for quantity in quantities(text)] == ["2007年12月14日", "200"]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("d:2007-12", "On Dec.14th, 2007"),
        ("d:2007", "ธันวาคม 2550"),
        ("d:12-14", "2007年12月14日"),
        ("d:2007", "2000 and 2007"),
        ("n:2007", "2007年"),
        ("d:2000", "2000人"),
        ("n:200", "近 200 人"),
        ("n:6", "the six countries"),
    ],
)
def test_a_text_holds_a_date_and_what_it_lies_in(key, text):
    assert present_quantities([key], search_text(text)) == {key}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("n:20", "2007年"),
        ("n:200", "2007年"),
        ("n:200", "2000人"),
        ("n:4", "2004年10月14日"),
        ("n:12", "2007年12月"),
        ("d:2007-12-14", "2007年12月"),
        ("d:2007-12", "2007年"),
        ("d:12-14", "2007年12月15日"),
        ("n:25", "25%"),
    ],
)
def test_a_part_of_a_number_or_a_wider_date_is_not_held(key, text):
    assert present_quantities([key], search_text(text)) == set()


years = st.integers(1900, 2099)
months = st.integers(1, 12)
days = st.integers(1, 31)


@given(years, months, days, st.sampled_from(sorted(DIGITS)))
def test_every_date_is_read_alike_in_chinese_english_thai_and_native_digits(year, month, day, script):
    native = str.maketrans("0123456789", DIGITS[script])
    texts = [
        f"{year}年{month}月{day}日",
        f"{year:04}-{month:02}-{day:02}",
        f"{day} {ENGLISH[month - 1]} {year}",
        f"{ENGLISH[month - 1]} {day}, {year}",
        f"ngày {day} tháng {month} năm {year}",
        f"{day} {THAI[month - 1]} {year + 543}",
        f"{year}年{month}月{day}日".translate(native),
    ]
    assert {tuple(keys(text)) for text in texts} == {(f"d:{year}-{month:02}-{day:02}",)}


@given(st.integers(2, 10**6))
def test_every_number_is_itself_and_holds_no_other(number):
    for text in (f"{number}个", f"{number:,} items", f"[{number}]"):
        if not (1900 <= number <= 2099 and text.startswith("[")):
            assert keys(text) == [f"n:{number}"]
    assert present_quantities([f"n:{number * 10}", f"n:{number // 10}"], f"{number}个") == set()


def chinese(number: int) -> str:
    """A number below ten thousand in Chinese characters, as schools teach it."""
    digits, written, zero = "零一二三四五六七八九", "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            written += ("零" if zero and written else "") + digits[digit] + name
        zero = not digit
    return written


@given(st.integers(2, 9999))
def test_every_chinese_numeral_has_its_value(number):
    assert keys(f"{chinese(number)}个") == [f"n:{number}"]


@given(st.text(max_size=200))
def test_any_text_is_read_and_the_places_lie_in_it(text):
    for quantity in quantities(search_text(text)):
        assert 0 <= quantity.start < quantity.end <= len(search_text(text))


@given(st.text(alphabet="0123456789年月日-./,第一二三十百万〇 DecMay", max_size=40))
def test_any_mixture_of_digits_and_marks_is_read(text):
    assert all(quantity.key for quantity in quantities(search_text(text)))


@pytest.mark.parametrize("table", UNSPACED_NUMBERS, ids=lambda table: table.script)
def test_a_numeral_without_what_it_counts_is_no_number(table):
    for word in table.words:
        assert keys(f"{word}") == []


def test_the_dates_of_the_real_texts_are_found():
    found = {path.name: set(keys(path.read_text(encoding="utf-8"))) for path in SOURCES.glob("*.txt")}
    note = found["som4-phnom-penh-2006-meeting-note.zh.txt"]
    letter = found["uniap-china-newsletter-2007-12-som5-imm2.zh.txt"]
    minutes = found["china-myanmar-2006-11-bilateral-minutes.zh.txt"]
    assert {"d:2006-05-10", "d:2006-05-12", "d:2004-10-27", "d:2004-10-28", "n:34"} <= note
    assert {"d:2007-12-12", "d:2007-12-14", "d:2007-11-28", "d:2004-10-29", "d:2008-01-01", "n:175"} <= letter
    assert {"d:2006-11-05", "d:2006-11-09", "d:2005-05-28", "d:2005-11-01", "n:100"} <= minutes
