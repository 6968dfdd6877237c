"""The characters of a PDF page → fragments: words that stand side by side, in each direction of writing."""

from __future__ import annotations

import ctypes
import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import regex
from pypdfium2 import raw

from index.readers.layout.fragments import Fragment, Layer, Rule
from index.readers.printed.pdf_clusters import COMPLEX, Cluster, Clusters
from index.readers.printed.pdf_letters import raised, written
from index.readers.printed.pdf_rules import bullets, rules
from index.readers.printed.pdf_words import TALL, Word, fragments_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CHARACTERS = 200_000
"""Characters of a page; a page of small type has 10,000."""
_WORD = regex.compile(r"[^\s\0\x02\ufffe]+[\x02\ufffe]?")
"""pdfium gives U+0002 or U+FFFE, and no line end, for the hyphen of a word that goes on in the next line."""
_SPACES = " \u00a0\u3000"
_SLANT = 12
"""Degrees by which a line may lean; what leans more is a stamp across the page, and no text."""


Box = tuple[float, float, float, float]


def text_of(textpage: Any) -> str:  # noqa: ANN401 - pdfium has no types
    """All characters of a page in pdfium's order, one for each of its indices."""
    count = int(raw.FPDFText_CountChars(textpage))
    if count <= 0:
        return ""
    if count > MOST_CHARACTERS:
        raise ValueError(f"it has {count} characters")
    buffer = (ctypes.c_ushort * (2 * count + 2))()
    length = raw.FPDFText_GetText(textpage, 0, count, buffer)
    text = bytes(memoryview(buffer).cast("B")[: 2 * max(0, length - 1)]).decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    codes = (raw.FPDFText_GetUnicode(textpage, index) for index in range(count))
    return "".join(chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd" for code in codes)


def layers(page: Any, textpage: Any, text: str) -> dict[int, Layer]:  # noqa: ANN401
    """The fragments of a page by direction of writing: 0, 90, 180 or 270 degrees against the page's own axes."""
    box: Box = page.get_bbox()
    drawn = rules(page)
    clusters = Clusters(page) if COMPLEX.search(text) else None
    words: dict[int, list[Word]] = defaultdict(list)
    for first, last, cluster in _words(textpage, text, clusters):
        angle, word = _word(textpage, text, (first, last), cluster, box)
        if angle is not None and word.size > 0:
            words[angle].append(word)
    sides = box[2] - box[0], box[3] - box[1]
    found = {}
    for angle, those in words.items():
        seen = [_turned_rule(rule, angle, box) for rule in drawn]
        upright = [rule for rule in seen if not rule.level]
        fragments = fragments_of(those, upright)
        if angle == 0:
            fragments = _with_bullets(fragments, bullets(page), box)
        found[angle] = Layer(*(sides if angle % 180 == 0 else sides[::-1]), fragments, seen)
    return found


def _words(textpage: Any, text: str, clusters: Clusters | None) -> Iterator[tuple[int, int, Cluster | None]]:  # noqa: ANN401
    for found in _WORD.finditer(text):
        if clusters and COMPLEX.search(found[0]):
            yield from clusters.parts(textpage, found.start(), found.end() - 1)
        else:
            yield found.start(), found.end() - 1, None


_rect_first, _rect_last = raw.FS_RECTF(), raw.FS_RECTF()
_matrix = raw.FS_MATRIX()
_x, _y = ctypes.c_double(), ctypes.c_double()


def _word(
    textpage: Any,  # noqa: ANN401
    text: str,
    span: tuple[int, int],
    cluster: Cluster | None,
    box: Box,
) -> tuple[int | None, Word]:
    """A word and its direction; None for one that leans or stands outside of the page."""
    first, last = span
    raw.FPDFText_GetLooseCharBox(textpage, first, _rect_first)
    raw.FPDFText_GetLooseCharBox(textpage, last, _rect_last)
    raw.FPDFText_GetCharOrigin(textpage, first, _x, _y)
    raw.FPDFText_GetMatrix(textpage, first, _matrix)
    size = raw.FPDFText_GetFontSize(textpage, first) * math.hypot(_matrix.c, _matrix.d)
    degrees = math.degrees(math.atan2(_matrix.b, _matrix.a)) % 360
    angle: int | None = round(degrees / 90) * 90 % 360
    left, right = min(_rect_first.left, _rect_last.left), max(_rect_first.right, _rect_last.right)
    low, high = min(_rect_first.bottom, _rect_last.bottom), max(_rect_first.top, _rect_last.top)
    baseline = (_x.value, _y.value)
    if cluster is not None:
        left, right, size, baseline = cluster.left, cluster.right, cluster.size, (cluster.left, cluster.baseline)
    middle = (left + right) / 2, (low + high) / 2
    inside = box[0] - 1 <= middle[0] <= box[2] + 1 and box[1] - 1 <= middle[1] <= box[3] + 1
    if not inside or abs(degrees - round(degrees / 90) * 90) > _SLANT:
        angle = None
    content, note = text[first : last + 1], False
    if angle == 0 and last > first and _height(_rect_last) < TALL * _height(_rect_first):
        content, note = _with_note(textpage, content, first)
    start, end, line = _turned((left, low, right, high), baseline, angle or 0, box)
    return angle, Word(written(content), start, end, line, size, note, _space(textpage, text, first))


def _space(textpage: Any, text: str, first: int) -> str:  # noqa: ANN401
    if not first or text[first - 1] not in _SPACES:
        return ""
    return "~" if raw.FPDFText_IsGenerated(textpage, first - 1) == 1 else " "


def _with_bullets(fragments: list[Fragment], dots: list[tuple[float, float, float]], box: Box) -> list[Fragment]:
    """Fragments with the dots that are drawn before them, as browsers do for the items of a list."""
    if not dots:
        return fragments
    found = []
    for piece in fragments:
        middle = (piece.top + piece.bottom) / 2
        begins = any(
            0 < piece.left - (left - box[0]) < 2 * piece.size
            and abs(box[3] - level - middle) < 0.4 * piece.size
            and height < 0.6 * piece.size
            for left, level, height in dots
        )
        found.append(replace(piece, text="• " + piece.text) if begins else piece)
    return found


def _turned(place: Box, baseline: tuple[float, float], angle: int, box: Box) -> tuple[float, float, float]:
    """Left, right and baseline as they are seen by who reads in this direction, from the page's upper left corner."""
    left, low, right, high = place
    if angle == 0:
        return left - box[0], right - box[0], box[3] - baseline[1]
    if angle == 90:
        return low - box[1], high - box[1], baseline[0] - box[0]
    if angle == 180:
        return box[2] - right, box[2] - left, baseline[1] - box[1]
    return box[3] - high, box[3] - low, box[2] - baseline[0]


def _turned_rule(rule: Rule, angle: int, box: Box) -> Rule:
    """A rule as it is seen by who reads in this direction."""
    place = (rule.start, rule.at, rule.end, rule.at) if rule.level else (rule.at, rule.start, rule.at, rule.end)
    left, right, one = _turned(place, (place[0], place[1]), angle, box)
    _, _, other = _turned(place, (place[2], place[3]), angle, box)
    if abs(right - left) > abs(one - other):
        return Rule(level=True, at=one, start=left, end=right)
    return Rule(level=False, at=left, start=min(one, other), end=max(one, other))


def _height(rect: Any) -> float:  # noqa: ANN401
    return float(rect.top - rect.bottom)


def _with_note(textpage: Any, content: str, first: int) -> tuple[str, bool]:  # noqa: ANN401
    """A word whose last digits are smaller and stand higher: those are the number of a note."""
    rect = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(textpage, first, rect)
    height, middle = _height(rect), (rect.top + rect.bottom) / 2
    start = len(content)
    while start > 1 and content[start - 1].isdigit():
        raw.FPDFText_GetLooseCharBox(textpage, first + start - 1, rect)
        if _height(rect) >= TALL * height or (rect.top + rect.bottom) / 2 <= middle:
            break
        start -= 1
    return content[:start] + raised(content[start:]), start < len(content)
