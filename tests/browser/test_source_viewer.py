"""The source viewer as a reader meets it."""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sources_to_view import HOSTILE_HEADING, UNFINISHED_OVERRIDE, Shelf, chapters, viewer

from assistant.web.links import source_address
from assistant.web.serving import address_of, bound
from index.document import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

PAGES = "minutes.txt"
SCRIPTS = "scripts.txt"
SCRIPT_TEXT = "𠮷野 <b>กฎหมาย</b> កម្ពុជា\n" + "字" * 1_000_000 + "\nThe 𠮷 end"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    shelf = Shelf(tmp_path_factory.mktemp("viewed"))
    shelf.add(chapters(PAGES, 60, HOSTILE_HEADING), b"the original")
    shelf.add(Document(SCRIPTS, SCRIPT_TEXT))
    return shelf


@pytest.fixture(scope="module")
def site(shelf: Shelf) -> Iterator[str]:
    import uvicorn

    with bound("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(viewer(shelf), log_config=None, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield address_of("127.0.0.1", listener).rstrip("/")
        server.should_exit = True
        thread.join(timeout=20)


@pytest.fixture
def read(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens a source; afterwards, checks that no script of a document ran and none of ours failed."""
    opened: list[Page] = []
    strange: list[str] = []

    def opening(address: str, *, width: int = 1366, script: bool = True) -> Page:
        permissions = ["clipboard-read", "clipboard-write"]
        context = browser.new_context(
            viewport={"width": width, "height": 800}, permissions=permissions, java_script_enabled=script
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: strange.append(str(error)))
        page.on("console", lambda message: message.type in {"error", "warning"} and strange.append(message.text))
        page.on("dialog", lambda dialog: strange.append(dialog.message) or dialog.dismiss())
        opened.append(page)
        page.goto(site + address)
        return page

    yield opening
    for page in opened:
        page.context.close()
    assert strange == []


def in_view(page: Page, selector: str) -> bool:
    """Whether something can be seen once the page has come to rest."""
    for _ in range(100):
        if _seen(page, selector):
            return True
        page.wait_for_timeout(100)
    return False


def _seen(page: Page, selector: str) -> bool:
    box = page.locator(selector).first.bounding_box()
    held = page.locator(".held").bounding_box()
    assert box is not None
    assert held is not None
    return held["y"] + held["height"] <= box["y"] + 1 and box["y"] + box["height"] <= 800


def find(page: Page, words: str) -> str:
    page.locator("main").evaluate("main => main.focus({ preventScroll: true })")
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.locator("#hits", has_text=re.compile(r"\d|found")).wait_for()
    return page.locator("#hits").text_content() or ""


def shown_hit(page: Page) -> str:
    return page.evaluate("[...CSS.highlights.get('hit-shown')].map(String).join('')")


def test_the_quotations_of_an_answer_are_led_to_copied_and_handed_on(read: Callable[..., Page], shelf: Shelf) -> None:
    text = shelf.documents[PAGES].text
    spans = [(at, at + 18) for at in (text.index(f"Words of page {page}.") for page in (3, 30, 55))]
    quoted = [(span, text[slice(*span)]) for span in spans]
    page = read(source_address(PAGES, "en", *quoted[1], also=quoted))
    assert page.locator("mark#q").text_content() == quoted[1][1]
    assert in_view(page, "mark#q")
    assert page.locator("#stop").text_content() == "2/3"
    page.get_by_label("Next quotation").click()
    assert page.locator("#stop").text_content() == "3/3"
    assert page.locator("mark#q").text_content() == quoted[2][1]
    assert in_view(page, "mark#q")
    page.get_by_text("Copy with reference").click()
    page.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{quoted[2][1]}\n(Title of {PAGES}, Secretariat, 2007-12, page 55, {PAGES})"
    page.get_by_role("button", name="Copy link").click()
    address = page.evaluate("navigator.clipboard.readText()").partition("/source")
    again = read("/source" + address[2])
    assert again.locator("mark#q").text_content() == quoted[2][1]
    assert in_view(again, "mark#q")


@pytest.mark.parametrize(("start", "end"), [(0, 3), (4, 10), (1_000_010, len(SCRIPT_TEXT))])
def test_a_place_in_the_fragment_is_marked_character_for_character(
    read: Callable[..., Page], start: int, end: int
) -> None:
    page = read(f"/source/{SCRIPTS}?lang=en#{start}-{end}")
    page.locator("mark#q").wait_for()
    assert "".join(page.locator("mark").all_text_contents()) == SCRIPT_TEXT[start:end]
    assert in_view(page, "mark#q")
    assert page.locator("main").evaluate("main => main.textContent") == SCRIPT_TEXT
    assert page.locator("main b").count() == 0


def test_the_link_to_a_selection_leads_to_it_also_without_script(read: Callable[..., Page]) -> None:
    page = read(f"/source/{SCRIPTS}?lang=en")
    page.evaluate("""() => {
        const words = document.querySelector("main").lastChild.lastChild;
        const at = words.data.indexOf("𠮷");
        getSelection().setBaseAndExtent(words, at - 1, words, at + 6);
    }""")
    page.get_by_role("button", name="Copy link to selection").click()
    address = page.evaluate("navigator.clipboard.readText()")
    plain = read("/source" + address.partition("/source")[2], script=False)
    assert plain.locator("mark#q").text_content() == "𠮷 end"
    assert "check=" in address
    assert in_view(plain, "mark#q")
    assert not plain.locator("#find").is_visible()


def test_words_are_found_with_the_keyboard_alone(read: Callable[..., Page], shelf: Shelf) -> None:
    text = shelf.documents[PAGES].text
    at = text.index("反对拐卖\n人口", text.index("Words of page 20."))
    page = read(source_address(PAGES, "en", (at - 9, at + 3), text[at - 9 : at + 3]))
    marks = page.locator("mark").all_text_contents()
    assert in_view(page, "mark#q")
    before = page.evaluate("scrollY")
    page.keyboard.press("/")
    page.keyboard.type(" ")
    assert page.evaluate("scrollY") == before
    assert find(page, "反對拐賣人口") == "20/60"
    assert shown_hit(page) == "反对拐卖\n人口"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert page.locator("#hits").text_content() == "22/60"
    page.keyboard.press("Shift+Enter")
    assert page.locator("#hits").text_content() == "21/60"
    assert 1 <= page.evaluate("CSS.highlights.get('hit').size") <= 400
    assert page.locator("mark").all_text_contents() == marks
    page.keyboard.press("Escape")
    assert page.input_value("#words") == ""
    assert shown_hit(page) == ""
    assert find(page, "nowhere") == "Not found"


def test_the_contents_and_the_page_box_say_where_the_reader_is_and_lead_on(read: Callable[..., Page]) -> None:
    page = read(f"/source/{PAGES}?lang=en")
    current = page.locator("#contents a[aria-current]")
    assert current.text_content() == " ".join(HOSTILE_HEADING.split())
    page.locator("#contents a", has_text="Chapter 40").click()
    page.locator("#contents a[aria-current]", has_text="Chapter 40").wait_for()
    assert page.input_value("#page") == "41"
    page.fill("#page", "12")
    page.press("#page", "Enter")
    page.locator("#contents a[aria-current]", has_text="Section 10").wait_for()
    assert in_view(page, "#page-12")
    page.fill("#page", "99")
    page.press("#page", "Enter")
    assert page.locator("#page").get_attribute("aria-invalid") == "true"
    with page.expect_download() as kept:
        page.get_by_text("Download the original file").click()
    assert kept.value.suggested_filename == PAGES


def test_on_a_phone_the_contents_unfold_over_the_text(read: Callable[..., Page]) -> None:
    page = read(f"/source/{PAGES}?lang=en", width=390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert not page.locator("#contents").is_visible()
    button = page.locator("#contents-button")
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert not page.locator("#contents").is_visible()
    button.click()
    page.locator("#contents a", has_text="Chapter 8").click()
    assert not page.locator("#contents").is_visible()
    page.wait_for_timeout(100)
    assert in_view(page, ".heading:text('Chapter 8')")
    assert UNFINISHED_OVERRIDE in (page.locator("main").text_content() or "")


def test_a_document_of_many_megabytes_opens_soon(read: Callable[..., Page], shelf: Shelf) -> None:
    source = shelf.add(chapters("large.txt", 3_000))
    text = source.text
    at = text.index("Words of page 2500.")
    began = time.monotonic()
    page = read(f"/source/{quote('large.txt')}?lang=en&q={at}-{at + 19}#q")
    assert page.locator("mark#q").text_content() == "Words of page 2500."
    assert in_view(page, "mark#q")
    assert time.monotonic() - began < 15
    assert find(page, "page 2999") == "1/1"
    assert page.evaluate("document.getElementsByTagName('*').length") < 20_000
