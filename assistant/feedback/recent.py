"""The answers that were given lately and can be rated: what is kept of them comes from here, never from a browser."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from assistant.feedback.record import RatedAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.answer import Answer, Turn

MANY = 1000
"""Answers remembered, some kilobytes each; the oldest are forgotten first."""


class RecentAnswers:
    """Answers by id, in memory; may be used by several threads.

    An id is random and goes to whoever asked, so that nobody else can rate the answer. Answers whose id a program chose
    do not belong here.
    """

    def __init__(self, most: int = MANY) -> None:
        self._most = most
        self._answers: OrderedDict[str, RatedAnswer] = OrderedDict()
        self._lock = Lock()

    def remember(self, answer: Answer, history: Sequence[Turn] = ()) -> None:
        """Remember a finished answer; `history` is the conversation before its question."""
        kept = RatedAnswer.of(answer, history)
        with self._lock:
            self._answers[answer.id] = kept
            self._answers.move_to_end(answer.id)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)

    def get(self, answer_id: str) -> RatedAnswer | None:
        """What is kept of an answer, None for one that is unknown or forgotten."""
        with self._lock:
            return self._answers.get(answer_id)
