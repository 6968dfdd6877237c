"""Answers in a form that can be kept and quoted from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.export.composing import composed
from assistant.export.file_names import file_name
from assistant.export.markdown import markdown
from assistant.export.noting import Notes
from assistant.export.plain_text import plain_text
from assistant.export.texts import export_texts
from index.errors import WrongCallError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assistant.answer import Answer
    from assistant.export.content import Content
    from assistant.export.referencing import Style
    from assistant.export.texts import ExportLanguage
    from assistant.export.work import Entries

Form = Literal["markdown", "text", "docx"]
_MEDIA_TYPES: dict[Form, str] = {
    "markdown": "text/markdown; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_ENDINGS: dict[Form, str] = {"markdown": "md", "text": "txt", "docx": "docx"}


@dataclass(frozen=True)
class Wanted:
    """What an export is to be like."""

    form: Form = "docx"
    style: Style = "gbt7714"
    language: ExportLanguage = "zh"
    """Of the headings; references follow their style."""


@dataclass(frozen=True)
class ExportFile:
    """An export as a file."""

    name: str
    """Safe on every system, and not ASCII where the question is not."""
    media_type: str
    content: bytes


def exported(answers: Sequence[Answer], wanted: Wanted, entries: Entries, now: datetime) -> ExportFile:
    """One answer or a conversation, complete answers in their order, as a file.

    `entries` looks up in the catalogue what references need. The day of `now`, which knows its time zone, counts as the
    day on which the sources were looked at. Raises WrongCallError when there is no answer.
    """
    if not answers:
        raise WrongCallError("nothing to export: ask a question first")
    notes = Notes(export_texts(wanted.language), wanted.style, entries, now.date())
    content = composed(answers, notes, wanted.language, now)
    name = file_name(answers[0].question, now, _ENDINGS[wanted.form])
    return ExportFile(name, _MEDIA_TYPES[wanted.form], _written(content, wanted.form, now))


def _written(content: Content, form: Form, now: datetime) -> bytes:
    if form == "markdown":
        return markdown(content)
    if form == "text":
        return plain_text(content)
    from assistant.export.word import word

    return word(content, now)
