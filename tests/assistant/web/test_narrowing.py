"""What the page offers to narrow a question down by, and what a choice means."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import pytest

from assistant.filters import Filters
from assistant.web.narrow_row import NarrowRow
from assistant.web.narrowing import Choices, Within, chosen
from index.catalog import CatalogEntry
from index.generation import NoIndexError

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from index.content import Content


class _Content:
    entries = {  # noqa: RUF012 - read only
        "a.txt": CatalogEntry(file="a.txt", title="Minutes", date="2007-12", type="会议纪要", publisher="P"),
        "b/c.txt": CatalogEntry(file="b/c.txt", title="Minutes", date="2006", type="newsletter", publisher="P"),
        "d.txt": CatalogEntry(file="d.txt"),
    }

    def languages(self) -> dict[str, int]:
        return {"zh": 3, "en": 1}


class _Assistant:
    """One with an index of some content, or without an index."""

    def __init__(self, content: _Content | None) -> None:
        self.content = content
        self.current = self

    def get(self) -> _Assistant:
        if self.content is None:
            raise NoIndexError("there is no index yet")
        return self


CHOICES = Choices.of(cast("Content", _Content()))


def test_the_catalogue_says_what_there_is() -> None:
    assert (
        Choices(
            languages=("zh", "en"),
            years=("2006", "2007"),
            types=("newsletter", "会议纪要"),
            publishers=("P",),
            sources=(("Minutes (a.txt)", "a.txt"), ("Minutes (b/c.txt)", "b/c.txt"), ("d.txt", "d.txt")),
        )
        == CHOICES
    )
    assert CHOICES.titles(["d.txt", "b/c.txt", "gone.txt"]) == ("d.txt", "Minutes (b/c.txt)", "gone.txt")


@pytest.mark.parametrize(
    ("values", "filters"),
    [
        ((), Filters()),
        ((None, "", None, [], [], []), Filters()),
        (
            (["zh"], "2007", "2006", [], [], ["a.txt"]),
            Filters.of({"languages": "zh", "since": 2006, "until": 2007, "sources": "a.txt"}),
        ),
        (([], "2007", "", ["x"], [], []), Filters(since="2007", types=("x",))),
    ],
)
def test_the_fields_give_filters(values: tuple[object, ...], filters: Filters) -> None:
    assert chosen(*values) == filters


def test_filters_are_said_in_the_words_of_the_page() -> None:
    within = Within(Filters.of({"languages": ["zh", "xx"], "since": "2006", "types": "newsletter"}))
    assert within.shown("en") == [("Language", "Chinese, xx"), ("From year", "2006"), ("Type", "Newsletter")]
    assert within.shown("zh") == [("语言", "中文、xx"), ("起始年份", "2006"), ("类型", "通讯")]


def _row(content: _Content | None) -> NarrowRow:
    import gradio as gr

    async def made() -> NarrowRow:
        with gr.Blocks():
            return NarrowRow(cast("Assistant", _Assistant(content)), "en")

    return asyncio.run(made())


def test_the_row_offers_what_the_index_has_and_says_what_is_set() -> None:
    row = _row(_Content())
    folder, standing, active, clear, languages, since, *_ = row.labels("zh", ["zh"], "2006", "", [], [], [])
    assert folder["label"] == "缩小范围 · 2 项条件"
    assert folder["visible"] is standing["visible"] is True
    assert ["中文" in active, "2006" in active, clear["value"]] == [True, True, "清除条件"]
    assert languages["choices"] == [("中文", "zh"), ("英文", "en")]
    assert since["choices"][:2] == [("不限", ""), ("2006", "2006")]
    assert row.within(["zh"], "", "", [], [], ["d.txt"]).titles == ("d.txt",)
    assert _row(None).labels("en")[0]["visible"] is False


def test_years_can_be_sent_where_no_source_has_a_date() -> None:
    since, until = _row(None).labels("en")[5:7]
    assert [field["choices"] for field in (since, until)] == [[("Any", "")]] * 2
    assert not since["visible"]
