"""Adding documents in the library, and asking about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.settings import load_settings
from evals.screenshots import served
from index.build import build_index
from tests.browser.test_page import ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page, Route


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("library")
    (folder / "sources").mkdir()
    (folder / "sources" / "a.txt").write_text("The secretariat of the project is in Bangkok.\n", encoding="utf-8")
    settings = load_settings(
        sources=folder / "sources", storage=folder / "storage", index_button=True, uploads=True, upload_limit=1
    )
    build_index(settings)
    with served(settings) as address:
        yield address


def test_files_chosen_before_the_script_has_come_are_sent_when_it_has(visit: Callable[..., Page], tmp_path: Path):
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 1_100_000)
    page = visit()
    held: list[Route] = []
    page.route("**/page/library.js", lambda route: held.append(route))  # noqa: PLW0108 - it sets an attribute on it
    page.locator("a.library").click(no_wait_after=True)
    page.locator("#files").set_input_files([large])
    assert page.locator("#uploads li").count() == 0
    held[0].continue_()
    page.locator("#uploads li").get_by_text("more than 1 MB").wait_for()


def test_documents_are_added_indexed_and_asked_about(visit: Callable[..., Page], tmp_path: Path) -> None:
    good = tmp_path / "hostile <b>name<b> 会议.txt"
    good.write_text("Minutes of Zanzibar\n\nThe Zanzibar office opened in March 2009.\n", encoding="utf-8")
    kept_out = tmp_path / "tool.exe"
    kept_out.write_bytes(b"MZ")
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 1_100_000)
    page = visit()
    page.locator("a.library").click()
    page.locator("#files").set_input_files([good, kept_out, large])
    uploads = page.locator("#uploads li")
    uploads.nth(0).get_by_text("added").wait_for()
    uploads.nth(1).get_by_text("Files of this kind are not read").wait_for()
    uploads.nth(2).get_by_text("more than 1 MB").wait_for()
    page.locator("#index-added").click()
    page.locator("#progress", has_text="The index is up to date.").wait_for()
    page.locator("#changes").get_by_text("Minutes of Zanzibar").wait_for()
    assert page.locator("tbody tr").count() == 2
    assert page.locator("tbody b").count() == 0
    page.get_by_role("link", name="Evaluations").wait_for()
    page.get_by_role("link", name="Back to the conversation").click()
    page.locator("html.ready #question textarea").wait_for()
    answer = ask(page, "When did the Zanzibar office open?")
    assert "March 2009" in (answer.locator("blockquote").first.text_content() or "")
