"""An export as Markdown: CommonMark with footnotes, as GitHub, Pandoc and Obsidian read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from assistant.export.characters import shown
from assistant.export.content import Mark, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.export.content import Block, Content, Note

_PREFIXES = {"title": "# ", "heading": "## ", "subheading": "### ", "item": "- "}
_INDENT = "    "
"""What continues a footnote begins with four spaces."""
_SPECIAL = regex.compile(
    r"[\\`*_\[\]<>&~^$|#@]"
    r"|:(?=//|(?:[A-Za-z][\w+-]*|[+-]1|100):)|(?<=\bwww)\."  # addresses and :emoji:, which some renderers recognise
    r"|(?<=-)-|-(?=-)|(?<=\.)\.|\.(?=\.)"  # dashes and dots, which some renderers join
)
_LIST_NUMBER = regex.compile(r"(\(?(?:[0-9]{1,9}|[A-Za-z]|[ivxlcdmIVXLCDM]+))([.)])(?=\s|$)")
_LINE_STARTERS = "-+=%:"
_AFTER_MARK = "(:"
"""Would make a link or a definition of the footnote's mark before it."""
_LINE_BREAK = "  \n"
"""Two spaces, which every Markdown reads as a line break; a backslash is not read by all."""


def markdown(content: Content) -> bytes:
    """The export as UTF-8 text."""
    parts: list[str] = []
    for block, following in zip(content.blocks, [*content.blocks[1:], None], strict=True):
        in_list = block.kind == "item" and following is not None and following.kind == "item"
        parts += [_block(block), "\n" if in_list else "\n\n"]
    parts += [f"{_note(note)}\n\n" for note in content.notes]
    return ("".join(parts).rstrip("\n") + "\n").encode("utf-8")


def _block(block: Block) -> str:
    prefix = _PREFIXES.get(block.kind, "")
    paragraphs = _paragraphs(block.pieces)
    if prefix:
        return prefix + " ".join(paragraphs).replace(_LINE_BREAK, " ")
    return "\n\n".join(paragraphs)


def _note(note: Note) -> str:
    paragraphs = [paragraph for spans in note.paragraphs for paragraph in _paragraphs(spans)]
    indented = [paragraph.replace("\n", f"\n{_INDENT}") for paragraph in paragraphs]
    return f"[^{note.number}]: " + f"\n\n{_INDENT}".join(indented)


def _paragraphs(pieces: Sequence[Span | Mark]) -> list[str]:
    """Pieces as Markdown, a text for each run of lines without a blank one between them."""
    written = "".join(_piece(piece, before) for piece, before in zip(pieces, [None, *pieces[:-1]], strict=True))
    paragraphs: list[list[str]] = [[]]
    for line in written.split("\n"):
        if line.strip():
            paragraphs[-1].append(_line(line.rstrip()))
        else:
            paragraphs.append([])
    return [_LINE_BREAK.join(lines) for lines in paragraphs if lines]


def _piece(piece: Span | Mark, before: Span | Mark | None) -> str:
    if isinstance(piece, Mark):
        return f"[^{piece.number}]"
    text = shown(piece.text)
    if piece.link:
        return f"<{text}>"
    escaped = _SPECIAL.sub(lambda match: f"\\{match[0]}", text)
    if escaped.endswith("!"):
        escaped = f"{escaped[:-1]}\\!"  # it would make a picture of a mark behind it
    if isinstance(before, Mark) and escaped.startswith(tuple(_AFTER_MARK)):
        escaped = f"\\{escaped}"
    return f"*{escaped}*" if piece.italic else escaped


def _line(line: str) -> str:
    """A line that does not begin like a list, a heading, a rule or code."""
    if line[0].isspace():
        return f"&#{ord(line[0])};{line[1:]}"
    if line[0] in _LINE_STARTERS:
        return f"\\{line}"
    return _LIST_NUMBER.sub(r"\1\\\2", line, count=1) if _LIST_NUMBER.match(line) else line
