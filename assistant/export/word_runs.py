"""Text as Word's runs, with the fonts and languages that its scripts want."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from assistant.export.characters import for_xml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from assistant.export.content import Span

LATIN_FONT = "Times New Roman"
_EAST_ASIAN = {"zh": ("SimSun", "zh-CN"), "zh-Hant": ("PMingLiU", "zh-TW")}
"""Font and language tag of Han characters; both fonts come with Word, which takes another where they are missing."""
_COMPLEX = {
    "th": ("Thai", "Leelawadee UI", "th-TH"),
    "lo": ("Lao", "Leelawadee UI", "lo-LA"),
    "km": ("Khmer", "Khmer UI", "km-KH"),
    "my": ("Myanmar", "Myanmar Text", "my-MM"),
}
"""Script, font and language tag of what Word calls complex scripts."""
_COMPLEX_SCRIPTS = {language: regex.compile(rf"\p{{Script={script}}}") for language, (script, *_) in _COMPLEX.items()}
_HAN = regex.compile(r"\p{Script=Han}")


def element(tag: str, **attributes: str) -> Any:  # noqa: ANN401 - python-docx has no types here
    """An element of Word's main namespace: `element("lang", val="en-US")` is `<w:lang w:val="en-US"/>`."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def run(span: Span, *, raised: bool = False) -> Any:  # noqa: ANN401 - python-docx has no types here
    """A run with the text of a span; line breaks and tabs are Word's own."""
    text = for_xml(span.text)
    made = element("r")
    made.append(_properties(span, text, raised=raised))
    for position, line in enumerate(text.split("\n")):
        if position:
            made.append(element("br"))
        for place, part in enumerate(line.split("\t")):
            if place:
                made.append(element("tab"))
            if part:
                made.append(_words(part))
    return made


def note_run(kind: str, **attributes: str) -> Any:  # noqa: ANN401 - python-docx has no types here
    """A run in the style of footnote numbers that holds one element."""
    made = element("r")
    properties = element("rPr")
    properties.append(element("rStyle", val="FootnoteReference"))
    made.append(properties)
    made.append(element(kind, **attributes))
    return made


def _words(text: str) -> Any:  # noqa: ANN401 - python-docx has no types here
    words = element("t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return words


def _properties(span: Span, text: str, *, raised: bool) -> Any:  # noqa: ANN401 - python-docx has no types here
    """Properties of a run, in the order that the schema wants."""
    properties = element("rPr")
    properties.extend(_fonts(span, text, raised=raised))
    return properties


def _fonts(span: Span, text: str, *, raised: bool) -> Iterator[Any]:
    asian_font, asian = _EAST_ASIAN["zh-Hant" if span.language.startswith("zh-Hant") else "zh"]
    found = next((language for language, script in _COMPLEX_SCRIPTS.items() if script.search(text)), "th")
    _, complex_font, complex_language = _COMPLEX[found]
    # The hint makes quotation marks and dashes Chinese ones where they stand among Han characters.
    hint = {"hint": "eastAsia"} if _HAN.search(text) else {}
    yield element("rFonts", ascii=LATIN_FONT, hAnsi=LATIN_FONT, eastAsia=asian_font, cs=complex_font, **hint)
    if span.italic:
        yield element("i")
    if raised:
        yield element("vertAlign", val="superscript")
    latin = "vi-VN" if span.language.startswith("vi") else "en-US"
    yield element("lang", val=latin, eastAsia=asian, bidi=complex_language)
