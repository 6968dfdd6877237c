"""Names that mean the same in several languages, and what scanners make of them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import regex
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.catalog import GLOSSARY
from index.errors import AssistantError, one_line
from index.fingerprints import file_hash
from index.near_names import NamePlace, NearNames
from index.search_text import search_text
from index.yaml_file import YamlFileError, load_yaml, location_of

if TYPE_CHECKING:
    from pathlib import Path

_UNSPACED = frozenset({"zh", "th", "lo", "km", "my"})


class GlossaryError(AssistantError):
    """A glossary that cannot be used as it stands."""


class GlossaryEntry(BaseModel):
    """One thing with its names by language (BCP 47), the preferred name first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    kind: str = "term"
    names: dict[str, tuple[str, ...]] = {}
    abbreviations: tuple[str, ...] = ()
    ocr: tuple[str, ...] = ()

    def forms(self) -> tuple[str, ...]:
        """Every way to write it, in any language."""
        return (*(form for forms in self.names.values() for form in forms), *self.abbreviations, *self.ocr)


class _GlossaryFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int = 1
    entries: tuple[GlossaryEntry, ...] = ()
    ocr_spellings: dict[str, str] = {}


class Glossary:
    """Finds the entries that a text names."""

    def __init__(self, entries: tuple[GlossaryEntry, ...] = (), ocr_spellings: dict[str, str] | None = None) -> None:
        self.entries = entries
        self.ocr_spellings = ocr_spellings or {}
        self._by_form: dict[str, list[GlossaryEntry]] = {}
        for entry in entries:
            for form in dict.fromkeys(map(_folded, entry.forms())):
                self._by_form.setdefault(form, []).append(entry)
        forms = sorted(self._by_form, key=len, reverse=True)
        self._pattern = regex.compile("|".join(_bounded(form) for form in forms)) if forms else None
        self._near = NearNames(forms)
        self._places = lru_cache(maxsize=16)(self._find)

    @classmethod
    def load(cls, folder: Path) -> Glossary:
        """Read `glossary.yaml` of a sources folder; empty when there is none. Raises GlossaryError."""
        path = folder / GLOSSARY
        return _loaded(path, file_hash(path)) if path.exists() else cls()

    def named_in(self, text: str) -> list[tuple[str, tuple[GlossaryEntry, ...]]]:
        """The forms that stand in a text, longest first where they overlap, each with the entries it may mean.

        A name with one typo counts where no name is written correctly; it is given as it should be.
        """
        found = dict.fromkeys(place.form for place in self._places(_folded(text)))
        return [(form, tuple(self._by_form[form])) for form in found]

    def places(self, text: str) -> list[tuple[int, int, str]]:
        """Where names stand in a search text, which keeps its length when folded: start, end, form."""
        folded = _folded(text)
        return (
            [(place.start, place.end, place.form) for place in self._places(folded)] if len(folded) == len(text) else []
        )

    def kinds(self, form: str) -> set[str]:
        """The kinds of what a form may mean, such as `place` and `meeting`."""
        return {entry.kind for entry in self._by_form.get(form, ())}

    def in_language(self, text: str, language: str) -> str:
        """A search text with every name written as a language's preferred name, where the glossary knows it.

        A sentence in one language with its names in another is nearer to passages of the other, for dense and lexical
        search alike.
        """
        if self._pattern is None:
            return text
        folded, at, pieces = _folded(text), 0, []
        for place in self._places(folded):
            pieces += [folded[at : place.start], self._name(place.form, language)]
            at = place.end
        return " ".join("".join([*pieces, folded[at:]]).split())

    def _find(self, folded: str) -> list[NamePlace]:
        if self._pattern is None:
            return []
        exact = [NamePlace(*match.span(), match[0]) for match in self._pattern.finditer(folded)]
        return sorted([*exact, *self._near.find(folded, [(place.start, place.end) for place in exact])])

    def _name(self, form: str, language: str) -> str:
        names = [entry.names[language][0] for entry in self._by_form[form] if entry.names.get(language)]
        if not names:
            return form
        return _folded(names[0]) if language in _UNSPACED else f" {_folded(names[0])} "


def _explanation(path: Path, data: Any, error: ValidationError) -> str:  # noqa: ANN401 - whatever YAML gave
    first = error.errors()[0]
    place = f"{path}:{location_of(data, first['loc'])}"
    keys = [str(part) for part in first["loc"] if not isinstance(part, int)]
    if first["type"] == "extra_forbidden":
        model = GlossaryEntry if "entries" in keys[:-1] else _GlossaryFile
        return f"{place}: unknown key {keys[-1]!r}: allowed are {', '.join(model.model_fields)}"
    return f"{place}: {'.'.join(keys) or 'the file'}: {one_line(Exception(first['msg']))}"


def _folded(text: str) -> str:
    return search_text(text).casefold()


def _bounded(form: str) -> str:
    """A form in Latin letters or digits begins and ends at a word's border; others stand anywhere."""
    before = r"(?<![\p{Latin}\d])" if regex.match(r"[\p{Latin}\d]", form) else ""
    after = r"(?![\p{Latin}\d])" if regex.search(r"[\p{Latin}\d]$", form) else ""
    return f"{before}{regex.escape(form)}{after}"


@lru_cache(maxsize=4)
def _loaded(path: Path, state: str) -> Glossary:
    """The glossary of a file in a state; reading its YAML takes a second, and every new index asks for it."""
    del state
    try:
        data = load_yaml(path)
        content = _GlossaryFile.model_validate(data or {})
    except YamlFileError as error:
        raise GlossaryError(str(error)) from error
    except ValidationError as error:
        raise GlossaryError(_explanation(path, data, error)) from error
    return Glossary(content.entries, content.ocr_spellings)
