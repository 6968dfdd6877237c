"""Raw results → outcomes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evals.metrics.answer import exact_match, f1, parts_contained
from evals.metrics.citations import citation_precision, citation_recall, share_exact
from evals.metrics.retrieval import CUTOFFS, first_ranks, group_recall, is_relevant, language_coverage, ranking_scores
from evals.outcome import Excerpt, Outcome
from evals.question_set import Span
from index.languages import detect_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.answer import Citation, RankedPassage
    from evals.documents import Documents
    from evals.outcome import Result
    from evals.question_set import Question
    from index.document import Passage

_EXCERPT = 400
"""Characters of a piece of text that are kept for reading."""
_SHOWN = 5
"""Passages kept for reading."""


@dataclass(frozen=True)
class _Indexed:
    span: Span
    language: str


@dataclass
class Scorer:
    """Scores results against what the sources and the index hold."""

    documents: Documents
    passages: Iterable[Passage]
    """All passages of the index: nDCG needs to know how many are relevant."""
    search_only: bool = False
    """Whether the run asked for no answers."""
    _by_source: dict[str, list[_Indexed]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_source = defaultdict(list)
        for passage in self.passages:
            span = Span(source_id=passage.source_id, start=passage.start, end=passage.end)
            self._by_source[passage.source_id].append(_Indexed(span, passage.language))

    def outcomes(self, questions: Sequence[Question], results: Sequence[Result]) -> list[Outcome]:
        """The outcome of each question; questions and results go in pairs."""
        pairs = list(zip(questions, results, strict=True))
        relevant = {question.id: self._relevant(question) for question in questions if question.answerable}
        names = {q: frozenset(_name(item.span) for item in items) for q, items in relevant.items()}
        rankings = {q.id: [_name(_span(p)) for p in _ranked(r)] for q, r in pairs if q.answerable}
        ranking = ranking_scores(rankings, names)
        return [self._outcome(question, result, relevant, ranking) for question, result in pairs]

    def _outcome(
        self,
        question: Question,
        result: Result,
        relevant: dict[str, list[_Indexed]],
        ranking: dict[str, tuple[float, float]],
    ) -> Outcome:
        answer, ranked = result.answer, _ranked(result)
        scores: dict[str, float] = {}
        ranks: dict[str, int | None] = {}
        if question.answerable:
            scores["mrr"], scores["ndcg@10"] = ranking[question.id]
            spans = [(_span(passage), passage.language) for passage in ranked]
            ranks = first_ranks(spans, question.gold, self._languages(question, relevant[question.id]))
            scores["coverage@10"] = language_coverage(ranks)
            for k in CUTOFFS:
                scores[f"recall@{k}"] = group_recall([span for span, _ in spans], question.gold, k)
        if not self.search_only:
            scores |= self._answer_scores(question, result)
        return Outcome(
            id=question.id,
            split=question.split,
            language=question.language,
            kind=question.kind,
            question=question.question,
            history=tuple(turn.content for turn in question.history),
            answerable=question.answerable,
            answered=not self.search_only,
            refused=answer is not None and answer.refused,
            right=None if self.search_only else _is_right(question, result, scores),
            error=result.error,
            answer=answer.answer if answer else "",
            wanted=question.answers,
            gold=tuple(self._excerpt(span) for group in question.gold for span in group[:_SHOWN])[: 2 * _SHOWN],
            found=tuple(self._excerpt(_span(p), p.language, question) for p in ranked[:_SHOWN]),
            cited=tuple(self._excerpt(_span(c), "", question) for c in (answer.citations if answer else ())),
            evidence=answer.evidence if answer else None,
            scores=scores,
            first_ranks=ranks,
            timings=answer.timings if answer else result.found.timings if result.found else {},
        )

    def _answer_scores(self, question: Question, result: Result) -> dict[str, float]:
        answer = result.answer
        scores: dict[str, float] = {}
        if answer and answer.citations:
            scores["citations_exact"] = share_exact(answer.citations, self.documents.text)
        if not question.answerable:
            return scores
        said = "" if answer is None or answer.refused else answer.answer
        parts = parts_contained(said, question.answers)
        scores |= {"parts_contained": parts, "answer_contained": float(parts == 1)}
        scores |= {"exact_match": exact_match(said, question.answers), "f1": f1(said, question.answers)}
        if answer and not answer.refused:
            scores["citation_recall"] = citation_recall(answer.citations, question.gold)
            scores["citation_precision"] = _precision(answer.citations, question)
        return scores

    def _relevant(self, question: Question) -> list[_Indexed]:
        sources = dict.fromkeys(span.source_id for group in question.gold for span in group)
        near = (item for source in sources for item in self._by_source[source])
        return [item for item in near if is_relevant(item.span, question.gold)]

    def _languages(self, question: Question, relevant: Sequence[_Indexed]) -> list[str]:
        """The languages in which the answer exists: of the relevant passages, or, without any, of the gold's words."""
        indexed = dict.fromkeys(item.language for item in relevant)
        return list(indexed) or [detect_language(self._excerpt(question.gold[0][0]).text)]

    def _excerpt(self, span: Span, language: str = "", question: Question | None = None) -> Excerpt:
        text = (self.documents.text(span.source_id) or "")[span.start : span.end]
        short = text if len(text) <= _EXCERPT else text[:_EXCERPT] + "…"
        relevant = question is None or is_relevant(span, question.gold)
        return Excerpt(**span.model_dump(), text=short, language=language, relevant=relevant)


def _is_right(question: Question, result: Result, scores: dict[str, float]) -> bool:
    if result.answer is None:
        return False
    return scores["answer_contained"] == 1 if question.answerable else result.answer.refused


def _precision(citations: Sequence[Citation], question: Question) -> float:
    """An answer that cites nothing supports nothing."""
    return citation_precision(citations, question.gold) if citations else 0.0


def _ranked(result: Result) -> tuple[RankedPassage, ...]:
    return result.found.passages if result.found else ()


def _span(place: RankedPassage | Citation) -> Span:
    return Span(source_id=place.source_id, start=place.start, end=place.end)


def _name(span: Span) -> str:
    # No NUL between the parts: trec_eval would end the name there.
    return f"{span.source_id} {span.start}-{span.end}"
