"""Characters that would do something instead of being shown."""

from __future__ import annotations

import regex

_LINE_BREAKS = regex.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_CONTROLS = regex.compile(r"[\p{Cc}--[\n\t]]", regex.VERSION1)
_SURROGATES = regex.compile(r"\p{Cs}")
_NO_XML = regex.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2, Char) has no place for."""
_PICTURES = 0x2400
"""The block of pictures of control characters: U+2400 plus the control's number shows it."""
_DELETE = 0x7F
_OPENING = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"} | {
    "\u2066": "\u2069",
    "\u2067": "\u2069",
    "\u2068": "\u2069",
}
"""Marks that change the direction of writing, with the mark that ends each (Unicode Standard Annex 9, section 2)."""
_CLOSING = frozenset(_OPENING.values())


def shown(text: str) -> str:
    """Text for a text file: control characters as pictures of them, changes of direction kept within their line."""
    return contained(_CONTROLS.sub(lambda match: _picture(match[0]), with_line_feeds(text)))


def for_xml(text: str) -> str:
    """Text for an XML file: without what XML has no place for, changes of direction kept within their line."""
    return contained(_NO_XML.sub("", with_line_feeds(text)))


def on_one_line(text: str) -> str:
    """Text in which every run of spaces and line breaks is one space; none at its ends."""
    return " ".join(text.split())


def with_line_feeds(text: str) -> str:
    r"""Text whose only line break is `\n` and that UTF-8 can hold."""
    return _LINE_BREAKS.sub("\n", _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text))


def contained(text: str) -> str:
    """Text whose changes of the direction of writing do not reach beyond it or beyond their line.

    What is still open at the end of a line is closed there; an end without a beginning is left out.
    """
    return "\n".join(_contained(line) for line in text.split("\n"))


def _contained(line: str) -> str:
    kept: list[str] = []
    still_open: list[str] = []
    for char in line:
        if char in _CLOSING:
            if not _closes(char, still_open):
                continue
        elif char in _OPENING:
            still_open.append(_OPENING[char])
        kept.append(char)
    return "".join(kept + still_open[::-1])


def _closes(char: str, still_open: list[str]) -> bool:
    """Whether a mark ends one that is open; the end of an isolate also ends what was opened within it."""
    if char == "\u2069" and char in still_open:
        del still_open[len(still_open) - 1 - still_open[::-1].index(char) :]
        return True
    if still_open and still_open[-1] == char:
        still_open.pop()
        return True
    return False


def _picture(control: str) -> str:
    code = ord(control)
    if code == _DELETE:
        return "\N{SYMBOL FOR DELETE}"
    return chr(_PICTURES + code) if code < ord(" ") else "\N{REPLACEMENT CHARACTER}"
