"""Logging in and out."""

from __future__ import annotations

import re
import sqlite3
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from assistant.engine import Assistant
from assistant.web.access.accounts import Accounts
from assistant.web.access.attempts import Attempts, Waits, network_of
from assistant.web.app import create_app
from web.access.site import PASSWORDS, READER, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from assistant.settings import Settings

WRONG = "Name and password do not belong together."
HTTPS = {"X-Forwarded-Proto": "https"}


@pytest.fixture
def fresh(settings: Settings, accounts: Accounts) -> Iterator[httpx.Client]:
    """A page where nobody has failed to log in yet."""
    with served(create_app(Assistant(settings), settings)) as address, httpx.Client(base_url=address) as client:
        client.headers["Accept-Language"] = "en"
        yield client


def _log_in(client: httpx.Client, name: str, password: str, **more: str) -> httpx.Response:
    return client.post("/login", data={"name": name, "password": password, **more})


@pytest.mark.parametrize("name", [READER, "BOB", " Bob ", "ｂｏｂ"])
def test_name_and_password_open_the_page_until_logging_out(fresh: httpx.Client, name: str) -> None:
    answer = _log_in(fresh, name, PASSWORDS[READER])
    assert answer.status_code == 303
    assert fresh.get("/library").status_code == 200
    assert "logged in as bob" in fresh.get("/logout").text
    cookie = fresh.cookies["commit_assistant"]
    assert fresh.post("/logout").headers["location"] == "/login"
    assert "commit_assistant" not in fresh.cookies
    fresh.cookies.set("commit_assistant", cookie, domain="127.0.0.1")
    assert fresh.get("/library").status_code == 401, "the login has ended on the server, too"


def test_the_cookie_is_for_the_browser_alone(fresh: httpx.Client) -> None:
    cookie = _log_in(fresh, READER, PASSWORDS[READER]).headers["set-cookie"]
    assert re.search(r"^commit_assistant=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=lax$", cookie)
    answer = fresh.post("/login", data={"name": READER, "password": PASSWORDS[READER]}, headers=HTTPS)
    assert re.search(r"^__Host-commit_assistant=.*; Path=/; SameSite=lax; Secure$", answer.headers["set-cookie"])
    secure = {"Cookie": answer.headers["set-cookie"].split(";")[0]}
    fresh.cookies.clear()
    assert fresh.get("/library", headers={**HTTPS, **secure}).status_code == 200
    assert fresh.get("/library", headers=secure).status_code == 401
    assert answer.headers["cache-control"] == "no-store"


def test_a_cookie_that_was_tampered_with_opens_nothing(fresh: httpx.Client, accounts: Accounts) -> None:
    _log_in(fresh, READER, PASSWORDS[READER])
    right = fresh.cookies["commit_assistant"]
    assert right.encode() not in accounts.file.path.read_bytes()
    with sqlite3.connect(accounts.file.path) as connection:
        kept = connection.execute("SELECT hash FROM sessions").fetchall()
    connection.close()
    changed = [
        right[:-1] + ("A" if right[-1] != "A" else "B"),
        right + "x",
        right.swapcase(),
        "",
        "' OR 1=1 --",
        "\\ud800",
    ]
    for wrong in [*changed, *(row[0] for row in kept)]:
        fresh.cookies.clear()
        assert fresh.get("/library", headers={"Cookie": f"commit_assistant={wrong}"}).status_code == 401


def test_a_login_ends_after_its_time(fresh: httpx.Client, accounts: Accounts) -> None:
    _log_in(fresh, READER, PASSWORDS[READER])
    assert fresh.get("/library").status_code == 200
    with sqlite3.connect(accounts.file.path) as connection:
        connection.execute("UPDATE sessions SET expires = ?", (time.time() - 1,))
    connection.close()
    assert fresh.get("/library").status_code == 401


def test_what_ends_an_account_ends_its_logins_at_once(fresh: httpx.Client, accounts: Accounts) -> None:
    for name, end in (
        ("carol", lambda: accounts.set_password("carol", "another password")),
        ("dave", lambda: accounts.remove("dave")),
    ):
        accounts.add(name, "first password")
        token = {"Authorization": f"Bearer {accounts.new_token(name)}"}
        _log_in(fresh, name, "first password")
        assert fresh.get("/library").status_code == 200
        end()
        assert fresh.get("/library").status_code == 401
        assert httpx.get(fresh.base_url.join("/library"), headers=token).status_code == (
            200 if name == "carol" else 401
        )
    assert _log_in(fresh, "carol", "first password").status_code == 401
    accounts.remove("carol")


def test_nobody_learns_whether_name_or_password_is_wrong(fresh: httpx.Client) -> None:
    pages, times = [], []
    for name in (READER, "nobody"):
        began = time.perf_counter()
        answer = _log_in(fresh, name, "not the password")
        times.append(time.perf_counter() - began)
        assert answer.status_code == 401
        assert answer.text.count(WRONG) == 1
        pages.append(answer.text)
    assert pages[0] == pages[1]
    # Without comparing with a hash, an unknown name would be answered some fifty times as fast.
    assert times[1] > times[0] / 4


def test_failing_again_and_again_makes_one_wait(fresh: httpx.Client) -> None:
    for _ in range(5):
        assert _log_in(fresh, READER, "not the password").status_code == 401
    answers = [_log_in(fresh, READER, PASSWORDS[READER]), _log_in(fresh, READER.upper(), PASSWORDS[READER])]
    for answer in answers:
        assert answer.status_code == 429, "the right password has to wait, too"
        assert "Too many failed tries" in answer.text
        assert answer.headers["retry-after"] == "1"
    time.sleep(1.1)
    assert _log_in(fresh, READER, PASSWORDS[READER]).status_code == 303


def test_one_address_cannot_go_through_many_names(fresh: httpx.Client) -> None:
    statuses = [_log_in(fresh, f"name{number}", "x" * 12).status_code for number in range(21)]
    assert statuses == [401] * 20 + [429]
    elsewhere = fresh.post(
        "/login",
        data={"name": READER, "password": PASSWORDS[READER]},
        headers={"X-Forwarded-For": "192.0.2.7"},  # from a proxy on this machine
    )
    assert elsewhere.status_code == 303


def test_waits_grow_and_are_forgotten() -> None:
    now = 0.0
    waits = Waits(free=3, longest=60, clock=lambda: now)
    seen = []
    for _ in range(12):
        seen.append(waits.wait("a"))
        now += waits.wait("a")
        waits.begin("a")
    assert seen == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert waits.wait("b") == 0
    now += 4000
    assert waits.wait("a") == 0
    waits.begin("a")
    assert waits.wait("a") == 0


def test_many_tries_at_once_do_not_all_find_the_way_free() -> None:
    attempts = Attempts(clock=lambda: 0.0)
    assert [attempts.begin("anna", "192.0.2.1") for _ in range(7)] == [0, 0, 0, 0, 0, 1, 1]


def test_logging_in_as_oneself_does_not_let_one_guess_on() -> None:
    attempts = Attempts(clock=lambda: 0.0)
    for number in range(20):
        assert attempts.begin(f"name{number}", "192.0.2.1") == 0
        if attempts.begin("me", "192.0.2.1") == 0:
            attempts.succeeded("me", "192.0.2.1")
    assert attempts.begin("one more", "192.0.2.1") > 0


def test_flooding_with_names_takes_no_memory() -> None:
    waits = Waits(free=1, longest=60)
    for number in range(20_000):
        waits.begin(str(number))
    assert len(waits._failures) <= 10_000
    assert waits.wait("19999") > 0


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8::1:2:3:4", "2001:db8::/64"), ("testclient", "testclient"), ("", "")],
)
def test_an_ipv6_network_counts_as_one_machine(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    "wanted", ["/library?lang=en", "/source/a.txt?q=1-5&check=abc", "/source/a%20b.txt", "/library.csv"]
)
def test_one_comes_out_where_one_wanted_to_go(fresh: httpx.Client, wanted: str) -> None:
    refused = fresh.get(wanted, headers={"Accept": "text/html,*/*"})
    assert refused.status_code == 303
    form = fresh.get(refused.headers["location"])
    kept = re.search(r'name="next" value="([^"]*)"', form.text)
    assert kept is not None
    assert _log_in(fresh, READER, PASSWORDS[READER], next=kept[1].replace("&amp;", "&")).headers["location"] == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        *(
            "https://elsewhere.example",
            "//elsewhere.example",
            "/\\elsewhere.example",
            "/source/\\x",
            "javascript:alert(1)",
        ),
        *("/logout", "/source/a\r\nSet-Cookie: x=1", "source/a.txt", "/sourceful", "/@elsewhere.example", ""),
    ],
)
def test_logging_in_never_leads_elsewhere(fresh: httpx.Client, wanted: str) -> None:
    assert 'name="next" value="/"' in fresh.get("/login", params={"next": wanted}).text
    answer = _log_in(fresh, READER, PASSWORDS[READER], next=wanted)
    assert answer.headers["location"] == "/"
    assert "x=1" not in str(answer.headers)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"name=bob", b"&" * 5000, b"name=%00&password=%00", b"name=" + b"x" * 19_000, b"x" * 50_000],
)
def test_a_hostile_form_is_refused_calmly(fresh: httpx.Client, content: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = fresh.post("/login", content=content, headers=headers)
    assert answer.status_code in {400, 401}
    assert "set-cookie" not in answer.headers
    assert "<form" in answer.text


def test_the_names_of_the_form_are_text(fresh: httpx.Client) -> None:
    answer = _log_in(fresh, "<script>alert(1)</script>", "x", next='"><script>')
    assert "<script>" not in answer.text


def test_the_login_page_says_who_sends_its_form(logged_in: Callable[[str], httpx.Client]) -> None:
    # The page's other headers have browsers send `Origin: null`, which would be refused.
    assert '<meta name="referrer" content="same-origin">' in logged_in(READER).get("/login").text


def test_accounts_are_kept_unreadable(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "new" / "accounts.sqlite")
    accounts.add("eve", "the password of eve")
    token = accounts.new_token("eve")
    everything = accounts.file.path.read_bytes()
    assert b"$argon2id$" in everything
    assert b"the password of eve" not in everything
    assert token.encode() not in everything
    assert accounts.file.path.stat().st_mode & 0o077 == 0
    assert accounts.file.path.parent.stat().st_mode & 0o077 == 0
