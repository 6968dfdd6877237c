"""The page for users with accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from assistant.settings import load_settings
from assistant.web.access.accounts import Accounts
from evals.screenshots import served
from index.build import build_index

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

PASSWORD = "staple of the reader"  # noqa: S105 - of an account that lives as long as the test


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Accounts:
    found = Accounts(tmp_path_factory.mktemp("accounts") / "accounts.sqlite")
    found.add("bob", PASSWORD)
    return found


@pytest.fixture(scope="module")
def guarded(accounts: Accounts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("guarded")
    (folder / "sources").mkdir()
    (folder / "sources" / "a.txt").write_text("The secretariat of the project is in Bangkok.\n", encoding="utf-8")
    settings = load_settings(sources=folder / "sources", storage=folder / "storage", accounts=accounts.file.path)
    build_index(settings)
    with served(settings) as address:
        yield address


def test_a_login_that_ends_loses_nothing(browser: Browser, guarded: str, accounts: Accounts) -> None:
    context = browser.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(20_000)

    def log_in() -> None:
        page.get_by_label("Name").fill("bob")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.locator("html.ready #question textarea").wait_for()

    def send(question: str) -> None:
        page.locator("#question textarea").fill(question)
        page.locator("#send").click()

    page.goto(guarded)
    log_in()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    send("Where is the secretariat?")
    page.locator("#chat blockquote", has_text="Bangkok").wait_for()
    page.locator("#send").wait_for()
    accounts.set_password("bob", PASSWORD)  # ends every login
    send("And where was it before?")
    line = page.locator("#conversation-line")
    line.get_by_text("Your login has ended").wait_for()
    line.get_by_role("button", name="Log in").click()
    log_in()
    expect(page.locator("#question textarea")).to_have_value("And where was it before?")
    page.locator("#chat blockquote", has_text="Bangkok").wait_for()
    context.close()
