"""Nothing is open without a login or a token, and nobody gets at what is somebody else's."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from assistant.settings import load_settings
from assistant.web.access.gate import OPEN, Gate
from index.errors import AssistantError
from web.access.site import ADMIN, READER

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from assistant.web.access.accounts import Accounts

OURS = {"X-Commit-Assistant": "index"}
FOREIGN = [{"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]


def _routes(routes: list, prefix: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every address of an application and of what is mounted in it, with the methods it takes."""
    for route in routes:
        path = prefix + getattr(route, "path", "")
        mounted = getattr(route, "app", None)
        if inner := getattr(mounted, "routes", None):
            yield from _routes(inner, path.rstrip("/"))
        elif original := getattr(route, "original_router", None):
            yield from _routes(original.routes, path)
        elif path:
            yield re.sub(r"\{[^}]*\}", "x", path), set(getattr(route, "methods", None) or {"GET"})


def test_every_route_is_closed_without_a_login(app: FastAPI, client: httpx.Client) -> None:
    found = {(path, method) for path, methods in _routes(app.routes) for method in methods}
    paths = {path for path, _ in found}
    assert {"/health", "/source/x", "/picture/x", "/library", "/library.csv", "/library/index", "/mcp"} <= paths
    assert {"/api/v1/ask", "/api/v1/openapi.json", "/gradio_api/queue/data", "/gradio_api/run/x", "/config"} <= paths
    found |= {("/page/page.js", "GET"), ("/page/answer.css", "GET"), ("/assets/index.js", "GET"), ("/", "GET")}
    wanted = {"Accept": "text/html"}
    for path, method in sorted(found):
        for headers in ({}, wanted, {"Authorization": "Bearer ca_wrong"}, {"Cookie": "commit_assistant=wrong"}):
            answer = client.request(method, path, headers=headers)
            if path in OPEN or (path == "/health" and method in {"GET", "HEAD"}):
                assert answer.status_code in {200, 303, 401, 405}, path
            elif answer.status_code == 303:
                assert answer.headers["location"].startswith("/login"), path
            else:
                assert answer.status_code in {401, 404}, (method, path, answer.status_code)
            assert "Bangkok" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["//library", "/library/", "/./library", "/%2e/library", "/LIBRARY", "/login/../library", "/login/x", "/login/"],
)
def test_no_way_of_writing_an_address_goes_around(site: str, path: str) -> None:
    with httpx.Client() as client:
        answer = client.request("GET", httpx.URL(site).copy_with(raw_path=path.encode()))
    assert answer.status_code in {303, 401, 404, 307}
    assert "a.txt" not in answer.text
    assert answer.headers.get("location", "/login").startswith(("/login", site))


def test_the_health_check_and_the_login_page_stay_open(client: httpx.Client) -> None:
    assert client.get("/health").json()["status"] == "ok"
    page = client.get("/login", headers={"Accept-Language": "zh"})
    assert page.status_code == 200
    assert "登录" in page.text
    for file in re.findall(r'href="(/page/[^"]+)"', page.text):
        assert client.get(file).status_code == 200, file
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page.text)


def test_whoever_has_logged_in_may_use_all_of_it(logged_in: Callable[[str], httpx.Client]) -> None:
    client = logged_in(READER)
    for path in ("/", "/config", "/source/a.txt", "/library", "/library.csv", "/api/v1/sources", "/page/page.js"):
        assert client.get(path).status_code == 200, path
    assert "/page/account.css" in client.get("/").text


def test_a_token_opens_what_a_login_opens(client: httpx.Client, accounts: Accounts) -> None:
    token = accounts.new_token(READER)
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/health", headers=headers).json()["status"] == "ok"
    assert client.get("/library", headers=headers).status_code == 200
    assert token.encode() not in accounts.file.path.read_bytes()
    for wrong in (token[:-1], token + "x", token.upper(), "ca_", f"Basic {token}"):
        refused = client.get("/api/v1/health", headers={"Authorization": f"Bearer {wrong}"})
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert "log in" in refused.json()["error"]
    assert accounts.revoke_tokens(READER) == 1
    assert client.get("/api/v1/health", headers=headers).status_code == 401


def test_a_wrong_token_is_not_mended_by_a_login(logged_in: Callable[[str], httpx.Client]) -> None:
    assert logged_in(READER).get("/library", headers={"Authorization": "Bearer ca_wrong"}).status_code == 401


def test_only_an_administrator_brings_the_index_up_to_date(
    logged_in: Callable[[str], httpx.Client], accounts: Accounts, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []

    def build(settings: object, progress: object) -> None:
        started.append(settings)
        raise AssistantError("not really")

    monkeypatch.setattr("index.build.build_index", build)
    reader, admin = logged_in(READER), logged_in(ADMIN)
    by_token = {"Authorization": f"Bearer {accounts.new_token(READER)}"}
    assert reader.post("/library/index", headers=OURS).status_code == 403
    assert reader.get("/library/progress").status_code == 403
    assert client.post("/library/index", headers={**OURS, **by_token}).status_code == 403
    assert 'id="index"' not in reader.get("/library").text
    assert started == []
    assert 'id="index"' in admin.get("/library").text
    assert admin.post("/library/index", headers=OURS).status_code == 200
    while not admin.get("/library/progress").json()["finished"]:
        time.sleep(0.01)
    assert len(started) == 1


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize(
    "path", ["/login", "/logout", "/library/index", "/api/v1/ask", "/gradio_api/queue/join", "/mcp"]
)
def test_a_page_of_another_site_changes_nothing(
    logged_in: Callable[[str], httpx.Client], path: str, headers: dict[str, str]
) -> None:
    client = logged_in(ADMIN)
    answer = client.post(path, headers={**OURS, **headers})
    assert answer.status_code == 403
    assert answer.json()["error"] == "this was sent by a page of another site"
    assert client.get("/library").status_code == 200


def test_our_own_page_may_send(logged_in: Callable[[str], httpx.Client], site: str) -> None:
    client = logged_in(READER)
    for headers in ({"Origin": site}, {"Sec-Fetch-Site": "same-origin", "Origin": "https://behind.a.proxy"}):
        assert client.post("/api/v1/search", json={"question": "Bangkok"}, headers=headers).status_code == 200


class _Chat:
    """What the browser's part of Gradio sends."""

    def __init__(self, client: httpx.Client, session_hash: str) -> None:
        self.client, self.session_hash = client, session_hash
        self.functions = client.get("/config").json()["dependencies"]

    def call(self, path: str, name: str, first: list[object]) -> httpx.Response:
        function = next(one for one in self.functions if one["api_name"] == name)
        data = [*first, *[None] * (len(function["inputs"]) - len(first))]
        body = {"data": data, "fn_index": function["id"], "session_hash": self.session_hash}
        return self.client.post(f"/gradio_api/{path}", json=body)

    def ask(self, question: str) -> httpx.Response:
        assert self.call("run/predict", "_begin", [question, None, "en"]).status_code == 200
        return self.call("queue/join", "_answer", [None, "en"])

    def told(self) -> list[dict[str, object]]:
        events = []
        with self.client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self.session_hash}) as answer:
            assert answer.status_code == 200
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    events.append(json.loads(line.removeprefix("data: ")))
                    if events[-1]["msg"] in {"process_completed", "close_stream"}:
                        return events
        return events


def test_nobody_gets_at_the_conversation_of_another(logged_in: Callable[[str], httpx.Client]) -> None:
    hers = _Chat(logged_in(ADMIN), "hers1")
    event_id = hers.ask("Where is the secretariat?").json()["event_id"]
    for other in (logged_in(READER), logged_in(ADMIN)):
        his = _Chat(other, "hers1")
        assert his.call("run/predict", "_begin", ["What did she ask?", None, "en"]).status_code == 403
        assert his.call("queue/join", "_answer", [None, "en"]).status_code == 403
        assert other.get("/gradio_api/queue/data", params={"session_hash": "hers1"}).status_code == 403
        assert other.get("/gradio_api/queue/data?session_hash=his&session_hash=hers1").status_code == 403
        assert other.get("/gradio_api/heartbeat/hers1").status_code == 403
        stop = {"session_hash": "hers1", "fn_index": 0, "event_id": event_id}
        assert other.post("/gradio_api/cancel", json=stop).status_code == 403
    assert any("Bangkok" in json.dumps(event) for event in hers.told())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"session_hash": "mine", "session_hash": "hers2", "fn_index": 0, "data": []}', 403),
        ('{"session_hash": "hers2", "fn_index": 0, "data": []}'.encode("utf-16"), 403),
        (b"[" * 100_000, 400),
        (b"", 400),
        (b"[]", 400),
        (b"\xff\xfe\xff", 400),
        (b'{"session_hash": "' + b"x" * 1000 + b'"}', 403),
        (b'{"data": "' + b"x" * 1_100_000 + b'"}', 413),
    ],
)
def test_hostile_bodies_get_nowhere(logged_in: Callable[[str], httpx.Client], body: bytes, status: int) -> None:
    hers = logged_in(ADMIN)
    _Chat(hers, "hers2").call("run/predict", "_begin", ["?", None, "en"])
    headers = {"Content-Type": "application/json"}
    answer = logged_in(READER).post("/gradio_api/run/predict", content=body, headers=headers)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_a_file_that_holds_no_accounts_keeps_the_door_shut(
    client: httpx.Client, accounts: Accounts, logged_in: Callable[[str], httpx.Client]
) -> None:
    inside, path = logged_in(READER), accounts.file.path
    away = path.with_suffix(".away")
    path.rename(away)
    try:
        assert client.get("/library").status_code == 401
        answer = inside.get("/library")
        assert answer.status_code == 503
        assert "the accounts in" in answer.json()["error"]
        path.write_bytes(b"no database" * 100)
        assert inside.get("/library").status_code == 503
        login = inside.post("/login", data={"name": READER, "password": "x" * 20})
        assert login.status_code == 503
        assert "Traceback" not in login.text
    finally:
        away.replace(path)
    assert inside.get("/library").status_code == 200


def test_nobody_comes_in_over_a_websocket(tmp_path: Path) -> None:
    async def anybody_welcome(_: object, __: object, send: Callable[..., Awaitable[None]]) -> None:
        await send({"type": "websocket.accept"})

    gate = Gate(anybody_welcome, load_settings(storage=tmp_path / "storage", accounts=tmp_path / "accounts.sqlite"))
    client = TestClient(gate, base_url="http://127.0.0.1")
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/gradio_api/queue/data"):
        pass
