"""What becomes of a question on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from assistant.answer import Answer, Stamp, Turn
from assistant.conversations.record import KeptExchange
from assistant.filters import Filters
from assistant.web.conversation import Conversation, Exchange, answered, asked, halted, history, messages
from assistant.web.narrowing import Within
from assistant.web.texts import page_language
from index.errors import WrongCallError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.engine import Assistant

STAMP = Stamp(generation="g", corpus="c", embedding_model="m")


class _Assistant:
    """Answers in two steps, or fails."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.histories: list[Sequence[Turn]] = []
        self.filters: list[Filters] = []

    def stream(self, question: str, *, history: Sequence[Turn], filters: Filters, stop: object) -> Iterator[Answer]:
        self.histories.append(history)
        self.filters.append(filters)
        for text in ("half", "whole"):
            yield Answer(id="1", question=question, answer=text, refused=False, stamp=STAMP)
            if self.failure is not None:
                raise self.failure


def _answered(assistant: _Assistant, *questions: str) -> Conversation:
    conversation = Conversation()
    for question in questions:
        begun = asked(conversation, question)
        assert begun is not None
        *_, conversation = answered(cast("Assistant", assistant), begun)
    return conversation


def test_an_answer_grows_and_the_next_question_knows_it() -> None:
    assistant = _Assistant()
    conversation = _answered(assistant, " first ", "second")
    turns = [Turn(role="user", content="first"), Turn(role="assistant", content="whole")]
    assert assistant.histories == [[], turns]
    assert history(conversation.exchanges)[:2] == turns
    assert [message["role"] for message in messages(conversation, "en")] == ["user", "assistant"] * 2


def test_a_question_is_asked_within_its_filters_and_the_conversation_says_so() -> None:
    assistant, hostile = _Assistant(), "<img src=x>"
    within = Within(Filters(types=("newsletter",), sources=("a.txt",)), titles=(hostile,))
    begun = asked(Conversation(), "question", within)
    assert begun is not None
    *_, conversation = answered(cast("Assistant", assistant), begun)
    assert assistant.filters == [within.filters]
    for language, words in (("en", "<b>Type</b> <bdi>Newsletter</bdi>"), ("zh", "<b>类型</b> <bdi>通讯</bdi>")):
        shown = messages(conversation, page_language(language) or "en")[0]["content"]
        assert words in shown
        assert "&lt;img src=x&gt;" in shown
        assert "\n" not in shown
    assert "within" not in messages(Conversation((Exchange("question"),)), "en")[0]["content"]


def test_nothing_is_asked_twice_or_empty() -> None:
    assert asked(Conversation(), " \n") is None
    assert asked(Conversation((Exchange("pending"),)), "another") is None


@pytest.mark.parametrize(
    ("failure", "error"),
    [(WrongCallError("mend it"), ("WrongCallError", "mend it")), (RuntimeError("secret path"), ("", ""))],
)
def test_an_error_stands_in_the_place_of_the_answer(failure: Exception, error: tuple[str, str]) -> None:
    conversation = _answered(_Assistant(failure), "question")
    assert conversation.exchanges[-1].error == error
    shown = messages(conversation, "en")[-1]["content"]
    assert "No answer for now" in shown
    assert "secret" not in shown
    assert history(conversation.exchanges) == []
    assert asked(conversation, "again") is not None


def test_a_stopped_answer_keeps_what_was_shown_and_is_no_history() -> None:
    begun = asked(Conversation(), "question")
    assert begun is not None
    assert "Stopped" in messages(halted(begun), "en")[-1]["content"]
    first = next(answered(cast("Assistant", _Assistant()), begun))
    stopped = halted(first)
    assert "half" in messages(stopped, "en")[-1]["content"]
    assert history(stopped.exchanges) == []
    assert asked(stopped, "next") is not None
    assert list(answered(cast("Assistant", _Assistant()), stopped)) == []


def test_a_question_asked_anew_takes_the_place_of_all_from_there_on() -> None:
    assistant = _Assistant()
    before = _answered(assistant, "first", "second", "third")
    begun = asked(before, "mended", instead_of=1)
    assert begun is not None
    *_, after = answered(cast("Assistant", assistant), begun)
    assert [exchange.question for exchange in after.exchanges] == ["first", "mended"]
    assert [turn.content for turn in assistant.histories[-1]] == ["first", "whole"]
    assert (after.id, after.kept["replaced"]) == (before.id, 2)
    again = asked(after, "next")
    assert again is not None
    assert again.kept["replaced"] == 0


def test_a_conversation_is_kept_by_one_id_with_all_that_it_takes_to_go_on() -> None:
    within = Within(Filters(types=("newsletter",), sources=("a.txt",)), titles=("A",))
    begun = asked(Conversation(), "question \ud800", within)
    assert begun is not None
    assert begun.kept["exchanges"][0]["stopped"]
    *_, conversation = answered(cast("Assistant", _Assistant(WrongCallError("x" * 20_000))), begun)
    kept = conversation.kept
    assert kept["id"] == begun.id != ""
    back = Exchange.of(KeptExchange.model_validate(kept["exchanges"][0]))
    assert (back.within, back.pending) == (within, False)
    assert back.error is not None
    assert back.error[0] == "WrongCallError"
