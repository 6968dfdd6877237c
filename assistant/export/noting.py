"""The footnotes of an export: each quotation with its reference."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.answer import State
from assistant.export.content import Mark, Note, Span, Spans
from assistant.export.referencing import note_reference, quoted
from assistant.export.work import Work, work_of

if TYPE_CHECKING:
    from datetime import date

    from assistant.answer import Citation, Place
    from assistant.export.referencing import Style
    from assistant.export.texts import ExportTexts
    from assistant.export.work import Entries


@dataclass
class Notes:
    """Footnotes, numbered in the order in which their marks are asked for."""

    texts: ExportTexts
    style: Style
    entries: Entries
    accessed: date
    made: list[Note] = field(default_factory=list)
    cited: list[Work] = field(default_factory=list)
    """The works that answers rest on, as often as they are cited."""
    _numbers: dict[tuple[int, int], int] = field(default_factory=dict)

    def mark(self, answer: int, citation: Citation, *, answering: bool = True) -> Mark:
        """The mark of a citation of an answer, which is named by its position; the first mark makes the footnote."""
        key = (answer, citation.number)
        if key not in self._numbers:
            self._numbers[key] = len(self.made) + 1
            self.made.append(self._note(citation, answering=answering))
        return Mark(self._numbers[key])

    def _note(self, citation: Citation, *, answering: bool) -> Note:
        work = self._work(citation)
        others = self._others(citation)
        if answering:
            self.cited += [work, *others]
        paragraphs: list[Spans] = [quoted(citation.quote, citation.language), note_reference(work, self.style)]
        paragraphs += [self._also(others)] if others else []
        paragraphs += [(Span(line),) for line in self._warnings(citation, answering=answering)]
        return Note(len(self.made) + 1, tuple(paragraphs))

    def _work(self, place: Place) -> Work:
        return work_of(place, self.entries(place.source_id), self.accessed)

    def _others(self, citation: Citation) -> list[Work]:
        """The works, or other pages of the same one, that say the same, each once."""
        works = {(place.source_id, place.page): self._work(place) for place in citation.also}
        works.pop((citation.source_id, citation.page), None)
        return list(works.values())

    def _also(self, works: list[Work]) -> Spans:
        spans = [Span(self.texts.also + self.texts.colon)]
        for position, work in enumerate(works):
            spans += [Span(" ")] if position else []
            spans += note_reference(work, self.style)
        return tuple(spans)

    def _warnings(self, citation: Citation, *, answering: bool) -> list[str]:
        by_state = {State.NEAR: self.texts.near, State.UNSUPPORTED: self.texts.unsupported}
        warnings = [] if answering else [self.texts.not_answering]
        warnings += [by_state[citation.state]] if citation.state in by_state else []
        return warnings + ([self.texts.poor_scan] if citation.poor_scan else [])
