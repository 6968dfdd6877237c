"""The page of past runs: figures, charts, reports opened in place, and what is refused."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.settings import load_settings
from assistant.web.access.gate import Gate
from assistant.web.guard import Guard
from assistant.web.texts import languages
from evals.question_set import Question, QuestionSet
from evals.report.page import page
from evals.run_folder import PAGE, REPORT
from evals.stamp import RunStamp, Selection
from evals.summary import report
from evals.view.folders import runs_folder
from evals.view.routes import add_evaluation_pages
from evals.view.texts import view_texts

HOSTILE = "<script>alert(1)<!-- & \"quoted\" 'too' {{ 7 * 7 }}"
"""Also the name of a folder, so it has no slash."""


@pytest.fixture
def runs(tmp_path, monkeypatch):
    folder = tmp_path / "runs"
    monkeypatch.setenv("COMMIT_ASSISTANT_RUNS", str(folder))
    return folder


@pytest.fixture
def make_run(runs, outcome):
    def make(name, made="2026-03-01T10:00:00+00:00", *, right=8, selected=None, **said):
        scores = {"recall@10": 1.0, "recall@1": 0.0, "citation_recall": 0.5}
        text = said.get("text", "fine")
        outcomes = [
            outcome(f"q{number}", right=number < right, scores=scores, answer=text, question=text, evidence=0.5)
            for number in range(10)
        ]
        plain = {**dict.fromkeys(RunStamp.model_fields, "stamp"), "embedding_model": "e5", "prompts": {}}
        plain |= {"set": said.get("fingerprint", "f"), "selection": selected or Selection()}
        nothing = Question(id="a", language="en", question="?", unanswerable="off_topic")
        questions = QuestionSet(name=said.get("named", "small"), questions=(nothing,))
        stamp = RunStamp.model_validate(plain)
        made_report = report(questions, load_settings(), stamp, outcomes, intervals=False)
        made_report = made_report.model_copy(update={"made": made})
        folder = runs / name
        folder.mkdir(parents=True)
        (folder / REPORT).write_text(made_report.model_dump_json(), encoding="utf-8")
        (folder / PAGE).write_text(page(made_report, []), encoding="utf-8")
        return folder

    return make


@pytest.fixture
def client(runs):
    settings = load_settings()
    app = FastAPI()
    app.add_middleware(Gate, settings=settings)
    app.add_middleware(Guard)
    add_evaluation_pages(app, settings)
    return TestClient(app, base_url="http://127.0.0.1:7860", follow_redirects=False)


class _Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.names, self.links, self.handlers = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.links += [value for name, value in attrs if name == "href"]
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "commit-assistant eval run commit makes one"), ("zh", "运行 commit-assistant eval run commit")],
)
def test_without_runs_one_line_says_how_to_make_one(client, language, said):
    shown = client.get("/evaluations", params={"lang": language})
    assert shown.status_code == 200
    assert said in shown.text
    assert "<table" not in shown.text


def test_runs_are_listed_newest_first_with_their_figures(client, make_run):
    make_run("older", "2026-03-01T10:00:00+00:00", right=6)
    make_run("deep/newer", "2026-04-01T12:00:00+02:00", right=9)
    shown = client.get("/evaluations?lang=en").text
    assert shown.index("deep/newer") < shown.index("older")
    assert "2026-04-01 10:00 UTC" in shown
    assert "0.900" in shown
    assert "0.600" in shown
    assert "e5" in shown
    assert "<h1>评测</h1>" in client.get("/evaluations?lang=zh").text


def test_a_set_that_was_run_more_than_once_is_drawn_with_the_same_figures_beside(client, make_run):
    for month, right in enumerate((5, 6, 9), start=1):
        make_run(f"r{month}", f"2026-0{month}-01T10:00:00+00:00", right=right, fingerprint="f" if month < 3 else "g")
    make_run("part", "2026-02-02T10:00:00+00:00", selected=Selection(limit=5))
    make_run("once", named="other")
    shown = client.get("/evaluations?lang=en").text
    assert shown.count("<figure>") == 1
    drawn = shown[shown.index("<figure>") : shown.index("</figure>")]
    assert "<title>small: main measures from run to run</title>" in drawn
    assert 'role="img" aria-labelledby=' in drawn
    assert re.findall(r"Right (0\.\d+) ", drawn) == ["0.500", "0.600", "0.900"]
    assert re.findall(r'<td class="number">(0\.[569]00)</td>', drawn)[:1] == ["0.900"]
    assert len(re.findall(r'<polyline points="[\d. ,]+"/>', drawn)) == 2 * 3, "legend, and a line up to the change"
    assert "Lines break where the questions of the set changed" in drawn
    assert "2026-02-02" not in drawn


def test_a_report_is_opened_in_place_and_runs_nothing(client, make_run):
    make_run("one", text=HOSTILE)
    shown = client.get("/evaluations/one/?lang=en")
    assert '<iframe src="report.html" sandbox' in shown.text
    framed = client.get("/evaluations/one/report.html")
    assert framed.status_code == 200
    assert framed.content.startswith(b"<!doctype html>")
    (policy,) = framed.headers.get_list("content-security-policy")
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow-scripts" not in policy
    assert "script-src" not in policy
    assert framed.headers["x-content-type-options"] == "nosniff"


def test_our_own_pages_run_no_script_either(client, make_run):
    make_run("one")
    for address in ("/evaluations", "/evaluations/one/", "/evaluations/compare?a=one&b=one"):
        (policy,) = client.get(address).headers.get_list("content-security-policy")
        assert policy.startswith("default-src 'none'")
        assert "script" not in policy
        assert "unsafe" not in policy
    assert client.get("/evaluations/view.css").headers["content-type"].startswith("text/css")


def test_what_runs_are_called_stays_text(client, make_run):
    make_run(HOSTILE, named=HOSTILE, text=HOSTILE)
    make_run(f"{HOSTILE}2", named=HOSTILE, text=HOSTILE, right=3)
    (address,) = {link for link in _Tags(client.get("/evaluations").text).links if quote(HOSTILE) + "/" in link}
    compared = f"/evaluations/compare?a={quote(HOSTILE)}&b={quote(HOSTILE)}2&lang=en"
    for one in ("/evaluations?lang=en", address, compared):
        shown = client.get(one)
        assert shown.status_code == 200
        tags = _Tags(shown.text)
        assert "script" not in tags.names
        assert tags.handlers == []
        assert "{{ 7 * 7 }}" in shown.text


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "%2e%2e",
        "../outside",
        "%2e%2e%2foutside",
        "one/../../outside",
        "linked",
        "%2fetc",
        "",
        "one/%00",
        ".hidden",
    ],
)
def test_nothing_outside_the_folder_is_opened(name, client, make_run, runs, tmp_path):
    make_run("one")
    for place in (tmp_path / "outside", runs / ".hidden"):
        place.mkdir()
        for file in ("report.html", "report.json"):
            (place / file).write_text("secret", encoding="utf-8")
    (runs / "linked").symlink_to(tmp_path / "outside")
    for address in (f"/evaluations/{name}/report.html", f"/evaluations/{name}/"):
        answer = client.get(address)
        assert answer.status_code in {307, 404}
        assert "secret" not in answer.text


def test_a_report_that_is_a_link_is_not_followed(client, make_run, tmp_path):
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    folder = make_run("one")
    for file in ("report.html", "report.json"):
        (folder / file).unlink()
        (folder / file).symlink_to(tmp_path / "secret")
    assert "Damaged" in client.get("/evaluations?lang=en").text
    assert client.get("/evaluations/one/report.html").status_code == 404


def test_other_files_of_a_run_are_not_served(client, make_run):
    make_run("one")
    assert client.get("/evaluations/one/report.json", follow_redirects=True).status_code == 404
    assert client.get("/evaluations/one/results.jsonl", follow_redirects=True).status_code == 404


def test_what_is_left_of_a_run_is_shown_as_damaged(client, make_run, runs):
    for name, content in (("cut", '{"format": 1, "set"'), ("old", "{}"), ("bytes", "\xff"), ("list", "[]")):
        make_run(name)
        (runs / name / "report.json").write_text(content, encoding="latin-1")
    (runs / "pipe").mkdir()
    os.mkfifo(runs / "pipe" / "report.json")
    (runs / "folder" / "report.json").mkdir(parents=True)
    (runs / "stopped").mkdir()
    (runs / "stopped" / "run.json").write_text("{}", encoding="utf-8")
    (runs / os.fsdecode(b"\xff\xfe")).mkdir()
    (runs / os.fsdecode(b"\xff\xfe") / "run.json").write_text("{}", encoding="utf-8")
    make_run("whole")
    shown = client.get("/evaluations?lang=en")
    assert shown.status_code == 200
    assert shown.text.count("Damaged: report.json cannot be read") == 6
    assert shown.text.count("Not finished:") == 2
    assert "/evaluations/whole/" in shown.text
    assert "无法读取 report.json" in client.get("/evaluations?lang=zh").text


@pytest.mark.parametrize("made", ["0001-01-01T00:00:00+14:00", "yesterday", "1e400"])
def test_a_strange_time_is_damage(made, client, make_run):
    make_run("one", made)
    assert "Damaged" in client.get("/evaluations?lang=en").text


def test_a_report_that_changes_is_read_again(client, make_run):
    folder = make_run("one", right=3)
    assert "0.300" in client.get("/evaluations").text
    text = (folder / "report.json").read_text("utf-8")
    (folder / "report.json").write_text(text.replace('"value":0.3,', '"value":0.45678,'), encoding="utf-8")
    assert "0.457" in client.get("/evaluations").text


def test_a_run_without_its_page_says_so(client, make_run):
    (make_run("one") / "report.html").unlink()
    assert "report.html is missing" in client.get("/evaluations?lang=en").text
    assert client.get("/evaluations/one/?lang=en").status_code == 404


@pytest.mark.parametrize(("language", "better", "differ"), [("en", "better", "the settings"), ("zh", "更好", "设置")])
def test_two_runs_are_compared(language, better, differ, client, make_run):
    make_run("one", right=1)
    second = make_run("two", right=10)
    report_file = second / "report.json"
    report_file.write_text(
        report_file.read_text("utf-8").replace('"settings":"stamp"', '"settings":"x"'), encoding="utf-8"
    )
    shown = client.get("/evaluations/compare", params={"a": "one", "b": "two", "lang": language}).text
    assert f'<strong class="better">{better}</strong>' in shown
    assert "+0.900" in shown
    assert differ in shown
    assert shown.count("<li>") == 9


def test_what_cannot_be_compared_is_told(client, make_run, runs):
    make_run("one")
    make_run("other", fingerprint="g")
    damaged = make_run("damaged")
    (damaged / "report.json").write_text("{}", encoding="utf-8")
    ask = "/evaluations/compare?lang=en&a=one&b="
    assert "different question sets" in client.get(f"{ask}other").text
    assert "the report cannot be read" in client.get(f"{ask}damaged").text
    assert client.get(f"{ask}nothing").status_code == 404
    assert client.get("/evaluations/compare").status_code == 404


def test_every_language_says_the_same():
    texts = [view_texts(language) for language in languages()]
    assert texts[0].short.keys() == texts[1].short.keys()
    assert {name for name in type(texts[0]).model_fields if "{" in str(getattr(texts[0], name))} == {
        name for name in type(texts[1]).model_fields if "{" in str(getattr(texts[1], name))
    }


def test_runs_lie_where_they_are_made_unless_a_variable_says_otherwise(monkeypatch, tmp_path):
    monkeypatch.setenv("COMMIT_ASSISTANT_RUNS", str(tmp_path))
    assert runs_folder() == tmp_path
    monkeypatch.delenv("COMMIT_ASSISTANT_RUNS")
    assert str(runs_folder()) == "eval-runs"
