"""What the page itself says, in the languages it can be read in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import AssistantError
from index.yaml_file import load_yaml

PageLanguage = Literal["zh", "en"]
LANGUAGES: tuple[PageLanguage, ...] = get_args(PageLanguage)
FOLDER = Path(__file__).parent / "texts"


class TextsError(AssistantError):
    """A file of page texts that lacks a text or holds one that nothing shows."""


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1)


class PageTexts(_Group):
    """The page around the conversation."""

    title: str
    subtitle: str
    welcome: str
    promise: str
    examples: tuple[str, ...] = Field(min_length=3)
    question: str
    question_hint: str
    send: str
    stop: str
    restart: str
    language: str
    conversation: str
    sources: str
    close: str
    loading: str
    stopped: str


class NarrowTexts(_Group):
    """The row that narrows questions down."""

    title: str
    one_active: str
    active: str
    languages: str
    since: str
    until: str
    any_year: str
    types: str
    publishers: str
    sources: str
    clear: str
    within: str
    separator: str
    refused: str


class AnswerTexts(_Group):
    """Words around an answer."""

    refused: str
    nearest: str
    nearest_note: str
    open: str
    also: str
    page: str
    near: str
    unsupported: str
    poor_scan: str
    copy_quotation: str
    copied: str
    failed: str
    unexpected: str


class FoundTexts(_Group):
    """How an answer was found."""

    title: str
    intro: str
    rank: str
    place: str
    score: str
    similarity: str
    lexical: str
    time: str
    evidence: str
    stages: dict[str, str]
    made_with: str
    stamp: dict[str, str]


class SourceTexts(_Group):
    """The source viewer."""

    empty_title: str
    empty: str
    publisher: str
    date: str
    type: str
    language: str
    origin: str
    notes: str
    file: str
    details: str
    types: dict[str, str]
    languages: dict[str, str]
    quotation: str
    picture: str
    picture_of: str
    copy_with_reference: str
    moved: str
    missing_title: str
    missing: str


class LibraryTexts(_Group):
    """The list of all sources."""

    title: str
    link: str
    back: str
    summary: str
    problems: str
    csv: str
    source: str
    pages: str
    passages: str
    read: str
    remarks: str
    formats: dict[str, str]
    confidence: str
    duplicate: str
    poor: str
    index: str
    reading: str
    embedding: str
    finished: str
    unchanged: str
    failed: str
    lost: str


class Texts(_Group):
    """Everything the page says in one language."""

    page: PageTexts
    narrow: NarrowTexts
    answer: AnswerTexts
    found: FoundTexts
    source: SourceTexts
    library: LibraryTexts
    errors: dict[str, str]
    """By the name of the error's class; any other error speaks for itself."""


@lru_cache
def texts(language: PageLanguage) -> Texts:
    """The texts of a language. Raises TextsError that names a missing or unknown text."""
    path = FOLDER / f"{language}.yaml"
    try:
        return Texts.model_validate(load_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise TextsError(f"{path}: {key}: {first['msg']}") from error


def page_language(value: object) -> PageLanguage | None:
    """A language of the page from outside (an address, a cookie, a setting), None for anything else."""
    return next((language for language in LANGUAGES if language == value), None)


def accepted_language(header: str) -> PageLanguage:
    """The first language of an `Accept-Language` header that the page speaks; English when there is none."""
    wanted = []
    for position, part in enumerate(header[:1000].split(",")):
        tag, _, quality = part.strip().partition(";q=")
        try:
            wanted.append((-float(quality or 1), position, tag.strip().lower().split("-")[0]))
        except ValueError:
            continue
    for _, _, tag in sorted(wanted):
        if (language := page_language(tag)) is not None:
            return language
    return "en"
