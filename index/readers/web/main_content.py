"""Which part of a web page is its text: found with trafilatura, taken from the page itself.

trafilatura gives text of its own making: merged cells, the numbers of lists and line breaks are lost in it. It is asked
only where the main text stands; what is read is the element of the page in which its words are found again.
"""

from __future__ import annotations

import logging
from copy import deepcopy
from typing import TYPE_CHECKING

from index.errors import UnreadableSourceError, one_line
from index.readers.web.menus import menus
from index.readers.web.page_sizes import segments, sizes_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.readers.web.markup_text import Element
    from index.readers.web.page_sizes import Sizes

_LOG = logging.getLogger(__name__)
_MOST_ELEMENTS = 30_000
_DEEPEST = 400
"""trafilatura's work grows faster than the page; beyond this, the page is read without it."""
_NEARLY_ALL = 0.97
_MOSTLY = 0.6
_SHORT_PAGE = 1500
"""Characters of a page of which half must be found, of a longer one a fifth."""
_NOT_ENTERED = frozenset({"p", "pre", "ul", "ol", "dl", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "a"})
_TABLE_PARTS = frozenset({"table", "tbody", "thead", "tfoot", "tr"})


def main_content(page: Element, body: Element) -> tuple[Element, bool]:
    """The element that holds the text of a page, and whether it holds little else; menus and the like are hidden in it.

    Raises UnreadableSourceError when trafilatura is missing.
    """
    sizes = sizes_of(body, _main_segments(page))
    around = menus(body, sizes, of_main=True)
    page_length = sizes[body].text - sum(sizes[element].text for element in around)
    if sizes[body].main:
        chosen = _container(body, sizes)
        outside = _outside_the_text(chosen, sizes)
        hidden = {*outside, *menus(chosen, sizes, leave=outside)}
        length = sizes[chosen].text - sum(sizes[element].text for element in hidden)
        if length >= page_length * (0.5 if page_length < _SHORT_PAGE else 0.2):
            _hide(hidden)
            return chosen, True
    if page_length:
        _hide(around)
    return body, not sizes[body].links


def _main_segments(page: Element) -> frozenset[str]:
    """What trafilatura takes for the main text, in pieces; none where it fails."""
    if not _is_ordinary(page):
        return frozenset()
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        raise UnreadableSourceError("web pages need trafilatura: pip install trafilatura lxml_html_clean") from error
    try:
        found = bare_extraction(deepcopy(page), include_comments=False, favor_recall=True, with_metadata=False)
    except Exception as error:  # noqa: BLE001 — whatever a library makes of a page, the page can be read without it
        _LOG.info("trafilatura gave up: %s", one_line(error))
        return frozenset()
    return segments("\n".join(found.body.itertext())) if found is not None else frozenset()


def _is_ordinary(page: Element) -> bool:
    from lxml import etree

    depth = 0
    for count, (event, _) in enumerate(etree.iterwalk(page, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST or count > 2 * _MOST_ELEMENTS:
            return False
    return True


def _container(body: Element, sizes: dict[Element, Sizes]) -> Element:
    """The innermost element that holds nearly all of the main text; of a table that is no layout, what is around it."""
    chosen = body
    while True:
        inner = max((child for child in chosen if child in sizes), key=lambda child: sizes[child].main, default=None)
        if inner is None or inner.tag in _NOT_ENTERED or sizes[inner].main < _NEARLY_ALL * sizes[body].main:
            break
        chosen = inner
    while chosen.tag in _TABLE_PARTS and chosen is not body:
        chosen = chosen.getparent()
    return chosen


def _outside_the_text(chosen: Element, sizes: dict[Element, Sizes]) -> list[Element]:
    """What stands before and after the main text in an element that holds much else."""
    if sizes[chosen].main >= _MOSTLY * sizes[chosen].text:
        return []
    children = [child for child in chosen if child in sizes]
    texts = [at for at, child in enumerate(children) if sizes[child].main]
    if not texts:
        return []
    outside = [*children[: texts[0]], *children[texts[-1] + 1 :]]
    return [child for child in outside if not any(True for _ in child.iter("h1")) and child.tag != "p"]


def _hide(elements: Iterable[Element]) -> None:
    for element in elements:
        element.set("hidden", "")
