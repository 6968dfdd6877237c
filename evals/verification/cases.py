"""True and corrupted sentences with what they cite."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.writing.context import Block
from evals.reader.data import XQUAD_ARTICLES, XQUAD_LANGUAGES, xquad
from evals.verification.corruptions import corrupted
from index.languages import detect_language
from index.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evals.reader.data import Corpus, Key

TRUE, SWAPPED = "true", "document"
_LEAST_LETTERS = 20
_OTHERS = 5
"""Further passages that the model would have been given."""


@dataclass(frozen=True)
class Case:
    """A sentence, the passages a model was given, and those of them that it cites."""

    name: str
    sentence: str
    language: str
    kind: str
    """`true`, or how it was corrupted: `number`, `name`, `negation`, `document`."""
    blocks: tuple[Block, ...]
    cited: tuple[int, ...]

    @property
    def supported(self) -> bool:
        """Whether the cited passages say so."""
        return self.kind == TRUE


def xquad_cases(data: Path, count: int, *, seed: int = 0, fitting: bool) -> list[Case]:
    """Sentences of XQuAD's paragraphs, each cited to its paragraph in another language, and its corruptions.

    `count` true ones: of the first articles for `fitting`, else of the others.
    """
    articles = slice(0, XQUAD_ARTICLES) if fitting else slice(XQUAD_ARTICLES, None)
    corpus = xquad(data, articles)
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    keys = sorted({key for key, _ in corpus.paragraphs})
    cases: list[Case] = []
    while sum(case.supported for case in cases) < count:
        key = chance.choice(keys)
        language, other = chance.sample(XQUAD_LANGUAGES, 2)
        text = corpus.paragraphs[key, language].text
        spans = [span for span in sentence_spans(text) if span[1] - span[0] >= _LEAST_LETTERS]
        if spans:
            start, end = chance.choice(spans)
            cases.extend(_of_sentence(corpus, key, (language, other), text[start:end], chance))
    return cases


def _of_sentence(
    corpus: Corpus, key: Key, languages: tuple[str, str], sentence: str, chance: random.Random
) -> Iterator[Case]:
    language, other = languages
    near = [one for one in {key for key, _ in corpus.paragraphs} if one[1] == key[1] and one != key]
    chosen = [key, *chance.sample(sorted(near), min(_OTHERS, len(near)))]
    shown = [other, *(chance.choice(XQUAD_LANGUAGES) for _ in chosen[1:])]
    blocks = tuple(
        _block(number, corpus.paragraphs[one, spoken].text, f"{one[1]}/{spoken}/{one[2]}", spoken)
        for number, (one, spoken) in enumerate(zip(chosen, shown, strict=True), start=1)
    )
    true = Case(f"{key[1]}/{key[2]}/{language}-{other}", sentence, language, TRUE, blocks, (1,))
    yield true
    if len(blocks) > 1:
        # The same document in the same language would be the hardest to tell; it is in a language at random.
        yield replace(true, kind=SWAPPED, cited=(2,))
    names = " ".join(corpus.paragraphs[one, "en"].text for one in near[:3])
    for kind, text in corrupted(sentence, language, names, chance):
        yield replace(true, kind=kind, sentence=text)


def _block(number: int, text: str, source_id: str, language: str) -> Block:
    units = tuple(sentence_spans(text))
    return Block(number, source_id, 0, len(text), text, "", "", detect_language(text) or language, "", units)
