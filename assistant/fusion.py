"""One ranking out of what the retrievers say, in which no language crowds out another."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEXICAL_WEIGHT = 2.5
"""Standard deviations of cosine that the best BM25 score of a question is worth; 1.5 to 4 rank alike."""
ECHO_WEIGHT = 0.4
"""Weight of an echo, a standing among the neighbours of the best passage, when the rest is ranked; 0.2 to 0.6 do."""
HIGHEST_ECHO = 6.0
"""A translation of the best passage stands out by more than this, and more would say nothing more."""
HEAD = 3
"""The first passages are those that answer best, whatever their language."""


def fused_scores(standings: Mapping[str, float], lexical: Mapping[str, float]) -> dict[str, float]:
    """Score of every passage, best first: its standing and its share of the best BM25 score.

    A standing is a standard score within the passage's language, so that passages of all languages compare.
    """
    best = max(lexical.values(), default=0.0) or 1.0
    scores = {name: z + LEXICAL_WEIGHT * lexical.get(name, 0.0) / best for name, z in standings.items()}
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


def balanced(
    scores: Mapping[str, float], echoes: Mapping[str, float], groups: Mapping[str, str], k: int
) -> list[tuple[str, float]]:
    """The best `k` passages with their scores: first the `HEAD` by score, then the others by score and echo, with
    `k` // (languages + 1) places kept for every language (`groups`: passage → language).
    """
    names = sorted(scores, key=lambda name: -scores[name])
    head = names[: min(HEAD, k)]
    final = {name: scores[name] + ECHO_WEIGHT * min(echoes.get(name, 0.0), HIGHEST_ECHO) for name in names}
    rest = sorted(names[len(head) :], key=lambda name: -final[name])
    kept = set(_kept(head, rest, groups, k // (len(set(groups.values())) + 1)))
    others = [name for name in rest if name not in kept][: max(0, k - len(head) - len(kept))]
    tail = sorted([*kept, *others], key=lambda name: -final[name])[: k - len(head)]
    floor = scores[head[-1]] if head else 0.0
    # A score never rises along a ranking, whatever moved a passage up.
    return [*((name, scores[name]) for name in head), *((name, min(floor, final[name])) for name in tail)]


def _kept(head: Sequence[str], rest: Sequence[str], groups: Mapping[str, str], places: int) -> list[str]:
    taken = Counter(groups[name] for name in head)
    kept = []
    for name in rest:
        if taken[groups[name]] < places:
            taken[groups[name]] += 1
            kept.append(name)
    return kept
