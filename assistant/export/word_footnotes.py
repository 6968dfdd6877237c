"""Footnotes of a Word document, which python-docx 1.2 cannot write by itself.

They are a part of the package of their own (ECMA-376, part 1, sections 11.3.7 and 17.11): the document names it in its
relationships, every note has a number there, and two that the settings name are the lines above the notes of a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.shared import Pt

from assistant.export.content import Span
from assistant.export.word_runs import element, note_run, run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from docx.document import Document

    from assistant.export.content import Note

_SEPARATORS = {"-1": "separator", "0": "continuationSeparator"}
_AFTER_NOTES = ("endnotePr", "compat", "rsids")
"""What comes after `footnotePr` in the settings, of what python-docx's own template has."""


def add_footnotes(document: Document, notes: Sequence[Note]) -> None:
    """Put the footnotes part, its two styles and its settings into a document that is not to have them yet."""
    _add_styles(document)
    root = element("footnotes")
    root.extend(_separator(number, kind) for number, kind in _SEPARATORS.items())
    root.extend(_footnote(note) for note in notes)
    part = XmlPart(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, root, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    _add_settings(document.settings.element)


def _add_styles(document: Document) -> None:
    text = document.styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    text.element.styleId = "FootnoteText"
    text.base_style = document.styles["Normal"]
    text.font.size = Pt(9)
    text.paragraph_format.space_after = Pt(2)
    text.paragraph_format.line_spacing = 1.0
    number = document.styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, builtin=True)
    number.element.styleId = "FootnoteReference"
    number.font.superscript = True


def _add_settings(settings: Any) -> None:  # noqa: ANN401 - python-docx has no types here
    named = element("footnotePr")
    named.extend(element("footnote", id=number) for number in _SEPARATORS)
    following = next(child for tag in _AFTER_NOTES for child in settings.findall(element(tag).tag))
    following.addprevious(named)


def _separator(number: str, kind: str) -> Any:  # noqa: ANN401 - python-docx has no types here
    note = element("footnote", type=kind, id=number)
    paragraph, line = element("p"), element("r")
    line.append(element(kind))
    paragraph.append(line)
    note.append(paragraph)
    return note


def _footnote(note: Note) -> Any:  # noqa: ANN401 - python-docx has no types here
    made = element("footnote", id=str(note.number))
    for position, spans in enumerate(note.paragraphs):
        paragraph, properties = element("p"), element("pPr")
        properties.append(element("pStyle", val="FootnoteText"))
        paragraph.append(properties)
        if not position:
            paragraph.extend([note_run("footnoteRef"), run(Span(" "))])
        paragraph.extend(run(span) for span in spans)
        made.append(paragraph)
    return made
