"""A Document → its Passages."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from index.blocks import Block, Kind, ends_sentence
from index.document import Document, Passage
from index.languages import detect_language
from index.sections import Section, heading_text, sections
from index.sentences import Span, sentence_spans, stripped
from index.structure import blocks, item_mark
from index.windows import window_spans

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SPLITTER_VERSION = 3
"""Raised whenever the same text would give other passages."""
_FULL_SHARE = 0.5
"""A passage that has half of its tokens is closed before a new paragraph; list blocks are filled up."""
_SHORT_LINE = 90


def passages(document: Document, tokenizer: Tokenizer, limit: int = 256) -> list[Passage]:
    """Split a document into passages of at most `limit` tokens of the embedding model, in reading order.

    A passage never crosses a section; it is cut between blocks where it can be, else between sentences, and a
    sentence longer than the limit is cut at the last character that fits. Menus, tables of contents and page headers
    are in no passage.
    """
    ruler = _Ruler(document.text, tokenizer)
    found: list[Passage] = []
    found_blocks = blocks(document.text, document.headings, menus=document.format == "text")
    for section in sections(document.text, found_blocks):
        heading = heading_text(document.text, section.headings)
        for run in _runs(section):
            lists = _list_blocks(document.text, run)
            groups = _fill(_pieces(document.text, run, ruler, limit), lists, ruler, limit)
            found.extend(_passage(document, group, lists, heading, ruler) for group in groups)
    return found


class _Ruler:
    """Counts model tokens of any span of one text after one tokenisation of each of its lines."""

    def __init__(self, text: str, tokenizer: Tokenizer) -> None:
        self._text = text
        self._starts: list[int] = []
        offset = 0
        lines = text.split("\n")
        for line, encoding in zip(lines, tokenizer.encode_batch(lines, add_special_tokens=False), strict=True):
            self._starts.extend(offset + start for start, _ in encoding.offsets)
            offset += len(line) + 1

    def tokens(self, start: int, end: int) -> int:
        """Tokens of `[start, end)`: those that begin inside, and at most one more where it begins in mid-line, since a
        word's first token begins at the space before it, and half a word has a beginning of its own.
        """
        return bisect_left(self._starts, end) - bisect_left(self._starts, start) + self._in_line(start)

    def fitting(self, start: int, end: int, limit: int) -> int:
        """The furthest offset up to `end` with at most `limit` tokens from `start`."""
        position = bisect_left(self._starts, start) + limit - self._in_line(start)
        return end if position >= len(self._starts) else max(start + 1, min(end, self._starts[position]))

    def _in_line(self, offset: int) -> bool:
        return offset > 0 and self._text[offset - 1] != "\n"


def _runs(section: Section) -> list[list[Block]]:
    """The blocks of a section between its pieces of furniture."""
    runs: list[list[Block]] = [[]]
    for block in section.blocks:
        if block.kind is Kind.FURNITURE:
            runs.append([])
        else:
            runs[-1].append(block)
    return [run for run in runs if any(block.kind is not Kind.CREDIT for block in run)]


def _pieces(text: str, run: list[Block], ruler: _Ruler, limit: int) -> list[tuple[Block, list[Span]]]:
    """Every block with its sentences; a block over the limit comes as several pieces."""
    pieces = []
    for block in run:
        spans = (
            [(block.start, block.end)] if block.kind is Kind.HEADING else sentence_spans(text, block.start, block.end)
        )
        spans = [part for span in spans for part in _fitting_parts(text, span, ruler, limit)]
        current: list[Span] = []
        for span in spans:
            if current and ruler.tokens(current[0][0], span[1]) > limit:
                pieces.append((block, current))
                current = []
            current.append(span)
        if current:
            pieces.append((block, current))
    return pieces


def _fitting_parts(text: str, span: Span, ruler: _Ruler, limit: int) -> list[Span]:
    start, end = span
    parts = []
    while ruler.tokens(start, end) > limit:
        cut = ruler.fitting(start, end, limit)
        space = max(text.rfind(mark, start + (cut - start) // 2, cut) for mark in " \n，,、")
        cut = space + 1 if space > start else cut
        parts.append(stripped(text, start, cut))
        start, end = stripped(text, cut, end)
    return [part for part in [*parts, (start, end)] if part[0] < part[1]]


def _list_blocks(text: str, run: list[Block]) -> list[Span]:
    """Spans of whole lists: the line that introduces them and every item; and runs of short lines, as in an address."""
    found: list[Span] = []
    items: list[Block] = []
    lead: Block | None = None
    for block in [*run, None]:
        if block is not None and block.kind is Kind.ITEM:
            items.append(block)
            continue
        if len(items) > 1 or (items and lead is not None):
            found.append((_lead_start(text, lead) if lead else items[0].start, items[-1].end))
            found.extend(_inner_lists(text, items))
        items = []
        lead = block if block is not None and text[block.start : block.end].endswith(("：", ":")) else None
    return [*found, *_short_line_runs(text, run)]


def _inner_lists(text: str, items: list[Block]) -> list[Span]:
    """Spans of the lists inside a list, outer ones first: an item and the items with marks of another kind under it."""
    found: list[Span] = []
    open_lists: list[tuple[str, int, int]] = []
    marks = [item_mark(text, item) for item in items]
    for position, mark in enumerate([*marks, marks[0]]):
        if all(mark != other for other, _, _ in open_lists):
            open_lists.append((mark, items[max(position - 1, 0)].start, position))
            continue
        while open_lists[-1][0] != mark:
            _, start, first = open_lists.pop()
            if position - first > 1:
                found.append((start, items[position - 1].end))
    return sorted(found, key=lambda span: (span[0], -span[1]))


def _lead_start(text: str, lead: Block) -> int:
    return sentence_spans(text, lead.start, lead.end)[-1][0]


def _short_line_runs(text: str, run: list[Block]) -> list[Span]:
    found: list[Span] = []
    lines: list[Block] = []
    for block in [*run, None]:
        short = (
            block is not None
            and block.kind is Kind.PARAGRAPH
            and block.end - block.start <= _SHORT_LINE
            and (not ends_sentence(text, block) or text[block.end - 1] in "：:")
        )
        if short and block is not None:
            lines.append(block)
            continue
        if len(lines) > 1:
            found.append((lines[0].start, lines[-1].end))
        lines = []
    return found


def _fill(
    pieces: list[tuple[Block, list[Span]]], lists: list[Span], ruler: _Ruler, limit: int
) -> list[list[tuple[Block, list[Span]]]]:
    """Groups of pieces that each make a passage: up to the limit inside a list, half full before a new paragraph."""
    groups: list[list[tuple[Block, list[Span]]]] = []
    for piece in pieces:
        group = groups[-1] if groups else None
        if group is None or not _belongs(group, piece, lists, ruler, limit):
            groups.append([piece])
        else:
            group.append(piece)
    return groups


def _belongs(
    group: list[tuple[Block, list[Span]]], piece: tuple[Block, list[Span]], lists: list[Span], ruler: _Ruler, limit: int
) -> bool:
    start, last, new = group[0][1][0][0], group[-1], piece[1]
    if ruler.tokens(start, new[-1][1]) > limit:
        return False
    if last[0].kind is Kind.HEADING or piece[0].kind is Kind.CREDIT:
        return True
    if last[0] is piece[0]:
        return True
    around = [span for span in lists if span[0] <= new[0][0] < span[1] and span[0] >= start]
    listed = next((span for span in around if ruler.tokens(*span) <= limit), None)
    if listed:
        begins = new[0][0] == listed[0]
        return not begins or ruler.tokens(start, listed[1]) <= limit
    return ruler.tokens(start, last[1][-1][1]) < limit * _FULL_SHARE


def _passage(
    document: Document, group: list[tuple[Block, list[Span]]], lists: list[Span], heading: str, ruler: _Ruler
) -> Passage:
    units = tuple(span for _, spans in group for span in spans)
    start, end = units[0][0], units[-1][1]
    text = document.text[start:end]
    return Passage(
        source_id=document.source_id,
        start=start,
        end=end,
        text=text,
        language=detect_language(text),
        heading=heading,
        page=document.page_at(start),
        units=units,
        windows=window_spans(units, ruler.tokens),
        lists=tuple((a, b) for a, b in lists if a < end and b > start),
    )
