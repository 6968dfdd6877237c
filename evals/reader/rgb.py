"""RGB: the sentence that answers among web snippets, and refusing when the snippets that answer are taken away."""

from __future__ import annotations

import json
import random
import unicodedata
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from evals.reader.choosing import Asked, Candidate, candidates, figures
from evals.reader.neighbours import embedded

if TYPE_CHECKING:
    from pathlib import Path

    from tokenizers import Tokenizer

    from assistant.reader.reader import Reader

POOL = 8
"""Passages given to each question, its own: at most half of them answer."""


def rgb_figures(reader: Reader, data: Path, cache: Path, tokenizer: Tokenizer, count: int) -> dict[str, object]:
    """Figures over the first `count` questions, beside those of cosines between question and sentence."""
    asked = _asked(reader, data / "rgb_zh_fact.json", tokenizer, count)
    texts = sorted({one.text for item in asked for one in item.sentences})
    known = dict(zip(texts, embedded(texts, query=False, cache=cache), strict=True))
    vectors = embedded([item.question for item in asked], query=True, cache=cache)
    by_cosine = [
        replace(item, sentences=[replace(one, scores=(float(known[one.text] @ vector),) * 3) for one in item.sentences])
        for item, vector in zip(asked, vectors, strict=True)
    ]
    return {
        "questions": len(asked),
        "an answer is somewhere": sum(any(map(item.is_right, item.sentences)) for item in asked) / len(asked),
        "reader": figures(asked),
        "cosine": figures(by_cosine)["window"],
    }


def _asked(reader: Reader, file: Path, tokenizer: Tokenizer, count: int) -> list[Asked]:
    rng, found = random.Random(0), []  # noqa: S311
    for line in file.read_text(encoding="utf-8").splitlines()[:count]:
        content = json.loads(line)
        positives = rng.sample(content["positive"], min(POOL // 2, len(content["positive"])))
        passages = [*positives, *content["negative"][: POOL - len(positives)]]
        given = content["answer"] if isinstance(content["answer"], list) else [content["answer"]]
        answers = [text for part in given for text in (part if isinstance(part, list) else [part])]
        sentences = candidates(reader, content["query"], passages, tokenizer)
        found.append(Asked(content["query"], sentences, len(positives), partial(_holds, tuple(map(str, answers)))))
    return found


def _holds(answers: tuple[str, ...], sentence: Candidate) -> bool:
    """Whether the sentence holds an answer, whatever its spaces, width and case."""
    text = _plain(sentence.text)
    return any(_plain(answer) in text for answer in answers)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
