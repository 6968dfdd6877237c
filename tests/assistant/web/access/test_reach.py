"""Which addresses the page is served on, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.datastructures import Headers

from assistant.engine import Assistant
from assistant.settings import load_settings
from assistant.web.access.accounts import Accounts
from assistant.web.access.reach import accounts_path, check_reach, from_elsewhere, is_loopback
from assistant.web.app import create_app
from assistant.web.serving import opened
from index.errors import WrongCallError
from web.access.site import served

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what must not be served on without accounts


def test_beyond_this_machine_it_is_not_served_without_accounts(
    command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    for host in (EVERYWHERE, "::"):
        done = command("--storage", tmp_path / "storage", "chat", "--host", host, "--port", "7899")
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr == (
            f"commit-assistant: everybody in the network could use the page on {host}: add accounts with "
            "`commit-assistant users add NAME`, or let everybody in with --open-to-all\n"
        )


def test_what_is_open_to_all_is_served(tmp_path: Path) -> None:
    opened(load_settings(storage=tmp_path / "storage", host=EVERYWHERE, port=7898, open_to_all=True)).close()
    opened(load_settings(storage=tmp_path / "storage", host="localhost", port=7898)).close()


def test_with_accounts_it_is_served_and_without_one_in_them_it_is_not(tmp_path: Path) -> None:
    settings = load_settings(storage=tmp_path / "storage")
    accounts = Accounts(accounts_path(settings))
    assert accounts.file.path == tmp_path / "accounts" / "accounts.sqlite"
    accounts.file.create()
    for address in (EVERYWHERE, "127.0.0.1"):
        with pytest.raises(WrongCallError, match=r"there are no accounts in .* yet: add one with"):
            check_reach(settings, address)
    accounts.add("anna", "a long password")
    check_reach(settings, EVERYWHERE)
    with pytest.raises(WrongCallError, match="leave out open_to_all"):
        check_reach(settings.model_copy(update={"open_to_all": True}), "127.0.0.1")


def test_accounts_that_the_settings_name_are_never_done_without(tmp_path: Path) -> None:
    settings = load_settings(storage=tmp_path / "storage", accounts=tmp_path / "missing.sqlite")
    with pytest.raises(WrongCallError, match=r"there are no accounts in .*missing\.sqlite yet"):
        check_reach(settings, "127.0.0.1")
    with served(create_app(Assistant(settings), settings)) as address:
        assert httpx.get(f"{address}/library").status_code == 401


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        *(("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("::ffff:127.0.0.1", True)),
        *((EVERYWHERE, False), ("::", False), ("192.168.1.4", False), ("fe80::1%eth0", False), ("example.org", False)),
        *(("", False), ("127.0.0.1.example.org", False), ("localhost.example.org", False)),
    ],
)
def test_what_is_this_machine(address: str, *, expected: bool) -> None:
    assert is_loopback(address) == expected


@pytest.mark.parametrize(
    "host", ["elsewhere.example:7860", "", "192.168.1.4", "127.0.0.1.elsewhere.example", "[::1", "a b"]
)
def test_a_name_that_was_made_to_lead_here_is_refused(tmp_path: Path, host: str) -> None:
    settings = load_settings(storage=tmp_path / "storage")
    with served(create_app(Assistant(settings), settings)) as address:
        answer = httpx.get(f"{address}/library", headers={"Host": host})
        assert answer.status_code in {400, 403}
        if answer.status_code == 403:
            assert "open to this machine alone" in answer.json()["error"]
        for known in ("localhost:1", "127.0.0.1", "[::1]:80"):
            assert httpx.get(f"{address}/library", headers={"Host": known}).status_code == 503
        assert httpx.get(f"{address}/login").status_code == 404
    everybody = settings.model_copy(update={"open_to_all": True})
    with served(create_app(Assistant(everybody), everybody)) as address:
        assert httpx.get(f"{address}/health", headers={"Host": "assistant.example"}).status_code == 503


@pytest.mark.parametrize(
    ("method", "headers", "expected"),
    [
        ("GET", {"sec-fetch-site": "cross-site"}, False),
        ("POST", {}, False),
        ("POST", {"host": "a:1", "origin": "http://a:1"}, False),
        ("POST", {"host": "A", "origin": "https://a"}, False),
        ("POST", {"host": "inside", "origin": "https://outside", "sec-fetch-site": "same-origin"}, False),
        ("POST", {"sec-fetch-site": "none"}, False),
        ("POST", {"host": "a:1", "origin": "http://a:2"}, True),
        ("POST", {"host": "a", "origin": "null"}, True),
        ("POST", {"host": "a", "origin": "http://[a"}, True),
        ("DELETE", {"host": "a", "origin": "http://a.b"}, True),
        ("POST", {"host": "a", "origin": "http://a", "sec-fetch-site": "same-site"}, True),
    ],
)
def test_who_sends_a_form_is_known(method: str, headers: dict[str, str], *, expected: bool) -> None:
    assert from_elsewhere(method, Headers(headers)) == expected
