"""Which of a question's words what is quoted so far has, so that what it also asks for is quoted too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.tokens import terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.close_reading import ReadSentence

_ALL_WORDS = 20.0
"""What a sentence gains, a logit, that has all of the question's words where none was quoted yet; 10 to 30 do alike."""


class Coverage:
    """Ranks sentences by score and by the words of the question that they bring in, as sentences are quoted one by one.

    "The fax number and e-mail of the office": once the one is quoted, other sentences about it bring in nothing new,
    and one about the other does. This is maximal marginal relevance (Carbonell and Goldstein, 1998) with the question's
    lexical terms in place of similarities between sentences.
    """

    def __init__(self, question_terms: Iterable[str], sentences: Sequence[ReadSentence]) -> None:
        """`sentences`: best first, as `CloseReading.sentences` gives them."""
        self._asked = frozenset(question_terms)
        self._left = [(sentence, self._asked.intersection(terms(sentence.text))) for sentence in sentences]
        self._quoted: set[str] | None = None
        self._best = sentences[0].score if sentences else 0.0

    def take(self, within: float) -> ReadSentence | None:
        """The best sentence that is left, if with what it gains it is at most `within` below the best of all.

        Until something is quoted nothing gains.
        """
        if not self._left:
            return None
        at = max(range(len(self._left)), key=lambda number: self._worth(*self._left[number]))
        sentence, held = self._left.pop(at)
        return sentence if self._worth(sentence, held) >= self._best - within else None

    def quote(self, sentence: ReadSentence) -> None:
        """Note that a sentence is quoted."""
        self._quoted = (self._quoted or set()) | self._asked.intersection(terms(sentence.text))

    def _worth(self, sentence: ReadSentence, held: frozenset[str]) -> float:
        if self._quoted is None or not self._asked:
            return sentence.score
        return sentence.score + _ALL_WORDS * len(held - self._quoted) / len(self._asked)
