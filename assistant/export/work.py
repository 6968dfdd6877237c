"""What a reference needs to know about a source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import regex

from assistant.answer import Citation
from assistant.export.characters import contained, on_one_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from assistant.answer import Place
    from index.catalog import CatalogEntry

    Entries = Callable[[str], CatalogEntry | None]
    """Looks a source up by its id; None for one that nothing is known about."""

_ADDRESS = regex.compile(r"https?://[^\s\p{Cc}\p{Cf}<>\"'`\\^{|}「」《》（），。；、]+", regex.IGNORECASE)
_HAN = regex.compile(r"\p{Script=Han}")
_UNSLANTED = regex.compile(
    r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}"
    r"\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]"
)
"""Scripts that have no italics."""


@dataclass(frozen=True)
class Work:
    """A source as a reference names it; what nobody knows is empty."""

    source_id: str
    title: str
    accessed: date
    """The day on which it was looked at."""
    publisher: str = ""
    published: str = ""
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
    type: str = ""
    """As in the catalogue: `un_report`, `newsletter` …"""
    language: str = ""
    """BCP 47."""
    url: str = ""
    page: int | None = None
    """The page of a quotation, from 1; None for the work as a whole."""
    translation: str = ""
    """Its title in English, when that is another."""

    @property
    def whole(self) -> Work:
        """The work without the page of a quotation."""
        return replace(self, page=None)

    @property
    def in_chinese(self) -> bool:
        """Whether its reference is written with Chinese words: its title has Han characters."""
        return bool(_HAN.search(self.title))


def work_of(place: Place, entry: CatalogEntry | None, accessed: date) -> Work:
    """The work that a quotation stands in; the catalogue goes before what the citation says."""
    cited = place if isinstance(place, Citation) else None
    title = (entry.title if entry else "") or place.title or PurePosixPath(place.source_id).name
    translation = entry.title_en if entry and entry.title_en != title else ""
    return Work(
        source_id=place.source_id,
        title=_line(title),
        accessed=accessed,
        publisher=_line((entry.publisher if entry else "") or (cited.publisher if cited else "")),
        published=(entry.date if entry else "") or (cited.date if cited else ""),
        type=entry.type if entry else "",
        language=(entry.languages[0] if entry and entry.languages else "") or (cited.language if cited else ""),
        url=address_in(entry.origin) if entry else "",
        page=place.page,
        translation=_line(translation),
    )


def address_in(origin: str) -> str:
    """The first http address in what a catalogue says about where a text came from; empty when there is none."""
    match = _ADDRESS.search(origin)
    if match is None:
        return ""
    address = match[0].rstrip(".,;:!?")
    return address.rstrip(")") if "(" not in address else address


def has_italics(text: str) -> bool:
    """Whether a text is written in scripts that have italics."""
    return not _UNSLANTED.search(text)


def _line(text: str) -> str:
    return contained(on_one_line(text))
