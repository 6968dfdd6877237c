"""A Word file made ready for mammoth: what Word only shows is written into the text, what it hides is taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.readers.word.docx_numbering import Numbering
from index.readers.word.docx_styles import ListPlace, Styles, is_on, list_place, value

if TYPE_CHECKING:
    from index.readers.web.markup_text import Element
    from index.readers.word.docx_package import Package

MARKED_ITEM = "ItemWithItsMark"
"""Id of the style that list items get, with their number or bullet in the text."""
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PICTURES = ("{*}blip", "{*}imagedata", "{*}hlinkClick")
_RELATION = "/relationships}id"
_OF_DRAWINGS = "{http://schemas.openxmlformats.org/drawingml"


def prepared(package: Package) -> tuple[bytes, str]:
    """A package with numbered paragraphs and plain heading styles, and the text of the paragraph styled as title."""
    styles = Styles(package.tree(package.beside_main("styles.xml")))
    numbering = Numbering(package.tree(package.beside_main("numbering.xml")), styles)
    trees: dict[str, Element] = {}
    title = ""
    for path in (package.main, *map(package.beside_main, ("footnotes.xml", "endnotes.xml"))):
        root = package.tree(path)
        if root is not None:
            title = _prepare(root, styles, numbering) or title
            trees[path] = root
    dropped = {package.beside_main(name) for name in ("numbering.xml", "comments.xml")}
    return package.with_trees(trees, frozenset(dropped)), title


def _prepare(root: Element, styles: Styles, numbering: Numbering) -> str:
    """Prepare one part; give the text of its title paragraph."""
    _take_out(root)
    title = ""
    for paragraph in list(root.iter("{*}p")):
        if paragraph.tag.startswith(_OF_DRAWINGS):
            continue
        style = _style(paragraph)
        if styles.is_of_contents(style):
            paragraph.getparent().remove(paragraph)
            continue
        if not title and styles.is_title(style):
            title = "".join(text.text or "" for text in paragraph.iter("{*}t"))
        _mark(paragraph, style, styles, numbering)
    return title


def _take_out(root: Element) -> None:
    """Take out pictures, the targets of links, hidden words, and all but one of the forms of the same drawing."""
    for choice in list(root.iter("{*}Choice")):
        if next(choice.itersiblings("{*}Fallback"), None) is not None:
            choice.getparent().remove(choice)
    for picture in list(root.iter(*_PICTURES)):
        picture.getparent().remove(picture)
    for link in root.iter("{*}hyperlink"):
        for name in [name for name in link.attrib if name.endswith(_RELATION)]:
            del link.attrib[name]
    for run in [run for run in root.iter("{*}r") if _is_hidden(run)]:
        run.getparent().remove(run)


def _mark(paragraph: Element, style: str, styles: Styles, numbering: Numbering) -> None:
    """Write a paragraph's number into it, and say by its style whether it is a heading or an item."""
    level = styles.heading_level(paragraph, style)
    own, of_style = list_place(paragraph), styles.numbering(style)
    place = ListPlace(own.number_id or of_style.number_id, own.level or ("" if own.number_id else of_style.level))
    empty = not any(text.text for text in paragraph.iter("{*}t"))
    mark = "" if empty or _is_deleted(paragraph) else numbering.mark(place.number_id, place.level, style)
    if mark and not (level and mark == "• "):
        _insert(paragraph, mark)
    if level or mark:
        _set_style(paragraph, f"Heading{level}" if level else MARKED_ITEM)


def _insert(paragraph: Element, mark: str) -> None:
    namespace = paragraph.tag.rpartition("}")[0] + "}"
    run = paragraph.makeelement(f"{namespace}r")
    text = run.makeelement(f"{namespace}t", {_SPACE: "preserve"})
    text.text = mark
    run.append(text)
    has_properties = len(paragraph) > 0 and paragraph[0].tag == f"{namespace}pPr"
    paragraph.insert(int(has_properties), run)


def _set_style(paragraph: Element, style: str) -> None:
    namespace = paragraph.tag.rpartition("}")[0] + "}"
    properties = _properties(paragraph)
    if properties is None:
        properties = paragraph.makeelement(f"{namespace}pPr")
        paragraph.insert(0, properties)
    for old in list(properties.iterchildren("{*}pStyle")):
        properties.remove(old)
    properties.insert(0, properties.makeelement(f"{namespace}pStyle", {f"{namespace}val": style}))


def _style(paragraph: Element) -> str:
    properties = _properties(paragraph)
    return "" if properties is None else value(properties, "pStyle")


def _is_hidden(run: Element) -> bool:
    properties = next(run.iterchildren("{*}rPr"), None)
    return properties is not None and is_on(properties, "vanish")


def _is_deleted(paragraph: Element) -> bool:
    """Whether a tracked change takes the end of a paragraph away, and with it its number."""
    properties = _properties(paragraph)
    of_mark = None if properties is None else next(properties.iterchildren("{*}rPr"), None)
    return of_mark is not None and next(of_mark.iterchildren("{*}del", "{*}moveFrom"), None) is not None


def _properties(paragraph: Element) -> Element | None:
    return next(paragraph.iterchildren("{*}pPr"), None)
