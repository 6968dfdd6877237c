"""An export as a Word document with footnotes."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO
from typing import TYPE_CHECKING

import docx
from docx.oxml.ns import qn
from docx.shared import Mm

from assistant.export.characters import for_xml, on_one_line
from assistant.export.content import Mark, Span
from assistant.export.word_footnotes import add_footnotes
from assistant.export.word_runs import LATIN_FONT, element, note_run, run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from docx.document import Document

    from assistant.export.content import Block, Content

_STYLES = {"title": "Title", "heading": "Heading 1", "subheading": "Heading 2", "item": "List Bullet"}
_THEME_FONTS = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")
_TITLE_LENGTH = 255
"""Longest title that the properties of a document may have (python-docx's limit)."""


def word(content: Content, now: datetime) -> bytes:
    """The export as a .docx file."""
    document = docx.Document()
    _prepare(document, content, now)
    add_footnotes(document, content.notes)
    seen: set[int] = set()
    for block in content.blocks:
        _add(document, block, seen)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _prepare(document: Document, content: Content, now: datetime) -> None:
    """An A4 page, fonts in place of the theme's, and properties that speak of this document."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    for name in ("Normal", *_STYLES.values()):
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for theme in _THEME_FONTS:
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for kind, font in {"ascii": LATIN_FONT, "hAnsi": LATIN_FONT, "eastAsia": "SimSun"}.items():
            fonts.set(qn(f"w:{kind}"), font)
    properties = document.core_properties
    properties.title = for_xml(on_one_line(content.title))[:_TITLE_LENGTH]
    properties.author = "commit-assistant"
    properties.comments = ""
    properties.language = {"zh": "zh-CN", "en": "en-US"}[content.language]
    # python-docx 1.2 writes every time as if it were UTC.
    properties.created = properties.modified = now.astimezone(UTC)


def _add(document: Document, block: Block, seen: set[int]) -> None:
    paragraph = document.add_paragraph(style=_STYLES.get(block.kind))._p  # noqa: SLF001 - python-docx's way to its XML
    for piece, before in zip(block.pieces, [None, *block.pieces[:-1]], strict=True):
        if isinstance(piece, Span):
            paragraph.append(run(piece))
            continue
        if isinstance(before, Mark):
            paragraph.append(run(Span(","), raised=True))
        paragraph.extend(_again(piece) if piece.number in seen else _first(piece))
        seen.add(piece.number)


def _first(mark: Mark) -> Sequence[Any]:
    """The mark of a footnote, in a bookmark by which it can be pointed at."""
    number = str(mark.number)
    return (
        element("bookmarkStart", id=number, name=_bookmark(mark)),
        note_run("footnoteReference", id=number),
        element("bookmarkEnd", id=number),
    )


def _again(mark: Mark) -> Sequence[Any]:
    """A further mark of the same footnote: Word has one mark for each, and fields that repeat its number."""
    instruction = note_run("instrText")
    instruction[-1].text = f" NOTEREF {_bookmark(mark)} \\f \\h "
    return (
        note_run("fldChar", fldCharType="begin"),
        instruction,
        note_run("fldChar", fldCharType="separate"),
        run(Span(str(mark.number)), raised=True),
        note_run("fldChar", fldCharType="end"),
    )


def _bookmark(mark: Mark) -> str:
    return f"_RefNote{mark.number}"
