"""What of a tree of HTML is text, and how it stands there: paragraphs, lists, tables, headings."""

from __future__ import annotations

import time
import unicodedata

import pytest
from lxml import html

from index.readers.web.markup import canonical_text


def read(page: str):
    return canonical_text(html.document_fromstring(page).find("body")).document("a.html", "html")


def text(page: str) -> str:
    return read(page).text


def test_headings_are_recorded_with_their_offsets_and_without_marks():
    document = read("<h1>行动计划</h1><p>第一段。</p><h2>แผน <b>ปฏิบัติการ</b></h2><p>x</p><h6>Kế hoạch<br>hành động</h6>")
    found = [(document.text[heading.start : heading.end], heading.level) for heading in document.headings]
    assert found == [("行动计划", 1), ("แผน ปฏิบัติการ", 2), ("Kế hoạch hành động", 6)]
    assert document.text == "行动计划\n\n第一段。\n\nแผน ปฏิบัติการ\n\nx\n\nKế hoạch hành động"


def test_a_page_written_in_large_letters_is_no_heading():
    long = "这是一个很长的段落，" * 40
    document = read(f"<h2>{long}<p>第二段。</h2>")
    assert not document.headings
    assert long in document.text


def test_every_block_is_a_paragraph_and_white_space_is_a_browsers():
    page = "<div>one<div>two\n  and&nbsp;&nbsp;more</div>three</div><blockquote>Q</blockquote><dl><dt>T<dd>D</dl>"
    assert text(page) == "one\n\ntwo and more\n\nthree\n\nQ\n\nT\n\nD"


def test_line_breaks_are_kept_and_two_of_them_begin_a_paragraph():
    assert text("<p>one<br>two<br><br/>three</p>") == "one\ntwo\n\nthree"
    assert text("<td>第一段。<br>　　第二段。<br>&nbsp;&nbsp;第三段。") == "第一段。\n\n第二段。\n\n第三段。"
    assert text("<pre>a\n  b\n\nc</pre>") == "a\nb\n\nc"


def test_a_line_end_of_the_file_is_no_space_between_chinese_characters():
    assert text("<p>来自\n  柬埔寨、\n中国 of\nthe</p>") == "来自柬埔寨、中国 of the"
    assert text("<p>ผู้แทน\nจากไทย</p>") == "ผู้แทน จากไทย"


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<template><p>x</p></template>",
        "<noscript>x</noscript>",
        "<p hidden>x</p>",
        '<div style="color: red; display : NONE"><p>x</p></div>',
        '<span style="visibility:hidden">x</span>',
        '<img alt="x">',
        "<select><option>x</select>",
        "<del>x</del>",
        "<!-- x -->",
        "<?x x?>",
    ],
)
def test_what_is_not_shown_is_no_text(hidden):
    assert text(f"<p>before</p>{hidden}<p>after</p>") == "before\n\nafter"
    assert text(f"<p>be{hidden}fore</p>").replace("\n\n", "") == "before"


def test_notes_keep_their_brackets_and_powers_are_no_larger_numbers():
    assert text('<p>said.<sup><a href="#n1">1</a></sup> Next') == "said.[1] Next"
    assert text('<p>said.<a href="#n1"><sup>[12]</sup></a>') == "said.[12]"
    assert text('<ol><li id="n1">Source. <a href="#r1">↩</a></ol>') == "1. Source."
    assert text("<p>10<sup>6</sup> km<sup>2</sup>, 1<sup>st</sup>, CO<sub>2</sub>") == "10⁶ km², 1st, CO2"


def test_lists_show_their_marks_on_consecutive_lines():
    page = "<p>Before:</p><ul><li>one<li><p>two</p></ul><p>After</p><ol><li>a<li value=7>b<li>c</ol>"
    assert text(page) == "Before:\n\n• one\n• two\n\nAfter\n\n1. a\n7. b\n8. c"


@pytest.mark.parametrize(
    ("attributes", "marks"),
    [
        ("start=9", ["9. ", "10. "]),
        ("type=a", ["a. ", "b. "]),
        ("type=A start=26", ["Z. ", "AA. "]),
        ("type=i start=4", ["iv. ", "v. "]),
        ("type=I", ["I. ", "II. "]),
        ("reversed", ["2. ", "1. "]),
        ('style="list-style-type: lower-alpha"', ["a. ", "b. "]),
        ('style="list-style-type:thai"', ["๑. ", "๒. "]),
        ('style="list-style-type:khmer"', ["១. ", "២. "]),
        ('style="list-style-type:lao"', ["໑. ", "໒. "]),
        ('style="list-style-type:myanmar"', ["၁. ", "၂. "]),
        ('style="list-style-type:cjk-ideographic" start=10', ["十、", "十一、"]),
        ('style="list-style:none"', ["", ""]),
        ("start=x", ["1. ", "2. "]),
    ],
)
def test_ordered_lists_count_as_a_browser_does(attributes, marks):
    assert text(f"<ol {attributes}><li>x<li>y</ol>") == f"{marks[0]}x\n{marks[1]}y"


def test_nested_lists_stand_line_by_line_and_items_keep_marks_of_their_own():
    page = "<ul><li>one<ol><li>x<li>y</ol><li>two</ul><ul><li>（一）预防<li>1. 保护<li>1.5 million</ul>"
    assert text(page) == "• one\n1. x\n2. y\n• two\n\n（一）预防\n1. 保护\n• 1.5 million"


def test_rows_name_the_columns_of_their_values():
    page = """<table><caption>Cases</caption><thead><tr><th>Country<th>Victims<th>Trials</thead>
        <tr><td>Lao PDR<td>12<td>3<tr><td>Viet Nam<td>4<td></table>"""
    assert text(page) == "Cases\n\nCountry: Lao PDR; Victims: 12; Trials: 3\n\nCountry: Viet Nam; Victims: 4"


@pytest.mark.parametrize(
    ("first", "row", "expected"),
    [
        (("国家", "人数", "备注"), ("老挝", "12", "无"), "国家：老挝；人数：12；备注：无"),
        (("國家", "人數", "備註"), ("寮國", "12", "無"), "國家：寮國；人數：12；備註：無"),
        (("ประเทศ", "จำนวน", "หมายเหตุ"), ("ลาว", "๑๒", "ไม่มี"), "ประเทศ: ลาว; จำนวน: ๑๒; หมายเหตุ: ไม่มี"),
        (("Nước", "Số vụ", "Ghi chú"), ("Lào", "12", "không"), "Nước: Lào; Số vụ: 12; Ghi chú: không"),
        (("ប្រទេស", "ចំនួន", "ចំណាំ"), ("ឡាវ", "១២", "គ្មាន"), "ប្រទេស: ឡាវ; ចំនួន: ១២; ចំណាំ: គ្មាន"),
        (("ປະເທດ", "ຈຳນວນ", "ໝາຍເຫດ"), ("ລາວ", "໑໒", "ບໍ່ມີ"), "ປະເທດ: ລາວ; ຈຳນວນ: ໑໒; ໝາຍເຫດ: ບໍ່ມີ"),
        (("နိုင်ငံ", "အရေအတွက်", "မှတ်ချက်"), ("လာအို", "၁၂", "မရှိ"), "နိုင်ငံ: လာအို; အရေအတွက်: ၁၂; မှတ်ချက်: မရှိ"),
        (("Country", "2005", "2006"), ("Laos", "12", "13"), "Country: Laos; 2005: 12; 2006: 13"),
        (("", "Victims", "Trials"), ("Laos", "12", "13"), "Laos; Victims: 12; Trials: 13"),
    ],
)
def test_a_first_row_of_names_heads_a_table_that_marks_none(first, row, expected):
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) for line in (first, row))
    assert text(f"<table>{cells}</table>") == unicodedata.normalize("NFC", expected)


def test_two_columns_have_headers_only_where_they_stand_out():
    named = "<table><tr><td>Country<td>Victims<tr><td>Laos<td>12<tr><td>China<td>1,300</table>"
    assert text(named) == "Country: Laos; Victims: 12\n\nCountry: China; Victims: 1,300"
    bold = "<table><tr><td><b>国家</b><td><b>机构</b><tr><td>老挝<td>公安部</table>"
    assert text(bold) == "国家：老挝；机构：公安部"
    assert text("<table><tr><td>首都<td>北京<tr><td>语言<td>汉语</table>") == "首都 | 北京\n\n语言 | 汉语"
    assert text("<table><tr><th>Capital<td>Vientiane<tr><th>Language<td>Lao</table>") == (
        "Capital: Vientiane\n\nLanguage: Lao"
    )


def test_merged_cells_stand_in_every_row_they_cover():
    page = """<table><tr><th rowspan=2>Country<th colspan=2>Victims<tr><th>Men<th>Women
        <tr><td rowspan=2>China<td>1<td>2<tr><td>3<td>4<tr><td colspan=3>Total of all years<tr><td>Laos<td>5<td>5</table>"""
    assert text(page).split("\n\n") == [
        "Country: China; Victims / Men: 1; Victims / Women: 2",
        "Country: China; Victims / Men: 3; Victims / Women: 4",
        "Total of all years",
        "Country: Laos; Victims / Men: 5; Victims / Women: 5",
    ]
    assert text("<table><tr><td rowspan=2>a<td>12<td>12<tr><td>b<td>13</table>") == "a | 12 | 12\n\na | b | 13"


def test_sentences_in_cells_are_not_run_together():
    page = "<table><tr><th>国家<th>行动<th>结果<tr><td>中国<td>开展培训。<td>良好</table>"
    assert text(page) == "国家：中国；行动：开展培训。结果：良好"


def test_a_list_in_a_cell_keeps_its_marks():
    page = "<table><tr><th>A<th>B<tr><td>x<td><ol><li>one<li>two</ol></table>"
    assert text(page) == "A: x; B: 1. one 2. two"


def test_tables_that_lay_a_page_out_are_paragraphs():
    assert text("<table><tr><td>one<tr><td>two</table>") == "one\n\ntwo"
    page = "<table><tr><td>menu<td><table><tr><td>a<td>b</table><p>one</p><h2>H</h2><p>two</p></table>"
    assert text(page) == "menu\n\na | b\n\none\n\nH\n\ntwo"
    long = "长" * 400
    assert text(f"<table><tr><td>side<td><p>{long}</p><p>end</p></table>") == f"side\n\n{long}\n\nend"


def test_text_is_nfc():
    decomposed = unicodedata.normalize("NFD", "<h1>Kế hoạch</h1><table><tr><th>Nước<th>Số<tr><td>Lào<td>1</table>")
    assert text(decomposed) == unicodedata.normalize("NFC", "Kế hoạch\n\nNước: Lào; Số: 1")


@pytest.mark.parametrize("tags", ["<div>", "<span>", "<ul><li>", "<table><tr><td>", "<sup>", "<blockquote>", "<h1>"])
def test_no_depth_is_too_deep(tags):
    names = [name.rstrip(">") for name in tags.split("<") if name]
    root = deepest = html.Element("body")
    for _ in range(10_000 // len(names)):
        for name in names:
            child = html.Element(name)
            deepest.append(child)
            deepest = child
    deepest.text = "deep"
    assert "deep" in canonical_text(root).document("a", "html").text


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td>x<td rowspan=60000 colspan=1000>y" * 2000,
        "<tr><th>" + "A" * 10_000 + "<th>B" + "<tr><td>x<td>y" * 10_000,
        "<tr>" + "<td colspan=1000>y" * 5000,
    ],
)
def test_merged_cells_and_long_headers_cannot_blow_a_page_up(rows):
    start = time.monotonic()
    assert len(text(f"<table>{rows}</table>")) < 60 * len(rows)
    assert time.monotonic() - start < 60
