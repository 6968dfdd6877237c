"""How well passages were found.

A passage is relevant when it holds a gold span or the two share at least half of the shorter one
(`Span.relevant_to`): passages are cut by the program, gold spans are not, and a sentence cut in two must not hide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evals.question_set import Span

CUTOFFS = (1, 3, 5, 10)
"""Ranks at which recall is taken."""
DEPTH = 10
"""Passages looked at."""


def is_relevant(passage: Span, groups: Sequence[Sequence[Span]]) -> bool:
    """Whether a passage is relevant to a gold span of any group."""
    return any(passage.relevant_to(gold) for group in groups for gold in group)


def group_recall(ranked: Sequence[Span], groups: Sequence[Sequence[Span]], k: int) -> float:
    """Share, 0 to 1, of the gold groups of which the first `k` passages hold a span.

    With one group this is success@k, with several the recall of what is needed, as nuggets are counted at TREC QA
    (Voorhees, TREC 2003). Groups may not be empty.
    """
    first = ranked[:k]
    return sum(any(is_relevant(passage, [group]) for passage in first) for group in groups) / len(groups)


def ranking_scores(
    rankings: Mapping[str, Sequence[str]], relevant: Mapping[str, frozenset[str]]
) -> dict[str, tuple[float, float]]:
    """Reciprocal rank and nDCG@10 of each question, by ir-measures (trec_eval's definitions).

    `rankings` gives passage names, best first; `relevant` all relevant names in the index. MRR: Voorhees, TREC-8
    1999. nDCG: Järvelin & Kekäläinen, TOIS 20(4) 2002, with a gain of 1 for a relevant passage. A question without
    relevant passages in the index, or without passages found, has 0.
    """
    from ir_measures import RR, Qrel, ScoredDoc, iter_calc, nDCG

    reciprocal, gain = RR @ DEPTH, nDCG @ DEPTH
    run = [ScoredDoc(q, name, -rank) for q, names in rankings.items() for rank, name in enumerate(names[:DEPTH])]
    qrels = [Qrel(q, name, 1) for q in rankings for name in sorted(relevant[q])]
    found = {(value.query_id, value.measure): float(value.value) for value in iter_calc([reciprocal, gain], qrels, run)}
    return {q: (found.get((q, reciprocal), 0.0), found.get((q, gain), 0.0)) for q in rankings}


def first_ranks(
    ranked: Sequence[tuple[Span, str]], groups: Sequence[Sequence[Span]], languages: Sequence[str]
) -> dict[str, int | None]:
    """For every language in which the answer exists, the rank (from 1) of the first relevant passage in it.

    `ranked` pairs passages, best first, with their languages.
    """
    first: dict[str, int | None] = dict.fromkeys(languages)
    for rank, (passage, language) in enumerate(ranked, start=1):
        if language in first and first[language] is None and is_relevant(passage, groups):
            first[language] = rank
    return first


def language_coverage(ranks: Mapping[str, int | None], k: int = DEPTH) -> float:
    """Share, 0 to 1, of the languages in which the answer exists that are found among the first `k` passages.

    Of the kind of "language fairness" in multilingual retrieval: Yang et al., PEER, SIGIR 2024.
    """
    return sum(rank is not None and rank <= k for rank in ranks.values()) / len(ranks)
