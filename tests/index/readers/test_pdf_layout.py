"""The order of a page: columns, tables, paragraphs, notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pages_to_read import ENGLISH, WIDTH, column, lines, pdf
from reportlab.platypus import Table, TableStyle

from index.readers.layout.fragments import Fragment
from index.readers.layout.page_lines import page_lines
from index.readers.options import ReadingOptions
from index.readers.pdf import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportlab.pdfgen.canvas import Canvas

OTHER = (
    "Researchers interviewed forty-seven officials in six countries between January and November and coded what they "
    "said independently of one another. Disagreements were resolved through discussion. The documents that they read "
    "include minutes of meetings, national reports, newsletters and evaluations of every kind and of all the years."
)


def text_of(*pages: Callable[[Canvas], None]) -> str:
    return read(pdf(*pages), "a.pdf", ReadingOptions(ocr="never")).text


def as_one(text: str) -> str:
    return " ".join(text.split())


def test_two_columns_below_a_title_are_read_one_after_the_other():
    title = "Regional cooperation against trafficking in persons: the first five years"

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Bold", 16)
        canvas.drawCentredString(WIDTH / 2, 780, title)
        column(canvas, ENGLISH, 60, 750, 225)
        column(canvas, OTHER, 310, 750, 225)

    assert as_one(text_of(draw)) == f"{title} {ENGLISH} {OTHER}"


def test_columns_above_and_below_a_line_over_the_whole_page():
    def draw(canvas: Canvas) -> None:
        column(canvas, ENGLISH, 60, 780, 225)
        column(canvas, OTHER, 310, 780, 225)
        column(
            canvas,
            "A sentence that stands across both columns and says something about all that is above it.",
            60,
            610,
            475,
        )
        column(canvas, OTHER, 60, 570, 225)
        column(canvas, ENGLISH, 310, 570, 225)

    text = as_one(text_of(draw))
    assert text.startswith(f"{ENGLISH} {OTHER} A sentence that stands across both columns")
    assert text.endswith(f"{OTHER} {ENGLISH}")


def test_three_columns_of_chinese():
    columns = [
        "各国应当建立以受害人为中心的身份",
        "秘书处负责汇总各国的报告并且提交",
        "会议强调合作需要各方的共同的努力",
    ]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 10)
        for index, line in enumerate(columns):
            for row in range(8):
                canvas.drawString(50 + 180 * index, 780 - 14 * row, line)

    text = text_of(draw)
    assert [line for line in text.split("\n") if line] == [line for line in columns for _ in range(8)]


def table(canvas: Canvas, rows: list[list[str]], style: list[tuple[object, ...]], left: float = 72) -> None:
    drawn = Table(rows, style=TableStyle([("FONT", (0, 0), (-1, -1), "STSong-Light", 10), *style]))
    drawn.wrapOn(canvas, 500, 500)
    drawn.drawOn(canvas, left, 400)


ROWS = [
    ["Country", "2005", "2006", "Measures"],
    ["Cambodia", "67", "72", "new law"],
    ["China", "2,884", "2,569", "plan"],
]
READ = [
    "Country: Cambodia; 2005: 67; 2006: 72; Measures: new law",
    "Country: China; 2005: 2,884; 2006: 2,569; Measures: plan",
]


def test_a_ruled_table_says_which_value_belongs_to_which_heading():
    def draw(canvas: Canvas) -> None:
        column(canvas, ENGLISH, 72, 780, 450)
        table(canvas, ROWS, [("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0))])
        column(canvas, OTHER, 72, 350, 450)

    text = text_of(draw)
    assert text.split("\n\n")[1:3] == READ
    assert as_one(text) == f"{ENGLISH} {' '.join(READ)} {OTHER}"


def test_a_table_without_lines_is_read_row_by_row():
    def draw(canvas: Canvas) -> None:
        column(canvas, ENGLISH, 72, 780, 450)
        table(canvas, ROWS, [])

    assert text_of(draw).split("\n\n")[1:] == READ


def test_a_cell_over_several_rows_counts_for_each_of_them():
    rows = [["国家", "年份", "案件数"], ["泰国", "2005", "341"], ["", "2006", "352"]]

    def draw(canvas: Canvas) -> None:
        table(canvas, rows, [("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0)), ("SPAN", (0, 1), (0, 2))])

    assert text_of(draw).split("\n\n") == ["国家：泰国；年份：2005；案件数：341", "国家：泰国；年份：2006；案件数：352"]


def test_cells_that_wrap_stay_together():
    rows = [
        ["Aim", "Activity", "When"],
        [
            "Prevent trafficking\nin border areas",
            "Inform young people in\nvillages and schools\nbefore they leave",
            "2008",
        ],
        ["Protect victims", "Train officials in how\nthey identify victims", "2009"],
    ]

    def draw(canvas: Canvas) -> None:
        table(canvas, rows, [("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0)), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])

    assert text_of(draw).split("\n\n") == [
        "Aim: Prevent trafficking in border areas; Activity: Inform young people in villages and schools before they leave; When: 2008",
        "Aim: Protect victims; Activity: Train officials in how they identify victims; When: 2009",
    ]


def test_a_table_without_a_heading_keeps_its_rows():
    def draw(canvas: Canvas) -> None:
        table(canvas, [["67", "72", "81"], ["12", "15", "16"], ["9", "8", "7"]], [])

    assert text_of(draw).split("\n\n") == ["67 | 72 | 81", "12 | 15 | 16", "9 | 8 | 7"]


def test_a_frame_around_text_is_no_table():
    def draw(canvas: Canvas) -> None:
        canvas.rect(60, 600, 480, 180)
        column(canvas, ENGLISH, 72, 760, 450)

    assert as_one(text_of(draw)) == ENGLISH


def test_paragraphs_begin_at_a_gap_and_at_an_indent():
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["各国应当建立以受害人为中心的身份识别和遣返机制，确保受害人得到援助。"] * 2, 760, "STSong-Light")
        lines(canvas, ["秘书处负责汇总各国的报告，并且向部长级会议提交综合报告，供其审议。"] * 2, 700, "STSong-Light")
        canvas.drawString(94, 700 - 28.6, "会议强调，打击犯罪需要各国政府的共同努力。")
        lines(
            canvas, ["民间组织和国际机构也应当参加这一项工作，并且得到必要的支持和经费。"], 700 - 42.9, "STSong-Light"
        )

    paragraphs = text_of(draw).split("\n\n")
    assert [paragraph[:4] for paragraph in paragraphs] == ["各国应当", "秘书处负", "会议强调"]
    assert paragraphs[2].split("\n")[1].startswith("民间组织")


def test_the_number_of_a_note_is_no_part_of_the_year_before_it():
    def draw(canvas: Canvas) -> None:
        lines(canvas, ["The initiative began in 2004"], size=12)
        canvas.setFont("Times-Roman", 7)
        canvas.drawString(72 + canvas.stringWidth("The initiative began in 2004", "Times-Roman", 12), 765, "12")

    assert text_of(draw) == "The initiative began in 2004¹²"


def test_list_items_with_hanging_indents_stay_whole():
    def draw(canvas: Canvas) -> None:
        for row in range(3):
            canvas.setFont("Times-Roman", 10)
            canvas.drawString(72, 760 - 26 * row, "•")
            canvas.drawString(86, 760 - 26 * row, f"Item {row} of a list that goes on in a second line")
            canvas.drawString(86, 748 - 26 * row, "which is set in from the first.")

    text = text_of(draw)
    assert "\n\nwhich" not in text
    assert text.count("• Item") == 3


def piece(text: str, left: float, top: float, width: float) -> Fragment:
    return Fragment(text, left, top, left + width, top + 10, 10)


def test_figures_are_never_read_column_by_column():
    names = [piece(f"Province {row}", 0, 14 * row, 70) for row in range(12)]
    figures = [piece(f"{row * 37 + 5},{row}00", 200 + 90 * at, 14 * row, 60) for row in range(12) for at in range(3)]
    read_lines = page_lines([*names, *figures])
    assert len(read_lines) == 12
    for row, line in enumerate(read_lines):
        assert line.text.startswith(f"Province {row}")
        assert line.text.count(f"{row * 37 + 5},{row}00") == 3


def test_any_heap_of_fragments_is_read_once_each():
    heap = [piece(f"<{index}>", (index * 7919) % 500, (index * 104_729) % 700, 5 + index % 90) for index in range(300)]
    read_words = re.findall(r"<\d+>", " ".join(line.text for line in page_lines(heap)))
    assert sorted(read_words) == sorted(fragment.text for fragment in heap)
