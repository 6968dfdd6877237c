"""Text as it is searched: never shown, never quoted."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex

from index.languages import converter

SEARCH_TEXT_VERSION = 3
"""Raised whenever the same text would be normalised differently."""
_WRAP_HYPHEN = regex.compile(r"(?<=\p{Ll})[-\u00ad\u2010]\n\s*(?=\p{Ll})")
_BETWEEN_WIDE = regex.compile(
    r"(?<=[\p{Script=Han}，。、；：！？“”《》（）])\s+(?=[\p{Script=Han}，。、；：！？“”《》（）])"
)
_HAN_AND_DIGIT = regex.compile(r"(?<=\p{Script=Han})[ \t\n]+(?=\d)|(?<=\d)[ \t\n]+(?=\p{Script=Han})")
_MARKDOWN = regex.compile(r"^#{1,6}\s+|\*{2,}|\\(?=[*_#\[\]])|\]\((?:[^()\s]*)\)", regex.MULTILINE)
_RAISED = regex.compile(r"(?<=[\p{L}\p{N}\p{P}])[\u00b2\u00b3\u00b9\u2070\u2074-\u2079]+")
"""The number of a note; NFKC would make 200412 of `2004¹²`."""
_INVISIBLE = regex.compile(r"[\p{Cf}--[\u200c\u200d]]", regex.VERSION1)


def search_text(text: str, ocr_spellings: dict[str, str] | None = None) -> str:
    """Normalise for search: NFKC, invisible characters out, wrapped lines joined, simplified characters, OCR spellings.

    `ocr_spellings` maps what a scanner read to what stands on the page, in simplified characters; the
    longest go first.
    """
    text = _RAISED.sub(" ", text)
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", _WRAP_HYPHEN.sub("", text)))
    text = _MARKDOWN.sub("", text)
    text = _HAN_AND_DIGIT.sub("", _BETWEEN_WIDE.sub("", text))
    text = simplified(" ".join(text.split()))
    for wrong in sorted(ocr_spellings or {}, key=len, reverse=True):
        text = text.replace(wrong, (ocr_spellings or {})[wrong])
    return text


@lru_cache(maxsize=4096)
def simplified(text: str) -> str:
    """Traditional characters made simplified (OpenCC `t2s`); a text without Han characters as it is."""
    return converter("t2s").convert(text) if regex.search(r"\p{Script=Han}", text) else text
