"""The public question sets that the reader is trained on, as paragraphs and questions."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from index.languages import converter

if TYPE_CHECKING:
    from pathlib import Path

XQUAD_ARTICLES = 24
"""XQuAD's first articles train; the rest measure."""
XQUAD_LANGUAGES = ("en", "zh", "vi", "th")
WRITTEN = "written"
"""The corpus of the documents written for training."""
_ONE_IN = 25
"""One article in so many is held out, to stop and to calibrate by."""

Key = tuple[str, str, int]
"""Corpus, article and number of a paragraph; its versions in other languages or scripts have the same."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph in one language; `zh` is simplified, `zh-Hant` traditional."""

    key: Key
    language: str
    text: str
    needs_title: bool = False
    """Whether only its document's title tells it from others, as of minutes of one of several meetings."""

    @property
    def title(self) -> str:
        """Its article's title, in whatever language; of a written document's name what stands behind the file's."""
        name = self.key[1]
        return name.partition("/")[2] if self.key[0] == WRITTEN else name.replace("_", " ")


@dataclass(frozen=True)
class Question:
    """A question about the paragraph of `key`, in one language.

    `answers` gives the answer's start and text in each language or script of the paragraph; none: unanswerable.
    """

    name: str
    key: Key
    language: str
    text: str
    answers: dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Corpus:
    """Paragraphs by key and language, and the questions about them."""

    paragraphs: dict[tuple[Key, str], Paragraph]
    questions: list[Question]

    @cached_property
    def is_multilingual(self) -> bool:
        """Whether its paragraphs are in more than one language each; two scripts of Chinese are one."""
        versions = {(key, language.partition("-")[0]) for key, language in self.paragraphs}
        return len(versions) > len({key for key, _ in self.paragraphs})

    def part(self, *, held_out: bool) -> Corpus:
        """The articles that are held out, or the others."""
        return Corpus(
            {at: paragraph for at, paragraph in self.paragraphs.items() if is_held_out(at[0]) == held_out},
            [question for question in self.questions if is_held_out(question.key) == held_out],
        )


def is_held_out(key: Key) -> bool:
    """Whether a paragraph's article trains nothing."""
    return zlib.crc32(key[1].replace("_", " ").encode()) % _ONE_IN == 0


def load_corpora(data: Path) -> dict[str, Corpus]:
    """All training sets below `data`, by name; those whose files are missing are left out."""
    corpora = {}
    for name, language in (("squad2_en", "en"), ("squad2_zh", "zh"), ("drcd_zh_hant", "zh-Hant"), ("iapp_th", "th")):
        path = data / "train" / f"{name}.json"
        if path.is_file():
            corpora[name] = _squad(_articles(path), name, language)
    if "drcd_zh_hant" in corpora:
        corpora["drcd_zh_hant"] = _also_simplified(corpora["drcd_zh_hant"])
    if all((data / f"xquad.{language}.json").is_file() for language in XQUAD_LANGUAGES):
        corpora["xquad"] = xquad(data, slice(0, XQUAD_ARTICLES))
    return corpora


def xquad(data: Path, articles: slice) -> Corpus:
    """Articles of XQuAD in four languages: each question in each, its answers in every language."""
    paragraphs: dict[tuple[Key, str], Paragraph] = {}
    answers: dict[str, dict[str, tuple[int, str]]] = {}
    asked: list[tuple[str, Key, str, str]] = []
    for language in XQUAD_LANGUAGES:
        loaded = _squad(_articles(data / f"xquad.{language}.json")[articles], "xquad", language)
        paragraphs |= loaded.paragraphs
        for question in loaded.questions:
            answers.setdefault(question.name, {}).update(question.answers)
            asked.append((question.name, question.key, language, question.text))
    questions = [Question(name, key, language, text, answers[name]) for name, key, language, text in asked]
    return Corpus(paragraphs, questions)


def _articles(path: Path) -> list[dict[str, Any]]:
    articles: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["data"]
    return articles


def _squad(articles: list[dict[str, Any]], corpus: str, language: str) -> Corpus:
    paragraphs, questions = {}, []
    for article in articles:
        for number, content in enumerate(article["paragraphs"]):
            key = (corpus, article["title"], number)
            while (key, language) in paragraphs:
                key = (corpus, article["title"], key[2] + 1000)
            paragraphs[key, language] = Paragraph(key, language, content["context"])
            for asked in content["qas"]:
                given = [] if asked.get("is_impossible") else asked["answers"][:1]
                answers = dict.fromkeys([language], (given[0]["answer_start"], given[0]["text"])) if given else {}
                questions.append(
                    Question(str(asked["id"]), key, language, " ".join(asked["question"].split()), answers)
                )
    return Corpus(paragraphs, questions)


def _also_simplified(corpus: Corpus) -> Corpus:
    """Every paragraph in both scripts, every question in simplified too; offsets are checked, not assumed."""
    convert = converter("t2s").convert
    paragraphs = dict(corpus.paragraphs)
    for (key, _), paragraph in corpus.paragraphs.items():
        paragraphs[key, "zh"] = Paragraph(key, "zh", convert(paragraph.text))
    questions = []
    for question in corpus.questions:
        answers = dict(question.answers)
        for start, text in question.answers.values():
            simplified, plain = convert(text), paragraphs[question.key, "zh"].text
            if plain[start : start + len(simplified)] == simplified:
                answers["zh"] = (start, simplified)
        questions.append(Question(question.name, question.key, "zh-Hant", question.text, answers))
        questions.append(Question(question.name, question.key, "zh", convert(question.text), answers))
    return Corpus(paragraphs, questions)
