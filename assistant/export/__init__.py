"""Answers as a document that can be quoted from: Markdown, plain text or Word, with footnotes and a bibliography."""

from assistant.export.exporting import ExportFile, Form, Wanted, exported
from assistant.export.referencing import Style, quotation_with_reference, reference
from assistant.export.texts import ExportLanguage

__all__ = [
    "ExportFile",
    "ExportLanguage",
    "Form",
    "Style",
    "Wanted",
    "exported",
    "quotation_with_reference",
    "reference",
]
