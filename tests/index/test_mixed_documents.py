"""A folder as people have it: every kind of file, and what is wrong with some of them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

import docx
import pytest
from pages_to_read import lines, pdf, picture, scan, written
from PIL import ImageFilter

from index.build import build_index
from index.generation import current_generation
from index.ledger_csv import ledger_csv
from index.settings import IndexSettings

if TYPE_CHECKING:
    from index.build import BuildResult
    from index.ledger import LedgerEntry

CHINESE = ["第五次高官会议于2007年12月在北京召开。", "会议通过了第二个次区域行动计划。"]
HARD = ["遣返被拐卖的受害人须经双方同意。", "警察解救了被贩卖的儿童并逮捕嫌疑人。"]
"""Characters of many strokes, which run together when they are blurred."""
PAGE = """<html><head><title>Shelters in Laos</title><meta property="og:site_name" content="Lao Union">
<meta property="article:published_time" content="2008-03-05"></head><body><nav><a href="/">Home</a></nav>
<article><h1>Shelters in Laos</h1><p>%s</p><table><tr><th>Province</th><th>Shelters</th></tr>
<tr><td>Vientiane</td><td>3</td></tr><tr><td>Savannakhet</td><td>2</td></tr></table></article></body></html>"""
SENTENCE = "The shelters in Vientiane receive victims from all provinces and help them to find work. "


def word_file() -> bytes:
    document = docx.Document()
    document.add_heading("Plan of Action", 1)
    document.add_paragraph("The ministers adopted the second Plan of Action in Beijing on 14 December 2007.")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def encrypted_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption

    return pdf(lambda canvas: lines(canvas, ["Secret"]), encrypt=StandardEncryption("user", "owner"))


def zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"0" * 250_000_000)
    return file.getvalue()


def huge_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> IndexSettings:
    folder = tmp_path_factory.mktemp("mixed")
    sources = folder / "sources"
    sources.mkdir()
    text_page = pdf(
        lambda canvas: lines(canvas, ["The secretariat of the project is in Bangkok.", "It has six staff."])
    )
    blurred = picture(HARD, size=22, height=1273).filter(ImageFilter.GaussianBlur(3))
    files: dict[str, bytes | str] = {
        "report.pdf": text_page,
        "scan.pdf": pdf(scan(picture(CHINESE, height=1273)), scan(blurred)),
        "photo.png": written(picture(["The meeting adopted the plan."]), "PNG"),
        "plan.docx": word_file(),
        "page.html": PAGE % (SENTENCE * 4),
        "notes.md": "# Notes\n\nThe border posts were opened in 2004.\n",
        "copy.md": "# Notes\n\nThe border posts were opened in 2004.\n",
        "bad/encrypted.pdf": encrypted_pdf(),
        "bad/truncated.pdf": text_page[: len(text_page) // 2],
        "bad/bomb.docx": zip_bomb(),
        "bad/dump.html": "<p>" + "word " * 10_000_000,
        "bad/huge.png": huge_png(),
        "bad/unreadable.txt": b"\xff\xd8 caf\xe9 \x81\x8d\x8f\x90\x9d",
        "bad/old.doc": b"\xd0\xcf\x11\xe0",
        "bad/line\nbreak.txt": "text",
        "bad/txt.\u202etxt": "text",
    }
    for name, content in files.items():
        path = sources / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    (folder / "outside.txt").write_text("outside", encoding="utf-8")
    (sources / "bad" / "link.txt").symlink_to(folder / "outside.txt")
    return IndexSettings(sources=sources, storage=folder / "storage")


@pytest.fixture(scope="module")
def result(settings: IndexSettings) -> BuildResult:
    return build_index(settings)


@pytest.fixture(scope="module")
def ledger(result: BuildResult) -> dict[str, LedgerEntry]:
    return {entry.source_id: entry for entry in result.ledger}


def test_every_kind_of_file_is_in_the_index(settings: IndexSettings, ledger: dict[str, LedgerEntry]) -> None:
    good = {name: entry for name, entry in ledger.items() if not name.startswith("bad/")}
    assert {name: entry.problem for name, entry in good.items() if entry.problem} == {}
    assert {name: entry.format for name, entry in good.items()} == {
        "report.pdf": "pdf",
        "scan.pdf": "pdf",
        "photo.png": "image",
        "plan.docx": "docx",
        "page.html": "html",
        "notes.md": "text",
        "copy.md": "text",
    }
    texts = {passage.source_id: passage for passage in current_generation(settings).get().content.all_passages()}
    assert set(texts) == set(good)
    assert "Province: Savannakhet; Shelters: 2" in current_generation(settings).get().content.document("page.html").text


def test_what_is_wrong_with_a_file_is_said_on_one_line_and_what_to_do(ledger: dict[str, LedgerEntry]) -> None:
    problems = {name.removeprefix("bad/"): entry.problem for name, entry in ledger.items() if name.startswith("bad/")}
    assert all(problem and "\n" not in problem and ":" in problem for problem in problems.values()), problems
    for name, words in {
        "encrypted.pdf": "password",
        "truncated.pdf": "cut off",
        "bomb.docx": "unpack",
        "dump.html": "MB",
        "huge.png": "megapixels",
        "unreadable.txt": "encoding",
        "old.doc": ".docx",
        "line\nbreak.txt": "rename",
        "txt.\u202etxt": "rename",
        "link.txt": "link out of the sources folder",
    }.items():
        assert words in problems[name], (name, problems[name])


def test_a_page_that_is_hard_to_read_is_told_apart(ledger: dict[str, LedgerEntry]) -> None:
    entry = ledger["scan.pdf"]
    clear, blurred = entry.page_entries
    assert clear.confidence is not None
    assert clear.confidence > 0.9
    assert blurred.confidence is not None
    assert entry.poor_pages == (2,)
    assert any("page 2" in warning for warning in entry.warnings)


def test_headings_of_the_file_are_above_its_passages(settings: IndexSettings, result: BuildResult) -> None:
    passages = list(current_generation(settings).get().content.all_passages())
    assert {p.heading for p in passages if p.source_id == "plan.docx"} == {"Plan of Action"}
    assert all(p.heading.startswith("Shelters in Laos") for p in passages if p.source_id == "page.html")


def test_a_file_without_an_entry_is_described_by_what_it_says(settings: IndexSettings, result: BuildResult) -> None:
    entry = current_generation(settings).get().content.entry("page.html")
    assert (entry.title, entry.publisher, entry.date) == ("Shelters in Laos", "Lao Union", "2008-03-05")
    assert entry.languages == ("en",)


def test_copies_are_named(ledger: dict[str, LedgerEntry]) -> None:
    assert ledger["notes.md"].duplicate_of == "copy.md"
    assert ledger["copy.md"].duplicate_of == ""


def test_bad_files_are_not_tried_again(settings: IndexSettings, result: BuildResult) -> None:
    again = build_index(settings)
    assert not again.changed
    assert len(again.problems) == len(result.problems)


def test_the_ledger_is_a_table_with_every_page(result: BuildResult) -> None:
    import csv

    rows = list(csv.DictReader(io.StringIO(ledger_csv(result.ledger))))
    scanned = [row for row in rows if row["source"] == "scan.pdf"]
    assert [row["page"] for row in scanned] == ["", "1", "2"]
    assert float(scanned[1]["ocr_confidence"]) > 0.9
    assert next(row for row in rows if row["source"] == "bad/old.doc")["problem"]


def test_no_cell_of_the_table_is_a_formula(result: BuildResult) -> None:
    from dataclasses import replace

    text = ledger_csv([replace(result.ledger[0], source_id="=cmd|' /C calc'!A0", problem="@SUM(1)", page_entries=())])
    assert "\n'=cmd" in text.replace("\r", "")
    assert "'@SUM(1)" in text
