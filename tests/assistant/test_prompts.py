"""Templates are files by purpose and language, checked when they are loaded."""

from __future__ import annotations

import pytest

from assistant.prompts import PROMPTS, VARIABLES, PromptError, prompt

LANGUAGES = ("en", "zh-Hans", "zh-Hant", "vi", "th", "km", "lo", "my")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_can_be_said_in_every_language_of_the_mekong(language):
    passages = [{"quote": "{{ 7 * 7 }}", "number": 1}]
    found = prompt("refuse", language)
    assert found.language == language
    assert "{{ 7 * 7 }} [1]" in found.render(nearest=passages)
    assert "\n" not in found.render(nearest=[])


@pytest.mark.parametrize("language", ["und", "fr", "../../etc/passwd", "", "am"])
def test_any_other_language_gets_english(language):
    assert prompt("refuse", language).language == "en"


def test_every_template_uses_only_what_it_is_given():
    files = sorted(PROMPTS.glob("*/*.txt"))
    assert {path.parent.name for path in files} == set(VARIABLES)
    for path in files:
        assert prompt(path.parent.name, path.stem).render(nearest=[])


def test_a_template_with_an_unknown_variable_is_refused(tmp_path):
    (tmp_path / "refuse").mkdir()
    (tmp_path / "refuse" / "en.txt").write_text("{{ secret }}", encoding="utf-8")
    with pytest.raises(PromptError, match=r"refuse/en\.txt: unknown 'secret'"):
        prompt("refuse", "en", tmp_path).render(nearest=[])


def test_the_version_changes_with_the_wording(tmp_path):
    versions = set()
    for number, text in enumerate(("No.", "No!")):
        folder = tmp_path / str(number) / "refuse"
        folder.mkdir(parents=True)
        (folder / "en.txt").write_text(text, encoding="utf-8")
        versions.add(prompt("refuse", "en", folder.parent).version)
    assert len(versions) == 2
