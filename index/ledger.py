"""What the build made of every source."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.document import Document, Passage


@dataclass(frozen=True)
class LedgerEntry:
    """One source: what it gave, how long it took (seconds), and what went wrong."""

    source_id: str
    file_hash: str = ""
    """SHA-256 of the file, to tell later whether it has changed."""
    pages: int = 0
    characters: int = 0
    passages: int = 0
    languages: dict[str, float] = field(default_factory=dict)
    """Share of the passages' characters in each language, 0 to 1, largest first."""
    encoding: str = ""
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    problem: str = ""
    """Why nothing of it is in the index; empty when it is."""

    @classmethod
    def of(cls, document: Document, passages: Sequence[Passage], file_hash: str, seconds: float) -> LedgerEntry:
        """The entry of a source that was read; without a passage it is a problem."""
        return cls(
            source_id=document.source_id,
            file_hash=file_hash,
            pages=document.pages,
            characters=len(document.text),
            passages=len(passages),
            languages=_shares(passages),
            encoding=document.encoding,
            seconds=round(seconds, 3),
            warnings=document.warnings,
            problem="" if passages else "no text in it: check the file, or remove it from the sources",
        )

    def as_json(self) -> dict[str, Any]:
        """The entry as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> LedgerEntry:
        """The entry that `as_json` gave."""
        return cls(**{**values, "warnings": tuple(values.get("warnings", ()))})


def _shares(passages: Sequence[Passage]) -> dict[str, float]:
    counts = Counter[str]()
    for passage in passages:
        counts[passage.language] += len(passage.text)
    total = sum(counts.values()) or 1
    return {language: round(count / total, 3) for language, count in counts.most_common()}
