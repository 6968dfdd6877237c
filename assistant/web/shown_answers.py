"""The answers that the page shows, so that they can be exported and rated: never what a browser says they were."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from assistant.feedback.recent import RecentAnswers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.answer import Answer, Turn

_MOST = 500
"""Answers, of some ten kilobytes each; the oldest are forgotten first."""


class ShownAnswers:
    """Answers by their random ids, in memory; may be used by several threads."""

    def __init__(self) -> None:
        self.recent = RecentAnswers()
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._lock = Lock()

    def remember(self, answer: Answer, history: Sequence[Turn] = ()) -> None:
        """Remember a complete answer that this program gave; `history` is the conversation before its question."""
        self.recent.remember(answer, history)
        self._keep(answer)

    def restore(self, answer: Answer) -> None:
        """Remember an answer of a conversation that was kept: it can be exported, but not rated.

        One that this program gave stands as it was given, one that was kept as it was verified last.
        """
        if self.recent.get(answer.id) is None:
            self._keep(answer)

    def _keep(self, answer: Answer) -> None:
        with self._lock:
            self._answers[answer.id] = answer
            self._answers.move_to_end(answer.id)
            while len(self._answers) > _MOST:
                self._answers.popitem(last=False)

    def get(self, answer_id: str) -> Answer | None:
        """A complete answer, None for one that is unknown or forgotten."""
        with self._lock:
            return self._answers.get(answer_id)
