"""The estimate of tokens, where a server does not count."""

from __future__ import annotations

import pytest

from assistant.language_model.tokens import TokenEstimate


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("The six governments signed a memorandum of understanding. ", 10),
        ("湄公河次区域六国签署谅解备忘录。", 16),
    ],
)
def test_a_guess_is_rather_too_high(text, tokens):
    assert tokens < TokenEstimate().of(text) <= 2 * tokens + 1


def test_the_first_count_takes_the_place_of_the_guess_and_later_ones_only_raise_it():
    estimate, text = TokenEstimate(), "x" * 300
    assert estimate.of(text) == 101
    estimate.learn(text, 60)
    assert estimate.of(text) == 61
    estimate.learn(text, 200)
    assert estimate.of(text) == 201
    estimate.learn(text, 50)
    assert estimate.of(text) == 201


def test_a_count_that_cannot_be_true_is_not_believed():
    estimate, text = TokenEstimate(), "x" * 300
    estimate.learn(text, 1)  # some servers count only what they had not read before
    assert estimate.of(text) == 31
    estimate.learn(text, 1_000_000)
    assert estimate.of(text) == 401
    estimate.learn("", 5)
    assert estimate.of(text) == 401


def test_what_english_says_of_a_model_is_not_believed_of_chinese():
    estimate, english, chinese = TokenEstimate(), "The six governments met. " * 12, "六国政府举行会议。" * 40
    guess = estimate.of(chinese)
    estimate.learn(english, 70)
    assert estimate.of(english) == 71
    assert estimate.of(chinese) == guess
    estimate.learn(chinese + english[:50], 500)
    assert estimate.of(english) == 71
    assert 450 < estimate.of(chinese) < 500
