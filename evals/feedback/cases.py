"""Rated answers → questions of a set, and what a person still has to do about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from evals.loading import occurrences
from evals.question_set import Unanswerable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.feedback.record import Cited, Feedback
    from evals.documents import Documents

_REASONS = ", ".join(get_args(Unanswerable))
_TO_FILL = "TODO"


@dataclass(frozen=True)
class Case:
    """An entry of a question set as the loader reads it."""

    entry: dict[str, Any]
    remarks: tuple[str, ...]
    """What is known and to be done, a line each; they may hold anything that users and sources say."""
    complete: bool = True
    """Whether it can be asked as it is; otherwise a person writes what stands as TODO in it."""


def case_of(record: Feedback, documents: Documents) -> Case:
    """The question that a rated answer makes.

    The citations of a good answer become gold as far as they still stand in the sources; a good refusal, and an answer
    that should have been a refusal, make an unanswerable question. Any other bad answer says only what is not wanted.
    """
    good, refused = record.opinion.rating == "good", record.about.refused
    if (good and refused) or record.opinion.reason == "should_have_refused":
        return _unanswerable(record)
    gold = [place for place in record.about.citations if _stands(place, documents)] if good else []
    return _answered(record, gold) if gold else _unfinished(record)


def said_of(record: Feedback) -> str:
    """The rating with its reason, as it is shown: `bad: should have refused`."""
    reason = record.opinion.reason
    return f"{record.opinion.rating}: {reason.replace('_', ' ')}" if reason else record.opinion.rating


def _unanswerable(record: Feedback) -> Case:
    todo = f"TODO say why nothing answers it, under `unanswerable`: {_REASONS}"
    return Case({**_asked(record), "unanswerable": "absent_attribute", **_note(record)}, (*_said(record), todo))


def _answered(record: Feedback, gold: Sequence[Cited]) -> Case:
    """Which of several quotations an answer needs, nobody has said: each will do."""
    quotes = list(dict.fromkeys(place.quote for place in gold))
    found = {
        "gold": [{"source": place.source_id, "quote": place.quote} for place in gold],
        "needs": "any",
        "answers": [quotes],
    }
    todo = ["TODO shorten `answers` to the words that are wanted; if all the gold is needed, write `needs: all`"]
    lost = len(record.about.citations) - len(gold)
    if lost:
        todo.append(f"TODO {lost} more cited, but no longer in the sources: look whether the gold is still enough")
    return Case({**_asked(record), **found, **_note(record)}, (*_said(record), *todo))


def _unfinished(record: Feedback) -> Case:
    gold = {"gold": [{"source": _TO_FILL, "quote": _TO_FILL}], "needs": "any", "answers": [[_TO_FILL]]}
    remarks = [*_said(record), f"It answered: {record.about.answer}"]
    remarks += [f"It cited {place.source_id}: {place.quote}" for place in record.about.citations]
    todo = "TODO write the gold, the exact words of a source that answer it, and the answers that are wanted"
    instead = f"(or, if nothing answers it, `unanswerable` instead: {_REASONS}); then take away the `# `"
    return Case({**_asked(record), **gold, **_note(record)}, (*remarks, todo, instead), complete=False)


def _asked(record: Feedback) -> dict[str, Any]:
    about = record.about
    asked: dict[str, Any] = {
        "id": f"feedback-{record.id}",
        "language": about.language or "und",
        "question": about.question,
    }
    if about.history:
        asked["history"] = [{"role": "user", "content": question} for question in about.history]
    if about.filters.active:
        asked["filters"] = about.filters.model_dump(mode="json")
    return asked


def _note(record: Feedback) -> dict[str, str]:
    return {"note": f"feedback of {record.time[:10]} on an answer from index {record.about.stamp.generation}"}


def _said(record: Feedback) -> list[str]:
    text = record.opinion.text
    return [said_of(record), *([f"The user: {text}"] if text.strip() else [])]


def _stands(place: Cited, documents: Documents) -> bool:
    """Whether the sources still hold the words that were cited."""
    text = documents.text(place.source_id)
    return bool(place.quote.strip()) and text is not None and any(occurrences(text, place.quote, place.source_id))
