"""What in the cited passages a written sentence rests on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz

from assistant.writing.contrary import contrary
from assistant.writing.held_quantities import held_quantities
from assistant.writing.polarity import denials
from index.search_text import search_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from assistant.writing.claims import Claim
    from assistant.writing.context import Block

_MOST_UNITS = 3
_WORTH = 0.03
"""Cosine that a unit gains for holding all of a claim's numbers and names."""
_SAME_NAME = 90.0
"""Percent of equal characters from which a name is taken for another writing of itself."""


@dataclass(frozen=True)
class Unit:
    """A sentence, list item or heading of a block."""

    block: int
    source_id: str
    start: int
    end: int
    text: str
    """Search text."""

    @cached_property
    def folded(self) -> str:
        """Its search text as names are looked for."""
        return self.text.casefold()


class UnitPool:
    """The units of all blocks that a model was given, with their vectors: made while the model reads."""

    def __init__(self, blocks: Sequence[Block], texts: Callable[[Block, tuple[int, int]], str]) -> None:
        """`texts` gives the search text of a unit."""
        self.blocks = {block.number: block for block in blocks}
        self.units = [
            Unit(block.number, block.source_id, start, end, text)
            for block in blocks
            for start, end in block.units
            if (text := texts(block, (start, end)))
        ]
        self.context = {block.number: search_text(f"{block.title} {block.heading} {block.date}") for block in blocks}

    def embedded(self, embed: Callable[[list[str]], Sequence[Sequence[float]]]) -> UnitPool:
        """Itself, after the vectors were made."""
        vectors = embed([unit.text for unit in self.units]) if self.units else []
        self.vectors: NDArray[np.float32] = np.asarray(vectors, dtype=np.float32).reshape(len(self.units), -1)
        return self


@dataclass(frozen=True)
class Evidence:
    """Units that a claim rests on, and how near they are."""

    units: tuple[Unit, ...]
    """In reading order."""
    similarity: float
    """Cosine of the claim and its nearest unit."""
    standing: float
    """By how many standard deviations that exceeds the mean over all units of all blocks."""
    text: str
    """Search text of all of them."""
    context: str
    """Title, headings and date of their sources, as search text."""

    @property
    def blocks(self) -> tuple[int, ...]:
        """Numbers of the blocks that they stand in."""
        return tuple(dict.fromkeys(unit.block for unit in self.units))

    @cached_property
    def denials(self) -> int:
        """Words that deny."""
        return denials(self.text)

    def contrary(self, claim: Claim) -> int:
        """In how many ways a claim says the opposite of it."""
        return contrary(claim.text, self.text)

    def missing_quantities(self, claim: Claim) -> list[str]:
        """Numbers and dates of a claim that stand neither in it nor in its title, headings and date."""
        held = held_quantities(claim.quantities, f"{self.text}\n{self.context}")
        return [key for key in claim.quantities if key not in held]

    def missing_names(self, claim: Claim) -> list[str]:
        """Names of the glossary that stand in it in no form."""
        folded = f"{self.text}\n{self.context}".casefold()
        return [name for name, forms in claim.names if not any(form in folded for form in forms)]

    def missing_loose_names(self, claim: Claim) -> list[str]:
        """Other names that do not stand in it, of those that it could hold: written in a script that it uses."""
        folded = f"{self.text}\n{self.context}".casefold()
        return [name for name in claim.loose_names if not _held(name.casefold(), folded)]


def evidence_for(claim: Claim, vector: Sequence[float], pool: UnitPool, cited: Sequence[int]) -> Evidence | None:
    """The units of the cited blocks that a claim rests on: the nearest one, and those with numbers and names it lacks.

    None when the cited blocks have no units.
    """
    positions = [at for at, unit in enumerate(pool.units) if unit.block in cited]
    if not positions:
        return None
    cosines = pool.vectors @ np.asarray(vector, dtype=np.float32)
    wanted = _wanted(claim)
    shares = {at: len(_holds(pool.units[at], wanted)) / max(1, len(wanted)) for at in positions}
    best = max(positions, key=lambda at: float(cosines[at]) + _WORTH * shares[at])
    taken, open_ = [best], wanted - _holds(pool.units[best], wanted)
    while open_ and len(taken) < _MOST_UNITS:
        more = max(positions, key=lambda at: (len(_holds(pool.units[at], open_)), float(cosines[at])))
        if more in taken or not _holds(pool.units[more], open_):
            break
        taken.append(more)
        open_ -= _holds(pool.units[more], open_)
    units = tuple(pool.units[at] for at in sorted(taken))
    spread = float(cosines.std()) or 1.0
    nearest = max(float(cosines[at]) for at in taken)
    return Evidence(
        units=units,
        similarity=nearest,
        standing=(nearest - float(cosines.mean())) / spread,
        text="\n".join(unit.text for unit in units),
        context="\n".join(pool.context[number] for number in dict.fromkeys(unit.block for unit in units)),
    )


def _wanted(claim: Claim) -> set[tuple[str, tuple[str, ...]]]:
    """What to look for: numbers by their term, names by their forms."""
    loose = {(name, (name.casefold(),)) for name in claim.loose_names}
    return {(key, ()) for key in claim.quantities} | set(claim.names) | loose


def _holds(unit: Unit, wanted: set[tuple[str, tuple[str, ...]]]) -> set[tuple[str, tuple[str, ...]]]:
    numbers = held_quantities([key for key, forms in wanted if not forms], unit.text)
    return {
        (key, forms)
        for key, forms in wanted
        if (key in numbers if not forms else any(form in unit.folded for form in forms))
    }


def _held(name: str, folded: str) -> bool:
    return name in folded or fuzz.partial_ratio(name, folded, score_cutoff=_SAME_NAME) >= _SAME_NAME
