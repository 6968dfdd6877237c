"""What a browser would show of a tree of HTML: which elements are seen, and how the words within a line stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

Element = Any
"""An element of lxml."""
Event = tuple[Literal["open", "close", "text"], Element]

BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir"),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *(
            "header",
            "hgroup",
            "hr",
            "html",
            "legend",
            "li",
            "main",
            "menu",
            "nav",
            "ol",
            "p",
            "pre",
            "search",
            "section",
        ),
        *("summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)
"""Elements that begin and end a line."""
_UNSEEN = frozenset(
    {
        *(
            "applet",
            "area",
            "audio",
            "base",
            "button",
            "canvas",
            "col",
            "colgroup",
            "datalist",
            "del",
            "embed",
            "frame",
        ),
        *("frameset", "head", "iframe", "img", "input", "link", "map", "meta", "noframes", "noscript", "object"),
        *(
            "optgroup",
            "option",
            "output",
            "param",
            "picture",
            "progress",
            "rp",
            "rt",
            "s",
            "script",
            "select",
            "source",
        ),
        *("strike", "style", "svg", "template", "textarea", "title", "track", "video"),
    }
)
"""Elements whose content is no text, or is not shown, or is shown struck out."""
_HIDING_STYLE = regex.compile(r"\b(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", regex.I)
_LINE_BREAK = regex.compile(r"[ \t\r\n\xa0]*\v[ \t\r\n\xa0]*")
_INDENTED_LINE = regex.compile(r"\v[ \t\r\n]*[\u3000\xa0]{2}")
_WIDE = r"[\p{Han}\p{Hiragana}\p{Katakana}\u3000-\u303f\uff00-\uff60]"
_WRAP_OF_CHINESE = regex.compile(rf"(?<={_WIDE})[ \t\r]*\n[ \t\r\n]*(?={_WIDE})")
"""A line end of the file between two wide characters, which CSS has shown as nothing rather than as a space."""
_SPACES = regex.compile(r"[ \t\r\n\xa0]+")
_NEVER_SEEN = regex.compile(r"[\u00ad\ufeff\f\0]+")
_NOTE = regex.compile(r"\s*[\[(（〔]?\s*(\d{1,3}|[*†‡]{1,3}|[a-z]|[ivx]{1,5})\s*[\])）〕]?\s*")
_BACK_TO_TEXT = regex.compile(r"[\s↑↩⏎^\ufe0e\ufe0f]*")
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LINE = "\v"
_LONGEST_NOTE = 12


def seen(element: Element) -> bool:
    """Whether a browser shows an element's content as text."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return False
    attributes = element.attrib
    if not attributes:
        return True
    return not ("hidden" in attributes or _HIDING_STYLE.search(attributes.get("style", "")))


def events(root: Element) -> Iterator[Event]:
    """What is seen below an element, itself included, in reading order, without recursion."""
    from lxml import etree

    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    unseen = None
    for event, element in walk:
        if event == "start":
            if seen(element):
                yield "open", element
                if element.text:
                    yield "text", element.text
            else:
                unseen = element
                walk.skip_subtree()
            continue
        if event == "end" and element is not unseen:
            yield "close", element
        unseen = None
        if element is not root and element.tail:
            yield "text", element.tail


class Inline:
    r"""The words of one block, as its elements open and close; line ends that are meant are kept as `\n`."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._parts: list[str] = []
        self._raised: list[tuple[int, int]] = []
        self._jumps: list[int] = []
        self._jumps_seen = 0

    def add(self, text: str) -> None:
        """Add characters of the file."""
        self._parts.append(text.replace(_LINE, " "))

    def add_preformatted(self, text: str) -> None:
        """Add characters whose line ends are meant."""
        self._parts.append(regex.sub(r"\r\n?|\n", _LINE, text.replace(_LINE, " ")))

    def open(self, element: Element) -> None:
        """An element within the line begins."""
        if element.tag == "br":
            self._parts.append(_LINE)
        elif element.tag == "wbr":
            self._parts.append("\u200b")
        elif element.tag == "sup":
            self._raised.append((len(self._parts), self._jumps_seen - len(self._jumps)))
        elif _is_jump(element):
            self._jumps.append(len(self._parts))
            self._jumps_seen += 1

    def close(self, element: Element) -> None:
        """An element within the line ends: a note's number gets its brackets, a link back to the text goes."""
        if element.tag == "sup" and self._raised:
            start, jumps = self._raised.pop()
            self._rewrite(start, is_note=self._jumps_seen > jumps)
        elif _is_jump(element) and self._jumps:
            start = self._jumps.pop()
            if _BACK_TO_TEXT.fullmatch(self._short(start)):
                del self._parts[start:]

    def take(self) -> list[str]:
        """The paragraphs that were collected, collapsed as a browser does; begins anew."""
        text = "".join(self._parts)
        self._clear()
        if not text or text.isspace():
            return []
        text = _NEVER_SEEN.sub("", text)
        text = _INDENTED_LINE.sub(_LINE + _LINE, text)
        text = _WRAP_OF_CHINESE.sub("", text)
        text = _SPACES.sub(" ", _LINE_BREAK.sub(_LINE, text)).replace(_LINE, "\n")
        return [paragraph.strip() for paragraph in regex.split(r"\n{2,}", text) if paragraph.strip()]

    def _short(self, start: int) -> str:
        """What was added since `start`, or letters where that is long."""
        few = len(self._parts) - start <= _LONGEST_NOTE and sum(map(len, self._parts[start:])) <= _LONGEST_NOTE
        return "".join(self._parts[start:]) if few else "long"

    def _rewrite(self, start: int, *, is_note: bool) -> None:
        text = self._short(start)
        if is_note and (note := _NOTE.fullmatch(text)):
            self._parts[start:] = [f"[{note[1]}]"]
        elif start and regex.fullmatch(r"[\d+\-−]{1,6}", text):
            self._parts[start:] = [text.translate(_RAISED)]


def _is_jump(element: Element) -> bool:
    return element.tag == "a" and str(element.get("href", "")).startswith("#")
