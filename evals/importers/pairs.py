"""Two questions about one article asked as one: "where does the mill stand, when was it built?"."""

from __future__ import annotations

import random
from collections import defaultdict

from evals.question_set import Question, QuestionSet

_BETWEEN = {"zh": "，", "th": " "}
_ELSEWHERE = ", "
_MARKS = "?？ "


def pairs(questions: QuestionSet) -> QuestionSet:
    """Pairs of the answerable questions of a set that `read_squad` gave, drawn within a language and an article.

    Both answers are needed. Every question is in one pair at most; an article's odd one is left out.
    """
    groups: defaultdict[tuple[str, str], list[Question]] = defaultdict(list)
    for question in questions.questions:
        if question.answerable:
            article = question.gold[0][0].source_id.rpartition("/")[2].partition("-")[0]
            groups[question.language, article].append(question)
    rng = random.Random(0)  # noqa: S311
    joined = []
    for group in groups.values():
        drawn = rng.sample(group, len(group))
        joined += [_joined(*both) for both in zip(drawn[::2], drawn[1::2], strict=False)]
    return QuestionSet(name=f"{questions.name}-pairs", questions=tuple(joined))


def _joined(first: Question, second: Question) -> Question:
    between = _BETWEEN.get(first.language.partition("-")[0], _ELSEWHERE)
    return Question(
        id=f"{first.id}+{second.id}",
        language=first.language,
        question=f"{first.question.rstrip(_MARKS)}{between}{second.question}",
        kind="pair",
        gold=(*first.gold, *second.gold),
        answers=(*first.answers, *second.answers),
    )
