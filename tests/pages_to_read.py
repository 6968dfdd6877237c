"""PDF files and pictures as the tests of their readers need them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WIDTH, HEIGHT = A4
FONTS = "/usr/share/fonts/truetype/"
CHINESE = FONTS.replace("truetype", "opentype") + "noto/NotoSansCJK-Regular.ttc"
pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
pdfmetrics.registerFont(TTFont("Latin", FONTS + "tlwg/Garuda.ttf"))
pdfmetrics.registerFont(TTFont("Thai", FONTS + "tlwg/Norasi.ttf"))

ENGLISH = (
    "The Coordinated Mekong Ministerial Initiative against Trafficking was established in 2004 by six governments of "
    "the Greater Mekong Subregion. Its memorandum of understanding commits the governments to cooperation on "
    "prevention, prosecution, protection and repatriation. Senior officials have met every year since then and have "
    "adopted two plans of action."
)


def pdf(*pages: Callable[[Canvas], None], **options: object) -> bytes:
    """A PDF file, each page drawn by a function of its own."""
    kept = BytesIO()
    canvas = Canvas(kept, pagesize=A4, **options)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return kept.getvalue()


def wrapped(text: str, width: float, font: str, size: float) -> list[str]:
    """Text in lines of at most `width` points."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if pdfmetrics.stringWidth(longer, font, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def column(canvas: Canvas, text: str, left: float, top: float, width: float) -> float:
    """Draw a paragraph in 10 points, justified as books are; give the height where it ended."""
    font = "Times-Roman"
    lines = wrapped(text, width, font, 10)
    for index, line in enumerate(lines):
        drawn = canvas.beginText(left, top)
        drawn.setFont(font, 10)
        if index < len(lines) - 1 and " " in line:
            drawn.setWordSpace((width - pdfmetrics.stringWidth(line, font, 10)) / line.count(" "))
        drawn.textOut(line)
        canvas.drawText(drawn)
        top -= 12.5
    return top


def lines(canvas: Canvas, texts: Sequence[str], top: float = 760, font: str = "Times-Roman", size: float = 11) -> None:
    """Draw lines one below the other, flush left."""
    canvas.setFont(font, size)
    for index, text in enumerate(texts):
        canvas.drawString(72, top - index * size * 1.3, text)


def picture(texts: Sequence[str], size: int = 28, width: int = 900, height: int | None = None) -> Image.Image:
    """A scanned page: lines of black type on white."""
    page = Image.new("RGB", (width, height or 60 + int(len(texts) * size * 1.8)), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(CHINESE, size)
    for index, text in enumerate(texts):
        pen.text((40, 30 + index * size * 1.8), text, fill="black", font=font)
    return page


def scan(page: Image.Image) -> Callable[[Canvas], None]:
    """A PDF page that is nothing but a picture."""

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(page), 0, 0, WIDTH, HEIGHT)

    return draw


def written(page: Image.Image, kind: str, **options: object) -> bytes:
    """A picture as a file."""
    kept = BytesIO()
    page.save(kept, kind, **options)
    return kept.getvalue()
