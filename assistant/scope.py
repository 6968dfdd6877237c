"""What filters leave of an index: the sources and languages that a search is kept to."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from assistant.filters import AFTER_ALL
from index.errors import WrongCallError
from index.search_text import search_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from assistant.filters import Filters
    from index.catalog import CatalogEntry
    from index.content import Content

_NAMED = 8
"""Known values that an error names; a folder may have thousands."""


@dataclass(frozen=True)
class Scope:
    """What a search may give; None where a dimension is not narrowed down."""

    sources: frozenset[str] | None = None
    languages: frozenset[str] | None = None


def scope_of(filters: Filters, content: Content) -> Scope | None:
    """What filters leave of an index; None for everything. Raises WrongCallError for a value that nothing has."""
    if not filters.active:
        return None
    entries, known = content.entries, content.languages()
    sources = _allowed(filters, entries)
    languages = frozenset(tag for wanted in filters.languages for tag in _spoken(wanted, known))
    narrowed = None if len(sources) == len(entries) else sources
    spoken = None if not languages or len(languages) == len(known) else languages
    return None if narrowed is None and spoken is None else Scope(narrowed, spoken)


def _allowed(filters: Filters, entries: Mapping[str, CatalogEntry]) -> frozenset[str]:
    allowed = {name for name, entry in entries.items() if _dated(entry.date, filters)}
    if filters.types:
        allowed &= _having(filters.types, entries, lambda entry: entry.type, "of type")
    if filters.publishers:
        allowed &= _having(filters.publishers, entries, lambda entry: entry.publisher, "published by", part=True)
    if filters.sources:
        allowed &= {name for wanted in filters.sources for name in _named(wanted, entries)}
    return frozenset(allowed)


def _dated(known: str, filters: Filters) -> bool:
    """Whether a source's date, be it a day or a whole year, may lie in the range."""
    if not (filters.since or filters.until):
        return True
    since, until = filters.since or "", filters.until or ""
    return bool(known) and since <= known + AFTER_ALL and known <= until + AFTER_ALL


def _spoken(wanted: str, known: Iterable[str]) -> set[str]:
    primary = wanted.strip().casefold().replace("_", "-").split("-")[0]
    found = {tag for tag in known if tag.casefold().split("-")[0] == primary}
    return found or _unknown("passage in language", wanted, known)


def _having(
    wanted: Iterable[str],
    entries: Mapping[str, CatalogEntry],
    value_of: Callable[[CatalogEntry], str],
    relation: str,
    *,
    part: bool = False,
) -> set[str]:
    """The sources whose value is one of those wanted, whatever its case, width or script."""
    by_value: dict[str, set[str]] = {}
    for name, entry in entries.items():
        if value := value_of(entry):
            by_value.setdefault(value, set()).add(name)
    found: set[str] = set()
    for one in wanted:
        key = _folded(one)
        fitting = [value for value in by_value if _folded(value) == key]
        if not fitting and part and key:
            fitting = [value for value in by_value if key in _folded(value)]
        found |= set().union(*(by_value[value] for value in fitting)) or _unknown(f"source {relation}", one, by_value)
    return found


def _folded(text: str) -> str:
    return search_text(text).casefold()


def _named(wanted: str, known: Iterable[str]) -> set[str]:
    if wanted in known:
        return {wanted}
    if wanted.endswith("/"):
        found = {name for name in known if name.startswith(wanted)}
    else:
        found = {name for name in known if fnmatchcase(name, wanted)}
    return found or _unknown("source", wanted, known)


def _unknown(what: str, value: str, known: Iterable[str]) -> set[str]:
    names = sorted(known)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    listed = f"known are {', '.join(names[:_NAMED])}{more}" if names else "none is known"
    raise WrongCallError(f"no {what} {value!r}: {listed}")
