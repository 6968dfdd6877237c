"""Word files: their text with headings, the numbers of their lists, tables row by row and notes at the end."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from index.errors import UnreadableSourceError, one_line
from index.readers.canonical import CanonicalText, canonical
from index.readers.web.markup import write
from index.readers.word.docx_package import open_package, package_facts
from index.readers.word.docx_preparation import MARKED_ITEM, prepared

if TYPE_CHECKING:
    from index.document import Document
    from index.readers.options import ReadingOptions
    from index.readers.web.markup_text import Element

VERSION = 1
"""Raised whenever the same file would give another Document."""
_STYLES = f"p.{MARKED_ITEM} => ul > li:fresh\np[style-name='Quote'] => blockquote > p:fresh"


def read(data: bytes, source_id: str, options: ReadingOptions) -> Document:
    """The text of a Word file as it is read: without deletions, comments and pictures; nothing is fetched.

    Raises UnreadableSourceError.
    """
    del options
    try:
        return _document(data, source_id)
    except UnreadableSourceError:
        raise
    except Exception as error:
        raise UnreadableSourceError(
            f"it cannot be read ({one_line(error)}): open it in Word and save it again as .docx, or as .pdf"
        ) from error


def _document(data: bytes, source_id: str) -> Document:
    package = open_package(data)
    facts = package_facts(package)
    ready, title = prepared(package)
    text = CanonicalText()
    tree = _html(ready)
    if tree is not None:
        write(tree, text)
    if not facts.title:
        facts = replace(facts, title=canonical(" ".join(title.split())))
    return text.document(source_id, "docx", encoding="utf-8", facts=facts)


def _html(package: bytes) -> Element | None:
    try:
        from lxml.html import HTMLParser, document_fromstring
        from mammoth import convert_to_html
    except ImportError as error:
        raise UnreadableSourceError("Word files need mammoth and lxml: pip install mammoth lxml") from error
    html = convert_to_html(
        io.BytesIO(package),
        style_map=_STYLES,
        include_embedded_style_map=False,
        convert_image=lambda _: [],
        external_file_access=False,
    ).value
    if not html:
        return None
    tree = document_fromstring(html.encode("utf-8"), parser=HTMLParser(encoding="utf-8", huge_tree=True))
    for marked in tree.iter("ul"):
        marked.set("style", "list-style-type:none")
    return tree
