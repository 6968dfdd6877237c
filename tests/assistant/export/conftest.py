"""Answers about the five catalogued texts, and a clock that stands still."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from assistant.answer import Answer, Citation, Stamp
from index.catalog import Catalog, CatalogEntry
from index.settings import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 25, 15, 4, tzinfo=timezone(timedelta(hours=8)))
TODAY = date(2026, 11, 25)
STAMP = Stamp(generation="g7", corpus="c0ffee", embedding_model="e5-small", prompts={"refuse": "ab12"}, version="9.9")


def citation(number: int = 1, quote: str = "引文", **values: Any) -> Citation:
    given = {"source_id": "a.txt", "title": "甲", "start": 0, "end": len(quote), "language": "zh"}
    return Citation(number=number, quote=quote, **(given | values))


def answer(citations: list[Citation], text: str | None = None, **values: Any) -> Answer:
    quoted = "\n\n".join(f"{one.quote} [{one.number}]" for one in citations)
    given = {"id": "x", "question": "问题？", "refused": False, "stamp": STAMP, "language": "zh"}
    return Answer(answer=quoted if text is None else text, citations=tuple(citations), **(given | values))


def nothing_known(source_id: str) -> CatalogEntry | None:
    return None


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog.load(PROJECT / "sources")


@pytest.fixture
def entry() -> Callable[..., CatalogEntry]:
    return lambda **values: CatalogEntry(**({"file": "a.txt"} | values))
