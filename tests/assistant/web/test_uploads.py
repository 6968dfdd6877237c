"""Documents that are added over the library page."""

from __future__ import annotations

import errno
import shutil
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from assistant.engine import Assistant
from assistant.settings import load_settings
from assistant.web.access.accounts import Accounts
from assistant.web.app import create_app
from index.build import build_index
from index.catalog import Catalog
from web.access.site import ADMIN, PASSWORDS, READER, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.settings import Settings

OURS = {"X-Commit-Assistant": "library"}
TEXT = b"# The Vientiane declaration\n\nThe ministers met in Vientiane in 2019.\n"
LOCAL = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("uploads")
    (folder / "sources").mkdir()
    (folder / "sources" / "old.txt").write_text("The secretariat of the project is in Bangkok.\n", encoding="utf-8")
    settings = load_settings(
        sources=folder / "sources", storage=folder / "storage", index_button=True, uploads=True, upload_limit=1
    )
    build_index(settings)
    return settings


@pytest.fixture(scope="module")
def assistant(built: Settings) -> Assistant:
    return Assistant(built)


@pytest.fixture(scope="module")
def client(assistant: Assistant, built: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(assistant, built), base_url=LOCAL) as opened:
        yield opened


@pytest.fixture
def settings(built: Settings) -> Iterator[Settings]:
    """Those of the page; what a test leaves in the folders fails it."""
    before = _files(built)
    yield built
    assert _files(built) == before


def _files(settings: Settings) -> dict[str, bytes]:
    """Everything beside and in the sources, the index excepted."""
    folder = settings.sources.parent
    found = [path for path in folder.rglob("*") if settings.storage not in (path, *path.parents)]
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"" for path in found}


def _send(client: TestClient | httpx.Client, name: str, body: bytes = TEXT, **more: str) -> httpx.Response:
    return client.post("/library/upload", params={"name": name, **more}, content=body, headers=OURS)


def _finished(client: TestClient) -> dict:
    client.post("/library/index", headers=OURS)
    for _ in range(600):
        state = client.get("/library/progress").json()
        if state["finished"]:
            return state
        time.sleep(0.05)
    pytest.fail("the index was not brought up to date")


def test_a_document_is_added_with_its_entry_and_the_run_says_what_changed(
    client: TestClient, assistant: Assistant, built: Settings
) -> None:
    answer = _send(client, "万象 宣言 #1.md")
    assert answer.status_code == 201, answer.text
    assert answer.json()["added"] == "万象 宣言 #1.md"
    assert (built.sources / "万象 宣言 #1.md").read_bytes() == TEXT
    assert "万象 宣言 #1.md" in Catalog.load(built.sources)
    title = answer.json()["title"]
    (built.sources / "bad.pdf").write_bytes(b"no PDF")
    state = _finished(client)
    assert state["sources"]["added"] == [title]
    assert [one["title"] for one in state["sources"]["failed"]] == ["bad.pdf"]
    assert "\n" not in state["sources"]["failed"][0]["problem"]
    assert any("Vientiane" in passage.text for passage in assistant.search("Vientiane").passages)

    again = _finished(client)
    assert (again["renewed"], again["changed"], again["sources"]["added"]) == (False, 0, [])

    (built.sources / "old.txt").write_text("The secretariat of the project is in Hanoi.\n", encoding="utf-8")
    (built.sources / "bad.pdf").unlink()
    (built.sources / "万象 宣言 #1.md").unlink()
    (built.sources / "catalog.yaml").unlink()
    sources = _finished(client)["sources"]
    assert (sources["changed"], sources["failed"]) == (["old.txt"], [])
    assert title in sources["removed"], "a title that the catalogue has no more"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../out.txt",
            "..",
            "/etc/cron.d/x.txt",
            "a/b.txt",
            "..\\out.txt",
            "C:out.txt",
            "a.txt:stream",
            "%2e%2e/x.txt",
        ),
        *("", "  ", ".hidden.txt", " .hidden.txt", ".removed/x.txt", "README.md", "readme.MD"),
        *("a\nb.txt", "a\x00.txt", "txt.\u202eexe.txt", "a\x1b[2J.txt", "x" * 300 + ".txt", "字" * 80 + ".txt"),
    ],
)
def test_names_that_hide_or_point_elsewhere_are_refused(client: TestClient, settings: Settings, name: str) -> None:
    answer = _send(client, name)
    assert answer.status_code == 400
    assert "rename the file" in answer.json()["error"]


@pytest.mark.parametrize("name", ["run.exe", "page.php", "catalog.yaml", "glossary.yaml", "old.doc", "a.txt.gz"])
def test_kinds_of_files_that_are_not_read_are_refused(client: TestClient, settings: Settings, name: str) -> None:
    assert _send(client, name).status_code == 415
    assert "另存为" in _send(client, name, lang="zh").json()["error"]


@pytest.mark.parametrize("name", ["old.txt", "OLD.TXT", " old.txt "])
def test_a_document_of_that_name_stays_as_it_is(client: TestClient, settings: Settings, name: str) -> None:
    answer = _send(client, name)
    assert answer.status_code == 409
    assert "already" in answer.json()["error"]


def test_a_link_that_leads_out_is_not_written_through(client: TestClient, built: Settings) -> None:
    link = built.sources / "link.txt"
    link.symlink_to(built.sources.parent / "outside.txt")
    try:
        assert _send(client, "link.txt").status_code == 409
        assert not link.exists()
    finally:
        link.unlink()


def test_what_is_too_large_is_refused_told_or_not(client: TestClient, settings: Settings) -> None:
    large = b"x" * (1024 * 1024 + 1)
    told = _send(client, "large.txt", large)
    untold = client.post(
        "/library/upload", params={"name": "large.txt"}, content=iter([large[:-1], large[-1:]]), headers=OURS
    )
    for answer in (told, untold):
        assert answer.status_code == 413
        assert answer.json()["error"] == "The file has more than 1 MB: split it or make it smaller."


@pytest.mark.parametrize(
    ("name", "body"), [("no.pdf", b"no PDF"), ("empty.txt", b""), ("no.txt", b"\x00\x01\x02" * 99)]
)
def test_what_cannot_be_read_is_not_added(client: TestClient, settings: Settings, name: str, body: bytes) -> None:
    answer = _send(client, name, body)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert "\n" not in answer.json()["error"]


def test_a_full_disk_leaves_nothing(client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path, target: Path) -> None:
        target.write_bytes(TEXT[:5])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    answer = _send(client, "new.txt")
    assert answer.status_code == 507
    assert "the disk is full" in answer.json()["error"]


def test_half_an_upload_leaves_nothing(assistant: Assistant, settings: Settings) -> None:
    folder = settings.sources.parent
    with served(create_app(assistant, settings)) as address:
        host = urlsplit(address)
        with socket.create_connection((host.hostname, host.port)) as connection:
            head = (
                f"POST /library/upload?name=half.txt HTTP/1.1\r\nHost: {host.netloc}\r\nX-Commit-Assistant: library\r\n"
            )
            connection.sendall(f"{head}Content-Length: 100000\r\n\r\n".encode() + b"x" * 50_000)
            _wait_for(lambda: list(folder.glob(".commit-assistant-upload-*")))
        _wait_for(lambda: not list(folder.glob(".commit-assistant-upload-*")))


def _wait_for(true) -> None:
    for _ in range(200):
        if true():
            return
        time.sleep(0.05)
    pytest.fail("it did not come to that")


def test_only_our_page_sends_documents(client: TestClient, settings: Settings) -> None:
    assert client.post("/library/upload", params={"name": "a.txt"}, content=TEXT).status_code == 403
    elsewhere = {**OURS, "Origin": "https://elsewhere.example"}
    assert client.post("/library/upload?name=a.txt", content=TEXT, headers=elsewhere).status_code == 403


@pytest.mark.parametrize("off", [{"uploads": False}, {"index_button": False}])
def test_it_takes_both_settings(assistant: Assistant, settings: Settings, off: dict[str, bool]) -> None:
    plain = settings.model_copy(update=off)
    with TestClient(create_app(assistant, plain), base_url=LOCAL) as client:
        assert 'id="upload"' not in client.get("/library").text
        assert _send(client, "a.txt").status_code == 404
    assert not load_settings().uploads


def test_readers_add_nothing(assistant: Assistant, settings: Settings, tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "accounts.sqlite")
    accounts.add(ADMIN, PASSWORDS[ADMIN], "admin")
    accounts.add(READER, PASSWORDS[READER])
    guarded = settings.model_copy(update={"accounts": tmp_path / "accounts.sqlite"})
    with served(create_app(assistant, guarded)) as address, httpx.Client(base_url=address, timeout=30) as client:
        assert _send(client, "a.txt").status_code == 401
        for name, status in ((READER, 403), (ADMIN, 409)):
            client.post("/login", data={"name": name, "password": PASSWORDS[name]})
            assert _send(client, "old.txt").status_code == status
            assert ('id="upload"' in client.get("/library").text) == (name == ADMIN)


@pytest.mark.parametrize(("language", "words"), [("en", "Only with warnings"), ("zh", "只显示有提示的")])
def test_the_page_takes_files_and_filters_its_rows(client: TestClient, language: str, words: str) -> None:
    page = client.get("/library", params={"lang": language}).text
    assert words in page
    assert 'type="file"' in page
    assert ".docx" in page
    assert 'id="filter"' in page
