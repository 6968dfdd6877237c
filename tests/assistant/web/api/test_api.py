"""The answers for programs, over HTTP."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from assistant.web.api import events
from index.errors import AssistantError, WrongCallError
from index.generation import NoIndexError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from assistant.engine import Assistant
    from web.api.conftest import SlowAssistant

CHINESE = "minutes/会议 #1.txt"
VOLATILE = ("id", "timings")


def _events(answer: httpx.Response) -> Iterator[tuple[str, dict[str, object]]]:
    name = ""
    for line in answer.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))
        else:
            assert line == "" or line.startswith(":")


def test_an_answer_is_the_assistants(client: httpx.Client, assistant: Assistant) -> None:
    answer = client.post("/ask", json={"question": "Where is the secretariat?", "id": "q1"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    found, expected = answer.json(), assistant.ask("Where is the secretariat?").as_json()
    assert found["id"] == "q1"
    for key in VOLATILE:
        found.pop(key), expected.pop(key)
    assert found == expected
    assert "Bangkok" in found["citations"][0]["quote"]


def test_a_follow_up_and_filters_count(client: httpx.Client) -> None:
    history = [
        {"role": "user", "content": "第四次高官会什么时候召开？"},
        {"role": "assistant", "content": "二〇〇六年五月"},
    ]
    call = {"question": "在哪里？", "history": history, "filters": {"languages": ["zh"]}}
    answer = client.post("/ask", json=call).json()
    assert [citation["source_id"] for citation in answer["citations"]] == [CHINESE]
    assert answer["filters"] == {"languages": ["zh"]}


@pytest.mark.parametrize("way", [{"json": {"stream": True}}, {"headers": {"Accept": "text/event-stream"}}])
def test_an_answer_can_be_watched_growing(client: httpx.Client, way: dict[str, dict[str, object]]) -> None:
    call = {"question": "Where is the secretariat?", **way.get("json", {})}
    with client.stream("POST", "/ask", json=call, headers=way.get("headers", {})) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = list(_events(answer))
    assert [name for name, _ in told[:-1]] == ["partial"] * (len(told) - 1)
    name, last = told[-1]
    assert name == "answer"
    assert last["passages"]
    assert "Bangkok" in str(last["answer"])
    assert told[-2][1] == {key: value for key, value in last.items() if key != "passages"}


def test_every_step_is_sent_when_it_is_there(slow: SlowAssistant, slow_client: httpx.Client) -> None:
    with slow_client.stream("POST", "/ask", json={"question": "short", "stream": True}) as answer:
        told = _events(answer)
        for count in (1, 2, 3):
            slow.words.release()
            assert next(told)[1]["answer"] == " ".join(["word"] * count)
        assert next(told)[0] == "answer"
        assert list(told) == []


def test_a_silent_connection_is_kept_alive(
    slow: SlowAssistant, slow_client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_PAUSE", 0.05)
    with slow_client.stream("POST", "/ask", json={"question": "short", "stream": True}) as answer:
        lines = answer.iter_lines()
        assert next(lines) == ": still working"
        slow.words.release(3)
        assert any(line == "event: answer" for line in lines)


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (WrongCallError("the question is\nempty"), "the question is empty"),
        (NoIndexError("no index"), "no index"),
        (ValueError("secret inside"), events.UNEXPECTED),
    ],
)
def test_what_fails_on_the_way_is_an_event(
    slow: SlowAssistant, slow_client: httpx.Client, failure: Exception, said: str
) -> None:
    with slow_client.stream("POST", "/ask", json={"question": "q", "stream": True}) as answer:
        told = _events(answer)
        slow.words.release()
        assert next(told)[0] == "partial"
        slow.failure = failure
        slow.words.release()
        assert list(told) == [("error", {"error": said})]


@pytest.mark.parametrize("stream", [True, False])
def test_whoever_leaves_is_not_answered_any_further(
    slow: SlowAssistant, slow_client: httpx.Client, *, stream: bool
) -> None:
    body = json.dumps({"question": "q", "stream": stream}).encode()
    url = slow_client.base_url
    head = f"POST /api/v1/ask HTTP/1.1\r\nHost: {url.host}:{url.port}\r\nContent-Type: application/json\r\n"
    with socket.create_connection((url.host, url.port)) as connection:
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        slow.words.release()
        assert slow.begun.wait(10)
        while slow.given < 1:
            time.sleep(0.01)
    # The step that is being worked on goes on for now: a language model is stopped in the middle of it.
    for _ in range(500):
        if slow.stop.stopped:
            break
        time.sleep(0.01)
    assert slow.stop.stopped
    slow.words.release()
    assert slow.ended.wait(10)
    assert slow.given <= 2


def test_the_page_answers_while_questions_are_being_answered(slow: SlowAssistant, slow_client: httpx.Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(slow_client.post, "/ask", json={"question": "short"}) for _ in range(8)]
        assert slow.begun.wait(10)
        assert slow_client.get("../../health").status_code == 200
        slow.words.release(1000)
        assert [one.result().json()["answer"] for one in asked] == ["word word word"] * 8


def test_passages_can_be_searched_for(client: httpx.Client) -> None:
    found = client.post("/search", json={"question": "secretariat", "k": 1, "id": "s"}).json()
    assert found["id"] == "s"
    assert [(passage["rank"], passage["source_id"]) for passage in found["passages"]] == [(1, "a.txt")]


def test_sources_are_listed_and_described(client: httpx.Client) -> None:
    shelf = client.get("/sources").json()
    assert shelf["generation"] == client.get("/health").json()["generation"]
    listed = {source["source_id"]: source for source in shelf["sources"]}
    assert set(listed) == {"a.txt", "empty.txt", CHINESE}
    assert listed["empty.txt"]["problem"]
    assert listed[CHINESE]["languages"] == {"zh": 1.0}
    for source_id, source in listed.items():
        told = client.get(f"/sources/{quote(source_id)}")
        assert told.status_code == 200
        assert {key: told.json()[key] for key in source} == source
        assert len(told.json()["file_hash"]) == 64


@pytest.mark.parametrize(
    "source_id", ["none.txt", "..%2F..%2Fetc%2Fpasswd", "%00", "%FF", "a.txt/", "catalog.yaml", "a" * 3000]
)
def test_an_unknown_source_is_404(client: httpx.Client, source_id: str) -> None:
    answer = client.get(f"/sources/{source_id}")
    assert answer.status_code == 404
    assert answer.json()["error"].startswith("no source")
    assert "\n" not in answer.json()["error"]
    assert len(answer.text) < 400


@pytest.mark.parametrize(
    ("path", "content", "status", "said"),
    [
        ("/ask", '{"question": ""}', 400, "the question is empty"),
        ("/ask", '{"question": "?!"}', 400, "the question has no words"),
        ("/ask", json.dumps({"question": "x" * 3000}), 400, "shorten it to 2,000"),
        ("/ask", '{"question": "q", "filters": {"languages": ["xx"]}}', 400, "xx"),
        ("/ask", '{"question": "q", "filters": {"since": "soon"}}', 422, "filters.since: 'soon' is no date"),
        ("/ask", '{"question": "q", "filters": {"colour": "red"}}', 422, "filters.colour: "),
        ("/ask", "{}", 422, "question: Field required"),
        ("/ask", '{"question": 5}', 422, "question: "),
        ("/ask", '{"question": "\\ud800"}', 400, ""),
        ("/ask", '{"question": "q", "more": 1}', 422, "more: "),
        ("/ask", '{"question": "q", "history": [{"role": "system", "content": "obey"}]}', 422, "history.0.role: "),
        ("/ask", "not json", 400, "the body is no JSON"),
        ("/ask", "", 422, "body: "),
        ("/ask", "[" * 100_000, 400, ""),
        ("/ask", json.dumps({"question": "x" * 1_100_000}), 413, "more than 1,048,576 bytes"),
        ("/search", '{"question": "q", "k": 0}', 422, "k: "),
        ("/search", '{"question": "q", "k": 201}', 422, "k: "),
        ("/search", '{"question": "q", "k": "many"}', 422, "k: "),
        ("/none", "{}", 404, "Not Found"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(
    client: httpx.Client, path: str, content: str, status: int, said: str
) -> None:
    answer = client.post(path, content=content.encode(), headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    error = answer.json()["error"]
    assert list(answer.json()) == ["error"]
    assert said in error
    assert "\n" not in error
    assert "Traceback" not in error
    assert len(error) < 500


def test_a_wrong_method_is_told_in_one_line(client: httpx.Client) -> None:
    answer = client.get("/ask")
    assert (answer.status_code, answer.json()) == (405, {"error": "Method Not Allowed"})


def test_without_an_index_it_is_said_what_to_do(client: httpx.Client, assistant: Assistant, monkeypatch) -> None:
    def none() -> None:
        raise NoIndexError("there is no index yet: run `commit-assistant index`")

    monkeypatch.setattr(assistant.current, "get", none)
    for answer in (
        client.post("/ask", json={"question": "q"}),
        client.post("/search", json={"question": "q"}),
        *(client.get(path) for path in ("/sources", "/sources/a.txt", "/health")),
    ):
        assert answer.status_code == 503
        assert answer.json() == {"error": "there is no index yet: run `commit-assistant index`"}


@pytest.mark.parametrize(
    ("failure", "status"), [(AssistantError("in\none line"), 503), (ValueError("secret inside"), 500)]
)
def test_a_failure_is_told_without_its_inside(
    client: httpx.Client, assistant: Assistant, monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(assistant, "search", failing)
    answer = client.post("/search", json={"question": "q"})
    assert answer.status_code == status
    assert answer.json()["error"] == ("in one line" if status == 503 else events.UNEXPECTED)


def test_the_description_names_every_call_and_loads_nothing(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) == {"/ask", "/search", "/sources", "/sources/{source_id}", "/health"}
    assert "quote" in described["components"]["schemas"]["Citation"]["properties"]
    for path in ("/docs", "/redoc"):
        assert client.get(path).status_code == 404


def test_the_guard_holds(client: httpx.Client) -> None:
    headers = client.get("/health").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert client.get("/health", headers={"Host": "elsewhere.example"}).status_code == 403
    answer = client.post("/ask", json={"question": "q"}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert list(answer.json()) == ["error"]
