"""Files as people have them: their encodings, their line ends, and what is no text at all."""

from __future__ import annotations

import codecs
import struct
import unicodedata
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableSourceError
from index.readers.encodings import decode
from index.readers.options import ReadingOptions
from index.reading import read_document, reader_fingerprint

if TYPE_CHECKING:
    from pathlib import Path

SIMPLIFIED = "第五次高官会议于2007年12月在北京召开。来自柬埔寨、中国、老挝、缅甸、泰国和越南的代表出席了会议。"
TRADITIONAL = "第五次高官會議於2007年12月在北京召開。來自柬埔寨、中國、寮國、緬甸、泰國和越南的代表出席了會議。"
THAI = "การประชุมเจ้าหน้าที่อาวุโสครั้งที่ 5 จัดขึ้นที่กรุงปักกิ่ง ประเทศจีน"
VIETNAMESE = "Hội nghị quan chức cấp cao lần thứ năm đã được tổ chức tại Bắc Kinh, Trung Quốc."
FRENCH = "Le mémorandum d’accord a été signé à Rangoun; les États ont réaffirmé leur volonté."
KHMER = "កិច្ចប្រជុំបានធ្វើឡើងនៅទីក្រុងប៉េកាំង។"
LAO = "ກອງປະຊຸມ ຈັດຂຶ້ນ ທີ່ປັກກິ່ງ"
BURMESE = "အစည်းအဝေး ကျင်းပသည်။"
ENGLISH = "The Fifth Senior Officials Meeting was held in Beijing."
EVERY_LANGUAGE = [SIMPLIFIED, TRADITIONAL, THAI, VIETNAMESE, FRENCH, KHMER, LAO, BURMESE, ENGLISH]


def one_line(error: pytest.ExceptionInfo[UnreadableSourceError]) -> str:
    message = str(error.value)
    assert "\n" not in message
    assert ":" in message, "says what is wrong and what to do"
    return message


def windows_1258(text: str) -> bytes:
    """Vietnamese as Windows writes it: some letters whole, tone marks after the letter."""
    data = b""
    for char in text:
        try:
            data += char.encode("cp1258")
        except UnicodeEncodeError:
            base, *marks = unicodedata.normalize("NFD", char)
            tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
            letter = unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark not in tones))
            data += (letter + "".join(tones)).encode("cp1258")
    return data


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *[(text, encoding) for text in EVERY_LANGUAGE for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32")],
        *[(text, encoding) for text in EVERY_LANGUAGE for encoding in ("utf-16-le", "utf-16-be")],
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED, "gbk"),
        (TRADITIONAL, "big5"),
        (THAI, "cp874"),
        (FRENCH, "cp1252"),
    ],
)
def test_the_text_comes_back_as_it_was_written(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(f"{text}\n{text}\n".encode(encoding))
    assert read_document(path, "text.txt").text == f"{text}\n{text}\n"


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_byte_order_mark_decides(mark: bytes) -> None:
    encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    assert decode(mark + "一\n一\n".encode(encoding))[0] == "一\n一\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_chinese_full_of_ones_is_no_binary_file(encoding: str) -> None:
    # U+4E00 has a NUL byte on the side where UTF-16 of Latin letters has none.
    text = "一是成立专门机构，一个一个地落实；二是注重培训，统一标准，一致行动。\n" * 3
    assert decode(text.encode(encoding))[0] == text


def test_vietnamese_of_windows() -> None:
    text, encoding = decode(windows_1258(VIETNAMESE))
    assert encoding == "cp1258"
    assert unicodedata.normalize("NFC", text) == VIETNAMESE


@given(
    words=st.lists(
        st.sampled_from(
            ["会议", "合作", "拐卖人口", "2007年", "谅解备忘录", "，", "。", "六国", "COMMIT", " ", "一", "部长"]
        ),
        min_size=40,
        max_size=120,
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]),
)
def test_any_chinese_text_comes_back(words: list[str], encoding: str) -> None:
    text = "".join(words) + "\n"
    assert decode(text.encode(encoding))[0] == text


@given(
    words=st.lists(
        st.sampled_from(["การประชุม", "ประเทศ", "ไทย", "เหยื่อ", "2550", " ", "และ", "ผู้เสียหาย", "ความร่วมมือ", "ทั้งนี้", "น้ำ"]),
        min_size=20,
        max_size=80,
    ),
    encoding=st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "cp874"]),
)
def test_any_thai_text_comes_back(words: list[str], encoding: str) -> None:
    text = "".join([*words, "การ"]) + "\n"
    assert decode(text.encode(encoding))[0] == text


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=200))
def test_utf8_is_always_taken_at_its_word(text: str) -> None:
    assert decode(text.encode("utf-8"))[0] == text.removeprefix("\ufeff")


@given(text=st.sampled_from(EVERY_LANGUAGE[:-1]), data=st.data())
def test_damaged_utf8_is_refused_and_never_guessed(text: str, data: st.DataObject) -> None:
    encoded = text.encode("utf-8")
    places = [place for place, byte in enumerate(encoded) if byte > 127]
    place = data.draw(st.sampled_from(places))
    damaged = encoded[:place] + data.draw(st.sampled_from([b"", b"?", b"\xff"])) + encoded[place + 1 :]
    with pytest.raises(UnreadableSourceError) as error:
        decode(damaged)
    assert "UTF-8" in one_line(error)


def text_or_refusal(data: bytes) -> str:
    """The text of the bytes; empty when they are refused, as they should be, rather than guessed."""
    try:
        return unicodedata.normalize("NFC", decode(data)[0])
    except UnreadableSourceError:
        return ""


@given(st.sampled_from(EVERY_LANGUAGE), st.sampled_from(["gb18030", "big5", "cp874", "cp1252", "utf-16-le"]))
def test_a_legacy_text_is_read_right_or_not_at_all(text: str, encoding: str) -> None:
    data = text.encode(encoding, "ignore")
    assert text_or_refusal(data) in {"", data.decode(encoding)}


@pytest.mark.parametrize("word", ["中國", "緬甸", "湄公河", "孟建柱"])
@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
def test_one_word_in_an_unnamed_encoding_is_not_guessed(word: str, encoding: str) -> None:
    text = f"The name is {word}"
    assert text_or_refusal(text.encode(encoding)) in {"", text}


def test_accented_letters_are_not_read_as_thai() -> None:
    assert "\u0e49" not in decode("Le mémorandum a été signé à Genève.".encode("cp1252"))[0]


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_line_ends_become_one_character(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(f"One{ending}{ending}Two".encode())
    assert read_document(path, "text.txt").text == "One\n\nTwo"


def test_decomposed_letters_are_composed(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(unicodedata.normalize("NFD", VIETNAMESE).encode("utf-8"))
    assert read_document(path, "text.txt").text == VIETNAMESE


def test_form_feeds_begin_pages(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("page one\f\npage two\fpage three\f", encoding="utf-8")
    document = read_document(path, "text.txt")
    assert document.pages == 3
    pages = [document.page_at(document.text.index(f"page {name}")) for name in ("one", "two", "three")]
    assert pages == [1, 2, 3]


def test_a_text_without_pages_names_none(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("text", encoding="utf-8")
    assert read_document(path, "text.txt").page_at(2) is None


def test_an_empty_file_is_an_empty_text(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.touch()
    assert read_document(path, "text.txt").text == ""


def test_characters_that_were_lost_before_are_told(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("湄公河\ufffd\ufffd区域", encoding="utf-8")
    assert "2 " in read_document(path, "text.txt").warnings[0]


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + zlib.compress(bytes(range(256)) * 20),
        b"PK\x03\x04" + zlib.compress(b"a document" * 300),
        bytes(range(256)) * 4,
        struct.pack("<200d", *(number / 7 for number in range(200))),
        b"The text has a stray\0 byte in the middle of it",
        b"\x01\x02\x03\x04 looks like text but is not",
    ],
)
def test_a_binary_file_is_no_text(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(data)
    with pytest.raises(UnreadableSourceError) as error:
        read_document(path, "text.txt")
    one_line(error)


@pytest.mark.parametrize("name", ["report.doc", "report.xlsx", "report.zip", "film.mp4", "no-idea.xyz"])
def test_other_files_say_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"%PDF-1.4")
    with pytest.raises(UnreadableSourceError, match=r"are not read: (save it as|unpack it)") as error:
        read_document(tmp_path / name, name)
    one_line(error)


@pytest.mark.parametrize("name", ["report.pdf", "report.docx", "image.png", "page.html"])
@pytest.mark.parametrize("data", [b"", b"\0\1\2\3" * 50, b"PK\x03\x04 broken"])
def test_what_is_not_what_its_ending_says_is_refused_or_empty(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert text_of(tmp_path / name) in {"", "PK\x03\x04 broken", "PK broken"}


def text_of(path: Path) -> str:
    """The text of a file; empty when it is refused, in one line."""
    try:
        return read_document(path, path.name).text.strip()
    except UnreadableSourceError as error:
        return "more than one line" if "\n" in str(error) else ""


def test_what_a_document_depends_on_besides_its_bytes_is_named(tmp_path: Path) -> None:
    auto, never = ReadingOptions(), ReadingOptions(ocr="never")
    assert reader_fingerprint(tmp_path / "a.txt", auto) == reader_fingerprint(tmp_path / "a.txt", never)
    assert reader_fingerprint(tmp_path / "a.pdf", auto) != reader_fingerprint(tmp_path / "a.pdf", never)
    assert "trafilatura" in reader_fingerprint(tmp_path / "a.html", auto)
    assert reader_fingerprint(tmp_path / "a.xyz", auto) == ""


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF32_LE])
def test_a_mark_before_broken_text_is_no_excuse(mark: bytes) -> None:
    with pytest.raises(UnreadableSourceError) as error:
        decode(mark + b"\xff\xd8\xff")
    assert "byte" in one_line(error)


def test_a_folder_a_missing_file_and_a_dead_link_say_that_they_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "dead.txt").symlink_to(tmp_path / "nowhere.txt")
    for name in ("folder.txt", "missing.txt", "dead.txt"):
        with pytest.raises(UnreadableSourceError, match="cannot be opened") as error:
            read_document(tmp_path / name, name)
        one_line(error)
