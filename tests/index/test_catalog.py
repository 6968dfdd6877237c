"""The catalogue: which files there are, what is known of them, and errors that say where to look."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.catalog import Catalog, CatalogError

SOURCES = Path(__file__).resolve().parents[2] / "sources"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.txt", "b.md", "README.md", "glossary.yaml", ".hidden.txt"):
        (tmp_path / name).write_text("text", encoding="utf-8")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "c.txt").write_text("text", encoding="utf-8")
    (tmp_path / ".removed").mkdir()
    (tmp_path / ".removed" / "old.txt").write_text("text", encoding="utf-8")
    return tmp_path


def load_error(folder: Path, catalog: str | bytes) -> str:
    data = catalog if isinstance(catalog, bytes) else catalog.encode("utf-8")
    (folder / "catalog.yaml").write_bytes(data)
    with pytest.raises(CatalogError) as error:
        Catalog.load(folder)
    message = str(error.value)
    assert "\n" not in message
    assert message.startswith(str(folder / "catalog.yaml"))
    return message.removeprefix(str(folder / "catalog.yaml"))


def test_the_real_catalogue_knows_every_text() -> None:
    catalog = Catalog.load(SOURCES)
    assert all(source_id in catalog and path.is_file() for source_id, path in catalog.files())
    entry = catalog.entry("press-report-2007-12-14-imm2-som5-beijing.en.txt")
    assert (entry.publisher, entry.date, entry.languages) == ("China.org.cn", "2007-12-14", ("en",))


def test_a_folder_without_a_catalogue_still_has_sources(folder: Path) -> None:
    catalog = Catalog.load(folder)
    assert [source_id for source_id, _ in catalog.files()] == ["a.txt", "b.md", "reports/c.txt"]
    assert catalog.entry("reports/c.txt").shown_title == "c.txt"


def test_a_catalogued_file_that_is_missing_is_listed(folder: Path) -> None:
    (folder / "catalog.yaml").write_text("sources:\n  - file: gone.txt\n    title: Gone\n", encoding="utf-8")
    files = dict(Catalog.load(folder).files())
    assert not files["gone.txt"].exists()


def test_unquoted_dates_and_empty_fields_are_taken(folder: Path) -> None:
    text = "sources:\n  - file: a.txt\n    title:\n    date: 2007-12-14\n    period: [2003-11, 2007]\n"
    (folder / "catalog.yaml").write_text(text, encoding="utf-8")
    entry = Catalog.load(folder).entry("a.txt")
    assert (entry.title, entry.date, entry.period) == ("", "2007-12-14", ("2003-11", "2007"))


@pytest.mark.parametrize(
    "text", ["", "# nothing yet\n", "version: 1\nsources:\n", "sources: []\n", "\ufeffsources: []\n"]
)
def test_a_catalogue_without_entries(folder: Path, text: str) -> None:
    (folder / "catalog.yaml").write_text(text, encoding="utf-8")
    assert len(Catalog.load(folder).files()) == 3


def test_a_wrong_key_is_named_with_its_line_and_what_is_allowed(folder: Path) -> None:
    message = load_error(folder, "version: 1\nsources:\n  - file: a.txt\n    titel: A\n")
    assert message.startswith(":4:")
    assert "'titel'" in message
    for allowed in ("file", "title", "publisher", "date", "languages", "notes"):
        assert allowed in message
    message = load_error(folder, "sources: []\nauthor: me\n")
    assert message.startswith(":2:")
    assert "version, sources" in message


@pytest.mark.parametrize("date", ["14.12.2007", "Dec 2007", "07-12-14", "2007/12"])
def test_a_bad_date_is_named_with_its_line(folder: Path, date: str) -> None:
    message = load_error(folder, f'sources:\n  - file: a.txt\n    title: A\n    date: "{date}"\n')
    assert message.startswith(":4: sources.date")


def test_a_file_that_stands_there_twice(folder: Path) -> None:
    message = load_error(folder, "sources:\n  - file: a.txt\n  - file: b.md\n  - file: a.txt\n")
    assert "a.txt" in message
    assert "twice" in message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("sources: [\n", 2),
        ("sources:\n  - file: a.txt\n    file: b.md\n", 3),
        ("sources:\n\t- file: a.txt\n", 2),
        ("sources:\n  - title: without a file\n", 2),
        ("- a.txt\n", 1),
        ("just text\n", 1),
        ("sources: a.txt\n", 1),
    ],
)
def test_what_is_no_catalogue_says_where(folder: Path, text: str, line: int) -> None:
    assert load_error(folder, text).startswith(f":{line}:")


def test_a_catalogue_in_another_encoding(folder: Path) -> None:
    assert "UTF-8" in load_error(folder, "sources:\n  - file: a.txt\n    title: 会议\n".encode("gb18030"))


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="--sources"):
        Catalog.load(tmp_path / "nowhere")


def test_a_file_name_that_is_no_utf8_can_be_shown(folder: Path) -> None:
    path = os.fsencode(folder) + "/会议.txt".encode("gb18030")
    try:
        Path(os.fsdecode(path)).write_text("text", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    names = [source_id for source_id, _ in Catalog.load(folder).files()]
    assert any("\ufffd" in name for name in names)
    assert all(name.encode("utf-8") for name in names)
