"""The words that the page marks as the answer: how often some are marked, and how often they are the right ones."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from assistant.answer_spans import answer_places
from assistant.engine import Assistant
from assistant.settings import load_settings
from evals.opening import open_set
from index.search_text import search_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evals.question_set import Question

LEASTS = (-4.0, -2.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
"""By how much words must be likelier than none."""
_UNREACHED = -1e9


def marking_figures(question_set: str, split: str) -> dict[str, object]:
    """For each threshold: the share of answerable questions with words marked, and the share of these that are right.

    The likeliest words of all that was read count: right when they hold an answer in any of its wordings, or stand in
    one and are at least half of it. Of unanswerable questions, the share with words marked.
    """
    opened = open_set(question_set, load_settings())
    assistant = Assistant(opened.settings)
    right: list[tuple[float, bool]] = []
    empty: list[float] = []
    for case in opened.questions.questions:
        if case.split != split:
            continue
        asked, reading = assistant.read(case.question, history=case.history)
        content = assistant.current.get().content
        places = answer_places(reading, content.document, least=_UNREACHED)
        best = places[0] if places else None
        if not case.answerable:
            empty.append(best.answer if best else _UNREACHED)
        elif not asked.asks_for_list:
            words = content.document(best.source_id).text[best.start : best.end] if best else ""
            right.append((best.answer if best else _UNREACHED, _is_right(words, case)))
    return {
        "questions": len(right),
        "unanswerable": len(empty),
        "by threshold": {f"{least:+.0f}": _shares(right, empty, least) for least in LEASTS},
    }


def _shares(right: Sequence[tuple[float, bool]], empty: Sequence[float], least: float) -> dict[str, float]:
    marked = [was for score, was in right if score >= least]
    return {
        "marked": round(len(marked) / max(1, len(right)), 3),
        "right of these": round(sum(marked) / max(1, len(marked)), 3),
        "marked though unanswerable": round(sum(score >= least for score in empty) / max(1, len(empty)), 3),
    }


def _is_right(words: str, case: Question) -> bool:
    said = _plain(words)
    return bool(said) and any(_meets(said, _plain(wording)) for wording in _wordings(case))


def _wordings(case: Question) -> Iterable[str]:
    return (wording for part in case.answers for wording in part)


def _meets(said: str, wording: str) -> bool:
    return wording in said or (said in wording and 2 * len(said) >= len(wording))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", search_text(text)).casefold().split())
