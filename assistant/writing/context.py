"""The passages that a model is given: whole, best first, as many as fit its window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from index.content import Content
    from index.document import Passage


@dataclass(frozen=True)
class Block:
    """A numbered piece of one source: a passage, or several that follow each other."""

    number: int
    source_id: str
    start: int
    end: int
    text: str
    """Character for character what stands in the source."""
    title: str
    date: str
    language: str
    heading: str
    units: tuple[tuple[int, int], ...]
    """Offsets into the source of what can be quoted, in reading order."""


def chosen(
    passages: Sequence[Passage], tokens: Callable[[Passage], int], room: int, partners: Callable[[], Mapping[int, int]]
) -> list[int]:
    """Which passages, by position and best first, fit into `room` tokens, each of them whole.

    When not all do, `partners` tells which passage says the same as one in another language; it is taken right after
    that one, so that both languages of a statement are kept.
    """
    sizes = [tokens(passage) for passage in passages]
    if sum(sizes) <= room:
        return list(range(len(passages)))
    pairs = partners()
    order = dict.fromkeys(one for position in range(len(passages)) for one in (position, pairs.get(position, position)))
    taken = []
    for position in order:
        if sizes[position] <= room:
            taken.append(position)
            room -= sizes[position]
    return taken


def blocks(passages: Sequence[Passage], content: Content) -> list[Block]:
    """The passages as numbered blocks in their order; those that follow each other in a source become one."""
    groups: list[list[Passage]] = []
    for passage in passages:
        near = [group for group in groups if any(_follow(passage, other, content) for other in group)]
        if not near:
            groups.append([passage])
            continue
        # A passage may close the gap between two.
        near[0].append(passage)
        for group in near[1:]:
            near[0].extend(group)
            groups.remove(group)
    return [_block(number, group, content) for number, group in enumerate(groups, start=1)]


def _follow(one: Passage, other: Passage, content: Content) -> bool:
    if one.source_id != other.source_id:
        return False
    first, second = sorted((one, other), key=lambda passage: passage.start)
    return second.start <= first.end or not content.document(one.source_id).text[first.end : second.start].strip()


def _block(number: int, group: Sequence[Passage], content: Content) -> Block:
    source_id, start = group[0].source_id, min(passage.start for passage in group)
    end = max(passage.end for passage in group)
    entry = content.entry(source_id)
    return Block(
        number=number,
        source_id=source_id,
        start=start,
        end=end,
        text=content.document(source_id).text[start:end],
        title=entry.shown_title,
        date=entry.date,
        language=group[0].language,
        heading=group[0].heading,
        units=tuple(sorted({unit for passage in group for unit in passage.units})),
    )
