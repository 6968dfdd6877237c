"""What can be done with an answer that stands there: export it, and say whether it is good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.web.export_routes import FORMS, STYLES, export_address
from assistant.web.templating import fragment
from assistant.web.texts import texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.answer import Answer
    from assistant.web.texts import PageLanguage


@dataclass(frozen=True)
class Download:
    """A link to a file."""

    title: str
    address: str


@dataclass(frozen=True)
class Downloads:
    """The same content as several files."""

    title: str
    links: tuple[Download, ...]


def after_answer_html(answer: Answer, before: Sequence[str], language: PageLanguage) -> str:
    """What stands below a complete answer; `before` are the ids of the conversation's answers before it."""
    words = texts(language)
    exports = list(_exports([answer.id], words.export.answer, language))
    if before:
        exports += _exports([*before, answer.id], words.export.conversation, language)
    return fragment("after_answer.html", texts=words, answer=answer, exports=exports)


def _exports(answer_ids: Sequence[str], title: str, language: PageLanguage) -> Iterator[Downloads]:
    words = texts(language).export
    for style in sorted(STYLES, key=lambda one: one != texts(language).page.style):
        links = tuple(Download(words.forms[form], export_address(answer_ids, form, style, language)) for form in FORMS)
        yield Downloads(title.format(style=words.styles[style]), links)
