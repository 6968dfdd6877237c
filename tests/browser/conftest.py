"""A real index, a real server and a real browser, once for all tests of this folder."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from assistant.settings import load_settings
from evals.screenshots import chromium, served
from index.build import build_index
from index.settings import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

REAL = "som4-phnom-penh-2006-meeting-note.zh.txt"
HOSTILE = "<img src=x onerror=window.hacked=1> $$\\LaTeX$$.txt"
HOSTILE_TITLE = "<script>window.hacked = 1</script>{{7*7}}"
HOSTILE_WORDS = (
    "The Zanzibar memorandum was signed by <script>window.hacked = 1</script> <img src=x onerror=alert(1)> "
    "[x](javascript:window.hacked=1) ![x](https://192.0.2.1/leak) ```mermaid click A href 'javascript:window.hacked=1'``` "
    "\u202esdrawkcab\u202c $$\\LaTeX$$ {{7*7}} **bold** in the harbour of Zanzibar."
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page that answers from one COMMIT text and a hostile one."""
    folder = tmp_path_factory.mktemp("site")
    settings = load_settings(sources=_sources(folder / "sources"), storage=folder / "storage")
    build_index(settings)
    with served(settings) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium. Not for the whole session: Playwright keeps an event loop running until it is closed."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens the page; afterwards, checks that nothing left the origin, no script failed or ran and no dialog opened."""
    pages: list[Page] = []
    strange: list[str] = []

    def opened(*, locale: str = "en-GB", width: int = 1366, height: int = 800, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        pages.append(page)
        page.on(
            "request", lambda request: request.url.startswith((site, "data:", "blob:")) or strange.append(request.url)
        )
        page.on("websocket", lambda websocket: strange.append(websocket.url))
        page.on("dialog", lambda dialog: strange.append(dialog.message) or dialog.dismiss())
        page.on("pageerror", lambda error: strange.append(str(error)))
        # The browser tells of every file that is refused (415) on the console, too.
        page.on(
            "console",
            lambda message: message.type == "error" and " 415 " not in message.text and strange.append(message.text),
        )
        page.goto(site)
        page.locator("html.ready #question textarea").wait_for()
        return page

    yield opened
    for page in pages:
        assert page.evaluate("window.hacked") is None
        page.context.close()
    assert strange == []


def _sources(folder: Path) -> Path:
    folder.mkdir()
    for name in (REAL, "glossary.yaml"):
        shutil.copy(PROJECT / "sources" / name, folder)
    (folder / HOSTILE).write_text(f"Minutes of Zanzibar\n\n{HOSTILE_WORDS}\n", encoding="utf-8")
    (folder / "catalog.yaml").write_text(_CATALOG, encoding="utf-8")
    return folder


_CATALOG = f"""
version: 1
sources:
  - file: {REAL}
    title: 湄公河次区域合作反拐进程（COMMIT）第四次高官会
    date: "2006-05"
    languages: [zh]
  - file: '{HOSTILE}'
    title: '{HOSTILE_TITLE}'
    publisher: '<b onmouseover=alert(1)>Publisher</b>'
    origin: 'javascript:alert(1) and https://example.org/minutes'
    notes: '"><script>window.hacked = 1</script>'
    languages: [en]
"""
