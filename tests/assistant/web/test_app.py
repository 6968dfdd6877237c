"""The application: source viewer, health, headers, closed doors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from assistant.settings import load_settings
from assistant.web.app import create_app
from assistant.web.links import source_address
from index.catalog import CatalogEntry
from index.document import Document
from index.generation import NoIndexError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.engine import Assistant

HOSTILE = '<script>alert(1)</script>\u202e & "x" {{7*7}}\n'
TEXT = f"First page.\n{HOSTILE}Second page. 第二页。\n\n  indented  "
LONG = "字" * 1_000_000
NAME = 'notes/<b>&"?#% ü.txt'


@dataclass
class _Manifest:
    id: str = "20260101T000000000-abcdef12"
    passages: int = 7


class _Content:
    """What the viewer reads of an index."""

    def __init__(self) -> None:
        page = TEXT.index("Second")
        self.documents = {NAME: Document(NAME, TEXT, (0, page)), "long.txt": Document("long.txt", LONG)}

    def document(self, source_id: str) -> Document:
        return self.documents[source_id]

    def entry(self, source_id: str) -> CatalogEntry:
        return CatalogEntry(
            file=source_id,
            title=HOSTILE,
            publisher="P",
            date="2006",
            languages=("zh-Hant",),
            type="un_report",
            origin="javascript:alert(1) https://example.org/a?b=1. ftp://example.org <https://x.example/'>",
            notes=HOSTILE,
        )


class _Current:
    manifest = _Manifest()
    content = _Content()
    failing = False

    def get(self) -> _Current:
        if self.failing:
            raise NoIndexError("there is no index yet: run `commit-assistant index`")
        return self


class _Assistant:
    current = _Current()


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = create_app(cast("Assistant", _Assistant()), load_settings(page_language="en"))
    with TestClient(app, base_url="http://127.0.0.1:7860") as opened:
        yield opened


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Current, "failing", True)


def _text(html: str) -> str:
    """The document's text as a browser reads it."""
    from html import unescape

    body = html[html.index("<main") : html.index("</main>")]
    return unescape(re.sub(r"<[^>]*>", "", body))


def test_a_source_is_shown_whole_with_the_quotation_marked(client: TestClient) -> None:
    start = TEXT.index("Second")
    page = client.get(source_address(NAME, "en", (start - 4, start + 6), TEXT[start - 4 : start + 6]))
    assert page.status_code == 200
    assert _text(page.text) == TEXT
    marked = re.findall(r"<mark[^>]*>([^<]*)</mark>", page.text)
    assert "".join(marked).replace("&#34;", '"') == TEXT[start - 4 : start + 6]
    assert page.text.count('id="q"') == 1
    assert 'data-page="page 2"' in page.text
    assert 'lang="zh-Hant"' in page.text


def test_what_the_catalogue_says_is_text_and_only_web_addresses_are_links(client: TestClient) -> None:
    page = client.get(source_address(NAME, "en")).text
    assert "<script>alert" not in page
    assert re.findall(r'<a href="(http[^"]*)"', page) == ["https://example.org/a?b=1", "https://x.example/"]
    assert 'rel="noopener noreferrer"' in page
    assert "UN report" in page


@pytest.mark.parametrize("q", ["", "x", "5", "9-3", "3-3", "-1-5", "0-99999999", "0x1-5", "٣-٥", "1-2-3", "9" * 500])
def test_a_malformed_place_marks_nothing(client: TestClient, q: str) -> None:
    page = client.get(f"/source/{quote(NAME)}", params={"q": q, "lang": "en"})
    assert page.status_code == 200
    assert "<mark" not in page.text
    assert _text(page.text) == TEXT


def test_other_words_at_the_place_are_not_marked(client: TestClient) -> None:
    page = client.get(source_address(NAME, "en", (0, 5), "other words"))
    assert "<mark" not in page.text
    assert "has changed since the answer was given" in page.text


@pytest.mark.parametrize(
    "source_id", ["none.txt", "../../etc/passwd", "/etc/passwd", "%00", "catalog.yaml", "a" * 3000]
)
def test_an_unknown_source_is_said_plainly(client: TestClient, source_id: str) -> None:
    page = client.get(f"/source/{quote(source_id, safe='')}?lang=zh")
    assert page.status_code == 404
    assert "当前索引中没有这份资料" in page.text


def test_a_very_long_line_is_shown(client: TestClient) -> None:
    page = client.get(source_address("long.txt", "en", (500_000, 500_010)))
    assert _text(page.text) == LONG


def test_without_a_source_the_panel_says_what_it_is_for(client: TestClient) -> None:
    assert "Sources open here" in client.get("/source/?lang=en").text


def test_health(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok", "generation": _Manifest.id, "passages": 7}


@pytest.mark.usefixtures("no_index")
def test_without_an_index_the_page_says_what_to_do(client: TestClient) -> None:
    assert client.get("/health").status_code == 503
    page = client.get("/source/a.txt?lang=zh")
    assert page.status_code == 503
    assert "还没有索引" in page.text


@pytest.mark.parametrize("address", ["/", "/health", "/source/", "/page/page.css", "/none", "/config"])
def test_every_answer_carries_the_security_headers(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    assert "*" not in policy
    assert "script-src 'self'" in policy
    assert not re.search(r"script-src[^;]*'unsafe-inline'", policy)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_the_index_page_names_no_other_host_and_its_scripts_carry_the_nonce(client: TestClient) -> None:
    first, second = client.get("/"), client.get("/")
    nonces = [re.findall(r"'nonce-([^']+)'", page.headers["content-security-policy"]) for page in (first, second)]
    assert nonces[0] != nonces[1]
    tags = re.findall(r"<script[^>]*>", first.text)
    assert len(tags) >= 4
    assert all(f'nonce="{nonces[0][0]}"' in tag for tag in tags)
    hosts = set(re.findall(r"""(?:src|href|content)=["'](https?://[^/"']+)""", first.text))
    assert hosts <= {"http://127.0.0.1:7860"}


@pytest.mark.parametrize(
    "address",
    [
        "/gradio_api/upload",
        "/gradio_api/proxy=https://example.org/",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/run/other",
        "/gradio_api/openapi.json",
        "/gradio_api/vibe-edit",
        "/monitoring",
        "/login",
        "/docs",
        "/openapi.json",
    ],
)
def test_what_the_page_does_not_need_of_gradio_is_closed(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
