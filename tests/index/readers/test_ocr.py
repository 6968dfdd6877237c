"""Reading pictures: what is read, how surely, and what is said of what cannot be read."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pages_to_read import FONTS, picture
from PIL import Image, ImageDraw, ImageFont

from index.errors import UnreadableSourceError
from index.readers.layout.fragments import Fragment, Rule
from index.readers.scanned import ocr
from index.readers.scanned.ocr import Ocr, shared_ocr
from index.readers.scanned.picture_rules import cut_at_rules, rules_of, strips

if TYPE_CHECKING:
    from index.readers.scanned.ocr_reading import Reading

CHINESE = ["第五次高官会议于2007年12月在北京召开。", "会议通过了第二个次区域行动计划。"]


def texts(reading: Reading) -> list[str]:
    return [line.text for line in reading.lines]


def test_chinese_and_english_lines_with_their_confidence():
    lines = [*CHINESE, "The meeting adopted the plan."]
    reading = shared_ocr().read(picture(lines))
    assert texts(reading) == lines
    assert all(line.confidence is not None and 0.9 < line.confidence <= 1 for line in reading.lines)
    assert reading.confidence > 0.9
    assert reading.warning(1) is None


def test_an_array_of_grey_is_read_like_a_picture():
    grey = np.asarray(picture(CHINESE[:1]).convert("L"))
    assert texts(shared_ocr().read(grey)) == CHINESE[:1]


def test_a_blank_picture_has_no_lines():
    reading = shared_ocr().read(Image.new("RGB", (400, 300), "white"))
    assert reading.lines == ()
    assert reading.warning(1) is None


@pytest.mark.parametrize("way", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270])
def test_a_page_that_lies_on_its_side_or_stands_on_its_head_is_turned(way):
    page = picture([*CHINESE, "The meeting adopted the plan."])
    assert texts(shared_ocr().read(page.transpose(way)))[:2] == CHINESE


def test_columns_of_a_picture_are_read_one_after_the_other():
    page = Image.new("RGB", (1300, 420), "white")
    left = [f"Left column line {number} goes on" for number in ("one", "two", "three", "four", "five")]
    right = [line.replace("Left", "Right") for line in left]
    page.paste(picture(left, width=640), (0, 0))
    page.paste(picture(right, width=640), (660, 0))
    assert " ".join(texts(shared_ocr().read(page))) == " ".join([*left, *right])


def test_thai_is_not_passed_off_as_text():
    page = Image.new("RGB", (900, 260), "white")
    font = ImageFont.truetype(FONTS + "tlwg/Norasi.ttf", 34)
    for row in range(4):
        ImageDraw.Draw(page).text(
            (40, 20 + row * 58), "การประชุมเจ้าหน้าที่อาวุโสครั้งที่ 5 จัดขึ้นที่กรุงปักกิ่ง", fill="black", font=font
        )
    reading = shared_ocr().read(page)
    warning = reading.warning(7)
    assert warning
    assert warning.startswith("page 7 is read with a confidence of 0.")
    assert reading.left_out


def test_vietnamese_is_said_to_lose_its_marks():
    page = Image.new("RGB", (1100, 240), "white")
    font = ImageFont.truetype("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 30)
    for row, line in enumerate(
        [
            "Đảng và Nhà nước đã được tổ chức",
            "Công ước về chống buôn bán người đặc biệt",
            "đường đến nước Việt Nam được xây",
        ]
    ):
        ImageDraw.Draw(page).text((40, 20 + row * 60), line, fill="black", font=font)
    reading = shared_ocr().read(page)
    assert "Vietnamese" in str(reading.warning(None))
    assert all((line.confidence or 0) <= 0.6 for line in reading.lines)


def test_no_network_is_needed(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert texts(Ocr().read(picture(CHINESE[:1]))) == CHINESE[:1]


def test_without_the_package_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(ocr, "available", lambda: False)
    with pytest.raises(UnreadableSourceError, match=r"commit-assistant\[ocr\]"):
        Ocr()


def test_a_failure_of_the_models_is_one_line(monkeypatch):
    reader = shared_ocr()

    def fail(_: object) -> None:
        raise RuntimeError("out\nof memory")

    monkeypatch.setattr(reader, "_engine", fail)
    with pytest.raises(UnreadableSourceError, match="could not be read: out of memory"):
        reader.read(picture(CHINESE[:1]))


def test_lines_of_a_table_are_seen():
    page = Image.new("L", (600, 400), 255)
    pen = ImageDraw.Draw(page)
    for at in (50, 150, 250):
        pen.line((50, at, 550, at), fill=0, width=2)
    for at in (50, 300, 550):
        pen.line((at, 50, at, 250), fill=0, width=2)
    rules = rules_of(np.asarray(page))
    assert sorted(round(rule.at / 50) for rule in rules if rule.level) == [1, 3, 5]
    assert sorted(round(rule.at / 50) for rule in rules if not rule.level) == [1, 6, 11]


def test_a_line_across_a_rule_is_cut_into_two_cells():
    rule = Rule(level=False, at=62, start=0, end=100)
    line = Fragment("柬埔寨67", 0, 40, 90, 60, 20, 0.9)
    assert [piece.text for piece in cut_at_rules([line], [rule])] == ["柬埔寨", "67"]


def test_a_line_alone_on_a_page_is_cut_out():
    page = np.full((2000, 1500), 255, np.uint8)
    page[100:130, 200:700] = 0
    page[1500:1530, 200:700] = 0
    parts = strips(page, 736)
    assert len(parts) == 2
    assert all(right - left >= 736 for left, _, right, _ in parts)
    assert strips(np.full((50, 50), 255, np.uint8), 736) == []
