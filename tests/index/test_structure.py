"""Blocks: what is a heading, a list item, a paragraph, and what is no text."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.blocks import Kind
from index.reading import read_document
from index.structure import blocks

SOURCES = Path(__file__).resolve().parents[2] / "sources"
NEWSLETTER = "uniap-china-newsletter-2007-12-som5-imm2.zh.txt"
MINUTES = "china-myanmar-2006-11-bilateral-minutes.zh.txt"
PRESS = "press-report-2007-12-14-imm2-som5-beijing.en.txt"
LINES = [
    "湄公河次区域合作反拐进程",
    "# Title",
    "- an item",
    "(1) 举行经常性会晤；",
    "1. Develop plans",
    "目录",
    "重大会议\t1-3",
    "(下转第3页)",
    "(上接第2页)",
    "(UNIAP 整理)",
    "A line of text that goes on and",
    "ends here.",
    "",
    "",
    "关于我们",
    "一、会议概况",
    "合作",
]


def of_kind(text: str, kind: Kind) -> list[str]:
    return [text[block.start : block.end] for block in blocks(text) if block.kind is kind]


def text_of(name: str) -> str:
    return read_document(SOURCES / name, name).text


@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(LINES), max_size=60).map("\n".join)))
def test_blocks_are_ordered_disjoint_and_leave_out_only_white_space(text: str) -> None:
    found = blocks(text)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(text[block.start : block.end].strip() == text[block.start : block.end] != "" for block in found)
    kept = "".join("".join(text[block.start : block.end].split()) for block in found)
    assert kept == "".join(text.split())


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("# Title", 1),
        ("### 1. COMMIT 背景", 3),
        ("一、会议概况", 7),
        ("(二)中缅双边合作", 8),
        ("Chapter 2 Prevention", 2),
    ],
)
def test_marked_headings(line: str, level: int) -> None:
    text = f"{line}\n\nThe text of the section stands here, and it is long enough to be one.\n"
    first = blocks(text)[0]
    assert (first.kind, first.level) == (Kind.HEADING, level)


@pytest.mark.parametrize(
    "mark",
    ["- ", "• ", "1. ", "2) ", "(3) ", "（四）", "五、", "(a) ", "① ", "Article 5 ", "Điều 5 ", "มาตรา 5 ", "第五条 "],
)
def test_marked_lines_are_items_of_their_own(mark: str) -> None:
    text = f"The parties agree on this and that:\n{mark}双方将开展必要的调研，以增强了解。\n{mark}双方将定期会晤。"
    assert len(of_kind(text, Kind.ITEM)) == 2


def test_wrapped_lines_of_a_paragraph_are_one_block() -> None:
    text = text_of(PRESS)
    paragraphs = of_kind(text, Kind.PARAGRAPH)
    assert paragraphs[0].startswith("On Dec.14th, 2007")
    assert "\n" in paragraphs[0]
    assert paragraphs[0].endswith("anti-trafficking human.")
    assert "Relevant background" in of_kind(text, Kind.HEADING)


def test_a_wrapped_item_goes_on_to_its_end() -> None:
    text = "Aims:\n1. promote cooperation between\nthe countries of the region\n2. train officials\n"
    assert of_kind(text, Kind.ITEM)[0].endswith("of the region")


def test_a_paragraph_that_a_column_break_cut_is_one() -> None:
    text = text_of(NEWSLETTER)
    start = text.index("期望各位在会议期间生")
    whole = next(block for block in blocks(text) if block.start <= start < block.end)
    assert "活愉快，会议富有成效。" in text[whole.start : whole.end]


def test_menus_contents_and_page_headers_are_furniture() -> None:
    menu = of_kind(text_of(MINUTES), Kind.FURNITURE)
    assert any("关于我们" in block for block in menu)
    assert any("当前位置" in block for block in menu)
    contents = of_kind(text_of(NEWSLETTER), Kind.FURNITURE)
    assert any("重要讲话\t4-6" in block for block in contents)
    pages = "\n\n".join(f"MEKONG NEWS\n\nParagraph {n} tells something of its own, at length." for n in range(4))
    assert of_kind(pages, Kind.FURNITURE) == ["MEKONG NEWS"] * 4


def test_names_in_the_middle_of_a_text_are_no_menu() -> None:
    names = "柬埔寨\n中国\n老挝\n缅甸\n泰国\n越南\n挪威\n澳大利亚\n日本"
    before = "出席本次会议的国家代表来自以下九个国家和地区，名单如下。"
    text = f"{before}\n\n{names}\n\n会议于十二月十四日在北京顺利闭幕，感谢各方的支持。"
    assert of_kind(text, Kind.FURNITURE) == []


@pytest.mark.parametrize("text", ["", " \n\t\n", "\f\f"])
def test_white_space_has_no_blocks(text: str) -> None:
    assert blocks(text) == []


@pytest.mark.parametrize(
    "text",
    ["啊" * 100_000, "word " * 20_000, "a\n" * 20_000, "- item one\n" * 10_000, "x | " * 20_000, "第一段\n\n" * 10_000],
)
def test_large_texts_take_seconds_at_most(text: str) -> None:
    began = time.perf_counter()
    blocks(text)
    assert time.perf_counter() - began < 10
