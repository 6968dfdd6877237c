"""A sample that comes with the program: weights say of it what their file says they do, or they are other weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.reader.windows import windows
from assistant.settings import load_settings
from evals.documents import Documents
from evals.opening import open_set
from index.embedding import PACKAGED_MODEL, tokenizer
from index.search_text import search_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.reader.reader import Reader
    from evals.question_set import Question, Span

QUESTIONS = 40
RIVALS = 3
_LONGEST = 400
"""Characters of the right window."""


def sample_figures(reader: Reader) -> dict[str, float]:
    """Of the first 40 COMMIT development questions that one place answers: how the reader ranks that place's window.

    Beside it are three others of its text, from the places that lie evenly over it. `sample_first` is the share with
    the right window first, `sample_margin` the mean of its relevance less the best other's.
    """
    margins = []
    for question, right, rivals in _cases():
        relevance = [one.relevance for one in reader.read(question, [right, *rivals])]
        margins.append(relevance[0] - max(relevance[1:]))
    return {
        "sample_first": round(float(np.mean([margin > 0 for margin in margins])), 3),
        "sample_margin": round(float(np.mean(margins)), 3),
    }


def _cases() -> Iterator[tuple[str, str, list[str]]]:
    opened = open_set("commit", load_settings())
    documents, pieces = Documents(opened.settings.sources), tokenizer(PACKAGED_MODEL)
    cut: dict[str, list[str]] = {}
    for case in [one for one in opened.questions.questions if _is_plain(one)][:QUESTIONS]:
        gold = case.gold[0][0]
        text = documents.text(gold.source_id) or ""
        if gold.source_id not in cut:
            cut[gold.source_id] = [text[slice(*span)] for span in windows(text, pieces)]
        right = _around(text, gold)
        others = [one for one in cut[gold.source_id] if text[gold.start : gold.end] not in one and one not in right]
        step = max(1, len(others) // RIVALS)
        yield search_text(case.question), search_text(right), [search_text(one) for one in others[::step][:RIVALS]]


def _is_plain(case: Question) -> bool:
    return case.split == "dev" and case.answerable and not case.history and len(case.gold) == 1


def _around(text: str, gold: Span) -> str:
    """The gold's words with the rest of their line, as far as a window reaches."""
    begin = max(text.rfind("\n", 0, gold.start) + 1, gold.end - _LONGEST, 0)
    end = text.find("\n", gold.end)
    return text[min(begin, gold.start) : gold.end if end < 0 or end - begin > _LONGEST else end].strip()
