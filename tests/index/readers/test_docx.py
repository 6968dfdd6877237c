"""Word files: headings, numbered lists, tables and notes as Word shows them, and files built to harm."""

from __future__ import annotations

import contextlib
import io
import sys
import unicodedata
import zipfile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from index.errors import UnreadableSourceError
from index.readers import docx as reader
from index.readers.options import LARGEST_UNPACKED, ReadingOptions

W = nsdecls("w")
EVERY_LANGUAGE = [
    "第五次高官会议于2007年12月在北京召开。",
    "第五次高官會議於2007年12月在北京召開。",
    "การประชุมเจ้าหน้าที่อาวุโสครั้งที่ 5 จัดขึ้นที่กรุงปักกิ่ง",
    "Hội nghị quan chức cấp cao lần thứ năm đã được tổ chức tại Bắc Kinh.",
    "កិច្ចប្រជុំបានធ្វើឡើងនៅទីក្រុងប៉េកាំង។",
    "ກອງປະຊຸມ ຈັດຂຶ້ນ ທີ່ປັກກິ່ງ",
    "အစည်းအဝေး ကျင်းပသည်။",
    "The Fifth Senior Officials Meeting was held in Beijing.",
]


def saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def read(document):
    data = document if isinstance(document, bytes) else saved(document)
    return reader.read(data, "a.docx", ReadingOptions())


def headings(document):
    return [(document.text[heading.start : heading.end], heading.level) for heading in document.headings]


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableSourceError) as error:
        read(data)
    message = str(error.value)
    assert "\n" not in message
    assert ":" in message, "says what is wrong and what to do"
    return message


def package(**parts: str | bytes) -> bytes:
    """A small Word file with parts replaced or added: `package(document="<w:document…>")`."""
    files: dict[str, str | bytes] = {}
    with zipfile.ZipFile(io.BytesIO(saved(docx.Document()))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files.update({f"word/{name}.xml": content for name, content in parts.items()})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def body(content: str) -> str:
    return f"<w:document {nsdecls('w', 'r', 'a', 'wp', 'pic')}><w:body>{content}</w:body></w:document>"


def number(document, paragraph, num_id: int, level: int = 0) -> None:
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>')
    )


def numbering(document, *levels: tuple[str, str], num_id: int = 90, start: int = 1) -> int:
    """Define a list; each level is its format and its text, such as `("decimal", "%1.")`."""
    root = document.part.numbering_part.element
    xml = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (kind, text) in enumerate(levels)
    )
    root.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="{num_id}">{xml}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {W} w:numId="{num_id}"><w:abstractNumId w:val="{num_id}"/></w:num>'))
    return num_id


@pytest.mark.parametrize("sentence", EVERY_LANGUAGE)
def test_every_language_is_read_and_is_nfc(sentence):
    document = docx.Document()
    document.add_heading(unicodedata.normalize("NFD", sentence), 1)
    document.add_paragraph(unicodedata.normalize("NFD", sentence))
    found = read(document)
    expected = unicodedata.normalize("NFC", sentence)
    assert found.text == f"{expected}\n\n{expected}"
    assert headings(found) == [(expected, 1)]
    assert (found.format, found.page_starts, found.warnings) == ("docx", (0,), ())


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("标题 2", 2),
        ("標題 3", 3),
        ("Überschrift 1", 1),
        ("Đầu đề 2", 2),
        ("หัวเรื่อง 1", 1),
        ("标题", 1),
        ("heading 9", 6),
    ],
)
def test_headings_have_their_names_in_every_language(name, level):
    document = docx.Document()
    style = document.styles.add_style("Mine", WD_STYLE_TYPE.PARAGRAPH)
    style.element.find(qn("w:name")).set(qn("w:val"), name)
    document.add_paragraph("总则", style=style)
    document.add_paragraph("正文")
    assert headings(read(document)) == [("总则", level)]


def test_a_style_of_ones_own_is_a_heading_by_what_it_is_based_on_or_by_its_outline():
    document = docx.Document()
    based = document.styles.add_style("Chapter", WD_STYLE_TYPE.PARAGRAPH)
    based.base_style = document.styles["Heading 2"]
    outlined = document.styles.add_style("Part", WD_STYLE_TYPE.PARAGRAPH)
    outlined.element.append(parse_xml(f'<w:pPr {W}><w:outlineLvl w:val="2"/></w:pPr>'))
    document.add_heading("The plan", 0)
    document.add_paragraph("One", style=based)
    document.add_paragraph("Two", style=outlined)
    document.add_paragraph("Three")._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="0"/>'))
    document.add_paragraph("Text")
    found = read(document)
    assert headings(found) == [("The plan", 1), ("One", 2), ("Two", 3), ("Three", 1)]
    assert found.facts.title == "The plan"


def test_numbers_that_only_word_shows_are_in_the_text_and_count_on():
    document = docx.Document()
    document.add_paragraph("预防", style="List Number")
    document.add_paragraph("保护", style="List Number")
    document.add_paragraph("A paragraph between.")
    document.add_paragraph("遣返", style="List Number")
    document.add_paragraph("x", style="List Bullet")
    assert read(document).text == "1. 预防\n2. 保护\n\nA paragraph between.\n\n3. 遣返\n• x"


def test_articles_chapters_and_levels_are_numbered_as_word_does():
    document = docx.Document()
    chapters = numbering(document, ("chineseCounting", "第%1章"), num_id=91)
    articles = numbering(document, ("decimal", "%1."), ("lowerLetter", "(%2)"), ("decimal", "%1.%3"), num_id=92)
    for text in ("总则", "保护"):
        number(document, document.add_heading(text, 1), chapters)
    for text, level in (("one", 0), ("x", 1), ("y", 1), ("two", 0), ("z", 1), ("deep", 2)):
        number(document, document.add_paragraph(text), articles, level)
    found = read(document)
    assert headings(found) == [("第一章 总则", 1), ("第二章 保护", 1)]
    assert found.text.endswith("1. one\n(a) x\n(b) y\n2. two\n(a) z\n2.1 deep")


@pytest.mark.parametrize(
    ("kind", "text", "start", "shown"),
    [
        ("chineseCountingThousand", "%1、", 10, "十、"),
        ("taiwaneseCountingThousand", "（%1）", 21, "（二十一）"),
        ("chineseCounting", "第%1条", 105, "第一百零五条 "),
        ("decimal", "Điều %1.", 3, "Điều 3. "),
        ("thaiNumbers", "ข้อ %1", 12, "ข้อ ๑๒ "),
        ("thaiLetters", "%1.", 2, "ข. "),
        ("upperRoman", "%1.", 9, "IX. "),
        ("lowerRoman", "(%1)", 4, "(iv) "),
        ("decimalZero", "%1", 7, "07 "),
        ("decimalEnclosedCircle", "%1", 3, "③ "),
        ("ideographTraditional", "%1、", 2, "乙、"),
        ("none", "", 1, ""),
        ("unheardOf", "%1)", 4, "4) "),
    ],
)
def test_numbers_are_written_as_their_format_has_them(kind, text, start, shown):
    document = docx.Document()
    number(document, document.add_paragraph("内容"), numbering(document, (kind, text), start=start))
    assert read(document).text == f"{shown}内容"


def test_a_table_says_which_value_belongs_to_which_country():
    document = docx.Document()
    rows = [["国家", "受害者人数", "起诉"], ["中国", "12", "3"], ["老挝", "4", ""]]
    table = document.add_table(3, 3)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("after")
    assert read(document).text == ("国家：中国；受害者人数：12；起诉：3\n\n国家：老挝；受害者人数：4\n\nafter")


def test_a_marked_header_row_and_merged_cells_are_understood():
    document = docx.Document()
    table = document.add_table(3, 2)
    for cell, text in zip(
        table._cells, ["Country", "Focal point", "Laos", "Ministry of Labour", "", "Police"], strict=True
    ):
        cell.text = text
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {W}/>"))
    table.cell(1, 0).merge(table.cell(2, 0))
    assert read(document).text == (
        "Country: Laos; Focal point: Ministry of Labour\n\nCountry: Laos; Focal point: Police"
    )


def test_what_is_deleted_moved_away_hidden_or_remarked_is_no_text():
    change = 'w:id="1" w:author="a" w:date="2007-12-14T00:00:00Z"'
    content = f"""<w:p><w:r><w:t xml:space="preserve">Kept </w:t></w:r>
        <w:del {change}><w:r><w:delText>deleted</w:delText></w:r></w:del>
        <w:ins {change}><w:r><w:t>inserted</w:t></w:r></w:ins>
        <w:moveFrom {change}><w:r><w:t>moved</w:t></w:r></w:moveFrom>
        <w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>
        <w:commentRangeStart w:id="3"/><w:r><w:t>.</w:t></w:r><w:r><w:commentReference w:id="3"/></w:r></w:p>
        <w:p><w:r><w:br w:type="page"/></w:r><w:r><w:lastRenderedPageBreak/><w:t>Next</w:t><w:br/><w:t>line</w:t></w:r></w:p>"""
    comments = f'<w:comments {W}><w:comment w:id="3"><w:p><w:r><w:t>remark</w:t></w:r></w:p></w:comment></w:comments>'
    found = read(package(document=body(content), comments=comments))
    assert found.text == "Kept inserted.\n\nNext\nline"


def test_notes_stand_at_the_end_with_their_numbers():
    content = '<w:p><w:r><w:t>Said</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>.</w:t></w:r></w:p>'
    note = '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>北京宣言，2007年。</w:t></w:r></w:p></w:footnote>'
    found = read(package(document=body(content), footnotes=f"<w:footnotes {W}>{note}</w:footnotes>"))
    assert found.text == "Said[1].\n\n1. 北京宣言，2007年。"


def test_a_table_of_contents_is_left_out():
    document = docx.Document()
    style = document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("总则\t5", style=style)
    document.add_heading("总则", 1)
    assert read(document).text == "总则"


def test_facts_are_what_the_file_says_without_a_date_of_publication():
    document = docx.Document()
    document.core_properties.title = "行动计划"
    document.add_paragraph("x")
    facts = read(document).facts
    assert (facts.title, facts.publisher, facts.date) == ("行动计划", "", "")
    document.core_properties.title = "Microsoft Word - plan final.doc"
    assert read(document).facts.title == ""


def test_the_company_is_the_publisher():
    data = io.BytesIO(saved(docx.Document()))
    with zipfile.ZipFile(data) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for company, publisher in (("UNIAP", "UNIAP"), ("Microsoft", "")):
        files["docProps/app.xml"] = (
            '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
            f"<Company>{company}</Company></Properties>"
        ).encode()
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        assert read(stream.getvalue()).facts.publisher == publisher


def test_pictures_and_links_are_never_fetched(monkeypatch, tmp_path):
    def no_network(*_args, **_kwargs):
        raise AssertionError("a Word file is read without the network")

    monkeypatch.setattr("socket.socket.connect", no_network)
    monkeypatch.setattr("socket.getaddrinfo", no_network)
    picture = (
        '<w:drawing><wp:inline><wp:docPr id="1" name="p" descr="alt"/><a:graphic><a:graphicData><pic:pic><pic:blipFill>'
        '<a:blip r:link="rId99"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
    link = '<w:hyperlink r:id="rId98"><w:r><w:t>link</w:t></w:r></w:hyperlink>'
    content = f"<w:p><w:r><w:t>before </w:t></w:r><w:r>{picture}</w:r>{link}</w:p>"
    assert read(package(document=body(content))).text == "before link"


def test_an_empty_document_is_empty():
    assert read(docx.Document()).text == ""


def test_old_protected_and_foreign_files_say_what_to_do():
    assert "password" in refused(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(512))
    assert ".docx" in refused(b"{\\rtf1 text}")
    assert ".docx" in refused(b"")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    assert "word/document.xml" in refused(stream.getvalue())


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_cut_off_file_is_refused(share):
    data = saved(docx.Document())
    assert "damaged" in refused(data[: int(len(data) * share)])


def test_a_file_with_a_flipped_byte_is_read_or_refused():
    document = docx.Document()
    document.add_paragraph("Text " * 200)
    data = saved(document)
    for place in range(0, len(data), len(data) // 40):
        broken = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
        with contextlib.suppress(UnreadableSourceError):
            read(broken)


@pytest.mark.parametrize("size", [30_000_000, LARGEST_UNPACKED + 1])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(size):
    assert "MB" in refused(package(media=bytes(size))) or "packed" in refused(package(media=bytes(size)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_entity_bomb_is_refused(encoding):
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    content = body("<w:p><w:r><w:t>&a9;&f;</w:t></w:r></w:p>")
    declaration = f"<?xml version='1.0' encoding='{encoding}'?>"
    assert "document type" in refused(package(document=f"{declaration}{bomb}{content}".encode(encoding)))


@pytest.mark.parametrize("tag", ["w:ins", "w:sdt", "w:p"])
def test_parts_nested_without_end_are_refused_in_one_line(tag):
    deep = f"<{tag}>" * 20_000 + f"</{tag}>" * 20_000
    refused(package(document=body(f"<w:p>{deep}</w:p>")))


def test_broken_parts_are_refused_in_one_line():
    refused(package(document="<w:document>"))
    refused(package(document="no xml"))
    refused(package(styles="<w:styles>"))


def test_a_missing_library_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "mammoth", None)
    assert "pip install mammoth" in refused(saved(docx.Document()))
