"""The pieces that a text's structure is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import regex

LONGEST_HEADING = 90
"""Characters beyond which a line is no heading."""
LONG_PARAGRAPH = 40
"""Characters from which a paragraph is taken for running text, not for a label or a title."""
_ENDS_SENTENCE = regex.compile(r"""[。！？!?…｡.;；：:។៕။][”’"』」）)\]]*\s*$""")


class Kind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    ITEM = "item"
    PARAGRAPH = "paragraph"
    FURNITURE = "furniture"
    """A menu, a table of contents, a page header, a scanner's stray characters: never a passage."""
    CREDIT = "credit"
    """`(Xinhua, 14 December 2007)`: says who wrote the article that ends here."""
    CONTINUED = "continued"
    """`(下转第3页)`, `continued from page 2`: the article goes on, or went on, somewhere else."""


@dataclass(frozen=True)
class Block:
    """A span of the Document that belongs together; `level` orders headings, 1 is the outermost."""

    kind: Kind
    start: int
    end: int
    level: int = 0


def ends_sentence(text: str, block: Block) -> bool:
    """Whether a block's last sentence is finished in it."""
    return bool(_ENDS_SENTENCE.search(text, block.start, block.end))
