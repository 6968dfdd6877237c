"""Picture files: every kind, turned, too large, cut off, of several pages."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pages_to_read import picture, written
from PIL import Image

from index.errors import UnreadableSourceError
from index.readers.image import read
from index.readers.options import ReadingOptions
from index.readers.scanned.pictures import page, page_count

if TYPE_CHECKING:
    from index.document import Document

LINES = ["第五次高官会议于2007年12月在北京召开。", "The meeting adopted the plan."]
PAGE = picture(LINES)
KINDS = [("PNG", "a.png"), ("JPEG", "a.jpg"), ("TIFF", "a.tif"), ("WEBP", "a.webp"), ("BMP", "a.bmp")]


def read_text(data: bytes) -> Document:
    document = read(data, "a.png", ReadingOptions())
    assert document.format == "image"
    return document


def refusal(data: bytes, options: ReadingOptions | None = None) -> str:
    with pytest.raises(UnreadableSourceError) as error:
        read(data, "a.png", options or ReadingOptions())
    message = str(error.value)
    assert "\n" not in message
    assert ":" in message, "says what is wrong and what to do"
    return message


def test_a_picture_is_read_line_by_line():
    document = read_text(written(PAGE, "PNG"))
    assert document.text.split() == "\n".join(LINES).split()
    assert [document.text[line.start : line.end] for line in document.scanned] == LINES
    assert all(0.9 < line.confidence <= 1 for line in document.scanned)
    assert document.page_starts == (0,)


@pytest.mark.parametrize(("kind", "_"), KINDS)
def test_every_kind_is_opened(kind, _):
    data = written(PAGE, kind)
    assert page_count(data) == 1
    opened = page(data, 1)
    assert (opened.size, opened.mode) == (PAGE.size, "RGB")
    assert opened.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "CMYK", "I;16"])
def test_every_colour_is_opened_on_white_paper(mode):
    white = Image.new("RGB", (60, 40), "white")
    source = Image.new("I;16", (60, 40), 65_535) if mode == "I;16" else white.convert(mode)
    if mode in {"RGBA", "LA"}:
        source.putalpha(0)
    opened = page(written(source, "TIFF"), 1)
    assert opened.mode == "RGB"
    assert min(opened.getpixel((5, 5))) > 250


def test_a_picture_that_says_how_it_was_held_is_turned():
    turned = PAGE.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    assert page(written(turned, "JPEG", exif=exif), 1).size == PAGE.size


def test_the_pages_of_a_tiff_are_pages():
    data = written(picture(LINES[:1]), "TIFF", save_all=True, append_images=[picture(LINES[1:])])
    document = read_text(data)
    assert document.pages == 2
    assert document.text.split("\f") == [f"{LINES[0]}\n", LINES[1]]


def png_of(width: int, height: int) -> bytes:
    """The beginning of a PNG that says it is that large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def webp_of(width: int, height: int) -> bytes:
    body = (
        b"VP8X"
        + struct.pack("<I", 10)
        + b"\0" * 4
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def bmp_of(width: int, height: int) -> bytes:
    return (
        b"BM"
        + struct.pack("<IHHI", 54, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    )


@pytest.mark.parametrize("make", [png_of, webp_of, bmp_of])
@pytest.mark.parametrize(("width", "height", "megapixels"), [(10_000, 10_000, 100), (16_000, 16_000, 256)])
def test_a_picture_that_is_too_large_is_refused_before_it_is_decoded(make, width, height, megapixels):
    message = refusal(make(width, height))
    assert message == f"it has {megapixels} megapixels: scale it down to at most 50"


def test_a_bomb_is_refused_without_a_warning():
    assert "megapixels" in refusal(png_of(60_000, 60_000))


@pytest.mark.parametrize(("kind", "_"), KINDS)
@pytest.mark.parametrize("share", [0.01, 0.5, 0.9])
def test_a_picture_cut_off_is_refused(kind, _, share):
    data = written(PAGE, kind)
    assert "damaged" in refusal(data[: max(20, int(len(data) * share))])


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.4", b"GIF89a" + b"\0" * 100, b"RIFF0000WAVE"])
def test_what_is_no_picture_is_refused(data):
    refusal(data)


def test_a_picture_without_text_says_so():
    assert "no text" in refusal(written(Image.new("RGB", (300, 200), "white"), "PNG"))


def test_reading_pictures_can_be_switched_off():
    assert "switched off" in refusal(written(PAGE, "PNG"), ReadingOptions(ocr="never"))


def test_a_picture_is_scaled_down_for_who_asks():
    assert max(page(written(PAGE, "JPEG"), 1, 300).size) == 300
    assert page(BytesIO(written(PAGE, "PNG")).getvalue(), 1, 5_000).size == PAGE.size
