"""The library, pictures of pages, and the button that brings the index up to date."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from pages_to_read import pdf, picture, scan
from PIL import ImageFilter
from starlette.testclient import TestClient

from assistant.commands.ask import _show
from assistant.engine import Assistant
from assistant.settings import load_settings
from assistant.web.answer_view import answer_html
from assistant.web.app import create_app
from assistant.web.links import source_address
from index.build import build_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.settings import Settings

CLEAR = ["秘书处设在曼谷。", "会议通过了第二个次区域行动计划。"]
HARD = ["第五次高官会议于2007年12月在北京召开。", "遣返被拐卖的受害人须经双方同意。", "受害人的遣返须经两国同意。"]
"""Characters of many strokes, which run together when they are blurred."""
HOSTILE = "<script>alert(1)</script>.txt"
OURS = {"X-Commit-Assistant": "index"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("library")
    sources = folder / "sources"
    sources.mkdir()
    blurred = picture(HARD, size=22, height=1273).filter(ImageFilter.GaussianBlur(2.8))
    (sources / "scan.pdf").write_bytes(pdf(scan(picture(CLEAR, height=1273)), scan(blurred)))
    (sources / "plain.txt").write_text("The ministers met in Yangon in 2004.\n", encoding="utf-8")
    (sources / HOSTILE.replace("/", "_")).write_text("The harbour of Zanzibar.\n", encoding="utf-8")
    (sources / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / "outside.pdf").write_bytes(b"%PDF-1.4")
    settings = load_settings(sources=sources, storage=folder / "storage", index_button=True, answering="eager")
    build_index(settings)
    return settings


@pytest.fixture(scope="module")
def assistant(settings: Settings) -> Assistant:
    return Assistant(settings)


@pytest.fixture(scope="module")
def client(assistant: Assistant, settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(assistant, settings), base_url="http://127.0.0.1:7860") as opened:
        yield opened


@pytest.mark.parametrize(
    ("language", "title", "poor"), [("en", "Library", "Hard to read"), ("zh", "资料库", "识别困难")]
)
def test_every_source_is_listed_with_what_it_gave(client: TestClient, language: str, title: str, poor: str) -> None:
    page = client.get("/library", params={"lang": language})
    assert page.status_code == 200
    assert f"<h1>{title}</h1>" in page.text
    assert poor in page.text
    assert ".doc files are not read" in page.text
    assert source_address("scan.pdf", language).replace("&", "&amp;") in page.text
    assert "<script>alert" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_the_ledger_can_be_taken_along(client: TestClient) -> None:
    table = client.get("/library.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert "attachment" in table.headers["content-disposition"]
    assert table.content.startswith(b"\xef\xbb\xbfsource,page")
    assert b"scan.pdf,2,pdf" in table.content


def test_a_page_of_a_scan_can_be_looked_at(client: TestClient) -> None:
    for page in (1, 2):
        drawn = client.get("/picture/scan.pdf", params={"page": page})
        assert drawn.headers["content-type"] == "image/png"
        assert drawn.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "address",
    [
        *(
            "/picture/scan.pdf?page=3",
            "/picture/scan.pdf?page=0",
            "/picture/scan.pdf?page=-1",
            "/picture/scan.pdf?page=x",
        ),
        *("/picture/scan.pdf?page=%C2%B2", "/picture/scan.pdf?page=99999999999", "/picture/plain.txt?page=1"),
        *(
            "/picture/nothing.pdf",
            "/picture/../outside.pdf",
            "/picture/%2e%2e/outside.pdf",
            "/picture/",
            "/picture/%00",
        ),
        "/picture//etc/passwd",
    ],
)
def test_what_is_no_page_has_no_picture(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "\n" not in answer.text.strip()


def test_a_file_that_has_changed_is_not_shown_as_what_was_quoted(client: TestClient, settings: Settings) -> None:
    path = settings.sources / "scan.pdf"
    before = path.read_bytes()
    try:
        path.write_bytes(before + b"\n")
        assert client.get("/picture/scan.pdf?page=1").status_code == 404
    finally:
        path.write_bytes(before)


def test_words_of_a_page_that_is_hard_to_read_carry_a_warning(assistant: Assistant, client: TestClient, capsys) -> None:
    answer = assistant.ask("受害人须经两国同意吗？")
    hard = [citation for citation in answer.citations if citation.source_id == "scan.pdf" and citation.page == 2]
    assert hard, answer
    assert hard[0].poor_scan
    assert hard[0].confidence is not None
    assert hard[0].picture_page == 2
    assert "compare it with the page before you quote it" in answer_html(answer, "en")
    assert "引用前请与原页核对" in answer_html(answer, "zh")
    _show(answer)
    assert "hard to read" in capsys.readouterr().out
    place = source_address("scan.pdf", "en", (hard[0].start, hard[0].end), hard[0].quote)
    viewer = client.get(place).text
    assert '<details class="picture" open>' in viewer
    assert 'src="/picture/scan.pdf?page=2"' in viewer


def test_clear_words_and_texts_carry_none(assistant: Assistant) -> None:
    answer = assistant.ask("秘书处设在哪里？")
    clear = next(citation for citation in answer.citations if citation.page == 1)
    assert (clear.poor_scan, clear.picture_page) == (False, 1)
    plain = assistant.ask("Where did the ministers meet in 2004?").citations
    text = next(citation for citation in plain if citation.source_id == "plain.txt")
    assert (text.poor_scan, text.confidence, text.picture_page) == (False, None, None)


def finished(client: TestClient) -> dict[str, object]:
    for _ in range(600):
        state = client.get("/library/progress").json()
        if state["finished"]:
            return state
        time.sleep(0.05)
    pytest.fail("the index was not brought up to date")


def test_the_button_brings_the_index_up_to_date_while_questions_are_answered(
    client: TestClient, assistant: Assistant, settings: Settings
) -> None:
    assert 'id="index"' in client.get("/library").text
    (settings.sources / "new.txt").write_text("The newest text speaks of Luang Prabang.\n", encoding="utf-8")
    assert client.post("/library/index", headers=OURS).json()["running"]
    assert client.post("/library/index", headers=OURS).status_code == 200, "a second press changes nothing"
    assert assistant.search("Yangon").passages
    state = finished(client)
    assert (state["changed"], state["failed"], state["error"]) == (1, 1, "")
    assert any("Luang Prabang" in passage.text for passage in assistant.search("Luang Prabang").passages)


def test_a_run_that_fails_says_why(client: TestClient, settings: Settings) -> None:
    catalog = settings.sources / "catalog.yaml"
    catalog.write_text("sources:\n  - {file: a.txt, colour: red}\n", encoding="utf-8")
    try:
        client.post("/library/index", headers=OURS)
        assert "catalog.yaml:2: unknown key 'colour'" in str(finished(client)["error"])
    finally:
        catalog.unlink()


def test_another_site_cannot_start_it(client: TestClient) -> None:
    assert client.post("/library/index").status_code == 403
    assert client.get("/library/index", headers=OURS).status_code in {404, 405}


def test_without_the_setting_there_is_no_button(assistant: Assistant, settings: Settings) -> None:
    plain = settings.model_copy(update={"index_button": False})
    with TestClient(create_app(assistant, plain), base_url="http://127.0.0.1:7860") as client:
        assert 'id="index"' not in client.get("/library").text
        assert client.post("/library/index", headers=OURS).status_code in {404, 405}
