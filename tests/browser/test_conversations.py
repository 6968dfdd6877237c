"""Conversations that the browser keeps."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from assistant.engine import Assistant
from tests.browser.test_page import QUESTION, WORDS, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest
    from playwright.sync_api import Page

    from assistant.answer import Answer

OTHER = "Where was the Zanzibar memorandum signed?"
_CHANGE = """async ([change, id]) => {
  const opened = await new Promise((resolve) => {
    const request = indexedDB.open("conversations", 1);
    request.onsuccess = () => resolve(request.result);
  });
  const transaction = opened.transaction(["list", "whole"], "readwrite");
  const stores = { list: transaction.objectStore("list"), whole: transaction.objectStore("whole") };
  const read = (store) => new Promise((resolve) => {
    const request = stores[store].getAll();
    request.onsuccess = () => resolve(request.result);
  });
  const values = { list: await read("list"), whole: await read("whole") };
  for (const [store, entry] of change) {
    const before = values[store].find((one) => one.id === entry.id) ?? values[store][0];
    stores[store].put({ ...structuredClone(before), ...entry });
  }
  await new Promise((resolve) => { transaction.oncomplete = resolve; });
  opened.close();
}"""


def _titles(page: Page, *titles: str) -> None:
    """Wait until the list shows just these titles."""
    page.wait_for_function(
        "titles => JSON.stringify([...document.querySelectorAll('#conversations .title')].map(e => e.textContent))"
        " === JSON.stringify(titles)",
        arg=list(titles),
    )


def _reloaded(page: Page) -> None:
    page.reload()
    page.locator("html.ready #question textarea").wait_for()


def test_the_open_conversation_is_there_again_and_goes_on(visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, QUESTION)
    _reloaded(page)
    page.locator("#chat blockquote", has_text=WORDS).wait_for()
    ask(page, OTHER)
    tab = page.context.new_page()
    tab.goto(page.url)
    tab.locator("#chat .asked", has_text=OTHER).wait_for()
    assert tab.locator("#chat .asked").all_text_contents() == [QUESTION, OTHER]
    page.locator("#restart").click()
    page.locator("#chat .welcome").wait_for()
    _reloaded(page)
    page.locator("#conversations .open").click()
    page.locator("#chat .asked", has_text=OTHER).wait_for()


def test_conversations_are_found_renamed_and_deleted(visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, QUESTION)
    page.locator("#restart").click()
    page.locator("#chat .welcome").wait_for()
    ask(page, OTHER)
    page.locator(".show-conversations").click()
    _titles(page, OTHER, QUESTION)
    page.get_by_role("searchbox", name="Search conversations").fill("挪威政府")
    _titles(page, QUESTION)
    page.get_by_role("searchbox").fill("")
    _titles(page, OTHER, QUESTION)

    page.locator("#conversations .open").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("F2")
    page.keyboard.type("<b>Donors</b>")
    page.keyboard.press("Enter")
    _titles(page, OTHER, "<b>Donors</b>")

    page.keyboard.press("ArrowUp")
    page.keyboard.press("Delete")
    page.locator("#chat .welcome").wait_for()
    _titles(page, "<b>Donors</b>")
    page.get_by_role("button", name="Undo").press("Enter")
    page.locator("#chat .asked", has_text=OTHER).wait_for()
    _titles(page, OTHER, "<b>Donors</b>")


def test_a_question_is_mended_and_asked_again(visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, QUESTION)
    ask(page, OTHER)
    page.locator("#chat .user-row").first.hover()
    page.get_by_role("button", name="Edit the question").first.click()
    line = page.locator("#conversation-line")
    line.get_by_text("what follows goes too (1)").wait_for()
    expect(page.locator("#question textarea")).to_have_value(QUESTION)
    page.fill("#question textarea", "Who signed the Zanzibar memorandum?")
    page.locator("#send").click()
    page.locator("#chat .asked", has_text="Who signed").wait_for()
    line.get_by_role("button", name="Undo").wait_for()
    assert page.locator("#chat .asked").count() == 1
    page.locator("#send").wait_for()
    line.get_by_role("button", name="Undo").click()
    page.locator("#chat .asked", has_text=OTHER).wait_for()
    assert page.locator("#chat .asked").all_text_contents() == [QUESTION, OTHER]


def test_what_is_undone_while_the_answer_is_on_its_way_stays_undone(
    visit: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit()
    ask(page, QUESTION)
    ask(page, OTHER)
    page.locator("#chat .user-row").first.hover()
    page.get_by_role("button", name="Edit the question").first.click()
    page.fill("#question textarea", "Who signed the Zanzibar memorandum?")
    go_on, answer = threading.Event(), Assistant.stream

    def slowly(*given: Any, **named: Any) -> Iterator[Answer]:
        go_on.wait(20)
        return answer(*given, **named)

    monkeypatch.setattr(Assistant, "stream", slowly)
    page.locator("#send").click()
    page.locator("#stop").wait_for()
    page.locator("#conversation-line").get_by_role("button", name="Undo").click()
    page.locator("#chat .asked", has_text=OTHER).wait_for()
    page.locator("#send").wait_for()
    go_on.set()
    _reloaded(page)
    page.locator("#chat .asked", has_text=OTHER).wait_for()
    assert page.locator("#chat .asked").all_text_contents() == [QUESTION, OTHER]


def test_an_answer_is_copied_with_its_references(visit: Callable[..., Page]) -> None:
    page = visit()
    answer = ask(page, QUESTION)
    answer.get_by_role("button", name="Copy with references").click()
    answer.locator(".copy-answer.copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert WORDS in copied
    assert "第四次高官会 · 2006-05" in copied


def test_hostile_or_damaged_keepings_run_nothing_and_break_nothing(visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, QUESTION)
    page.wait_for_timeout(300)
    known = page.evaluate("sessionStorage.getItem('conversation')")
    hostile = "<img src=x onerror='window.hacked=1'>"
    exchange = {"question": hostile, "error": ["x", hostile]}
    change = [
        ["list", {"id": known, "title": hostile}],
        ["whole", {"id": known, "exchanges": [exchange, {"question": 1}, hostile]}],
        ["list", {"id": "../x", "title": hostile}],
        ["list", {"id": "c" * 32, "title": {}}],
        ["list", {"id": "d" * 32, "title": "Without its exchanges", "changed": "never"}],
    ]
    page.evaluate(_CHANGE, [change, known])
    _reloaded(page)
    page.locator("#chat .failure", has_text=hostile).wait_for()
    assert page.locator("#chat .asked").all_text_contents() == [hostile]
    page.locator("#conversation-line", has_text="Damaged and left out: 2").wait_for()
    _titles(page, hostile, "Without its exchanges")
    assert page.locator("#chat img, #conversations img").count() == 0


def test_when_there_is_no_room_the_oldest_conversation_goes(visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, QUESTION)
    page.wait_for_timeout(300)
    old = [["list", {"id": f"{number:032x}", "title": f"old {number}", "changed": number}] for number in range(200)]
    page.evaluate(_CHANGE, [old, ""])
    ask(page, OTHER)
    page.locator("#conversation-line", has_text="the oldest conversations were deleted: old 0").wait_for()


def test_on_a_phone_the_list_is_a_drawer_that_escape_closes(visit: Callable[..., Page]) -> None:
    page = visit(locale="zh-CN", width=390, height=844, dark=True)
    ask(page, QUESTION)
    assert not page.locator("#conversations nav").is_visible()
    page.get_by_role("button", name="对话记录").click()
    page.locator("#conversations .open", has_text=QUESTION).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.keyboard.press("Escape")
    page.locator("#conversations nav").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.className") == "show-conversations"


def test_all_are_deleted_at_once_and_brought_back(visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, QUESTION)
    page.locator("#restart").click()
    page.locator("#chat .asked").wait_for(state="detached")
    ask(page, OTHER)
    page.get_by_role("button", name="Conversations", exact=True).click()
    _titles(page, OTHER, QUESTION)
    page.get_by_role("button", name="Delete all").click()
    _titles(page)
    page.locator("#chat .asked").first.wait_for(state="detached")
    page.get_by_role("button", name="Undo").click()
    _titles(page, OTHER, QUESTION)


def test_traditional_and_simplified_find_each_other(visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, QUESTION)
    page.get_by_role("button", name="Conversations", exact=True).click()
    search = page.locator("#conversations .search")
    for text, found in (("主要捐贈機構", [QUESTION]), ("主要捐赠机构", [QUESTION]), ("香港", [])):
        search.fill(text)
        _titles(page, *found)
