"""The headline of a web page: the heading of all its text, also where the page writes it as ordinary text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.readers.web.markup_text import BLOCKS
from index.readers.web.page_sizes import blocks_of

if TYPE_CHECKING:
    from index.document import Facts
    from index.readers.web.markup_text import Element


def mark_headline(body: Element, chosen: Element, facts: Facts) -> str:
    """Make the page's title a heading where it stands in the chosen text; give it where it stands outside."""
    within = list(blocks_of(chosen))
    if any(element.tag == "h1" for element, _ in within):
        return ""
    title = next((element for element, text in within if _same(text, facts.title)), None)
    if title is not None:
        _make_heading(title)
        return ""
    if chosen is body:
        return ""
    around = [(element.tag, text) for element, text in blocks_of(body) if text]
    headings = [text for tag, text in around if tag == "h1"]
    if named := next((text for text in headings if _same(text, facts.title)), ""):
        return named
    if len(headings) == 1 and not _same(headings[0], facts.publisher):
        return headings[0]
    return next((text for _, text in around if _same(text, facts.title)), "")


def _same(text: str, title: str) -> bool:
    return bool(title) and "".join(text.split()) == "".join(title.split())


def _make_heading(element: Element) -> None:
    """Put what an element holds into a heading; one that holds other blocks too, or is a heading, stays as it is."""
    if element.tag in {"h2", "h3", "h4", "h5", "h6"} or any(child.tag in BLOCKS for child in element.iterdescendants()):
        return
    heading = element.makeelement("h1")
    heading.text, element.text = element.text, None
    heading.extend(element[:])
    element.append(heading)
