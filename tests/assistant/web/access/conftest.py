"""One page with an administrator and a reader, for all tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from assistant.engine import Assistant
from assistant.settings import load_settings
from assistant.web.access.accounts import Accounts
from assistant.web.app import create_app
from index.build import build_index
from web.access.site import ADMIN, PASSWORDS, READER, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

    from assistant.settings import Settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("access")
    (folder / "sources").mkdir()
    (folder / "sources" / "a.txt").write_text("The secretariat of the project is in Bangkok.\n", encoding="utf-8")
    settings = load_settings(
        sources=folder / "sources", storage=folder / "storage", accounts=folder / "accounts.sqlite", index_button=True
    )
    build_index(settings)
    return settings


@pytest.fixture(scope="module")
def accounts(settings: Settings) -> Accounts:
    accounts = Accounts(settings.accounts)
    accounts.add(ADMIN, PASSWORDS[ADMIN], "admin")
    accounts.add(READER, PASSWORDS[READER])
    return accounts


@pytest.fixture(scope="module")
def app(settings: Settings, accounts: Accounts) -> FastAPI:
    return create_app(Assistant(settings), settings)


@pytest.fixture(scope="module")
def site(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def client(site: str) -> Iterator[httpx.Client]:
    """Somebody who has not logged in."""
    with httpx.Client(base_url=site, timeout=30) as opened:
        yield opened


@pytest.fixture
def logged_in(site: str) -> Iterator[Callable[[str], httpx.Client]]:
    """Somebody who has."""
    opened: list[httpx.Client] = []

    def come_in(name: str) -> httpx.Client:
        client = httpx.Client(base_url=site, timeout=30)
        opened.append(client)
        answer = client.post("/login", data={"name": name, "password": PASSWORDS[name]})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        return client

    yield come_in
    for client in opened:
        client.close()
