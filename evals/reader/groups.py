"""What the reader learns from: a question with its right window among windows that only look right."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from evals.reader.cutting import MOST, Cutter
from evals.reader.mix import Mix
from evals.reader.noise import false_premise, scanned
from evals.reader.written import NAME as WRITTEN

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from assistant.reader.windows import Span
    from evals.reader.data import Corpus, Key, Paragraph, Question

SHARES = {
    "squad2_en": 0.1,
    "squad2_zh": 0.15,
    "squad2_en_zh": 0.25,
    "drcd_zh_hant": 0.15,
    "iapp_th": 0.1,
    "xquad": 0.25,
    WRITTEN: 2.2,
}
LIMITS, LATE_LIMITS = (24, 32, 48), (32, 64, MOST)
"""Tokens of a group's windows, one of these for each group: short ones teach more in an hour, long ones come later."""
LATE = 3500
"""The number of the group with which the late limits begin."""
NEGATIVES = 3
NEGATIVES_ALONE = 2
_OWN_PARAGRAPH, _OWN_SHORT = 0.4, 0.2
"""Of the windows without the answer, so many are of the paragraph with the answer. Of a short one fewer: in use its
rivals are the other passages of its document."""
_SHORT = {WRITTEN}
"""Sets of short paragraphs."""
TRIES = 20

Titled = tuple[str, str]
"""A window, and the title of its document."""
Neighbours = dict[tuple[str, str], list["Key"]]


@dataclass(frozen=True)
class Group:
    """A question and its windows; `answer`, characters in the first window, is None when no window answers.

    `contexts` are the titles above the windows, or none.
    """

    question: str
    windows: tuple[str, ...]
    answer: Span | None
    contexts: tuple[str, ...] = ()


class GroupMaker:
    """Draws groups by number: the same number of the same seed is the same group."""

    def __init__(
        self,
        corpora: dict[str, Corpus],
        near: dict[str, Neighbours],
        tokenizer: Tokenizer,
        seed: int,
        mix: Mix = Mix(),  # noqa: B008 - it is frozen
    ) -> None:
        self._corpora, self._near, self._seed, self._mix = corpora, near, seed, mix
        self._cutter = Cutter(tokenizer)
        self._answered = {name: [q for q in corpus.questions if q.answers] for name, corpus in corpora.items()}
        self._unanswered = {name: [q for q in corpus.questions if not q.answers] for name, corpus in corpora.items()}
        self._all: dict[tuple[str, str], list[Paragraph]] = {}
        self._articles: dict[tuple[str, str, str], list[Paragraph]] = {}
        self._names: dict[tuple[str, str, str], list[str]] = {}
        self._languages: dict[Key, list[str]] = {}
        for corpus in corpora.values():
            for (key, language), paragraph in corpus.paragraphs.items():
                self._articles.setdefault((*key[:2], language), []).append(paragraph)
                self._languages.setdefault(key, []).append(language)
                self._all.setdefault((key[0], language), []).append(paragraph)
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
        if self._unanswered[name] and rng.random() < self._mix.unanswerable:
            question = rng.choice(self._unanswered[name])
            language = self._language(question, self._languages[question.key], rng)
            own = self._corpora[name].paragraphs[question.key, language]
            windows = [(self._cutter.likely(question.text, own, limit, rng), own.title)]
            windows += self._negatives(question, language, "", limit, NEGATIVES_ALONE, rng)
            return self._finished(question.text, windows, None, rng, titled=own.needs_title)
        question = rng.choice(self._answered[name])
        language = self._language(question, sorted(question.answers), rng)
        start, answer = question.answers[language]
        paragraph = self._corpora[name].paragraphs[question.key, language]
        gold = self._cutter.around_answer(paragraph, (start, start + len(answer)), limit, rng)
        if gold is None:
            return None
        finished = partial(self._finished, rng=rng, titled=paragraph.needs_title)
        kind = rng.random()
        if kind < self._mix.false_premise:
            other = false_premise(question.text, self._names.get((*question.key[:2], question.language), []), rng)
            if other is None:
                return None
            rivals = self._negatives(question, language, answer, limit, NEGATIVES_ALONE - 1, rng)
            return finished(other, [(gold[0], paragraph.title), *rivals], None)
        negatives = self._negatives(question, language, answer, limit, NEGATIVES, rng)
        if kind < self._mix.false_premise + self._mix.nothing_found:
            return finished(question.text, negatives, None)
        return finished(question.text, [(gold[0], paragraph.title), *negatives], gold[1])

    def _language(self, question: Question, among: list[str], rng: random.Random) -> str:
        """The language of the paragraph: any of some, or the question's own where it is one of these."""
        if self._mix.crossed or question.language not in among:
            return rng.choice(among)
        return question.language

    def _finished(
        self, question: str, windows: list[Titled], answer: Span | None, rng: random.Random, *, titled: bool
    ) -> Group:
        done: list[str] = []
        for window, _ in windows:
            if rng.random() >= self._mix.scanned:
                done.append(window)
            elif answer and not done:
                before, after = scanned(window[: answer[0]], rng), scanned(window[answer[1] :], rng)
                done.append(before + window[slice(*answer)] + after)
                answer = (len(before), len(before) + answer[1] - answer[0])
            else:
                done.append(scanned(window, rng))
        kept = [(window, title) for window, (_, title) in zip(done, windows, strict=True) if window]
        titled = rng.random() < self._mix.in_context or titled
        contexts = tuple(title for _, title in kept) if titled else ()
        return Group(question, tuple(window for window, _ in kept), answer, contexts)

    def _negatives(  # noqa: PLR0913, PLR0917 - a window's question, language, size and chance
        self, question: Question, language: str, answer: str, limit: int, count: int, rng: random.Random
    ) -> list[Titled]:
        """Windows without the answer: of the same paragraph, of paragraphs near the question, of the same article."""
        found: dict[str, str] = {}
        for _ in range(TRIES):
            if len(found) == count:
                break
            chosen = language
            if rng.random() < self._mix.other_language:
                chosen = rng.choice(sorted(question.answers) or self._languages[question.key])
            text, title = self._rival(question, chosen, limit, rng, own_is_likely=bool(answer))
            forbidden = question.answers[chosen][1] if answer else ""
            if text and text not in found and not (forbidden and forbidden.casefold() in text.casefold()):
                found[text] = title
        return list(found.items())

    def _rival(
        self, question: Question, language: str, limit: int, rng: random.Random, *, own_is_likely: bool
    ) -> Titled:
        """A window that may only look right; empty when this try gives none."""
        kind, name = rng.random(), question.key[0]
        near = self._near.get(name, {}).get((question.name, language.removesuffix("-Hant")), [])
        article = self._articles[(*question.key[:2], language)]
        if not self._mix.hard:
            paragraph = rng.choice(self._all[name, language])
            return (
                self._cutter.anywhere(paragraph, limit, rng) if paragraph.key != question.key else "",
                paragraph.title,
            )
        if kind < (_OWN_SHORT if name in _SHORT else _OWN_PARAGRAPH):
            paragraph = self._corpora[name].paragraphs[question.key, language]
        elif kind < self._mix.hard and near:
            # The nearest are the likeliest: the smaller of two draws.
            nearest = near[min(rng.randrange(len(near)), rng.randrange(len(near)))]
            paragraph = self._corpora[name].paragraphs[nearest, language]
        elif len(article) > 1:
            paragraph = rng.choice(article)
        else:
            paragraph = rng.choice(list(self._corpora[name].paragraphs.values())) if rng.random() < 0.2 else article[0]
        if (own_is_likely or paragraph.key != question.key) and rng.random() < 0.5:
            return self._cutter.likely(question.text, paragraph, limit, rng), paragraph.title
        return self._cutter.anywhere(paragraph, limit, rng), paragraph.title
