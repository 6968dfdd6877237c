"""The source viewer: the text, its contents, quotations, words found in it, the original file."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources_to_view import HOSTILE_HEADING, Shelf, chapters, viewer
from starlette.testclient import TestClient

from assistant.web.links import MOST_PLACES, Asked, checksum, places_from, shared_address, source_address
from assistant.web.source_body import LONGEST_LINE, parts
from assistant.web.source_find import MOST_SPANS, find
from assistant.web.source_outline import MOST_ENTRIES, headings_of, outline
from assistant.web.source_view import source_page
from index.document import Document, Heading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = "minutes/pages ü#.txt"
HOSTILE_NAME = 'a"; filename="x.html\u202e.txt'


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    folder = tmp_path_factory.mktemp("viewer") / "sources"
    folder.mkdir()
    shelf = Shelf(folder)
    shelf.add(chapters(PAGES, 12, HOSTILE_HEADING), b"the original")
    shelf.add(Document("page.html", "Words"), b"<script>alert(1)</script>")
    shelf.add(Document(HOSTILE_NAME, "Words"), b"hostile name")
    (folder.parent / "outside.txt").write_bytes(b"secret")
    (folder / "link.txt").symlink_to(folder.parent / "outside.txt")
    shelf.add(Document("link.txt", "secret"))
    shelf.add(Document("gone.txt", "gone"))
    return shelf


@pytest.fixture(scope="module")
def client(shelf: Shelf) -> Iterator[TestClient]:
    with TestClient(viewer(shelf), base_url="http://127.0.0.1:7860") as opened:
        yield opened


def shown_text(html: str) -> str:
    """The document's text as a browser reads it."""
    return unescape(re.sub(r"<[^>]*>", "", html[html.index("<main") : html.index("</main>")]))


def page_of(source: Document, asked: Asked | None = None) -> str:
    class One:
        document = staticmethod(lambda _: source)
        entry = Shelf.entry

    return source_page(One(), source.source_id, "en", asked) or ""  # type: ignore[arg-type]


def test_the_text_is_whole_between_pages_headings_and_quotations(shelf: Shelf) -> None:
    source = shelf.documents[PAGES]
    start = source.headings[1].start - 10
    page = page_of(source, Asked(f"{start}-{start + 30}", None, (f"5-9.{checksum(source.text[5:9])}",)))
    assert shown_text(page) == source.text
    marked = re.findall(r'<mark id="q"[^>]*>([^<]*)</mark>(?:</span>)?(?:<[^>]*>)*<mark>([^<]*)</mark>', page)
    assert source.text[start : start + 30].startswith(marked[0][0])
    assert re.findall(r'id="page-(\d+)"', page) == [str(number) for number in range(1, 13)]
    assert page.count('class="other"') == 1


@given(st.text(alphabet="ab字\n\u0301 。𠮷", max_size=60), st.lists(st.integers(0, 60), max_size=6), st.data())
@settings(max_examples=60, deadline=None)
def test_parts_joined_are_the_text(text: str, pages: list[int], data: st.DataObject) -> None:
    length = len(text)
    starts = (0, *sorted(min(page, length) for page in pages))
    ends = sorted(data.draw(st.lists(st.integers(0, length), max_size=4, unique=True)))
    spans = list(pairwise(ends))
    headings = [Heading(*span, 1) for span in spans[::2]]
    source = Document("a.txt", text, starts)
    drawn = list(parts(source, headings, spans[0] if spans else None, spans[1:]))
    pieces = [piece for part in drawn for run in part.runs for piece in run.pieces]
    assert "".join(piece.text for piece in pieces) == text
    assert [part.page for part in drawn if part.begins] == ([*range(1, len(starts) + 1)] if len(starts) > 1 else [])
    assert "".join(piece.text for piece in pieces if piece.mark == "current") == (
        text[slice(*spans[0])] if spans else ""
    )


def test_a_line_of_a_megabyte_is_drawn_in_parts() -> None:
    text = "x" * 3_000 + "字" * 1_000_000 + "\u0e33" * 30
    sizes = [
        sum(len(piece.text) for run in part.runs for piece in run.pieces)
        for part in parts(Document("a", text), [], None, [])
    ]
    assert sum(sizes) == len(text)
    assert max(sizes) <= LONGEST_LINE + 100


def test_the_contents_lead_to_every_heading(shelf: Shelf) -> None:
    source = shelf.documents[PAGES]
    page = page_of(source)
    contents = page[page.index('<nav id="contents"') : page.index("</nav>", page.index('<nav id="contents"'))]
    targets = re.findall(r'href="#(s\d+)"', contents)
    assert targets == [f"s{heading.start}" for heading in source.headings]
    assert all(page.count(f'id="{target}"') == 1 for target in targets)
    assert "<script>window" not in page
    assert HOSTILE_HEADING in unescape(contents)
    assert contents.count("<ol>") == 1 + 3


def test_headings_are_nested_by_level_and_deep_ones_folded() -> None:
    levels = [1, 3, 2, 1, 2, 3]
    headings = [Heading(at, at + 1, level) for at, level in enumerate(levels)]
    roots = outline("abcdef", headings)
    assert [(root.title, [entry.title for entry in root.entries]) for root in roots] == [
        ("a", ["b", "c"]),
        ("d", ["e"]),
    ]
    assert all(root.unfolded for root in roots)
    many = [Heading(at, at + 1, 1 + at % 5) for at in range(200)]
    assert not any(root.unfolded for root in outline("x" * 200, many))
    assert outline("abc", headings[:1]) == []


def test_headings_that_no_file_marks_are_found_and_too_many_thinned_out() -> None:
    source = Document("a.txt", "# One\n\nText of it.\n\n## Two\n\nMore text.\n")
    assert [entry.title for root in outline(source.text, headings_of(source)) for entry in (root, *root.entries)] == [
        "One",
        "Two",
    ]
    many = [Heading(at, at + 1, 1 if at % 100 == 0 else 2) for at in range(MOST_ENTRIES * 2)]
    assert len(outline("x" * len(many), many)) == len(many) / 100


def test_other_quotations_of_an_answer_are_named_in_the_address_and_checked(client: TestClient, shelf: Shelf) -> None:
    text = shelf.documents[PAGES].text
    spans = [(30, 40), (60, 70), (90, 95)]
    quoted = [(span, text[slice(*span)]) for span in spans]
    page = client.get(source_address(PAGES, "en", *quoted[1], also=quoted)).text
    assert page.count('<li><a href="/source/') == 3
    assert page.count("<mark") == 3
    changed = client.get(source_address(PAGES, "en", *quoted[1], also=[(spans[0], "other words"), quoted[2]])).text
    assert changed.count("<mark") == 2
    assert places_from(["", "x.y", "30-40", f"30-40.{'0' * 12}", "9-3.x", "0-99999999.x"], text) == []
    flood = client.get(
        f"/source/{quote(PAGES)}",
        params=[("lang", "en")] + [("also", f"{n}-{n + 1}.{checksum(text[n : n + 1])}") for n in range(500)],
    )
    assert flood.text.count("<mark") == MOST_PLACES


def test_the_address_to_hand_on_names_the_words_for_browser_and_server(client: TestClient, shelf: Shelf) -> None:
    words = shelf.documents[PAGES].text[30:40]
    address = shared_address(PAGES, (30, 40), words)
    assert address.endswith("#30-40")
    assert "lang=" not in address
    page = client.get(address).text
    assert '<span id="30-40"></span><mark id="q"' in page
    assert address.replace("&", "&amp;") in page


TEXT = (
    "The Traffick-\ning of Ｗｏｍｅｎ. 反對拐賣\n  人口 2007 年 12月。后来的会议 “Quote” don’t 2004¹² ﬁnal Straße\n"
    "กฎ\u200bหมาย\nระหว่าง កម្ពុជា ក្រុម မြန်မာ 𠮷野 the rapist co\u00adop"
)


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ("trafficking", ["Traffick-\ning"]),
        ("WOMEN", ["Ｗｏｍｅｎ"]),
        ("反对拐卖人口", ["反對拐賣\n  人口"]),
        ("後來的 會議", ["后来的会议"]),
        ("2007年12月", ["2007 年 12月"]),
        ('"quote"', ["“Quote”"]),
        ("don't", ["don’t"]),
        ("2004", ["2004"]),
        ("STRASSE", ["Straße"]),
        ("final", ["ﬁnal"]),
        ("กฎหมายระหว่าง", ["กฎ\u200bหมาย\nระหว่าง"]),
        ("ก", ["ก"]),
        ("កម្ពុជា", ["កម្ពុជា"]),
        ("ក", ["ក", "ក្រុ"]),
        ("မြန", ["မြန်"]),
        ("野", ["野"]),
        ("therapist", []),
        ("coop", ["co\u00adop"]),
        ("", []),
        (" \u200b\n", []),
        ("\0", []),
        ("\ud800", []),
    ],
)
def test_words_are_found_however_they_are_written(words: str, hits: list[str]) -> None:
    found = find(TEXT, words)
    assert [TEXT[start:end] for start, end in found.spans] == hits
    assert found.count == len(hits)


@given(st.text(alphabet="aAＡ1２ \n\u3000字國国ﬁßİก\u0e33្រᄀ𠮷-\u00ad\u202e", min_size=1, max_size=40), st.data())
@settings(max_examples=150, deadline=None)
def test_every_stretch_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    found = find(text, text[start : data.draw(st.integers(start + 1, len(text)))])
    assert all(0 <= a < b <= len(text) for a, b in found.spans)
    assert all(before[1] <= after[0] for before, after in pairwise(found.spans))


def test_hits_without_number_are_counted() -> None:
    found = find("a" * (MOST_SPANS + 500), "A")
    assert (found.count, len(found.spans)) == (MOST_SPANS + 500, MOST_SPANS)


def test_the_page_asks_where_words_stand(client: TestClient, shelf: Shelf) -> None:
    source = shelf.documents[PAGES]
    address = unescape(re.findall(r'data-find="([^"]*)"', page_of(source))[0])
    found = client.get(f"{address}&words=%E5%8F%8D%E5%B0%8D%E6%8B%90%E8%B3%A3%E4%BA%BA%E5%8F%A3")
    assert found.json()["count"] == 12
    start, end = found.json()["offsets"][:2]
    assert source.text[start:end] == "反对拐卖\n人口"
    assert "default-src 'none'" in found.headers["content-security-policy"]
    assert client.get(f"/find/{quote(PAGES)}?text=000000000000&words=a").status_code == 409
    assert client.get("/find/none.txt?text=&words=a").status_code == 404
    assert client.get(f"/find/{quote(PAGES)}").json() == {"count": 0, "offsets": []}


def test_the_original_file_is_kept_not_opened(client: TestClient) -> None:
    page = client.get(f"/source/{quote(PAGES)}?lang=en").text
    address = unescape(re.findall(r'href="(/file/[^"]*)"', page)[0])
    kept = client.get(address)
    assert kept.content == b"the original"
    assert kept.headers["content-disposition"] == "attachment; filename*=utf-8''pages%20%C3%BC%23.txt"
    html = client.get("/file/page.html")
    assert html.headers["content-type"] == "application/octet-stream"
    assert html.headers["x-content-type-options"] == "nosniff"
    assert html.headers["content-disposition"].startswith("attachment")
    assert "default-src 'none'" in html.headers["content-security-policy"]
    hostile = client.get(f"/file/{quote(HOSTILE_NAME)}")
    assert hostile.content == b"hostile name"
    assert "x.html" not in hostile.headers["content-disposition"].replace("%22x.html", "")


@pytest.mark.parametrize(
    "source_id",
    [
        "none.txt",
        "link.txt",
        "gone.txt",
        "../outside.txt",
        "/etc/passwd",
        "minutes",
        "",
        "%00",
        "a" * 3000,
        "minutes/../page.html",
    ],
)
def test_no_other_file_is_given_away(client: TestClient, source_id: str) -> None:
    answer = client.get(f"/file/{quote(source_id, safe='')}?lang=zh")
    assert answer.status_code == 404
    assert "secret" not in answer.text
    assert "没有这个文件" in answer.text or not source_id


def test_a_file_that_has_changed_is_not_given_for_the_one_that_was_quoted(client: TestClient, shelf: Shelf) -> None:
    path: Path = shelf.folder / PAGES
    before = path.read_bytes()
    try:
        path.write_bytes(b"changed!")
        assert client.get(f"/file/{quote(PAGES)}").status_code == 404
    finally:
        path.write_bytes(before)
