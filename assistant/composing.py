"""Answers of each kind, from what was found: quoted, written, refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answer import Notice
from assistant.answer_spans import answer_places, with_answers
from assistant.citing import citations
from assistant.language_model.failures import ModelFailure, Trouble
from assistant.prompts import prompt
from assistant.quoting import nearest_sentence, quotations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.answer import Answer, Citation
    from assistant.close_reading import CloseReading
    from assistant.question import Question
    from assistant.writing.draft import Draft
    from index.content import Content

NEAREST = 3
"""Passages that a refusal names."""


def quoted_citations(asked: Question, reading: CloseReading, content: Content, length: int) -> list[Citation]:
    """The few sentences that answer, as citations; but for lists, with the words in them that answer."""
    cited = citations(content, quotations(asked, reading, content.document, length))
    return cited if asked.asks_for_list else with_answers(cited, answer_places(reading, content.document))


def quoted(answer: Answer, cited: list[Citation]) -> Iterator[Answer]:
    """An answer in the sources' own words, as it grows."""
    for count in range(1, len(cited) + 1):
        shown = tuple(cited[:count])
        text = "\n\n".join(f"{citation.quote} [{citation.number}]" for citation in shown)
        yield answer.model_copy(update={"answer": text, "citations": shown})


def refusal(answer: Answer, reading: CloseReading, content: Content, folder: Path | None) -> Answer:
    """A refusal that names the nearest passages."""
    nearest = citations(content, [nearest_sentence(found, reading) for found in reading.passages[:NEAREST]])
    template = prompt("refuse", answer.language, folder)
    stamp = answer.stamp.model_copy(update={"prompts": {**answer.stamp.prompts, "refuse": template.version}})
    said = {"answer": template.render(nearest=nearest), "citations": tuple(nearest), "refused": True, "stamp": stamp}
    return answer.model_copy(update=said)


def written(answer: Answer, draft: Draft) -> Answer:
    """An answer that a model wrote, as far as it has come."""
    notice = notice_of(ModelFailure(Trouble.CUT)) if draft.cut else answer.notice
    return answer.model_copy(
        update={
            "answer": draft.text,
            "citations": draft.citations,
            "sentences": draft.sentences,
            "left_out": draft.left_out,
            "notice": notice,
            "tokens": draft.tokens,
            "timings": {**answer.timings, **draft.timings},
        }
    )


def notice_of(failure: ModelFailure) -> Notice:
    """What the user is told of a failure."""
    return Notice(kind=failure.trouble.value, message=str(failure))
