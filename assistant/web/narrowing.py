"""What the page offers to narrow a question down by, and how it says what was chosen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.filters import Filters
from assistant.web.texts import texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.web.texts import PageLanguage
    from index.content import Content

_EVERYTHING = Filters()
Choice = tuple[str, str]
"""What is shown, and the value it stands for."""


@dataclass(frozen=True)
class Choices:
    """What the sources of an index can be told apart by."""

    languages: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    sources: tuple[Choice, ...] = ()
    """Titles, each with its source id; a title that several sources have comes with the id."""

    @classmethod
    def of(cls, content: Content) -> Choices:
        """Everything that the passages and the catalogue of an index know."""
        entries = content.entries
        shared = Counter(entry.shown_title for entry in entries.values())
        titles = {
            name: entry.shown_title if shared[entry.shown_title] == 1 else f"{entry.shown_title} ({name})"
            for name, entry in entries.items()
        }
        return cls(
            languages=tuple(content.languages()),
            years=tuple(sorted({entry.date[:4] for entry in entries.values() if entry.date})),
            types=tuple(sorted({entry.type for entry in entries.values() if entry.type})),
            publishers=tuple(sorted({entry.publisher for entry in entries.values() if entry.publisher})),
            sources=tuple(sorted((title, name) for name, title in titles.items())),
        )

    def titles(self, source_ids: Sequence[str]) -> tuple[str, ...]:
        """The titles of sources; an unknown one keeps its id."""
        known = {name: title for title, name in self.sources}
        return tuple(known.get(name, name) for name in source_ids)


@dataclass(frozen=True)
class Within:
    """The filters of a question, with the titles of the sources that they name."""

    filters: Filters = _EVERYTHING
    titles: tuple[str, ...] = ()

    def shown(self, language: PageLanguage) -> list[Choice]:
        """Every filter in the words of the page: what it is, and its values."""
        words, filters = texts(language).narrow, self.filters
        named: list[tuple[str, Sequence[str]]] = [
            (words.languages, [language_name(tag, language) for tag in filters.languages]),
            (words.since, [filters.since] if filters.since else []),
            (words.until, [filters.until] if filters.until else []),
            (words.types, [type_name(kind, language) for kind in filters.types]),
            (words.publishers, filters.publishers),
            (words.sources, self.titles),
        ]
        return [(name, words.separator.join(values)) for name, values in named if values]


def chosen(*values: Any) -> Filters:  # noqa: ANN401 - what Gradio's fields hold
    """The filters of values in the order of the filters' fields; two years in the wrong order change places."""
    given = {key: value for key, value in zip(Filters.model_fields, values, strict=False) if value}
    since, until = given.get("since", ""), given.get("until", "")
    if until and since > until:
        given |= {"since": until, "until": since}
    return Filters.of(given)


def language_name(tag: str, language: PageLanguage) -> str:
    """A language as the page calls it, or its tag."""
    return texts(language).source.languages.get(tag, tag)


def type_name(kind: str, language: PageLanguage) -> str:
    """A type of source as the page calls it, or as the catalogue does."""
    return texts(language).source.types.get(kind, kind)
