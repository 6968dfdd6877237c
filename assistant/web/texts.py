"""What the page itself says, in the languages it can be read in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import AssistantError
from index.yaml_file import load_yaml

PageLanguage = str
"""A language that the page speaks, as its file of texts is called: BCP 47, without a region."""
FOLDER = Path(__file__).parent / "texts"
_FIRST = ("zh", "en")
"""The languages that stand first where one is chosen, and whose texts stand in where another has none."""


def languages() -> tuple[PageLanguage, ...]:
    """The languages of the page: one for each file of texts."""
    found = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    return tuple(sorted(found, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST)))


class TextsError(AssistantError):
    """A file of page texts that lacks a text or holds one that nothing shows."""


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1)


class PageTexts(_Group):
    """The page around the conversation."""

    own_name: str
    """The language's name in itself, by which it is chosen."""
    style: Literal["gbt7714", "chicago"]
    """The style of references that readers of this language expect first."""
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
    no_support: str
    poor_scan: str
    copy_quotation: str
    copied: str
    weak_sentence: str
    weak_mark: str
    unsupported_sentence: str
    unsupported_mark: str
    missing: str
    left_out: str
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
    read: str
    time: str
    evidence: str
    understood: str
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
    separator: str
    """Between the parts of a reference."""
    copy_link: str
    copy_link_to_selection: str
    citations: str
    citation_of: str
    citation_before: str
    citation_after: str
    contents: str
    below: str
    find: str
    find_keys: str
    no_hits: str
    hits: str
    hit_before: str
    hit_after: str
    changed: str
    page: str
    page_keys: str
    original: str
    own_tab: str
    moved: str
    missing_title: str
    missing: str
    no_file_title: str
    no_file: str


class CardTexts(_Group):
    """The cards of an answer's citations."""

    title: str
    back: str
    open: str
    show: str
    exact: str
    none: str
    gone_title: str
    gone: str


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
    filter: str
    warned: str
    shown: str
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
    changes: dict[str, str]
    add: str
    add_hint: str
    choose: str
    not_indexed: str
    steps: dict[str, str]
    refused: dict[str, str]


class LoginTexts(_Group):
    """Logging in and out."""

    title: str
    name: str
    password: str
    enter: str
    wrong: str
    too_often: str
    known_as: str
    ended: str
    leave: str


class ConversationTexts(_Group):
    """Conversations that are kept."""

    title: str
    close: str
    search: str
    kept_in_browser: str
    kept_on_server: str
    none_found: str
    today: str
    yesterday: str
    week: str
    earlier: str
    rename: str
    delete: str
    undo: str
    deleted: str
    delete_all: str
    deleted_all: str
    dropped: str
    unkept: str
    unavailable: str
    unreachable: str
    edit: str
    editing: str
    editing_more: str
    cancel: str
    replaced: str
    replaced_more: str
    left_out: str
    twice: str
    copy_answer: str


class FeedbackTexts(_Group):
    """Rating an answer."""

    ask: str
    good: str
    bad: str
    why: str
    say: str
    send: str
    kept: str
    gone: str
    lost: str
    reasons: dict[str, str]


class ExportTexts(_Group):
    """Answers as files."""

    title: str
    answer: str
    conversation: str
    forms: dict[str, str]
    styles: dict[str, str]


class Texts(_Group):
    """Everything the page says in one language."""

    page: PageTexts
    narrow: NarrowTexts
    answer: AnswerTexts
    found: FoundTexts
    source: SourceTexts
    cards: CardTexts
    library: LibraryTexts
    login: LoginTexts
    conversations: ConversationTexts
    feedback: FeedbackTexts
    export: ExportTexts
    notices: dict[str, str]
    """By the kind of a notice on an answer."""
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
    return next((language for language in languages() if language == value), None)


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
