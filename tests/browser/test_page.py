"""The page as a user meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.conftest import HOSTILE_TITLE, HOSTILE_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import FrameLocator, Locator, Page

QUESTION = "COMMIT 主要捐赠机构有哪些？"
WORDS = "目前 COMMIT 主要捐赠机构是挪威政府，亚洲发展银行等。"
UNANSWERED = "Who won the football world cup in 1998?"


def ask(page: Page, question: str) -> Locator:
    """Send a question and wait for the whole answer."""
    before = page.locator("#chat .bot-row").count()
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    answer = page.locator("#chat .bot-row").nth(before)
    answer.locator(".reply, .failure").wait_for()
    page.locator("#send").wait_for()
    return answer


def source(page: Page) -> FrameLocator:
    """The source beside the conversation."""
    return page.frame_locator("iframe[name=source-view]")


def wait_for_cards(page: Page) -> None:
    """Until the citations are there and their script, which takes keys, has run: they are seen before it does."""
    source(page).locator(".card").first.wait_for()
    frame = page.frame(name="source-view")
    assert frame is not None
    frame.wait_for_load_state()


def test_an_answer_opens_its_source_at_the_quoted_words(visit: Callable[..., Page]) -> None:
    page = visit(locale="zh-CN")
    answer = ask(page, QUESTION)
    quotation = answer.locator(".quotation", has_text="挪威政府")
    quoted = quotation.locator("blockquote").text_content() or ""
    assert WORDS in quoted
    assert "2006-05" in (quotation.locator(".reference").text_content() or "")
    quotation.locator(".reference a.citation").click()
    mark = source(page).locator("mark#q")
    mark.wait_for()
    assert mark.text_content() == quoted
    box, view = mark.bounding_box(), page.viewport_size
    assert box is not None
    assert view is not None
    assert 0 <= box["y"] <= view["height"] - box["height"]
    assert box["x"] >= view["width"] / 3
    assert "/source/" not in page.url


def test_a_new_answer_shows_its_citations_in_context_beside_it(visit: Callable[..., Page]) -> None:
    page = visit()
    answer = ask(page, QUESTION)
    card = source(page).locator(".card", has_text="挪威政府")
    card.wait_for()
    quoted = answer.locator(".quotation blockquote", has_text="挪威政府").text_content()
    assert card.locator("mark").text_content() == quoted
    assert "".join(card.locator(".around").all_text_contents()).strip()
    assert "Word for word" in (card.locator(".states").text_content() or "")
    card.locator("button.copy").click()
    card.locator("button.copied").wait_for()
    assert WORDS in page.evaluate("navigator.clipboard.readText()")
    card.locator(".ways a").click()
    source(page).locator("mark#q").wait_for()
    source(page).locator(".to-cards").click()
    card.wait_for()
    page.get_by_label("中文").check()
    source(page).locator(".state", has_text="与原文逐字相同").first.wait_for()


def test_on_a_phone_the_citations_come_when_they_are_asked_for(visit: Callable[..., Page]) -> None:
    page = visit(width=390, height=844)
    answer = ask(page, QUESTION)
    assert not page.locator("#source-panel").is_visible()
    answer.locator("a.cards").click()
    wait_for_cards(page)
    page.keyboard.press("Escape")
    page.locator("#source-panel").wait_for(state="hidden")


def test_closing_the_source_on_a_phone_leads_back_unless_the_user_has_gone_on(visit: Callable[..., Page]) -> None:
    page = visit(width=390, height=844)
    chip = ask(page, QUESTION).locator("a.citation").first
    chip.click()
    source(page).locator("mark#q").wait_for()
    source(page).locator(".to-cards").click()
    wait_for_cards(page)
    page.keyboard.press("Escape")
    page.locator("#source-panel").wait_for(state="hidden")
    assert chip.evaluate("chip => chip === document.activeElement")
    chip.click()
    source(page).locator("mark#q").wait_for()
    page.locator("#question textarea").focus()
    page.evaluate("postMessage('close-source', location.origin)")
    page.locator("#source-panel").wait_for(state="hidden")
    assert page.locator("#question textarea").evaluate("box => box === document.activeElement")


def test_an_answer_by_keyboard_its_copy_and_how_it_was_found(visit: Callable[..., Page]) -> None:
    page = visit()
    answer = ask(page, QUESTION)
    answer.locator("a.citation").first.focus()
    page.keyboard.press("Enter")
    source(page).locator("mark#q").wait_for()
    quotation = answer.locator(".quotation", has_text="挪威政府")
    quotation.locator("button.copy").click()
    answer.locator("button.copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert WORDS in copied
    assert copied == quotation.locator("blockquote").text_content()
    found = answer.locator("details.found")
    assert not found.locator("table").is_visible()
    found.locator("summary").click()
    found.locator("table").wait_for()
    assert found.locator("tbody tr").count() >= 1
    assert "multilingual-e5-small" in (found.text_content() or "")


def test_a_refusal_is_no_answer(visit: Callable[..., Page]) -> None:
    page = visit()
    answer = ask(page, UNANSWERED)
    assert "Not in the materials" in (answer.locator(".refused").text_content() or "")
    assert "Nearest passages" in (answer.locator(".nearest").text_content() or "")
    answer.locator("a.citation").first.click()
    source(page).locator("mark#q").wait_for()


def test_an_error_is_one_calm_line_and_the_question_stays(visit: Callable[..., Page]) -> None:
    page = visit()
    answer = ask(page, "？！")
    assert "the question has no words" in (answer.locator(".failure").text_content() or "")
    assert page.input_value("#question textarea") == "？！"
    assert page.locator("#chat .asked").text_content() == "？！"


def test_hostile_sources_and_questions_are_text(visit: Callable[..., Page]) -> None:
    page = visit()
    question = f"Who signed the Zanzibar memorandum in the harbour?\n\n# <b>x</b> {HOSTILE_WORDS}"
    answer = ask(page, question)
    assert page.locator("#chat .asked").text_content() == question
    quotation = answer.locator(".quotation", has_text="Zanzibar memorandum").first
    assert HOSTILE_WORDS in (quotation.locator("blockquote").text_content() or "")
    link = quotation.locator("a.citation").first
    assert HOSTILE_TITLE in (link.text_content() or "")
    link.click()
    mark = source(page).locator("mark#q")
    mark.wait_for()
    assert HOSTILE_WORDS in (mark.text_content() or "")
    source(page).locator("summary").click()
    links = source(page).locator("header a")
    assert links.evaluate_all("links => links.map(link => link.href)") == ["https://example.org/minutes"]
    assert page.locator("#chat img, #chat script, #chat .katex").count() == 0
    assert source(page).locator("body img, body script").count() == 0
    frame = page.frame(name="source-view")
    assert frame is not None
    assert frame.evaluate("window.hacked") is None
    answer.locator("a.cards").click()
    card = source(page).locator(".card", has_text="Zanzibar memorandum").first
    card.wait_for()
    assert HOSTILE_TITLE in (card.locator("h2").text_content() or "")
    assert source(page).locator("main img, main script").count() == 0
    assert frame.evaluate("window.hacked") is None


def test_the_language_changes_with_what_stands_there(visit: Callable[..., Page]) -> None:
    page = visit(locale="en-US")
    assert page.locator(".masthead h1").text_content() == "COMMIT Assistant"
    answer = ask(page, UNANSWERED)
    page.get_by_label("中文").check()
    answer.get_by_text("资料中没有答案").wait_for()
    assert page.locator(".masthead h1").text_content() == "COMMIT 资料问答"
    assert page.locator("#send").inner_text() == "发送"
    assert page.locator("html").get_attribute("lang") == "zh"
    page.reload()
    page.locator("html.ready[lang=zh]").wait_for()


def test_an_example_is_asked_with_a_click_and_a_new_conversation_begins(visit: Callable[..., Page]) -> None:
    page = visit(locale="zh-CN")
    page.locator("#chat .example", has_text=QUESTION).click()
    page.locator("#chat blockquote", has_text=WORDS).wait_for()
    page.locator("#restart").click()
    page.locator("#chat .welcome").wait_for()
    assert page.locator("#chat .bot-row").count() == 0


def test_shift_enter_begins_a_line_and_does_not_send(visit: Callable[..., Page]) -> None:
    page = visit()
    page.click("#question textarea")
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    assert page.input_value("#question textarea") == "one\ntwo"
    assert page.locator("#chat .bot-row").count() == 0


def test_on_a_phone_the_source_lies_over_the_conversation(visit: Callable[..., Page]) -> None:
    page = visit(locale="zh-CN", width=390, height=844, dark=True)
    answer = ask(page, QUESTION)
    assert not page.locator("#source-panel").is_visible()
    answer.locator(".reference a.citation").first.click()
    source(page).locator("mark#q").wait_for()
    frame = page.frame(name="source-view")
    assert frame is not None
    for part in (page, frame):
        assert part.evaluate("document.documentElement.scrollWidth") == 390
    page.locator(".close-source").click()
    page.locator("#source-panel").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.className").startswith("citation")
