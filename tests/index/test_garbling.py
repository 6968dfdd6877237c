"""Texts that are not what stands on the page look like it; ordinary ones do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.garbling import signs_of_garbling

SOURCES = Path(__file__).resolve().parents[2] / "sources"
ORDINARY = [
    "第五次高官会议于2007年12月在北京召开。会议通过了第二个次区域行动计划。\n" * 12,
    "The ministers met in Yangon in 2004 and signed the memorandum.\n" * 8,
    "การประชุมจัดขึ้นที่กรุงปักกิ่ง ประเทศจีน\n" * 10,
    "កិច្ចប្រជុំបានធ្វើឡើងនៅទីក្រុងប៉េកាំង។\n" * 10,
    "Hội nghị được tổ chức tại Hà Nội.\n" * 10,
    "COMMIT 进程的 SOM5 会议由 UNIAP 中国办公室协办。\n" * 12,
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_not_suspected(text: str) -> None:
    assert list(signs_of_garbling(text)) == []


@pytest.mark.parametrize("path", sorted(SOURCES.glob("*.txt")), ids=lambda path: path.name[:12])
def test_the_commit_texts_are_not_suspected(path: Path) -> None:
    assert list(signs_of_garbling(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("会议\ufffd\ufffd在北京召开。" * 20, "lost"),
        ("\ue001\ue002\ue003 text " * 40, "font's own"),
        ("12 345 678 90 11 " * 40, "digits"),
        ("会a议b于c在d北e京f召g开h" * 20, "strewn"),
        ("会议通过\n第二个\n次区域\n行动\n" * 20, "columns"),
    ],
)
def test_garbled_text_is_suspected(text: str, sign: str) -> None:
    assert any(sign in found for found in signs_of_garbling(text)), list(signs_of_garbling(text))
