"""Documents, passages and ledger of a generation: what was written is what is read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from index.catalog import CatalogEntry
from index.content import Content
from index.content_writer import ContentWriter, SplitPassage, embedded_fingerprint
from index.document import Document, Passage
from index.errors import DamagedIndexError
from index.ledger import LedgerEntry
from index.windows import windows

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "第一句。\n\nSecond sentence.\f ประโยคที่สาม 🙂 e\u0301"
DOCUMENT = Document("a.txt", TEXT, (0, 23), "gb18030", ("2 characters were already lost in the file (U+FFFD)",))
ENTRY = CatalogEntry(file="a.txt", title="题目", date="2007-12", period=("2003", "2007"), languages=("zh", "en"))
PASSAGES = [
    Passage("a.txt", 0, 4, "第一句。", "zh", "题目 › 一", 1, ((0, 4),), ((0, 4),), ((0, 4),)),
    Passage("a.txt", 6, 22, "Second sentence.", "en", "", 1, ((6, 12), (13, 22)), ((6, 12), (13, 22))),
    Passage("a.txt", 24, len(TEXT), TEXT[24:], "th", "", 2, ((24, len(TEXT)),), ((24, len(TEXT)),)),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "content.sqlite"
    writer = ContentWriter(path)
    texts = [["one"], ["two", "three"], ["three"]]
    split = [SplitPassage(passage, {"term": 2}, text) for passage, text in zip(PASSAGES, texts, strict=True)]
    writer.put(DOCUMENT, ENTRY, split)
    writer.note(LedgerEntry.of(DOCUMENT, PASSAGES, "hash", 0.5))
    writer.note(LedgerEntry("0.txt", problem="it is a binary file"))
    writer.connection.execute("UPDATE windows SET segment = 'first', language_group = 'any'")
    writer.number()
    writer.close()
    return path


def test_everything_comes_back_as_it_was(path: Path) -> None:
    content = Content(path)
    assert content.document("a.txt") == DOCUMENT
    assert content.entry("a.txt") == ENTRY
    assert list(content.all_passages()) == PASSAGES
    assert content.source_ids() == ["a.txt"]
    assert content.languages() == {"en": 1, "th": 1, "zh": 1}


def test_passages_are_found_by_id_and_by_number(path: Path) -> None:
    content = Content(path)
    first, _, third = PASSAGES
    assert content.passages([third.passage_id, "unknown", first.passage_id]) == {
        third.passage_id: third,
        first.passage_id: first,
    }
    assert content.numbered([2, 0, 99]) == {2: third, 0: first}
    assert content.ids([2, 0, 99]) == {2: third.passage_id, 0: first.passage_id}
    assert content.numbers([third.passage_id, "unknown"]) == {third.passage_id: 2}


def test_passages_of_sources_and_languages_are_allowed(path: Path) -> None:
    content = Content(path)
    assert content.entries == {"a.txt": ENTRY}
    assert content.allowed(None, None).tolist() == [True, True, True]
    assert content.allowed(None, frozenset({"en", "th"})).tolist() == [False, True, True]
    assert content.allowed(frozenset({"a.txt"}), frozenset({"zh"})).tolist() == [True, False, False]
    assert content.allowed(frozenset(), None).tolist() == [False, False, False]


def test_windows_with_known_texts_are_found(path: Path) -> None:
    names = [embedded_fingerprint(text) for text in ("one", "two", "three", "four")]
    by_name = Content(path).embedded_ids(names)
    found = {
        text: by_name[name]
        for text, name in zip(("one", "two", "three", "four"), names, strict=True)
        if name in by_name
    }
    first, second, third = ([window.window_id for window in windows(passage)] for passage in PASSAGES)
    assert (found["one"], found["two"]) == (first[0], second[0])
    assert found["three"] in {second[1], third[0]}
    assert "four" not in found


def test_the_ledger_says_what_every_source_gave(path: Path) -> None:
    failed, read = Content(path).ledger()
    assert (failed.source_id, failed.problem) == ("0.txt", "it is a binary file")
    assert (read.pages, read.passages, read.encoding, read.warnings) == (2, 3, "gb18030", DOCUMENT.warnings)
    assert sum(read.languages.values()) == pytest.approx(1, abs=0.01)
    assert read.problem == ""


def test_a_source_without_text_is_a_problem() -> None:
    assert "no text" in LedgerEntry.of(Document("a.txt", " "), [], "hash", 0).problem


def test_an_unknown_source_is_a_key_error(path: Path) -> None:
    with pytest.raises(KeyError):
        Content(path).document("nothing.txt")


def test_ids_name_the_words_and_their_place() -> None:
    ids = {passage.passage_id for passage in PASSAGES}
    assert len(ids) == 3
    moved = Passage("a.txt", 1, 5, "第一句。", "zh", "题目 › 一")
    elsewhere = Passage("b.txt", 0, 4, "第一句。", "zh", "题目 › 一")
    assert not ids & {moved.passage_id, elsewhere.passage_id}


def test_many_threads_read_at_once(path: Path) -> None:
    content = Content(path)
    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda number: content.numbered([number % 3])[number % 3].text, range(300)))
    assert texts == [PASSAGES[number % 3].text for number in range(300)]


def test_reading_leaves_nothing_beside_the_file(path: Path) -> None:
    path.chmod(0o444)
    Content(path).ledger()
    assert [file.name for file in path.parent.iterdir()] == ["content.sqlite"]


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 100])
def test_what_is_no_database_is_a_damaged_index(path: Path, damage: bytes) -> None:
    path.write_bytes(damage)
    with pytest.raises(DamagedIndexError, match="--rebuild"):
        Content(path).ledger()


def test_a_source_put_again_keeps_the_places_of_what_is_the_same(path: Path, tmp_path: Path) -> None:
    writer = ContentWriter(tmp_path / "next.sqlite", path)
    texts = [["one"], ["two", "another"]]
    split = [SplitPassage(passage, {"new": 1}, text) for passage, text in zip(PASSAGES[:2], texts, strict=True)]
    writer.put(DOCUMENT, ENTRY, split)
    rows = dict(writer.connection.execute("SELECT window_id, segment FROM windows"))
    first, second = windows(PASSAGES[0]), windows(PASSAGES[1])
    assert rows == {first[0].window_id: "first", second[0].window_id: "first", second[1].window_id: None}
    writer.drop("a.txt")
    assert writer.count("windows") == writer.count("passages") == 0
    writer.close()
    assert len(list(Content(path).all_passages())) == 3, "what the copy was made of stays as it is"


def test_segments_know_which_windows_are_still_theirs(path: Path) -> None:
    content = Content(path)
    names = [window.window_id for passage in PASSAGES for window in windows(passage)]
    assert content.alive("first", [*names, "unknown-0"]) == set(names)
    assert content.alive("second", names) == set()
