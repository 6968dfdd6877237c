"""What the reader learns from: a question with its right window among windows that only look right."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.reader.windows import sentence_pieces
from evals.reader.noise import false_premise, scanned

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from assistant.reader.windows import Span
    from evals.reader.data import Corpus, Key, Paragraph, Question

SHARES = {"squad2_en": 0.15, "squad2_zh": 0.2, "drcd_zh_hant": 0.25, "iapp_th": 0.1, "xquad": 0.3}
UNANSWERABLE = 0.4
"""Of the questions of a set that has some, so many are taken from those without an answer."""
FALSE_PREMISE, NOTHING_FOUND, SCANNED = 0.16, 0.06, 0.1
LIMITS, LATE_LIMITS = (24, 32, 48), (32, 64, 112)
"""Tokens of a group's windows, one of these for each group: short ones teach more in an hour, long ones come later."""
LATE = 3500
"""The number of the group with which the late limits begin."""
NEGATIVES = 3
NEGATIVES_ALONE = 2
OTHER_LANGUAGE = 0.3
"""Of the windows without the answer, so many are in another language or script of the set."""
TRIES = 20

Neighbours = dict[tuple[str, str], list["Key"]]


@dataclass(frozen=True)
class Group:
    """A question and its windows; `answer`, characters in the first window, is None when no window answers."""

    question: str
    windows: tuple[str, ...]
    answer: Span | None


class GroupMaker:
    """Draws groups by number: the same number of the same seed is the same group."""

    def __init__(
        self, corpora: dict[str, Corpus], near: dict[str, Neighbours], tokenizer: Tokenizer, seed: int
    ) -> None:
        self._corpora, self._near, self._tokenizer, self._seed = corpora, near, tokenizer, seed
        self._answered = {name: [q for q in corpus.questions if q.answers] for name, corpus in corpora.items()}
        self._unanswered = {name: [q for q in corpus.questions if not q.answers] for name, corpus in corpora.items()}
        self._pieces: dict[tuple[Key, str], list[tuple[Span, int]]] = {}
        self._articles: dict[tuple[str, str, str], list[Paragraph]] = {}
        self._names: dict[tuple[str, str, str], list[str]] = {}
        for corpus in corpora.values():
            for (key, language), paragraph in corpus.paragraphs.items():
                self._articles.setdefault((*key[:2], language), []).append(paragraph)
            for question in corpus.questions:
                for language, (_, text) in question.answers.items():
                    self._names.setdefault((*question.key[:2], language), []).append(text)

    def group(self, number: int) -> Group:
        """Group `number`."""
        rng = random.Random(f"{self._seed}-{number}")  # noqa: S311
        while True:
            names = list(self._corpora)
            name = rng.choices(names, [SHARES.get(name, 1.0) for name in names])[0]
            group = self._draw(name, rng.choice(LATE_LIMITS if number >= LATE else LIMITS), rng)
            if group and len(group.windows) > 1:
                return group

    def _draw(self, name: str, limit: int, rng: random.Random) -> Group | None:
        if self._unanswered[name] and rng.random() < UNANSWERABLE:
            question = rng.choice(self._unanswered[name])
            own = self._corpora[name].paragraphs[question.key, question.language]
            windows = [self._likely(question.text, own, limit, rng)]
            windows += self._negatives(question, question.language, "", limit, NEGATIVES_ALONE, rng)
            return self._finished(question.text, windows, None, rng)
        question = rng.choice(self._answered[name])
        language = rng.choice(sorted(question.answers))
        gold = self._gold(question, language, limit, rng)
        if gold is None:
            return None
        answer = question.answers[language][1]
        kind = rng.random()
        if kind < FALSE_PREMISE:
            other = false_premise(question.text, self._names.get((*question.key[:2], question.language), []), rng)
            if other is None:
                return None
            windows = [gold[0], *self._negatives(question, language, answer, limit, NEGATIVES_ALONE - 1, rng)]
            return self._finished(other, windows, None, rng)
        negatives = self._negatives(question, language, answer, limit, NEGATIVES, rng)
        if kind < FALSE_PREMISE + NOTHING_FOUND:
            return self._finished(question.text, negatives, None, rng)
        return self._finished(question.text, [gold[0], *negatives], gold[1], rng)

    def _finished(self, question: str, windows: list[str], answer: Span | None, rng: random.Random) -> Group:
        done = []
        for window in windows:
            if rng.random() > SCANNED:
                done.append(window)
            elif answer and not done:
                before, after = scanned(window[: answer[0]], rng), scanned(window[answer[1] :], rng)
                done.append(before + window[slice(*answer)] + after)
                answer = (len(before), len(before) + answer[1] - answer[0])
            else:
                done.append(scanned(window, rng))
        return Group(question, tuple(window for window in done if window), answer)

    def _gold(self, question: Question, language: str, limit: int, rng: random.Random) -> tuple[str, Span] | None:
        """A window around the answer and the answer's place in it."""
        paragraph = self._corpora[question.key[0]].paragraphs[question.key, language]
        start, text = question.answers[language]
        pieces = self._cut(paragraph)
        held = [i for i, ((a, b), _) in enumerate(pieces) if a < start + len(text) and b > start]
        if not held or pieces[held[0]][0][0] > start or pieces[held[-1]][0][1] < start + len(text):
            return None
        window = _around(pieces, held[0], held[-1], limit, rng)
        if window is None:
            return None
        return paragraph.text[slice(*window)], (start - window[0], start - window[0] + len(text))

    def _negatives(  # noqa: PLR0913, PLR0917 - a window's question, language, size and chance
        self, question: Question, language: str, answer: str, limit: int, count: int, rng: random.Random
    ) -> list[str]:
        """Windows without the answer: of the same paragraph, of paragraphs near the question, of the same article."""
        corpus = self._corpora[question.key[0]]
        right, found = language, list[str]()
        for _ in range(TRIES):
            if len(found) == count:
                break
            language = right
            if answer and rng.random() < OTHER_LANGUAGE:
                language = rng.choice(sorted(question.answers))
            forbidden = question.answers[language][1] if answer else ""
            near = self._near.get(question.key[0], {}).get((question.name, language.removesuffix("-Hant")), [])
            article = self._articles[(*question.key[:2], language)]
            kind = rng.random()
            if kind < 0.4:
                paragraph = corpus.paragraphs[question.key, language]
            elif kind < 0.85 and near:
                # The nearest are the likeliest: the smaller of two draws.
                paragraph = corpus.paragraphs[near[min(rng.randrange(len(near)), rng.randrange(len(near)))], language]
            elif len(article) > 1:
                paragraph = rng.choice(article)
            else:
                paragraph = rng.choice(list(corpus.paragraphs.values())) if rng.random() < 0.2 else article[0]
            if paragraph.key == question.key and not answer:
                text = self._any_window(paragraph, limit, rng)
            elif rng.random() < 0.5:
                text = self._likely(question.text, paragraph, limit, rng)
            else:
                text = self._any_window(paragraph, limit, rng)
            if text and text not in found and not (forbidden and forbidden.casefold() in text.casefold()):
                found.append(text)
        return found

    def _any_window(self, paragraph: Paragraph, limit: int, rng: random.Random) -> str:
        pieces = self._cut(paragraph)
        at = rng.randrange(len(pieces)) if pieces else 0
        window = _around(pieces, at, at, limit, rng) if pieces else None
        return paragraph.text[slice(*window)] if window else ""

    def _likely(self, question: str, paragraph: Paragraph, limit: int, rng: random.Random) -> str:
        """The window around the sentence that shares most pairs of characters with the question."""
        pieces = self._cut(paragraph)
        if not pieces:
            return ""
        asked = {question[i : i + 2] for i in range(len(question) - 1)}
        texts = [paragraph.text[slice(*span)] for span, _ in pieces]
        shared = [len(asked & {text[i : i + 2] for i in range(len(text) - 1)}) for text in texts]
        at = max(range(len(pieces)), key=shared.__getitem__)
        window = _around(pieces, at, at, limit, rng)
        return paragraph.text[slice(*window)] if window else ""

    def _cut(self, paragraph: Paragraph) -> list[tuple[Span, int]]:
        at = (paragraph.key, paragraph.language)
        if at not in self._pieces:
            self._pieces[at] = sentence_pieces(paragraph.text, self._tokenizer)
        return self._pieces[at]


def _around(pieces: list[tuple[Span, int]], first: int, last: int, limit: int, rng: random.Random) -> Span | None:
    """A chance window of whole sentences that holds `first` to `last`; beyond `limit` only when these alone are."""
    tokens = sum(tokens for _, tokens in pieces[first : last + 1])
    if tokens > max(LATE_LIMITS):
        return None
    while True:
        grown = [at for at in (first - 1, last + 1) if 0 <= at < len(pieces) and tokens + pieces[at][1] <= limit]
        if not grown or rng.random() < 0.15:
            return pieces[first][0][0], pieces[last][0][1]
        at = rng.choice(grown)
        tokens += pieces[at][1]
        first, last = min(first, at), max(last, at)
