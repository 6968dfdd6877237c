"""Settings come from options, environment and file, and a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import load_settings
from index.errors import WrongCallError


def test_an_option_beats_the_environment_and_the_environment_the_file(tmp_path, monkeypatch):
    config = tmp_path / "settings.toml"
    config.write_text('port = 1\npassages = 3\nstorage = "/from/file"\n', encoding="utf-8")
    monkeypatch.setenv("COMMIT_ASSISTANT_STORAGE", "/from/environment")
    monkeypatch.setenv("COMMIT_ASSISTANT_PORT", "2")
    settings = load_settings(config, port=3, host=None)
    assert (settings.port, settings.passages, settings.storage) == (3, 3, Path("/from/environment"))
    assert settings.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("pasages = 3", "unknown setting 'pasages'"),
        ("port = 0", "setting port = 0"),
        ("port = ", "settings.toml"),
        ('evidence_floor = "much"', "setting evidence_floor = 'much'"),
    ],
)
def test_a_wrong_file_is_refused_with_the_setting_named(tmp_path, content, words):
    config = tmp_path / "settings.toml"
    config.write_text(content, encoding="utf-8")
    with pytest.raises(WrongCallError) as raised:
        load_settings(config)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(WrongCallError, match=r"nowhere\.toml"):
        load_settings(tmp_path / "nowhere.toml")
