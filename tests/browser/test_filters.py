"""Questions that are narrowed down on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.conftest import HOSTILE_TITLE
from tests.browser.test_page import QUESTION, WORDS, ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page


def _titled(page: Page, title: str) -> Locator:
    button = page.locator("#narrow > button", has_text=title)
    button.wait_for()
    return button


def test_an_answer_comes_from_the_chosen_source_and_the_conversation_says_so(visit: Callable[..., Page]) -> None:
    page = visit()
    _titled(page, "Narrow down").press("Enter")
    page.locator("#narrow-sources input").click()
    page.get_by_role("option", name=HOSTILE_TITLE).click()
    _titled(page, "1 filter")
    answer = ask(page, QUESTION)
    assert WORDS not in (answer.text_content() or "")
    titles = answer.locator("a.citation cite").all_text_contents()
    assert titles
    assert set(titles) == {HOSTILE_TITLE}
    within = page.locator("#chat .within")
    assert within.locator(".filter").all_text_contents() == [f"Document {HOSTILE_TITLE}"]
    page.locator('#narrow > button[aria-expanded="false"]').wait_for()
    standing = page.locator("#narrow-active .filter")
    assert standing.all_text_contents() == [f"Document {HOSTILE_TITLE}"], "what is set stays in view"

    page.get_by_label("中文").check()
    _titled(page, "缩小范围 · 1 项条件").click()
    assert page.locator("#narrow-sources .token").inner_text().strip() == HOSTILE_TITLE
    page.locator("#narrow-clear").click()
    page.locator("#narrow-sources .token").wait_for(state="detached")
    page.locator("#narrow-clear").wait_for(state="hidden")
    standing.wait_for(state="detached")
    assert WORDS in (ask(page, QUESTION).text_content() or "")
    assert within.count() == 1


def test_filters_are_chosen_with_the_keyboard_on_a_phone(visit: Callable[..., Page]) -> None:
    page = visit(locale="zh-CN", width=390, height=844, dark=True)
    folder = _titled(page, "缩小范围")
    folder.focus()
    page.keyboard.press("Enter")
    page.locator('#narrow > button[aria-expanded="true"]').wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    _titled(page, "1 项条件")
    page.locator("#narrow-since input").focus()
    page.get_by_role("option", name="2006").click()
    _titled(page, "2 项条件")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    ask(page, QUESTION)
    assert page.locator("#chat .within .filter").count() == 2
