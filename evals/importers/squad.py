"""SQuAD's format: XQuAD, CMRC 2018, DRCD, SQuAD 2.0 and others.

Every paragraph becomes a source. Of several files, which must be parallel (the same articles, paragraphs and questions
in the same order), each is a language, and an answer may be found in any of them.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import regex
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.importers.corpus import Imported, ImportedSetError, canonical, read_text
from evals.question_set import Question, QuestionSet, Span
from index.errors import WrongCallError
from index.languages import detect_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_LANGUAGE = regex.compile(r"(?<![a-z])(zh[-_]hant|zh[-_]hans|zh|en|vi|th|km|lo|my)(?![a-z])")
_LOOKED_AT = 20


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class _Answer(_Record):
    text: str
    answer_start: int = -1


class _Asked(_Record):
    id: str
    question: str
    answers: tuple[_Answer, ...] = ()
    is_impossible: bool = False


class _Paragraph(_Record):
    context: str
    qas: tuple[_Asked, ...]


class _Article(_Record):
    paragraphs: tuple[_Paragraph, ...]


class _File(_Record):
    data: Annotated[tuple[_Article, ...], Field(min_length=1)]

    @property
    def shape(self) -> list[list[int]]:
        """Number of questions of each paragraph of each article."""
        return [[len(paragraph.qas) for paragraph in article.paragraphs] for article in self.data]


def read_squad(files: Sequence[Path]) -> Imported:
    """Questions and paragraphs of parallel files. Raises ImportedSetError or WrongCallError.

    A question without an answer, or marked `is_impossible`, is one that must be refused; it is so with regard to its
    own paragraph, and another may answer it.
    """
    contents = [_parsed(file) for file in files]
    languages = [_language(file, content) for file, content in zip(files, contents, strict=True)]
    if repeated := [name for name, count in Counter(languages).items() if count > 1]:
        raise WrongCallError(f"two of the files are in {repeated[0]}: name each language once, as in set.zh.json")
    for file, content in zip(files[1:], contents[1:], strict=True):
        if content.shape != contents[0].shape:
            raise WrongCallError(f"{file} is not parallel to {files[0]}: run them one by one")
    by_language = dict(zip(languages, contents, strict=True))
    texts = {
        _source_id(language, a, p): canonical(paragraph.context)
        for language, content in by_language.items()
        for a, article in enumerate(content.data)
        for p, paragraph in enumerate(article.paragraphs)
    }
    name = "-".join(dict.fromkeys(file.stem.split(".")[0] for file in files))
    questions = tuple(_questions(by_language, texts))
    return Imported(QuestionSet(name=f"squad-{name}", questions=questions), texts)


def _questions(contents: dict[str, _File], texts: dict[str, str]) -> Iterator[Question]:
    for language, content in contents.items():
        prefix = f"{language}-" if len(contents) > 1 else ""
        for a, article in enumerate(content.data):
            for p, paragraph in enumerate(article.paragraphs):
                for q, asked in enumerate(paragraph.qas):
                    parallel = {
                        _source_id(other, a, p): file.data[a].paragraphs[p].qas[q] for other, file in contents.items()
                    }
                    yield _question(f"{prefix}{asked.id}", language, asked, parallel, texts)


def _question(name: str, language: str, asked: _Asked, parallel: dict[str, _Asked], texts: dict[str, str]) -> Question:
    if asked.is_impossible or not asked.answers:
        return Question(
            id=name, language=language, question=asked.question, kind="impossible", unanswerable="impossible"
        )
    spans = [_span(source_id, answer, texts) for source_id, item in parallel.items() for answer in item.answers]
    alternatives = dict.fromkeys(answer.text for item in parallel.values() for answer in item.answers)
    return Question(
        id=name,
        language=language,
        question=asked.question,
        kind="extractive",
        gold=(tuple(dict.fromkeys(spans)),),
        answers=(tuple(alternatives),),
    )


def _span(source_id: str, answer: _Answer, texts: dict[str, str]) -> Span:
    """The answer's place nearest to where its file says; the whole paragraph when it is not there at all."""
    text, wanted = texts[source_id], canonical(answer.text)
    places = [match.start() for match in regex.finditer(regex.escape(wanted), text, overlapped=True)] if wanted else []
    if not places:
        return Span(source_id=source_id, start=0, end=len(text))
    start = min(places, key=lambda place: abs(place - answer.answer_start))
    return Span(source_id=source_id, start=start, end=start + len(wanted))


def _parsed(file: Path) -> _File:
    try:
        return _File.model_validate(json.loads(read_text(file)))
    except json.JSONDecodeError as error:
        raise ImportedSetError(f"{file}:{error.lineno}: not JSON: squad:PATH takes SQuAD's format") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise ImportedSetError(f"{file}: {where}: {first['msg']}: squad:PATH takes SQuAD's format") from error


def _language(file: Path, content: _File) -> str:
    """What the file's name says, else what most of its first paragraphs are written in."""
    if found := _LANGUAGE.findall(file.name.lower()):
        name = str(found[-1]).replace("_", "-")
        return {"zh-hant": "zh-Hant", "zh-hans": "zh-Hans"}.get(name, name)
    contexts = [paragraph.context for article in content.data for paragraph in article.paragraphs][:_LOOKED_AT]
    return Counter(map(detect_language, contexts)).most_common(1)[0][0]


def _source_id(language: str, article: int, paragraph: int) -> str:
    return f"{language}/{article:03}-{paragraph:03}.txt"
