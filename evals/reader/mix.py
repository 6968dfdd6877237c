"""What groups are made of, and what they are like without one kind of it."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Mix:
    """What groups are made of, as shares."""

    unanswerable: float = 0.4
    """Of the questions of a set that has some, from those without an answer."""
    false_premise: float = 0.16
    """Of the answerable questions: a number or name is swapped, and nothing answers any more."""
    nothing_found: float = 0.06
    """Of the answerable questions: the window with the answer is left out."""
    scanned: float = 0.1
    """Of the windows: they carry a scanner's slips."""
    hard: float = 0.85
    """Of the windows without the answer: of the paragraph with the answer, or of one that retrieval ranks high."""
    other_language: float = 0.3
    """Of the windows without the answer: in another language or script of the set."""
    in_context: float = 0.5
    """Of the groups: the titles of the windows' documents stand above them, as they always do in a series."""
    crossed: float = 1.0
    """Above 0, the paragraph's language is drawn from those of its set; at 0 it is the question's."""

    def without(self, kind: str) -> Mix:
        """The same without one kind of data. Raises TypeError when there is none of that name."""
        return replace(self, **{kind: 0.0})
