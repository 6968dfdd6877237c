"""An export as plain text: footnotes by raised numbers, at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.export.characters import shown
from assistant.export.content import Mark, Span
from assistant.export.texts import export_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.export.content import Block, Content, Note

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNDERLINES = {"title": "=", "heading": "-"}
_WIDTH = 40
_INDENT = "   "


def plain_text(content: Content) -> bytes:
    """The export as UTF-8 text."""
    parts: list[str] = []
    for block, following in zip(content.blocks, [*content.blocks[1:], None], strict=True):
        in_list = block.kind == "item" and following is not None and following.kind == "item"
        parts += [_block(block), "\n" if in_list else "\n\n"]
    if content.notes:
        parts += [_underlined(export_texts(content.language).notes, "heading"), "\n\n"]
        parts += [f"{_note(note)}\n\n" for note in content.notes]
    return ("".join(parts).rstrip("\n") + "\n").encode("utf-8")


def _block(block: Block) -> str:
    text = _text(block.pieces)
    return f"- {text}" if block.kind == "item" else _underlined(text, block.kind)


def _underlined(text: str, kind: str) -> str:
    return f"{text}\n{_UNDERLINES[kind] * _WIDTH}" if kind in _UNDERLINES else text


def _note(note: Note) -> str:
    paragraphs = (_text(spans).replace("\n", f"\n{_INDENT}") for spans in note.paragraphs)
    return f"{_raised(note.number)} " + f"\n{_INDENT}".join(paragraphs)


def _text(pieces: Sequence[Span | Mark]) -> str:
    text = ""
    for piece, before in zip(pieces, [None, *pieces[:-1]], strict=True):
        between = "," if isinstance(piece, Mark) and isinstance(before, Mark) else ""
        text += between + (_raised(piece.number) if isinstance(piece, Mark) else shown(piece.text))
    return text


def _raised(number: int) -> str:
    return str(number).translate(_RAISED)
