"""The documents, passages and ledger of one generation, read from one SQLite file."""

from __future__ import annotations

import json
import sqlite3
import threading
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from index.catalog import CatalogEntry
from index.document import Passage
from index.errors import DamagedIndexError
from index.ledger import LedgerEntry
from index.stored_document import document_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from index.document import Document

_PASSAGE = (
    "SELECT source_id, start, end, language, heading, page, units, windows, lists, number "
    "FROM passages JOIN numbers USING (passage)"
)
_OF_PASSAGES = _PASSAGE + " WHERE passage_id IN (SELECT value FROM json_each(?))"  # noqa: S608 - values are given apart
"""`json_each` takes any number of values, given as one JSON list."""
_OF_NUMBERS = _PASSAGE + " WHERE number IN (SELECT value FROM json_each(?))"  # noqa: S608 - values are given apart
_NUMBERS = "SELECT passage_id, number FROM passages JOIN numbers USING (passage)"
_NUMBERS_OF_IDS = _NUMBERS + " WHERE passage_id IN (SELECT value FROM json_each(?))"  # noqa: S608 - values are given apart
_IDS_OF_NUMBERS = _NUMBERS + " WHERE number IN (SELECT value FROM json_each(?))"  # noqa: S608 - values are given apart
_OF_TEXTS = """
SELECT embedded, window_id FROM windows WHERE segment IS NOT NULL AND embedded IN (SELECT value FROM json_each(?))
"""
_IN_SEGMENT = "SELECT window_id FROM windows WHERE segment = ? AND window_id IN (SELECT value FROM json_each(?))"


class Content:
    """Reads a finished generation's content; may be used from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # A finished generation never changes, so SQLite needs no lock files beside it.
        self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        self._document = lru_cache(maxsize=256)(self._read_document)

    def document(self, source_id: str) -> Document:
        """The canonical text of a source. Raises KeyError for a source that is not in the index."""
        return self._document(source_id)[0]

    def entry(self, source_id: str) -> CatalogEntry:
        """What the catalogue knew about a source when it was indexed. Raises KeyError."""
        return self._document(source_id)[1]

    def source_ids(self) -> list[str]:
        """Every source in the index, ordered."""
        return [row[0] for row in self._rows("SELECT source_id FROM documents ORDER BY source_id")]

    @cached_property
    def entries(self) -> dict[str, CatalogEntry]:
        """What the catalogue knew about every source in the index, ordered by source id; not to be changed."""
        rows = self._rows("SELECT source_id, entry FROM documents ORDER BY source_id")
        return {source_id: CatalogEntry.model_validate_json(entry) for source_id, entry in rows}

    @cached_property
    def _origins(self) -> tuple[list[str], list[str], NDArray[np.int32]]:
        """All source ids, all languages, and for every passage number which of them it has (n, 2)."""
        import numpy as np

        rows = self._rows("SELECT source_id, language FROM passages JOIN numbers USING (passage) ORDER BY number")
        sources: dict[str, int] = {}
        languages: dict[str, int] = {}
        codes = [(sources.setdefault(a, len(sources)), languages.setdefault(b, len(languages))) for a, b in rows]
        return list(sources), list(languages), np.array(codes, dtype=np.int32).reshape(-1, 2)

    def allowed(self, sources: frozenset[str] | None, languages: frozenset[str] | None) -> NDArray[np.bool_]:
        """For every passage number, whether the passage is of these sources and languages (None: of any)."""
        import numpy as np

        known_sources, known_languages, codes = self._origins
        source_fits = np.array([sources is None or name in sources for name in known_sources], dtype=bool)
        language_fits = np.array([languages is None or name in languages for name in known_languages], dtype=bool)
        allowed: NDArray[np.bool_] = source_fits[codes[:, 0]] & language_fits[codes[:, 1]]
        return allowed

    def passages(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """The passages with these ids, by id."""
        rows = self._rows(_OF_PASSAGES, json.dumps(list(passage_ids)))
        found = (self._passage(row) for row in rows)
        return {passage.passage_id: passage for passage in found}

    def numbered(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """The passages with these numbers, by number (their rows in the lexical index)."""
        rows = self._rows(_OF_NUMBERS, json.dumps(list(numbers)))
        return {row[-1]: self._passage(row) for row in rows}

    def numbers(self, passage_ids: Sequence[str]) -> dict[str, int]:
        """The numbers of the passages with these ids, by id."""
        return dict(self._rows(_NUMBERS_OF_IDS, json.dumps(list(passage_ids))))

    def ids(self, numbers: Sequence[int]) -> dict[int, str]:
        """The ids of the passages with these numbers, by number."""
        return {number: name for name, number in self._rows(_IDS_OF_NUMBERS, json.dumps(list(numbers)))}

    def all_passages(self) -> Iterator[Passage]:
        """Every passage, by number."""
        for row in self._rows(_PASSAGE + " ORDER BY number"):
            yield self._passage(row)

    def languages(self) -> dict[str, int]:
        """Number of passages in each language, most first."""
        return dict(self._rows("SELECT language, COUNT(*) FROM passages GROUP BY language ORDER BY 2 DESC, 1"))

    def embedded_ids(self, fingerprints: Sequence[str]) -> dict[str, str]:
        """For fingerprints of embedded texts that this generation has, the id of a window with that text."""
        return dict(self._rows(_OF_TEXTS, json.dumps(list(fingerprints))))

    def alive(self, segment_id: str, window_ids: Sequence[str]) -> set[str]:
        """Those of some windows whose vector is in a segment, and not in a later one or nowhere any more."""
        return {row[0] for row in self._rows(_IN_SEGMENT, segment_id, json.dumps(list(window_ids)))}

    def ledger(self) -> list[LedgerEntry]:
        """What every source gave, ordered by source id."""
        return [
            LedgerEntry.from_json(json.loads(row[0]))
            for row in self._rows("SELECT entry FROM ledger ORDER BY source_id")
        ]

    def ledger_entry(self, source_id: str) -> LedgerEntry:
        """What one source gave. Raises KeyError."""
        for row in self._rows("SELECT entry FROM ledger WHERE source_id = ?", source_id):
            return LedgerEntry.from_json(json.loads(row[0]))
        raise KeyError(source_id)

    def _read_document(self, source_id: str) -> tuple[Document, CatalogEntry]:
        query = "SELECT text, details, entry FROM documents WHERE source_id = ?"
        for text, details, entry in self._rows(query, source_id):
            return document_from(source_id, text, details), CatalogEntry.model_validate_json(entry)
        raise KeyError(source_id)

    def _passage(self, row: tuple[str, int, int, str, str, int | None, str, str, str, int]) -> Passage:
        source_id, start, end, language, heading, page, units, windows, lists, _ = row
        return Passage(
            source_id=source_id,
            start=start,
            end=end,
            text=self.document(source_id).text[start:end],
            language=language,
            heading=heading,
            page=page,
            units=tuple((a, b) for a, b in json.loads(units)),
            windows=tuple((a, b) for a, b in json.loads(windows)),
            lists=tuple((a, b) for a, b in json.loads(lists)),
        )

    def _rows(self, query: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        try:
            with self._lock:
                return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise DamagedIndexError(self._path.parent) from error
