"""What the page says."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, cast

import pytest
from starlette.testclient import TestClient

from assistant.settings import load_settings
from assistant.web import texts as module
from assistant.web.app import create_app
from assistant.web.texts import PageLanguage, Texts, TextsError, accepted_language, languages, page_language, texts
from index.errors import WrongCallError
from index.settings import PROJECT
from index.yaml_file import load_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.engine import Assistant


def _keys(value: object, name: str = "") -> set[str]:
    if not isinstance(value, dict):
        return {name}
    return {key for part, inner in value.items() for key in _keys(inner, f"{name}.{part}")}


def test_every_language_has_the_same_texts() -> None:
    keys = [_keys(texts(language).model_dump()) for language in languages()]
    assert keys[0] == keys[1]
    assert len({len(texts(language).page.examples) for language in languages()}) == 1


def test_a_language_is_added_by_adding_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in languages():
        shutil.copy(module.FOLDER / f"{name}.yaml", tmp_path)
    english = (tmp_path / "en.yaml").read_text(encoding="utf-8")
    vietnamese = english.replace("own_name: English", "own_name: Tiếng Việt").replace("send: Send", "send: Gửi")
    (tmp_path / "vi.yaml").write_text(vietnamese, encoding="utf-8")
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    assert languages() == ("zh", "en", "vi")
    assert page_language("vi") == "vi"
    assert accepted_language("vi-VN,vi;q=0.9,en;q=0.5") == "vi"
    assert texts("vi").page.send == "Gửi"
    page = create_app(cast("Assistant", None), load_settings(storage=tmp_path / "storage"))
    with TestClient(page, base_url="http://127.0.0.1") as client:
        assert "Tiếng Việt" in client.get("/config").text
        assert client.get("/source/?lang=vi").text.startswith('<!doctype html>\n<html lang="vi">')
    with pytest.raises(WrongCallError, match="auto, zh, en, vi"):
        create_app(cast("Assistant", None), load_settings(storage=tmp_path / "storage", page_language="fr"))


def test_every_text_is_shown_somewhere() -> None:
    folder = PROJECT / "assistant" / "web"
    code = "".join(
        path.read_text(encoding="utf-8")
        for pattern in ("*.py", "templates/*.html")
        for path in folder.glob(pattern)
        if path.name != "texts.py"
    )
    names = {name for group in Texts.model_fields.values() for name in getattr(group.annotation, "model_fields", {})}
    assert [name for name in sorted(names) if f".{name}" not in code] == []


def test_every_type_of_source_has_a_name() -> None:
    types = {entry["type"] for entry in load_yaml(PROJECT / "sources" / "catalog.yaml")["sources"]}
    for language in languages():
        assert types <= set(texts(language).source.types)


@pytest.mark.parametrize(
    ("content", "message"), [("page: {title: x}", "page.own_name: Field required"), ("other: x", "Field required")]
)
def test_a_missing_text_is_named(content: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "en.yaml").write_text(content, encoding="utf-8")
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    texts.cache_clear()
    with pytest.raises(TextsError, match=message):
        texts("en")
    monkeypatch.undo()
    texts.cache_clear()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("th,zh-Hant;q=0.5,en;q=0.3", "zh"),
        ("th", "en"),
        ("", "en"),
        ("zh;q=x,,;;", "en"),
    ],
)
def test_the_browser_says_which_language(header: str, language: PageLanguage) -> None:
    assert accepted_language(header) == language
