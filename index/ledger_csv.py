"""The ledger as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.ledger import LedgerEntry

COLUMNS = (
    "source",
    "page",
    "format",
    "pages",
    "characters",
    "passages",
    "languages",
    "ocr_confidence",
    "encoding",
    "seconds",
    "warnings",
    "problem",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def ledger_csv(ledger: Iterable[LedgerEntry]) -> str:
    """CSV with a row for every source, its `page` empty, and a row for each page of those that have pages.

    What a spreadsheet would take for a formula is preceded by an apostrophe: file names come from anybody.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in ledger:
        writer.writerows([_safe(value) for value in row] for row in _rows(entry))
    return out.getvalue()


def _rows(entry: LedgerEntry) -> Iterator[tuple[object, ...]]:
    warnings = [*entry.warnings, *([f"same file as {entry.duplicate_of}"] if entry.duplicate_of else [])]
    shares, sure = _shares(entry.languages), _confidence(entry.confidence)
    counts = (entry.pages, entry.characters, entry.passages)
    rest = (entry.encoding, entry.seconds, "; ".join(warnings), entry.problem)
    yield (entry.source_id, "", entry.format, *counts, shares, sure, *rest)
    for page in entry.page_entries:
        shares, sure = _shares(page.languages), _confidence(page.confidence)
        facts = ("", page.characters, page.passages, shares, sure, "", "", "; ".join(page.warnings), "")
        yield (entry.source_id, page.page, entry.format, *facts)


def _shares(languages: dict[str, float]) -> str:
    return " ".join(f"{name} {share:.0%}" for name, share in languages.items())


def _confidence(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
