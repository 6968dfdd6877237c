"""A request runs in a thread of its own: it can be stopped at any moment, and the server notices."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from scripted_model import FOREVER, Fails, Says, scripted_model

from assistant.language_model.failures import ModelFailure, StoppedError, Trouble
from assistant.language_model.model import language_model
from assistant.language_model.provider import Message
from assistant.language_model.requests import Requests, Stop
from assistant.settings import load_settings

ROOT = Path(__file__).resolve().parents[3]
ASKED = (Message("user", "Who?"),)


def _model(server, **options):
    model = language_model(load_settings(llm=server.url, **options))
    model.warm()
    return model


def _stopped(ask, stop, *, when):
    """Seconds from the stop, which comes `when` something is true, to the end."""
    called = []

    def watch():
        while not when():
            time.sleep(0.01)
        time.sleep(0.05)
        called.append(time.perf_counter())
        stop()

    watcher = threading.Thread(target=watch)
    watcher.start()
    with pytest.raises(StoppedError):
        ask()
    ended = time.perf_counter()
    watcher.join()
    return ended - called[0]


def test_a_stop_ends_the_wait_for_the_first_word_and_the_server_sees_it():
    with scripted_model([Says("Hello.", before=FOREVER)]) as server:
        model, stop = _model(server), Stop()
        took = _stopped(lambda: model.reply(ASKED, 50, stop), stop, when=lambda: server.asked)
        assert took < 0.5
        assert server.saw_hang_up()
        time.sleep(0.8)
        assert len(server.asked) == 1  # not tried again by nobody


def test_a_stop_ends_a_reply_in_the_middle_and_the_server_sees_it():
    with scripted_model([Says("One two three four.", silent_after=2)]) as server:
        model, stop, come = _model(server), Stop(), []
        took = _stopped(lambda: come.extend(model.stream(ASKED, 50, stop)), stop, when=lambda: server.asked)
        assert took < 0.5
        assert server.saw_hang_up()


def test_a_stop_between_two_pieces_ends_a_reply_that_keeps_coming():
    with scripted_model([Says("word " * 2000, pause=0.01)]) as server:
        model, stop = _model(server), Stop()
        stream = model.stream(ASKED, 50, stop)
        assert next(stream).text == "word "
        stop()
        began = time.perf_counter()
        with pytest.raises(StoppedError):
            list(stream)
        assert time.perf_counter() - began < 0.5
        assert server.saw_hang_up()


def test_a_stop_ends_a_pause_between_two_attempts():
    with scripted_model([Fails(429, headers={"Retry-After": "20"}), "Hello."]) as server:
        model, stop = _model(server), Stop()
        assert _stopped(lambda: model.reply(ASKED, 50, stop), stop, when=lambda: server.asked) < 0.5
        time.sleep(0.1)
        assert len(server.asked) == 1


def test_a_stop_ends_the_wait_for_what_the_server_is_asked_first():
    with scripted_model(routes={"/v1/models": Says(before=FOREVER)}) as server:
        model, stop = language_model(load_settings(llm=server.url)), Stop()
        took = _stopped(lambda: model.reply(ASKED, 50, stop), stop, when=lambda: server.requests)
        assert took < 0.5
        assert server.saw_hang_up()


def test_one_of_two_that_wait_for_the_server_can_be_stopped_alone():
    with scripted_model(routes={"/v1/models": Says(before=FOREVER)}) as server:
        model, stop = language_model(load_settings(llm=server.url, llm_timeout=1.5)), Stop()
        with ThreadPoolExecutor(1) as other:
            first = other.submit(model.facts)
            while not server.requests:
                time.sleep(0.01)
            assert _stopped(lambda: model.facts(stop), stop, when=lambda: True) < 0.5
            with pytest.raises(ModelFailure) as raised:
                first.result()
            assert raised.value.trouble is Trouble.SLOW


def test_what_is_stopped_before_it_begins_asks_nothing():
    with scripted_model() as server:
        model, stop = language_model(load_settings(llm=server.url)), Stop()
        stop()
        stop()  # twice is as good
        with pytest.raises(StoppedError):
            model.reply(ASKED, 50, stop)
        assert not server.requests


def test_a_stream_that_nobody_reads_asks_nothing():
    with scripted_model() as server:
        _model(server).stream(ASKED, 50).close()
        time.sleep(0.1)
        assert not server.asked


@pytest.mark.parametrize("leave", [lambda stream: stream.close(), lambda stream: None])
def test_a_stream_that_is_left_is_given_up_and_the_server_sees_it(leave):
    with scripted_model([Says("word " * 2000, pause=0.01)]) as server:
        stream = _model(server).stream(ASKED, 50)
        next(stream)
        leave(stream)
        del stream
        gc.collect()
        assert server.saw_hang_up()


def test_what_is_done_when_stopped_is_done_at_once_if_that_has_happened():
    stop, done = Stop(), []
    stop.then(lambda: done.append(1))
    assert not done
    assert not stop.stopped
    stop()
    stop()
    assert done == [1]
    assert stop.stopped
    stop.then(lambda: done.append(2))
    assert done == [1, 2]


def test_a_stop_serves_one_request_after_the_other():
    with scripted_model(["One.", Says("Two.", before=FOREVER)]) as server:
        model, stop = _model(server), Stop()
        assert model.reply(ASKED, 50, stop) == "One."
        assert _stopped(lambda: model.reply(ASKED, 50, stop), stop, when=lambda: len(server.asked) == 2) < 0.5


def test_a_stop_after_the_end_changes_nothing():
    with scripted_model(["One.", "Two."]) as server:
        model, stop = _model(server), Stop()
        assert model.reply(ASKED, 50, stop) == "One."
        stop()
        assert model.reply(ASKED, 50) == "Two."


def test_several_replies_come_at_once_each_with_its_own_words():
    def reply(asked):
        return Says(f"{asked.prompt} " * 20, pause=0.02)

    with scripted_model(reply) as server:
        model = language_model(load_settings(llm=server.url))
        questions = [f"q{number}" for number in range(8)]
        began = time.perf_counter()
        with ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda text: model.reply((Message("user", text),), 50), questions))
        assert replies == [f"{question} " * 20 for question in questions]
        assert time.perf_counter() - began < 2.5  # one after the other: 8 times 0.4 seconds and more
        assert len([one for one in server.requests if one.path == "/v1/models"]) == 1


def test_a_stop_of_one_reply_leaves_the_others():
    def reply(asked):
        return Says("word " * 20, pause=0.05) if asked.prompt == "stay" else Says("word", silent_after=0)

    with scripted_model(reply) as server:
        model, stop = _model(server), Stop()
        with ThreadPoolExecutor(1) as pool:
            staying = pool.submit(model.reply, (Message("user", "stay"),), 50)
            _stopped(lambda: model.reply((Message("user", "go"),), 50, stop), stop, when=lambda: len(server.asked) == 2)
            assert staying.result() == "word " * 20


def test_a_request_that_takes_too_long_is_given_up():
    cancelled = threading.Event()

    async def endless():
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    with pytest.raises(TimeoutError):
        Requests().result(endless, patience=0.1)
    assert cancelled.wait(1)


def test_the_thread_ends_with_what_it_is_for():
    async def one():
        return threading.current_thread()

    requests = Requests()
    thread = requests.result(one, patience=5)
    assert thread.daemon
    del requests
    gc.collect()
    thread.join(5)
    assert not thread.is_alive()


def test_a_program_ends_at_once_and_says_nothing_in_the_middle_of_a_reply():
    code = (
        "import sys; from assistant.settings import load_settings; from assistant.language_model.model import *\n"
        "from assistant.language_model.provider import Message\n"
        "model = language_model(load_settings(llm=sys.argv[1]))\n"
        "stream = model.stream((Message('user', 'Who?'),), 50)\n"
        "print(next(stream).text)\n"
    )
    with scripted_model([Says("Hello there.", silent_after=1)]) as server:
        run = subprocess.run(
            [sys.executable, "-c", code, server.url],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            timeout=60,
        )
        assert server.saw_hang_up()
    assert (run.returncode, run.stdout.strip(), run.stderr) == (0, "Hello", "")
