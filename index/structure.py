"""The blocks a Document is made of: headings, list items, paragraphs, and what is no text at all."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import regex
from wcwidth import wcswidth

from index.blocks import LONG_PARAGRAPH, LONGEST_HEADING, Block, Kind, ends_sentence
from index.page_furniture import Furniture
from index.plain_headings import with_plain_headings
from index.sentences import stripped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.document import Heading

_MARKDOWN = regex.compile(r"(?P<marks>#{1,6})\s+\S")
_NUMBERED_HEADINGS = (
    (regex.compile(r"第[一二三四五六七八九十百\d]+[编章节部]\s*\S?"), 2),
    (
        regex.compile(
            r"(?:Part|Chapter|Section|Annex|Chương|Phần|Mục|บทที่|ส่วนที่|ជំពូក|ພາກ|附件|附录)\s*[\dIVXA-D]+\b", regex.I
        ),
        2,
    ),
    (regex.compile(r"[一二三四五六七八九十]{1,3}、\s*\S"), 7),
    (regex.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]\s*\S"), 8),
    (regex.compile(r"(?:[-•]\s*)?(?:项目活动|Activity|Project Proposal Concept|PPC)\s*\d+\s*\S?", regex.I), 8),
)
_ITEM = regex.compile(
    r"""(?: [-*•●・▪◦‣○■□–]\s+ | \d{1,3}[.)、．](?!\d)\s* | [(（]\d{1,3}[)）]\s* | [(（][a-zA-Z]{1,4}[)）]\s*
         | [a-z][)]\s+ | [①-⑳]\s* | [(（][一二三四五六七八九十]{1,3}[)）]\s* | [一二三四五六七八九十]{1,3}、\s*
         | Article\s+\d+ | Điều\s+\d+ | มาตรา\s*[\d๐-๙]+ | 第[一二三四五六七八九十百\d]+条 | មាត្រា\s*\d* )""",
    regex.VERBOSE,
)
_COUNTED_IN = (
    (regex.compile(r"[\d①-⑳]+"), "1"),
    (regex.compile(r"[一二三四五六七八九十百]+"), "一"),
    (regex.compile(r"[a-zA-Z]+"), "a"),
)
_WIDE_BRACKETS = str.maketrans("（）．", "().")
_TERMINAL = regex.compile(r"[。！？!?…｡.;；：:។៕။๚๛”』」）)\]》>]\s*$")
_CREDIT = regex.compile(r"[(（].{2,200}[)）]", regex.DOTALL)
_CREDIT_WORDS = regex.compile(
    r"整理|摘译|译|摘自|转载|供稿|来源|记者|办公室|网|通讯|\b(?:source|news|agency|xinhua|reuters|translated|\w+\.(?:cn|org|com))\b|(?:19|20)\d\d",
    regex.I,
)
_CONTINUED = regex.compile(
    r"[(（]?\s*(?:[上下]\s*[接转轉]\s*第?\s*\d+\s*[页頁版]|continued (?:on|from) page \d+)\s*[)）]?", regex.I
)
_WRAPPED_WIDTH = 160
"""Lines up to this many columns may be hard-wrapped; longer ones are a paragraph each."""


def blocks(text: str, headings: Sequence[Heading] = (), *, menus: bool = True) -> list[Block]:
    """The blocks of a canonical text in reading order; what lies between them is white space.

    `headings` are those that the file itself marks; they stand in paragraphs of their own. `menus`: there may be menus
    among the lines.
    """
    furniture = Furniture(text, menus=menus)
    marked = {heading.start: heading for heading in headings}
    found: list[Block] = []
    for group in _groups(text):
        if group[0][0] in marked:
            heading = marked[group[0][0]]
            found.append(Block(Kind.HEADING, heading.start, group[-1][1], heading.level))
            continue
        found.extend(_classify(text, span, furniture) for span in _paragraphs(text, group, furniture))
    # Where a file marks its headings, a short line that is none of them is none.
    return with_plain_headings(text, _joined(text, found), furniture, guess=not headings)


def item_mark(text: str, item: Block) -> str:
    """The kind of mark a list item begins with: `1.`, `(1)`, `•` …, the same for all items of one list."""
    found = _ITEM.match(text, item.start, item.end)
    mark = "".join(found[0].split()).translate(_WIDE_BRACKETS) if found else ""
    for letters, kind in _COUNTED_IN:
        mark = letters.sub(kind, mark)
    return mark


def _groups(text: str) -> list[list[tuple[int, int]]]:
    """Runs of consecutive non-blank lines, as spans without surrounding white space."""
    groups: list[list[tuple[int, int]]] = [[]]
    offset = 0
    for line in text.split("\n"):
        span = stripped(text, offset, offset + len(line))
        if span[0] < span[1]:
            groups[-1].append(span)
        elif groups[-1]:
            groups.append([])
        offset += len(line) + 1
    return [group for group in groups if group]


def _paragraphs(text: str, lines: list[tuple[int, int]], furniture: Furniture) -> list[tuple[int, int]]:
    """Join the hard-wrapped lines of a group; every marked line begins anew."""
    widths = sorted(_width(text[start:end]) for start, end in lines)
    full = widths[int(0.9 * (len(widths) - 1))]
    spans = [lines[0]]
    for before, line in pairwise(lines):
        if not furniture.covers(before) and not furniture.covers(line) and _continues(text, before, line, full):
            spans[-1] = (spans[-1][0], line[1])
        else:
            spans.append(line)
    return spans


def _continues(text: str, before: tuple[int, int], line: tuple[int, int], full: int) -> bool:
    mark = _mark(text, before)
    if mark == "heading" or _mark(text, line):
        return False
    finished, width = bool(_TERMINAL.search(text, *before)), _width(text[before[0] : before[1]])
    if mark == "item" and not finished:
        return True
    if full > _WRAPPED_WIDTH:
        return not finished and width > LONGEST_HEADING
    return width >= (0.75 if finished else 0.6) * full or (not finished and text[line[0]].islower())


def _mark(text: str, line: tuple[int, int]) -> str:
    if _heading_level(text[line[0] : line[1]]):
        return "heading"
    content = text[line[0] : line[1]]
    return "item" if _ITEM.match(content) or _CONTINUED.fullmatch(content) else ""


def _width(line: str) -> int:
    return max(int(wcswidth(line)), len(line))


def _heading_level(content: str) -> int:
    """The level of a heading that carries a mark, 0 for any other text."""
    if markdown := _MARKDOWN.match(content):
        return len(markdown["marks"])
    if len(content) > LONGEST_HEADING or "\n" in content:
        return 0
    for pattern, level in _NUMBERED_HEADINGS:
        if pattern.match(content) and not regex.search(r"[。！？!?;；,，.]$", content):
            return level
    return 0


def _classify(text: str, span: tuple[int, int], furniture: Furniture) -> Block:
    content = text[span[0] : span[1]]
    if _CONTINUED.fullmatch(content):
        return Block(Kind.CONTINUED, *span)
    if furniture.covers(span):
        return Block(Kind.FURNITURE, *span)
    if level := _heading_level(content):
        return Block(Kind.HEADING, *span, level)
    if _CREDIT.fullmatch(content) and _CREDIT_WORDS.search(content):
        return Block(Kind.CREDIT, *span)
    return Block(Kind.ITEM if _ITEM.match(content) else Kind.PARAGRAPH, *span)


def _joined(text: str, found: list[Block]) -> list[Block]:
    """Join a paragraph that a column or page break cut in two: the pair of characters at the cut is a pair that the
    text has elsewhere too, or a long paragraph stops in mid-sentence before one that carries no mark.
    """
    joined: list[Block] = []
    for block in found:
        last = joined[-1] if joined else None
        if (
            last
            and block.kind is Kind.PARAGRAPH
            and last.kind in {Kind.PARAGRAPH, Kind.ITEM}
            and _cut_in_two(text, last, block)
        ):
            joined[-1] = Block(last.kind, last.start, block.end)
        else:
            joined.append(block)
    return joined


def _cut_in_two(text: str, last: Block, block: Block) -> bool:
    if _TERMINAL.search(text, last.start, last.end):
        return False
    long = min(last.end - last.start, block.end - block.start) >= LONG_PARAGRAPH and ends_sentence(text, block)
    seam = text[last.end - 1] + text[block.start]
    if regex.fullmatch(r"\p{Script=Han}{2}", seam) and long:
        return True
    if regex.search(r"\p{Script=Han}", seam):
        return text.count(seam) >= (1 if last.end - last.start >= LONG_PARAGRAPH else 2)
    return text[block.start].islower() or text[last.end - 1] in "，、,（(“《"
