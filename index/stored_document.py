"""A Document's details as they are stored beside its text."""

from __future__ import annotations

import json
from typing import Any

from index.document import Document, Facts, Heading, ScannedLine


def details_of(document: Document) -> str:
    """Everything but id and text, as JSON."""
    values: dict[str, Any] = {
        "page_starts": document.page_starts,
        "encoding": document.encoding,
        "warnings": document.warnings,
        "format": document.format,
        "headings": [(one.start, one.end, one.level) for one in document.headings],
        "scanned": [(one.start, one.end, one.confidence) for one in document.scanned],
        "facts": (document.facts.title, document.facts.publisher, document.facts.date),
    }
    return json.dumps(values, ensure_ascii=False)


def document_from(source_id: str, text: str, details: str) -> Document:
    """The Document that `details_of` described."""
    values = json.loads(details)
    return Document(
        source_id,
        text,
        page_starts=tuple(values["page_starts"]),
        encoding=values["encoding"],
        warnings=tuple(values["warnings"]),
        format=values["format"],
        headings=tuple(Heading(*one) for one in values["headings"]),
        scanned=tuple(ScannedLine(*one) for one in values["scanned"]),
        facts=Facts(*values["facts"]),
    )
