"""The text of a web page → lxml's tree of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from index.errors import UnreadableSourceError

if TYPE_CHECKING:
    from index.readers.web.markup_text import Element

_TAG = regex.compile(r"</?(?P<name>[a-z][a-z0-9]*)\b[^<>]*>", regex.I)
_BODY = regex.compile(r"<(?:body|frameset)\b", regex.I)
_HEAD_OR_TAG = regex.compile(
    r"""<!--.*?--> | <(?P<whole>script|style|title|noscript)\b.*?</(?P=whole)\s*>
      | </?(?:html|head|meta|link|base)\b[^<>]*>
      | <(?P<name>[a-z][a-z0-9-]*)\b""",
    regex.IGNORECASE | regex.DOTALL | regex.VERBOSE,
)
"""What may stand in a head, or the name of the first element that may not."""
_LINES = frozenset({"div", "center", "section", "article", "main"})
_GROUPING = _LINES | {"span", "font", "b", "i", "u", "em", "strong", "a"}
_INLINE = frozenset({"abbr", "big", "code", "q", "small", "sub", "sup", "tt", "var", "wbr"})
_NEVER_DEEP = frozenset(
    {"p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "html", "head", "title", "meta", "body", "script", "style"}
)


def page_tree(html: str) -> Element | None:
    """The tree of a page, None when it has no elements at all. Raises UnreadableSourceError.

    lxml leaves out what is nested too deep: such a page is read again without the elements that only group.
    """
    html = _with_body(html)
    tree, whole = _parsed(html)
    if not whole:
        tree, whole = _parsed(_TAG.sub(_without_grouping, html))
    if not whole:
        tree, whole = _parsed(_TAG.sub(_without_nesting, html))
    if not whole:
        raise UnreadableSourceError("its elements are nested too deep: save it as text")
    return tree


def _with_body(html: str) -> str:
    """A page that leaves `<body>` out, as it may, with it: else libxml2 counts HTML 5's elements to the head."""
    if _BODY.search(html):
        return html
    first = next((tag.start() for tag in _HEAD_OR_TAG.finditer(html) if tag["name"]), len(html))
    return f"{html[:first]}<body>{html[first:]}"


def _parsed(html: str) -> tuple[Element | None, bool]:
    try:
        from lxml import etree
        from lxml.html import HTMLParser, document_fromstring
    except ImportError as error:
        raise UnreadableSourceError("web pages need lxml: pip install lxml") from error
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = document_fromstring(html.replace("\0", "").encode("utf-8"), parser=parser)
    except etree.ParserError:
        return None, True
    return tree, not any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log)


def _without_grouping(tag: regex.Match[str]) -> str:
    name = tag["name"].lower()
    return tag[0] if name not in _GROUPING else "<p>" if name in _LINES else ""


def _without_nesting(tag: regex.Match[str]) -> str:
    name = tag["name"].lower()
    return tag[0] if name in _NEVER_DEEP else "" if name in _INLINE or name in _GROUPING - _LINES else "<p>"
