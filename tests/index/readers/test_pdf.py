"""PDF files as institutions publish them: text layers, scans, locks and damage."""

from __future__ import annotations

import time
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pages_to_read import ENGLISH, HEIGHT, WIDTH, column, lines, pdf, picture, scan
from reportlab.lib.pdfencrypt import StandardEncryption

from index.errors import UnreadableSourceError
from index.readers.options import ReadingOptions
from index.readers.pdf import read
from index.readers.scanned import ocr

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from index.document import Document

NEVER = ReadingOptions(ocr="never")
CHINESE = "第五次高官会议于2007年12月在北京召开，通过了第二个次区域行动计划。"
SCAN = ["第五次高官会议于2007年12月", "在北京召开。", "The meeting adopted the plan."]


def read_text(data: bytes, options: ReadingOptions = NEVER) -> Document:
    document = read(data, "a.pdf", options)
    assert document.format == "pdf"
    for heading in document.headings:
        assert document.text[heading.start : heading.end].strip()
    assert list(document.page_starts) == sorted(document.page_starts)
    return document


def as_one(text: str) -> str:
    return " ".join(text.split())


def refusal(data: bytes, options: ReadingOptions = NEVER) -> str:
    with pytest.raises(UnreadableSourceError) as error:
        read(data, "a.pdf", options)
    message = str(error.value)
    assert "\n" not in message
    assert ":" in message, "says what is wrong and what to do"
    return message


def plain(canvas: Canvas, text: str = ENGLISH) -> None:
    column(canvas, text, 72, 760, 450)


def test_a_page_of_english():
    document = read_text(pdf(plain))
    assert " ".join(document.text.split()) == ENGLISH
    assert "\n\n" not in document.text, "one paragraph, its lines one below the other"
    assert document.page_starts == (0,)
    assert not document.warnings
    assert not document.scanned


def test_chinese_thai_and_vietnamese_letters():
    thai = "การประชุมเจ้าหน้าที่อาวุโสครั้งที่ 5 จัดขึ้นที่กรุงปักกิ่ง เพื่อกำหนดแนวทางความร่วมมือ"
    vietnamese = "Hoi nghi quan chuc cap cao lan thu nam"

    def draw(canvas: Canvas) -> None:
        lines(canvas, [CHINESE], 760, "STSong-Light")
        lines(canvas, [thai], 700, "Thai")
        lines(canvas, [vietnamese], 640, "Latin")

    assert read_text(pdf(draw)).text.split("\n\n") == [CHINESE, thai, vietnamese]


def test_every_page_has_its_place_empty_ones_too():
    document = read_text(pdf(plain, lambda _: None, lambda canvas: lines(canvas, ["The end of the report."])))
    assert document.pages == 3
    first, second, third = document.text.split("\f")
    assert first.startswith("The Coordinated")
    assert not second.strip()
    assert third == "The end of the report."
    assert document.page_at(document.text.index("The end")) == 3
    assert not document.warnings


def test_a_file_without_any_text_is_said_to_have_none():
    document = read_text(pdf(lambda _: None))
    assert not document.text
    assert any("no text" in warning for warning in document.warnings)


def test_headings_by_the_size_of_their_type():
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["Second Plan of Action against", "Trafficking in Persons"], 770, size=20)
        lines(canvas, ["1. Background"], 700, size=14)
        top = column(canvas, ENGLISH, 72, 670, 450)
        lines(canvas, ["2. Aims"], top - 20, size=14)
        column(canvas, ENGLISH, 72, top - 50, 450)

    document = read_text(pdf(draw))
    found = [(heading.level, document.text[heading.start : heading.end]) for heading in document.headings]
    assert found == [
        (1, "Second Plan of Action against Trafficking in Persons"),
        (2, "1. Background"),
        (2, "2. Aims"),
    ]


def test_headings_by_the_outline_when_it_names_lines_of_the_page():
    def draw(canvas: Canvas) -> None:
        for key, level, title, top in (("a", 0, "Background", 760), ("b", 1, "Aims of the Plan", 600)):
            canvas.bookmarkPage(f"{key}{canvas.getPageNumber()}")
            canvas.addOutlineEntry(title, f"{key}{canvas.getPageNumber()}", level)
            lines(canvas, [title], top, "Times-Bold", 10)
            column(canvas, ENGLISH, 72, top - 20, 450)

    document = read_text(pdf(draw))
    found = [(heading.level, document.text[heading.start : heading.end]) for heading in document.headings]
    assert found == [(1, "Background"), (2, "Aims of the Plan")]


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Second Plan of Action", "Second Plan of Action"),
        ("第二个次区域行动计划", "第二个次区域行动计划"),
        ("Microsoft Word - plan final.doc", ""),
        ("untitled", ""),
        ("plan_2008.pdf", ""),
        ("C:\\Users\\me\\plan", ""),
    ],
)
def test_a_title_is_kept_when_it_is_one(title, kept):
    def draw(canvas: Canvas) -> None:
        canvas.setTitle(title)
        plain(canvas)

    facts = read_text(pdf(draw)).facts
    assert (facts.title, facts.date, facts.publisher) == (kept, "", "")


def test_headers_footers_and_page_numbers_are_left_out():
    def page(number: int):
        def draw(canvas: Canvas) -> None:
            canvas.setFont("Times-Roman", 9)
            canvas.drawString(72, HEIGHT - 40, "COMMIT Secretariat Report" if number % 2 else "Second Plan of Action")
            canvas.drawCentredString(WIDTH / 2, 30, f"Page {number + 4} of 12")
            canvas.drawString(72, 45, f"{number} cases were tried in 200{number}.") if number == 2 else None
            words = ENGLISH.split()
            plain(canvas, " ".join([*words[7 * number :], *words[: 7 * number]]))

        return draw

    document = read_text(pdf(*map(page, range(1, 7))))
    assert "Secretariat" not in document.text
    assert "Second Plan" not in document.text
    assert "of 12" not in document.text
    assert "2 cases were tried in 2002." in document.text
    assert len(document.text.split()) == 6 * len(ENGLISH.split()) + len(["2", "cases", "were", "tried", "in", "2002."])


def test_two_pages_have_no_headers():
    document = read_text(pdf(*[lambda canvas: lines(canvas, ["Annex I", "Names of delegates"])] * 2))
    assert document.text.count("Annex I") == 2


def test_broken_words_are_made_whole():
    def draw(canvas: Canvas) -> None:
        lines(
            canvas,
            [
                "The governments strengthened anti-trafficking units and inter-",
                "national cooperation. The officials agreed on anti-",
                "trafficking laws, on Sino-",
                "Vietnamese border posts and on safe migra-",
                "tion. The years 2005-",
                "2006 saw more.",
            ],
        )

    text = read_text(pdf(draw)).text.replace("\n", " ")
    assert "international cooperation" in text
    assert "on anti-trafficking laws" in text
    assert "Sino-Vietnamese border" in text
    assert "safe migration." in text
    assert "2005-2006 saw" in text


def test_a_scanned_page_is_read_off_its_picture():
    document = read_text(pdf(plain, scan(picture(SCAN, height=1270))), ReadingOptions())
    assert document.pages == 2
    first, second = document.text.split("\f")
    assert " ".join(first.split()) == ENGLISH
    assert second.split("\n")[0] == SCAN[0]
    assert SCAN[2] in second
    assert {line.start >= document.page_starts[1] for line in document.scanned} == {True}
    assert [document.text[line.start : line.end] for line in document.scanned] == SCAN
    assert all(0.8 < line.confidence <= 1 for line in document.scanned)


def test_a_stamp_on_a_scan_does_not_hide_it():
    def draw(canvas: Canvas) -> None:
        scan(picture(SCAN, height=1270))(canvas)
        canvas.setFont("Times-Roman", 8)
        canvas.drawString(20, 20, "E/2009/1")

    document = read_text(pdf(draw), ReadingOptions())
    assert SCAN[1] in document.text
    assert document.scanned


def test_scans_are_left_out_when_reading_pictures_is_switched_off():
    document = read_text(pdf(plain, scan(picture(SCAN)), scan(picture(SCAN))))
    assert document.pages == 3
    assert any("pages 2 and 3 are left out" in warning for warning in document.warnings)
    assert "pictures" in refusal(pdf(scan(picture(SCAN))))


def test_without_rapidocr_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(ocr, "available", lambda: False)
    document = read_text(pdf(plain, scan(picture(SCAN))), ReadingOptions())
    assert any("commit-assistant[ocr]" in warning and "page 2 is" in warning for warning in document.warnings)
    assert "commit-assistant[ocr]" in refusal(pdf(scan(picture(SCAN))), ReadingOptions())


def test_always_reads_pages_with_text_off_their_picture():
    document = read_text(
        pdf(lambda canvas: lines(canvas, ["Annex to the plan"], size=16)), ReadingOptions(ocr="always")
    )
    assert document.text == "Annex to the plan"
    assert len(document.scanned) == 1


def garbled() -> bytes:
    """A text layer whose font says that its letters are the private characters of its own."""
    data = pdf(lambda canvas: lines(canvas, [SCAN[2]] * 2, 700, "Latin", 20), pageCompression=0)
    start = data.index(b"beginbfchar") if b"beginbfchar" in data else data.index(b"beginbfrange")
    end = data.index(b"endbf", start)
    body = data[start:end]
    import re

    private = re.sub(rb"<00([0-9A-Fa-f]{2})>", lambda found: b"<E0" + found[1] + b">", body)
    return data[:start] + private + data[end:]


def test_a_garbled_text_layer_is_read_off_the_picture_or_left_out():
    document = read_text(garbled(), ReadingOptions())
    assert SCAN[2] in document.text
    assert document.scanned
    assert "pictures" in refusal(garbled())


def test_a_locked_file_says_so_and_one_that_opens_without_a_password_is_read():
    locked = pdf(plain, encrypt=StandardEncryption("secret", ownerPassword="owner"))
    assert "password" in refusal(locked)
    opens = pdf(plain, encrypt=StandardEncryption("", ownerPassword="owner", canCopy=0))
    assert " ".join(read_text(opens).text.split()) == ENGLISH


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.995])
def test_a_file_cut_off_anywhere_is_refused(share):
    data = pdf(*[plain] * 5)
    assert "damaged" in refusal(data[: int(len(data) * share)])


def test_a_file_with_a_hole_is_refused():
    data = pdf(*[plain] * 5)
    hole = data[: len(data) // 4] + data[len(data) // 2 :]
    assert "damaged" in refusal(hole)


@pytest.mark.parametrize("compression", [0, 1])
def test_a_piece_missing_inside_is_never_passed_over_in_silence(compression):
    data = pdf(*[plain] * 3, pageCompression=compression)
    whole = read_text(data).text
    for start in range(20, len(data) - 400, 211):
        with suppress(UnreadableSourceError):
            document = read(data[:start] + data[start + 60 :], "a.pdf", NEVER)
            assert document.text == whole or document.warnings


def test_a_file_with_something_before_and_after_it_is_read():
    data = pdf(plain)
    assert read_text(b"\r\n\r\n" + data + b"\r\n<!-- served in 3 ms -->").text == read_text(data).text


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"<html>%PD", b"\x89PNG\r\n\x1a\n" + b"\0" * 2000, b"%PDF-1.4\n" * 400]
)
def test_what_is_no_pdf_is_refused(data):
    refusal(data)


def test_pages_of_strange_sizes():
    def huge(canvas: Canvas) -> None:
        canvas.setPageSize((1_000_000, 1_000_000))
        lines(canvas, ["On a huge page."])

    def tiny(canvas: Canvas) -> None:
        canvas.setPageSize((0.5, 0.5))

    document = read_text(pdf(huge, tiny, plain), ReadingOptions())
    assert document.pages == 3
    assert "On a huge page." in document.text


def test_a_page_with_ten_thousand_shapes():
    def draw(canvas: Canvas) -> None:
        plain(canvas)
        for index in range(10_000):
            canvas.line(index % 500, index % 700, index % 500 + 20, index % 700)

    started = time.monotonic()
    assert " ".join(read_text(pdf(draw)).text.split()) == ENGLISH
    assert time.monotonic() - started < 10


def test_a_long_report_is_read_quickly():
    data = pdf(*[plain] * 300)
    started = time.monotonic()
    document = read_text(data)
    assert document.pages == 300
    assert time.monotonic() - started < 20, "a tenth of a second for a page at most, on a busy machine"


def test_a_turned_page_is_read_as_it_is_seen():
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.translate(0, -WIDTH)
        column(canvas, ENGLISH, 72, 500, 600)

    document = read_text(pdf(draw))
    assert " ".join(document.text.split()) == ENGLISH


def test_the_same_file_gives_the_same_document():
    data = pdf(plain, plain)
    assert read(data, "a.pdf", NEVER) == read(bytes(BytesIO(data).getvalue()), "a.pdf", NEVER)
