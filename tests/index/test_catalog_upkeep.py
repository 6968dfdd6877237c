"""Adding texts and taking them out: nothing that somebody wrote is lost."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from index.catalog import Catalog, CatalogError
from index.catalog_upkeep import UpkeepError, add_source, remove_source
from index.errors import WrongCallError

SOURCES = Path(__file__).resolve().parents[2] / "sources"
CATALOG = """# What this folder has
version: 1   # of the format
sources:
  # the oldest first
  - file: a.txt   # checked by hand
    title: "One: a title"
    date: "2006-05"   # from the text

  # press
  - file: b.txt
    title: 二
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text("text", encoding="utf-8")
    return folder


def new_file(tmp_path: Path, text: str | bytes, name: str = "new.txt") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def catalog_text(folder: Path) -> str:
    return (folder / "catalog.yaml").read_text(encoding="utf-8")


def test_an_added_text_is_catalogued_by_what_it_says(folder: Path, tmp_path: Path) -> None:
    file = new_file(tmp_path, "# 中缅双边会谈纪要\n\n2006年11月5日\n\n双方同意采纳中越合作模式。\n")
    assert add_source(folder, file).file == "new.txt"
    entry = Catalog.load(folder).entry("new.txt")
    assert (entry.title, entry.date, entry.languages) == ("中缅双边会谈纪要", "2006-11-05", ("zh",))
    assert entry.type == "bilateral_minutes"
    assert (folder / "new.txt").read_bytes() == file.read_bytes()


def test_what_a_text_does_not_say_stays_empty(folder: Path, tmp_path: Path) -> None:
    add_source(folder, new_file(tmp_path, f"{'long ' * 50}\n2006-11-05 and 2007-12-14\n"))
    entry = Catalog.load(folder).entry("new.txt")
    assert (entry.title, entry.date, entry.publisher) == ("", "", "")


def test_comments_stay_when_texts_come_and_go(folder: Path, tmp_path: Path) -> None:
    add_source(folder, new_file(tmp_path, "A title\n\nText.\n"))
    added = catalog_text(folder)
    assert all(line in added for line in CATALOG.splitlines() if line.strip())
    remove_source(folder, "new.txt")
    assert catalog_text(folder).split() == CATALOG.split()


def test_the_real_catalogue_survives_a_round(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    shutil.copytree(SOURCES, folder)
    before = Catalog.load(folder)
    add_source(folder, new_file(tmp_path, "A title\n\nText.\n"))
    remove_source(folder, "new.txt")
    after = Catalog.load(folder)
    assert [before.entry(name) for name, _ in before.files()] == [after.entry(name) for name, _ in after.files()]
    comments = [line for line in (SOURCES / "catalog.yaml").read_text(encoding="utf-8").splitlines() if line[:1] == "#"]
    assert [line for line in catalog_text(folder).splitlines() if line[:1] == "#"] == comments


@pytest.mark.parametrize("title", ['With "quotes": and # signs', "- a dash", "null", "2007", "是: 否", "{}", "*star*"])
def test_any_title_can_be_read_back(folder: Path, tmp_path: Path, title: str) -> None:
    add_source(folder, new_file(tmp_path, f"{title}\n\nText.\n"))
    assert Catalog.load(folder).entry("new.txt").title in {title, title.removeprefix("- ")}


@pytest.mark.parametrize("text", [None, "", "# only a comment\n", "version: 1\nsources:\n", "sources: []\n"])
def test_a_catalogue_begins_with_the_first_text(tmp_path: Path, text: str | None) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    if text is not None:
        (folder / "catalog.yaml").write_text(text, encoding="utf-8")
    add_source(folder, new_file(tmp_path, "A title\n\nText.\n"))
    assert Catalog.load(folder).entry("new.txt").title == "A title"
    assert [line for line in (text or "").splitlines() if line[:1] == "#" and line not in catalog_text(folder)] == []
    remove_source(folder, "new.txt")
    assert Catalog.load(folder).files() == []


def test_a_removed_text_is_kept_and_can_be_added_again(folder: Path) -> None:
    kept = remove_source(folder, "a.txt")
    assert kept is not None
    assert kept.read_text(encoding="utf-8") == "text"
    assert [name for name, _ in Catalog.load(folder).files()] == ["b.txt"]
    assert "checked by hand" not in catalog_text(folder)
    add_source(folder, kept)
    again = remove_source(folder, "a.txt")
    assert again not in {None, kept}
    assert kept.exists()


def test_a_text_outside_the_catalogue_can_be_removed(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "c.txt").write_text("text", encoding="utf-8")
    before = catalog_text(folder)
    assert remove_source(folder, "sub/c.txt") is not None
    assert catalog_text(folder) == before


def test_an_entry_without_a_file_can_be_removed(folder: Path) -> None:
    (folder / "a.txt").unlink()
    assert remove_source(folder, "a.txt") is None
    assert "a.txt" not in Catalog.load(folder)


def test_a_file_outside_the_folder_stays_where_it_is(folder: Path, tmp_path: Path) -> None:
    outside = new_file(tmp_path, "not ours", "outside.txt")
    text = "sources:\n  - file: ../outside.txt\n"
    (folder / "catalog.yaml").write_text(text, encoding="utf-8")
    assert remove_source(folder, "../outside.txt") is None
    assert outside.read_text(encoding="utf-8") == "not ours"
    assert "../outside.txt" not in Catalog.load(folder)


def test_an_unknown_id_is_a_wrong_call(folder: Path) -> None:
    with pytest.raises(WrongCallError, match="sources list"):
        remove_source(folder, "nothing.txt")


def test_a_text_of_that_name_is_never_overwritten(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UpkeepError, match="already"):
        add_source(folder, new_file(tmp_path, "other", "a.txt"))
    assert (folder / "a.txt").read_text(encoding="utf-8") == "text"


@pytest.mark.parametrize(("name", "data"), [("new.pdf", b"%PDF-1.4"), ("new.txt", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01")])
def test_what_is_no_text_is_not_added(folder: Path, tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(UpkeepError, match=name) as error:
        add_source(folder, new_file(tmp_path, data, name))
    assert "\n" not in str(error.value)
    assert not (folder / name).exists()
    assert catalog_text(folder) == CATALOG


def test_a_missing_file_says_so(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UpkeepError, match="no file"):
        add_source(folder, tmp_path / "nowhere.txt")


def test_a_broken_catalogue_stops_before_anything_is_copied(folder: Path, tmp_path: Path) -> None:
    (folder / "catalog.yaml").write_text("sources: [", encoding="utf-8")
    with pytest.raises(CatalogError):
        add_source(folder, new_file(tmp_path, "A title\n"))
    assert not (folder / "new.txt").exists()


def test_a_full_disk_leaves_folder_and_catalogue_as_they_were(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    before = sorted(path.name for path in folder.iterdir())
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UpkeepError, match="disk is full"):
        add_source(folder, new_file(tmp_path, "A title\n"))
    assert catalog_text(folder) == CATALOG
    assert sorted(path.name for path in folder.iterdir()) == before
