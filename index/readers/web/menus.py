"""What surrounds the text of a web page: menus, trails, side bars, footers, runs of links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from index.readers.web.page_sizes import LONGEST_NOTICE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.readers.web.markup_text import Element
    from index.readers.web.page_sizes import Sizes

_TAGS = frozenset({"nav", "aside", "footer", "header", "dialog", "menu", "search", "form"})
_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "dialog", "alertdialog"}
)
_NAMES = regex.compile(
    r"""(?<![a-z])(?: breadcrumbs? | crumbs? | (?:main|top|site|sub|global)?[-_]?(?:nav(?:bar|igation)?|menu)
        | side[-_]?bar | (?:social[-_]?)?share | sharing | (?:site|page)?[-_]?foot(?:er)? | pager | pagination
        | copyright | related(?:[-_]?(?:posts?|news|articles?|links?))? | tool[-_]?bar | skip[-_]?link | top[-_]?bar
        | cookies? | friend[-_]?links? | comments? | newsletter )(?![a-z])""",
    regex.VERBOSE | regex.I,
)
_FOOT = regex.compile(r"foot|copyright|cookie|share|sharing", regex.I)
_INLINE = frozenset({"a", "b", "strong", "i", "em", "u", "font", "h1", "h2", "h3", "h4", "h5", "h6", "br"})
_MOST = 0.3
"""Share of the page's words beyond which an element is no furniture, whatever its name: whole pages stand in forms."""
_RUN = 0.75
"""Share of an element's words that stand in links when it is a menu or a list of other pages."""
_LONGEST_MENU_LINK = 45
_LONGEST_IN_TEXT = 16
"""Characters of a link, in the mean of a run; within the main text, longer ones may be a list of documents."""


def menus(
    root: Element, sizes: dict[Element, Sizes], *, of_main: bool = False, leave: Sequence[Element] = ()
) -> list[Element]:
    """The outermost elements within `root`, but not within `leave`, that are no text.

    What seems to be of the main text is judged more mildly, unless `of_main`.
    """
    from lxml import etree

    found: list[Element] = []
    left = frozenset(leave)
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        size = sizes.get(element)
        if size is None or not size.text or element in left:
            walk.skip_subtree()
        elif element is not root and _is_menu(
            element, size, sizes[root], mild=size.main * 10 > size.text and not of_main
        ):
            found.append(element)
            walk.skip_subtree()
    return found


def _is_menu(element: Element, size: Sizes, whole: Sizes, *, mild: bool) -> bool:
    if element.tag in _INLINE:
        return False
    longest = _LONGEST_IN_TEXT if mild else _LONGEST_MENU_LINK
    if size.links > 2 and size.linked >= _RUN * size.text and size.linked <= longest * size.links:
        return True
    if size.notice and size.text <= LONGEST_NOTICE:
        return True
    if mild or size.titles or size.text > _MOST * whole.text:
        return False
    if element.tag in _TAGS or element.get("role") in _ROLES:
        return True
    name = f"{element.get('id', '')} {element.get('class', '')}"
    return bool(_NAMES.search(name)) and (bool(_FOOT.search(name)) or size.linked * 3 > size.text)
