"""What goes wrong with a language model is one line, tells no secret, and is tried again where that helps."""

from __future__ import annotations

import logging
import re
import socket
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scripted_model import FOREVER, PAGE, Fails, Says, scripted_model

from assistant.language_model.failures import ModelFailure, Trouble, failure_of
from assistant.language_model.model import language_model
from assistant.language_model.provider import Message
from assistant.settings import load_settings

KEY = "s3cret-k3y"
ASKED = (Message("system", "Be brief."), Message("user", "Who?"))
LLAMA_CPP = "request (9012 tokens) exceeds the available context size (8192 tokens), try increasing it"
VLLM = "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens."
OPENAI = "This model's maximum context length is 128000 tokens. Please reduce the length of the messages."
LM_STUDIO = "Trying to keep the first 5000 tokens when context the overflows. Load the model with a larger context."
AZURE = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy."


def _model(server, **options):
    return language_model(load_settings(llm=server.url, llm_key=KEY, **options))


def _failure(server, **options):
    model = _model(server, **options)
    with pytest.raises(ModelFailure) as raised:
        model.reply(ASKED, 50)
    return raised.value


@pytest.fixture(autouse=True)
def _nothing_secret(caplog):
    """No record of any logger has the key or a password, whatever its level."""
    caplog.set_level(logging.DEBUG)
    for name in ("openai", "httpx", "httpcore", "llama_index", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    yield
    shown = [logging.Formatter().format(record) for record in caplog.get_records("call")]
    assert not [line for line in shown if KEY in line]


@pytest.fixture
def quick(monkeypatch):
    """Pauses between two attempts that are hardly any."""
    monkeypatch.setattr("assistant.language_model.model.random.uniform", lambda *_: 0.01)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Fails(401, f"no such key {KEY}"), "the language model at HOST refuses the key: check llm_key"),
        (Fails(403), "the language model at HOST refuses the key: check llm_key"),
        (
            Fails(404, "no such model"),
            "HOST has no model 'small': check its name (Ollama: `ollama pull`), and the address (often …/v1)",
        ),
        (Fails(408), "the language model at HOST did not go on in time: ask again, or raise llm_timeout"),
        (
            Fails(400, LLAMA_CPP),
            "the passages do not fit the language model: lower llm_context to what the model takes",
        ),
        (Fails(400, VLLM), "the passages do not fit the language model: lower llm_context to what the model takes"),
        (Fails(400, OPENAI), "the passages do not fit the language model: lower llm_context to what the model takes"),
        (Fails(413), "the passages do not fit the language model: lower llm_context to what the model takes"),
        (
            Fails(400, AZURE),
            "the provider of the language model withheld its reply: put the question differently",
        ),
        (Fails(422), "HOST does not answer like a language model: check the setting llm"),
        (PAGE, "HOST does not answer like a language model: check the setting llm"),
        (
            Says("Hello.", then=(0, 'data: {"choices": [}\n\n')),
            "HOST does not answer like a language model: check the setting llm",
        ),
        (Says(end=None), "the language model wrote nothing: ask again, or use another model"),
        (
            Says("Hello there.", end="content_filter"),
            "the provider of the language model withheld its reply: put the question differently",
        ),
        (Says("Hello there.", end=None), "the language model at HOST broke off: ask again"),
        (Says("Hello there.", breaks_after=1), "the language model at HOST broke off: ask again"),
        (Says("Hello there.", then=(1, "data: {{{\n\n")), "the language model at HOST broke off: ask again"),
        (
            Says("Hello there.", then=(1, 'data: {"error": {"message": "out of memory"}}\n\n')),
            "the language model at HOST broke off: ask again",
        ),
        (
            Says("Hello.", then=(0, f'event: error\ndata: {{"error": {{"message": "{LM_STUDIO}"}}}}\n\n')),
            "the passages do not fit the language model: lower llm_context to what the model takes",
        ),
    ],
)
def test_a_failure_that_would_come_again_is_one_line_and_not_tried_again(reply, said):
    with scripted_model([reply]) as server:
        failure = _failure(server)
        assert str(failure) == said.replace("HOST", server.root.removeprefix("http://"))
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Fails(429), "the language model at HOST has too many requests: ask again in a while"),
        (Fails(500, f"failed for {KEY}"), "the language model at HOST failed: its server's log says why"),
        (Fails(503, "Loading model"), "the language model at HOST failed: its server's log says why"),
        (Says("Hello.", breaks_after=0), "the language model at HOST broke off: ask again"),
        (
            Says("Hello.", then=(0, 'data: {"error": {"message": "out of memory"}}\n\n')),
            "the language model at HOST failed: its server's log says why",
        ),
    ],
)
def test_what_passes_is_tried_three_times_before_it_is_told(quick, reply, said):
    with scripted_model([reply]) as server:
        failure = _failure(server)
        assert str(failure) == said.replace("HOST", server.root.removeprefix("http://"))
        assert len(server.asked) == 3
    with scripted_model([reply, reply, "Hello there."]) as server:
        assert _model(server).reply(ASKED, 50) == "Hello there."


def test_two_attempts_are_some_time_apart():
    with scripted_model([Fails(500), "Hello."]) as server:
        model = _model(server)
        model.warm()
        began = time.perf_counter()
        assert model.reply(ASKED, 50) == "Hello."
        assert 0.4 < time.perf_counter() - began < 2


def _in_two_seconds():
    return format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)


@pytest.mark.parametrize(("status", "asked"), [(429, lambda: "1"), (503, _in_two_seconds)])
def test_a_server_is_given_the_time_that_it_asks_for(status, asked):
    with scripted_model([Fails(status, headers={"Retry-After": asked()}), "Hello."]) as server:
        model = _model(server)
        model.warm()
        began = time.perf_counter()
        assert model.reply(ASKED, 50) == "Hello."
        assert 0.9 < time.perf_counter() - began < 3


def _in_an_hour():
    return format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)


@pytest.mark.parametrize("asked", [lambda: "3600", lambda: "inf", _in_an_hour])
def test_a_server_that_asks_for_a_long_time_is_not_waited_for(asked):
    with scripted_model([Fails(429, headers={"Retry-After": asked()})]) as server:
        began = time.perf_counter()
        assert _failure(server).trouble is Trouble.BUSY
        assert time.perf_counter() - began < 3
        assert len(server.asked) == 1


def test_no_pause_is_longer_than_the_patience_for_a_word():
    with scripted_model([Fails(429, headers={"Retry-After": "20"})]) as server:
        assert _failure(server, llm_timeout=2).trouble is Trouble.BUSY
        assert len(server.asked) == 1


@pytest.mark.parametrize("asked", ["soon", "-5", "nan", "Mon, 99 Foo"])
def test_a_time_that_cannot_be_read_is_no_time(quick, asked):
    with scripted_model([Fails(429, headers={"Retry-After": asked}), "Hello."]) as server:
        assert _model(server).reply(ASKED, 50) == "Hello."


@pytest.mark.parametrize(
    "reply",
    [Says("Hello there.", breaks_after=1), Says("Hello there.", then=(1, 'data: {"error": {"message": "x"}}\n\n'))],
)
def test_nothing_is_tried_again_once_a_word_has_come(reply):
    with scripted_model([reply, "Other."]) as server:
        pieces = []
        with pytest.raises(ModelFailure) as raised:
            pieces.extend(piece.text for piece in _model(server).stream(ASKED, 50))
        assert raised.value.trouble is Trouble.BROKEN_OFF
        assert len(server.asked) == 1


def test_words_that_came_before_a_failure_are_given():
    with scripted_model([Says("Hello there.", breaks_after=1)]) as server:
        stream = _model(server).stream(ASKED, 50)
        assert next(stream).text == "Hello "
        with pytest.raises(ModelFailure):
            list(stream)


@pytest.mark.parametrize("reply", [Says("Hello.", before=FOREVER), Says("Hello.", silent_after=0)])
def test_a_model_that_says_nothing_is_given_up_in_time_and_not_asked_again(reply):
    with scripted_model([reply]) as server:
        model = _model(server, llm_timeout=0.4)
        model.warm()
        began = time.perf_counter()
        with pytest.raises(ModelFailure, match="did not go on in time: ask again, or raise llm_timeout") as raised:
            model.reply(ASKED, 50)
        assert raised.value.trouble is Trouble.SLOW
        assert time.perf_counter() - began < 1.5
        assert server.saw_hang_up()
        time.sleep(0.7)
        assert len(server.asked) == 1


def test_a_model_that_stops_in_the_middle_is_given_up_in_time():
    with scripted_model([Says("One two three four.", silent_after=2)]) as server:
        pieces = []
        with pytest.raises(ModelFailure) as raised:
            pieces.extend(piece.text for piece in _model(server, llm_timeout=0.4).stream(ASKED, 50))
        assert raised.value.trouble is Trouble.SLOW
        assert server.saw_hang_up()


def test_a_slow_model_that_goes_on_is_waited_for():
    with scripted_model([Says("One two three four five six.", pause=0.15)]) as server:
        assert _model(server, llm_timeout=0.5).reply(ASKED, 50) == "One two three four five six."


def test_attempts_together_take_no_longer_than_the_patience_for_a_word():
    with scripted_model([Fails(500), Says("Hello.", before=FOREVER)]) as server:
        model = _model(server, llm_timeout=1.2)
        model.warm()
        began = time.perf_counter()
        with pytest.raises(ModelFailure) as raised:
            model.reply(ASKED, 50)
        assert raised.value.trouble is Trouble.SLOW
        assert time.perf_counter() - began < 2


def test_a_server_that_is_not_there_is_told_with_its_host():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        host = f"127.0.0.1:{taken.getsockname()[1]}"
        model = language_model(load_settings(llm=f"http://{host}/v1", llm_key=KEY))
        with pytest.raises(ModelFailure) as raised:
            model.facts()
    assert raised.value.trouble is Trouble.UNREACHABLE
    assert str(raised.value) == f"there is no language model at {host}: start its server, or check the setting llm"


def test_a_server_that_goes_away_is_told_with_its_host(quick):
    with scripted_model() as server:
        model = _model(server)
        model.facts()
    with pytest.raises(ModelFailure) as raised:
        model.reply(ASKED, 50)
    assert raised.value.trouble is Trouble.UNREACHABLE


def test_a_name_that_no_network_knows_is_told_with_its_host():
    model = language_model(load_settings(llm="http://nowhere.invalid/v1"))
    with pytest.raises(ModelFailure, match=r"there is no language model at nowhere\.invalid: start its server"):
        model.facts()


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (401, Trouble.KEY),
        (403, Trouble.KEY),
        (404, Trouble.NO_MODEL),
        (301, Trouble.MALFORMED),
        (429, Trouble.BUSY),
        (500, Trouble.SERVER),
        (504, Trouble.SLOW),
    ],
)
def test_a_list_of_models_that_is_refused_is_told_as_a_reply_would_be(status, trouble):
    with scripted_model(routes={"/v1/models": Fails(status, headers={"Location": "/elsewhere"})}) as server:
        assert _failure(server).trouble is trouble
        assert not server.asked


def test_an_address_without_its_last_part_is_told():
    with scripted_model() as server:
        model = language_model(load_settings(llm=server.root))
        with pytest.raises(ModelFailure) as raised:
            model.facts()
    host = server.root.removeprefix("http://")
    assert str(raised.value) == f"{host} does not list its models: check the address (often …/v1), or set llm_model"


@pytest.mark.parametrize("body", ["[]", "{}", '{"data": 5}', "5", "{"])
def test_something_else_that_answers_is_no_model(body):
    for reply in (Fails(200, body=body), PAGE):
        with scripted_model(routes={"/v1/models": reply}) as server:
            failure = _failure(server)
            assert failure.trouble is Trouble.MALFORMED
            assert str(failure).endswith("does not answer like a language model: check the setting llm")


def test_the_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "llama_index.llms.openai_like", None)
    with scripted_model() as server:
        for ask in (_model(server).warm, lambda: _model(server).reply(ASKED, 50)):
            with pytest.raises(ModelFailure) as raised:
                ask()
            assert str(raised.value) == (
                "a package for language models is missing: pip install 'commit-assistant[llm]'"
            )


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_kind_has_one_line_that_says_what_to_do(trouble):
    said = str(ModelFailure(trouble, "127.0.0.1:8080", "small"))
    assert "\n" not in said
    assert "{" not in said
    assert re.search(
        r": (?:ask|check|start|set|use|put|lower|raise|its server's log|pip install)|is supported by the materials",
        said,
    )


def test_an_error_that_goes_round_in_circles_is_read_once():
    error, other = RuntimeError("a"), RuntimeError("b")
    error.__cause__, other.__cause__ = other, error
    assert failure_of(error, "host", "small").trouble is Trouble.SERVER


def test_the_key_is_sent_and_stands_in_no_message_and_no_log(caplog, quick):
    with scripted_model([Fails(500, KEY), "Hello."], tokenizer="vllm", props=4096) as server:
        model = _model(server)
        assert model.count("one two") == 2
        assert model.reply(ASKED, 50) == "Hello."
        assert {one.headers["authorization"] for one in server.requests} == {f"Bearer {KEY}"}
    assert {"openai._base_client", "httpx"} <= {record.name for record in caplog.records}  # they did log
