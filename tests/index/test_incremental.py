"""An index that grew by differences is the index that would be built from nothing."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index import merging, source_splitting, vector_stage
from index.build import build_index
from index.generation import CurrentGeneration, current_generation
from index.search_text import search_text
from index.settings import IndexSettings
from index.tokens import terms
from index.windows import windows

if TYPE_CHECKING:
    from pathlib import Path

    from index.generation import Generation

SENTENCES = {
    "zh": [
        "第五次高官会在北京召开。",
        "六国代表签署了联合宣言。",
        "秘书处设在曼谷。",
        "遣返被拐卖的受害人须经双方同意。",
    ],
    "en": ["The ministers met in Yangon.", "Victims are entitled to shelter.", "The plan covers eleven areas."],
    "th": ["การประชุมจัดขึ้นที่กรุงปักกิ่ง", "ผู้เสียหายได้รับความช่วยเหลือ"],
    "vi": ["Hội nghị được tổ chức tại Hà Nội.", "Nạn nhân được bảo vệ."],
}
QUESTIONS = ("北京 高官会", "ministers in Yangon", "ผู้เสียหาย", "Hà Nội")


def text(rng: random.Random) -> str:
    language = rng.choice(sorted(SENTENCES))
    return (
        "\n\n".join(f"{rng.choice(SENTENCES[language])} {rng.randint(1, 40)}." for _ in range(rng.randint(1, 4))) + "\n"
    )


def edit(folder: Path, rng: random.Random) -> None:
    """Add, change, rename, copy or remove a file, or describe it otherwise."""
    files = sorted(folder.glob("*.txt"))
    kind = rng.choice(["add", "add", "change", "rename", "copy", "remove", "describe", "spell"])
    if kind == "add" or len(files) < 3:
        (folder / f"{rng.randint(0, 99):02}.txt").write_text(text(rng), encoding="utf-8")
    elif kind == "change":
        rng.choice(files).write_text(text(rng), encoding="utf-8")
    elif kind == "rename":
        rng.choice(files).rename(folder / f"renamed-{rng.randint(0, 99)}.txt")
    elif kind == "copy":
        (folder / f"copy-{rng.randint(0, 99)}.txt").write_bytes(rng.choice(files).read_bytes())
    elif kind == "remove":
        rng.choice(files).unlink()
    elif kind == "describe":
        entry = f"sources:\n  - file: {rng.choice(files).name}\n    title: Title {rng.randint(0, 99)}\n"
        (folder / "catalog.yaml").write_text(entry, encoding="utf-8")
    else:
        spelling = rng.choice(["{北京: 南京}", "{曼谷: 万谷, 宣言: 声明}", "{}"])
        (folder / "glossary.yaml").write_text(f"ocr_spellings: {spelling}\n", encoding="utf-8")


def assert_same(grown: Generation, fresh: Generation) -> None:
    passages = list(fresh.content.all_passages())
    assert list(grown.content.all_passages()) == passages
    assert grown.content.entries == fresh.content.entries
    assert [entry.source_id for entry in grown.content.ledger()] == [
        entry.source_id for entry in fresh.content.ledger()
    ]
    ids = [window.window_id for passage in passages for window in windows(passage)]
    ours, theirs = grown.vectors.vectors(ids), fresh.vectors.vectors(ids)
    assert set(ours) == set(theirs) == set(ids)
    for name in ids:
        assert list(ours[name]) == pytest.approx(list(theirs[name]), abs=2e-5)
    assert len(grown.vectors) == len(ids) == grown.manifest.windows
    assert set(grown.spreads) == set(fresh.spreads)
    for group, spread in fresh.spreads.items():
        assert np.allclose(grown.spreads[group].mean, spread.mean, atol=1e-5)
        assert np.allclose(grown.spreads[group].covariance, spread.covariance, atol=1e-5)
    for question in QUESTIONS:
        wanted = terms(search_text(question))
        assert grown.lexical.search(wanted, 50) == [
            (row, pytest.approx(s)) for row, s in fresh.lexical.search(wanted, 50)
        ]
    for group in fresh.spreads:
        vector = [float(x) for x in theirs[ids[0]]]
        found, expected = grown.vectors.query(group, vector, 100), fresh.vectors.query(group, vector, 100)
        assert {name for name, _ in found} == {name for name, _ in expected}
        assert [cosine for _, cosine in found] == pytest.approx([cosine for _, cosine in expected], abs=2e-5)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_run_of_changes_gives_what_a_build_from_nothing_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    # Small enough that the few texts of a test are spread over several segments.
    monkeypatch.setattr(merging, "SMALL", 2)
    rng = random.Random(seed)
    (tmp_path / "sources").mkdir()
    settings = IndexSettings(sources=tmp_path / "sources", storage=tmp_path / "grown")
    for _ in range(6):
        (settings.sources / f"{rng.randint(0, 99):02}.txt").write_text(text(rng), encoding="utf-8")
    build_index(settings)
    most = 1
    for _ in range(7):
        for _ in range(rng.randint(1, 2)):
            edit(settings.sources, rng)
        build_index(settings)
        most = max(most, len(CurrentGeneration(settings.storage).get().manifest.segments))
    fresh = settings.model_copy(update={"storage": tmp_path / "fresh"})
    build_index(fresh)
    assert_same(CurrentGeneration(settings.storage).get(), CurrentGeneration(fresh.storage).get())
    assert most > 1, "the test has seen segments"


@pytest.fixture
def settings(tmp_path: Path) -> IndexSettings:
    (tmp_path / "sources").mkdir()
    settings = IndexSettings(sources=tmp_path / "sources", storage=tmp_path / "storage")
    for name, words in (("a.txt", "zh"), ("b.txt", "en")):
        (settings.sources / name).write_text("\n\n".join(SENTENCES[words]) + "\n", encoding="utf-8")
    build_index(settings)
    return settings


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources whose files are read while a test runs."""
    names: list[str] = []
    really = source_splitting.parse

    def reading(data, path, source_id, options):
        names.append(source_id)
        return really(data, path, source_id, options)

    monkeypatch.setattr(source_splitting, "parse", reading)
    return names


def test_only_changed_files_are_read(settings: IndexSettings, parsed: list[str]) -> None:
    (settings.sources / "b.txt").write_text("Other words.\n", encoding="utf-8")
    assert build_index(settings).changes.changed == ("b.txt",)
    assert parsed == ["b.txt"]


def test_a_renamed_or_copied_file_is_neither_read_nor_embedded(settings: IndexSettings, parsed: list[str]) -> None:
    (settings.sources / "a.txt").rename(settings.sources / "new.txt")
    (settings.sources / "copy.txt").write_bytes((settings.sources / "b.txt").read_bytes())
    result = build_index(settings)
    assert (result.changes.renamed, result.changes.duplicates) == ((("a.txt", "new.txt"),), (("copy.txt", "b.txt"),))
    assert (parsed, result.embedded) == ([], 0)
    duplicate = next(entry for entry in result.ledger if entry.source_id == "copy.txt")
    assert duplicate.duplicate_of == "b.txt"


def test_other_splitting_takes_over_what_was_read(settings: IndexSettings, parsed: list[str]) -> None:
    result = build_index(settings.model_copy(update={"passage_tokens": 32}))
    assert result.changed
    assert parsed == []


def test_another_reader_reads_its_files_again_and_no_others(
    settings: IndexSettings, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.sources / "page.html").write_text(f"<p>{SENTENCES['en'][0] * 20}</p>", encoding="utf-8")
    build_index(settings)
    parsed.clear()
    monkeypatch.setattr("index.readers.html.VERSION", 99)
    result = build_index(settings)
    assert (parsed, result.embedded) == (["page.html"], 0)


def test_another_way_to_read_pictures_leaves_texts_alone(settings: IndexSettings, parsed: list[str]) -> None:
    assert not build_index(settings.model_copy(update={"ocr": "never"})).changed
    assert parsed == []


def test_a_catalogue_that_says_more_reads_and_embeds_nothing(settings: IndexSettings, parsed: list[str]) -> None:
    (settings.sources / "catalog.yaml").write_text("sources:\n  - {file: a.txt, title: 宣言}\n", encoding="utf-8")
    result = build_index(settings)
    assert (result.changed, result.changes.descriptions, parsed, result.embedded) == (True, True, [], 0)
    assert current_generation(settings).get().content.entry("a.txt").title == "宣言"


def test_taking_away_a_little_stores_nothing(settings: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    (settings.sources / "c.txt").write_text("One more text.\n", encoding="utf-8")
    build_index(settings)
    (settings.sources / "c.txt").unlink()
    monkeypatch.setattr(vector_stage, "Placer", None)
    result = build_index(settings)
    generation = current_generation(settings).get()
    assert (result.changed, generation.content.source_ids()) == (True, ["a.txt", "b.txt"])
    assert len(generation.vectors) == generation.manifest.windows
    assert {
        name
        for group in generation.vectors.groups
        for name, _ in generation.vectors.query(group, [1.0] + [0.0] * 383, 99)
    } == {window.window_id for passage in generation.content.all_passages() for window in windows(passage)}
