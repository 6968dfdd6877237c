"""`python -m evals.screenshots`: pictures of the page for the documentation, in both languages, wide and narrow,
light and dark.
"""

from __future__ import annotations

import shutil
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from index.errors import WrongCallError
from index.offline import stay_offline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from assistant.settings import Settings

Scheme = Literal["light", "dark"]
SIZES = {"desktop": (1366, 800), "phone": (390, 844)}
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
QUESTIONS = {"zh": "谅解备忘录里一共有多少项承诺？", "en": "Who delivered a key speech at the IMM opening ceremony?"}
_LOCALES = {"zh": "zh-CN", "en": "en-GB"}
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_QUALITY = 82


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The address of the page, served by a thread of this process from the index that is there."""
    import uvicorn

    from assistant.engine import Assistant
    from assistant.web.app import create_app
    from assistant.web.serving import address_of, bound

    assistant = Assistant(settings)
    assistant.warm()
    with bound("127.0.0.1", 0) as listener:
        config = uvicorn.Config(create_app(assistant, settings), log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.02)
        try:
            yield address_of("127.0.0.1", listener)
        finally:
            server.should_exit = True
            thread.join(timeout=20)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, without a window. Raises WrongCallError where there is none."""
    from playwright.sync_api import sync_playwright

    path = next((found for name in _CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        raise WrongCallError("no Chromium on this machine: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()


def visited(browser: Browser, address: str, language: str, size: tuple[int, int], scheme: Scheme) -> Page:
    """The chat page as somebody with this browser sees it, ready to be used."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=_LOCALES[language], color_scheme=scheme
    )
    page = context.new_page()
    page.goto(address)
    page.locator("html.ready #question textarea").wait_for()
    return page


def ask(page: Page, question: str) -> None:
    """Ask, and wait until the whole answer stands there."""
    before = page.locator("#chat .tools").count()
    page.locator("#question textarea").fill(question)
    page.locator("#send").click()
    page.locator("#chat .tools").nth(before).wait_for(timeout=120_000)


def main(
    output: Annotated[Path, typer.Option(help="Folder for the pictures.")] = Path("docs/images"),
) -> None:
    """Take all pictures from the index in use."""
    stay_offline()
    from assistant.settings import load_settings

    output.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, served(load_settings()) as address:
        for language, question in QUESTIONS.items():
            for name, size in SIZES.items():
                for scheme in SCHEMES:
                    page = visited(browser, address, language, size, scheme)
                    ask(page, question)
                    page.wait_for_timeout(900)
                    file = output / f"{language}-{name}-{scheme}.jpg"
                    page.screenshot(path=file, type="jpeg", quality=_QUALITY)
                    page.context.close()
                    typer.echo(str(file))


if __name__ == "__main__":
    typer.run(main)
