"""Web pages: their main text without menus, with the headings that they mark and what they say of themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index.errors import UnreadableSourceError, one_line
from index.readers.canonical import CanonicalText
from index.readers.options import LARGEST_PAGE
from index.readers.web.headline import mark_headline
from index.readers.web.main_content import main_content
from index.readers.web.markup import write
from index.readers.web.page_encoding import decode_page
from index.readers.web.page_facts import page_facts
from index.readers.web.page_tree import page_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.document import Document
    from index.readers.options import ReadingOptions

VERSION = 1
"""Raised whenever the same file would give another Document."""


def read(data: bytes, source_id: str, options: ReadingOptions) -> Document:
    """The text of a saved web page; nothing is fetched. Raises UnreadableSourceError.

    A page without text, such as one that a script fills, gives an empty Document.
    """
    del options
    if len(data) > LARGEST_PAGE:
        raise UnreadableSourceError(
            f"it is larger than {LARGEST_PAGE // 1_000_000} MB: save the article alone, or as text"
        )
    html, encoding = decode_page(data)
    try:
        return _document(html, encoding, source_id)
    except UnreadableSourceError:
        raise
    except Exception as error:
        raise UnreadableSourceError(f"it cannot be read ({one_line(error)}): save it as text") from error


def _document(html: str, encoding: str, source_id: str) -> Document:
    text = CanonicalText()
    page = page_tree(html)
    body = None if page is None else page.find("body")
    if page is None or body is None:
        return text.document(source_id, "html", encoding=encoding)
    facts = page_facts(page)
    chosen, sure = main_content(page, body)
    if headline := mark_headline(body, chosen, facts):
        text.heading(headline, 1)
    write(chosen, text)
    document = text.document(source_id, "html", encoding=encoding, facts=facts)
    return replace(document, warnings=tuple(_warnings(document.text, sure=sure)))


def _warnings(text: str, *, sure: bool) -> Iterator[str]:
    if text and not sure:
        yield "its main text could not be told from what surrounds it: menus and the like may be among it"
    if lost := text.count("\ufffd"):
        yield f"{lost} characters were already lost in the file (U+FFFD)"
