"""Pages as pictures: of PDF and picture files, whatever state they are in."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from index.page_pictures import PagePictureError, has_pictures, page_picture

if TYPE_CHECKING:
    from pathlib import Path


def a_pdf(*sizes: tuple[float, float], **options: object) -> bytes:
    kept = BytesIO()
    canvas = Canvas(kept, **options)
    for width, height in sizes:
        canvas.setPageSize((width, height))
        canvas.drawString(10, 10, "A page")
        canvas.showPage()
    canvas.save()
    return kept.getvalue()


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def size(data: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(data)) as picture:
        assert picture.format == "PNG"
        picture.load()
        return picture.size


def refusal(path: Path, page: int = 1) -> str:
    with pytest.raises(PagePictureError) as error:
        page_picture(path, page)
    message = str(error.value)
    assert "\n" not in message
    assert str(path.parent) not in message
    return message


def test_pages_of_a_pdf(tmp_path):
    path = put(tmp_path, "a.pdf", a_pdf((600, 800), (800, 600)))
    assert size(page_picture(path, 1)) == (1000, 1334)
    assert size(page_picture(path, 2, 400)) == (400, 300)
    assert size(page_picture(path, 1, 9_999))[0] == 2_000
    assert "no page 3" in refusal(path, 3)
    assert "no page 0" in refusal(path, 0)


def test_pages_of_pictures(tmp_path):
    page = Image.new("RGB", (1500, 900), "white")
    for kind, name in (("PNG", "a.png"), ("JPEG", "a.JPG"), ("WEBP", "a.webp"), ("BMP", "a.bmp")):
        kept = BytesIO()
        page.save(kept, kind)
        path = put(tmp_path, name, kept.getvalue())
        assert size(page_picture(path, 1, 500)) == (500, 300)
        assert "no page 2" in refusal(path, 2)
    kept = BytesIO()
    page.save(kept, "TIFF", save_all=True, append_images=[page.resize((300, 100))])
    assert size(page_picture(put(tmp_path, "a.tif", kept.getvalue()), 2)) == (300, 100)


def test_pages_of_strange_shapes_stay_small(tmp_path):
    path = put(tmp_path, "a.pdf", a_pdf((10, 14_000), (14_000, 10), (0.1, 0.1)))
    assert max(size(page_picture(path, 1, 2_000))) <= 6_000
    assert size(page_picture(path, 2))[0] == 1000
    assert "measures" in refusal(path, 3)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", a_pdf((600, 800))[:300]),
        ("a.pdf", b""),
        ("a.pdf", a_pdf((600, 800), encrypt=StandardEncryption("secret"))),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
        (
            "a.png",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0) + b"\0" * 40,
        ),
        ("a.txt", b"text"),
        ("a.html", b"<p>text"),
        ("a", b"text"),
    ],
)
def test_what_has_no_picture_is_refused(tmp_path, name, data):
    refusal(put(tmp_path, name, data))


def test_a_file_that_is_not_there(tmp_path):
    refusal(tmp_path / "a.pdf")
    refusal(tmp_path / "a.png")


def test_which_formats_have_pictures():
    assert [kind for kind in ("text", "html", "pdf", "image", "docx") if has_pictures(kind)] == ["pdf", "image"]
