"""The tools of the Model Context Protocol, called by the protocol's own client."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from web.access.site import served

from assistant.engine import Assistant
from assistant.settings import load_settings
from assistant.web.access.accounts import Accounts
from assistant.web.app import create_app
from index.build import build_index
from index.settings import PROJECT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from assistant.settings import Settings

TEXT = "The secretariat of the project is in Bangkok. " + "秘书处设在曼谷。" * 3000
TOOLS = ["ask", "search", "list_sources", "read_source"]
GUARD = PROJECT / "tests" / "faults" / "network_guard.c"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("mcp")
    (folder / "sources").mkdir()
    (folder / "sources" / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "sources" / "b.txt").write_text("The ministers met in Yangon in 2004.\n", encoding="utf-8")
    settings = load_settings(sources=folder / "sources", storage=folder / "storage", answering="eager")
    build_index(settings)
    return settings


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], Path]:
    """Environment under which every attempt to leave the machine is refused and logged, and the log's path."""
    folder = tmp_path_factory.mktemp("guard")
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.fail("the offline test needs a C compiler: sudo apt-get install gcc")
    library, log = folder / "guard.so", folder / "log"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(GUARD), "-ldl"], check=True)
    log.touch()
    return {"LD_PRELOAD": str(library), "NETWORK_GUARD_LOG": str(log)}, log


def _process(settings: Settings, **more: str) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant", "--sources", str(settings.sources), "--storage", str(settings.storage), "mcp"],
        env={**os.environ, "COMMIT_ASSISTANT_ANSWERING": "eager", **more},
        cwd=PROJECT,
    )


def _with(server: Any, use: Callable[[Client], Awaitable[None]]) -> None:
    async def run() -> None:
        with anyio.fail_after(120):
            async with Client(server) as client:
                await use(client)

    anyio.run(run)


async def _called(client: Client, tool: str, **arguments: object) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


def test_the_process_serves_the_tools_and_contacts_nobody(
    settings: Settings, guard: tuple[dict[str, str], Path]
) -> None:
    environment, log = guard

    async def use(client: Client) -> None:
        listed = await client.list_tools()
        assert [tool.name for tool in listed.tools] == TOOLS
        assert all(tool.description and tool.annotations and tool.annotations.read_only_hint for tool in listed.tools)
        answer = await _called(client, "ask", question="Where is the secretariat?")
        assert not answer["refused"]
        citation = answer["citations"][0]
        assert "Bangkok" in citation["quote"]
        place = {"source_id": citation["source_id"], "start": citation["start"]}
        around = await _called(client, "read_source", **place, length=len(citation["quote"]))
        assert around["text"] == citation["quote"]
        found = await _called(client, "search", question="Yangon", k=1, filters={"sources": ["b.txt"]})
        assert [passage["source_id"] for passage in found["passages"]] == ["b.txt"]
        shelf = await _called(client, "list_sources")
        assert [source["source_id"] for source in shelf["sources"]] == ["a.txt", "b.txt"]

    _with(_process(settings, **environment), use)
    assert log.read_text(encoding="utf-8") == ""


def test_a_document_is_read_piece_by_piece(settings: Settings) -> None:
    async def use(client: Client) -> None:
        text, start = "", 0
        while True:
            piece = await _called(client, "read_source", source_id="a.txt", start=start, length=20_000)
            assert piece["length"] == len(TEXT)
            if not piece["text"]:
                break
            text, start = text + piece["text"], piece["end"]
        assert text == TEXT

    _with(_process(settings), use)


def test_what_cannot_be_done_is_told_in_one_line(settings: Settings) -> None:
    async def use(client: Client) -> None:
        for tool, arguments, said in (
            ("ask", {"question": "  "}, "the question is empty"),
            ("search", {"question": "q", "filters": {"languages": ["xx"]}}, "xx"),
            ("read_source", {"source_id": "../../etc/passwd"}, "no source"),
            ("read_source", {"source_id": "b.txt", "start": 10_000}, "is not in the text"),
        ):
            result = await client.call_tool(tool, arguments)
            assert result.is_error
            text = result.content[0].text
            assert said in text
            assert "\n" not in text
            assert "Traceback" not in text
        for tool, arguments in (
            ("ask", {}),
            ("read_source", {"source_id": "b.txt", "length": 20_001}),
            ("read_source", {"source_id": "b.txt", "start": -1}),
            ("search", {"question": "q", "k": 0}),
            ("search", {"question": "q", "filters": {"colour": "red"}}),
        ):
            assert (await client.call_tool(tool, arguments)).is_error

    _with(_process(settings), use)


def test_without_an_index_the_tools_say_what_to_do(settings: Settings, tmp_path: Path) -> None:
    async def use(client: Client) -> None:
        for tool, arguments in (("ask", {"question": "q"}), ("list_sources", {})):
            result = await client.call_tool(tool, arguments)
            assert result.is_error
            assert "there is no index yet: run `commit-assistant index`" in result.content[0].text

    _with(_process(settings.model_copy(update={"storage": tmp_path})), use)


def test_nothing_but_the_protocol_is_printed(settings: Settings) -> None:
    hello = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "list_sources", "arguments": {}}},
    ]
    call = _process(settings)
    with subprocess.Popen(
        [call.command, *call.args[:2], "--verbose", *call.args[2:]],
        cwd=PROJECT,
        env=call.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("not the protocol\n" + "".join(json.dumps(message) + "\n" for message in messages))
        process.stdin.flush()
        lines = []
        while not lines or lines[-1].get("id") != 2:
            lines.append(json.loads(process.stdout.readline()))
        rest, errors = process.communicate(timeout=60)
    assert all(line["jsonrpc"] == "2.0" for line in lines)
    assert [json.loads(line)["jsonrpc"] for line in rest.splitlines()] == ["2.0"] * len(rest.splitlines())
    assert process.returncode == 0, errors
    assert "reading index" in errors


def test_over_http_it_asks_for_a_token(settings: Settings, tmp_path: Path) -> None:
    settings = settings.model_copy(update={"accounts": tmp_path / "accounts.sqlite"})
    accounts = Accounts(settings.accounts)
    accounts.add("program", "a long password")
    token = accounts.new_token("program")

    async def use(client: Client) -> None:
        answer = await _called(client, "ask", question="Where is the secretariat?")
        assert "Bangkok" in answer["citations"][0]["quote"]

    @asynccontextmanager
    async def transport(address: str) -> AsyncIterator[Any]:
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=60) as http,
            streamable_http_client(f"{address}/mcp", http_client=http) as streams,
        ):
            yield streams

    with served(create_app(Assistant(settings), settings)) as address:
        refused = httpx2.post(f"{address}/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
        assert refused.status_code == 401
        _with(transport(address), use)
