"""The page opens without a network and shows text as text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from evals.report.drawing import as_svg, new_figure
from evals.report.page import write_report
from evals.run_folder import PAGE, REPORT, RunFolderError
from evals.stamp import RunStamp, Selection
from evals.summary import report

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7 * 7 }} </style> & \"quoted\" 'too'"


@pytest.fixture
def hostile_report(outcome, small_opened):
    piece = {"source_id": "<b>.txt", "start": 0, "end": 5, "text": HOSTILE}
    outcomes = [
        outcome(
            "wrong <id>",
            question=HOSTILE,
            language="<i>",
            kind="<u>",
            right=False,
            answer=HOSTILE,
            history=(HOSTILE,),
            wanted=((HOSTILE, "x"), ("y",)),
            gold=(piece,),
            found=({**piece, "relevant": True},),
            cited=(piece,),
            evidence=0.7,
            scores={"recall@1": 1.0, "recall@3": 1.0, "recall@10": 1.0},
            first_ranks={"zh": 1, "en": None},
            timings={"embed_ms": 3.0, "total_ms": 40.0},
        ),
        outcome("missed", right=False, refused=True, evidence=0.2, scores={"recall@10": 0.0}),
        outcome("invented", right=False, answerable=False, evidence=0.6, split="test"),
        outcome("refused", right=True, answerable=False, refused=True, evidence=0.1, split="test"),
        outcome("broken", right=False, error=HOSTILE),
    ]
    plain = dict.fromkeys(RunStamp.model_fields, HOSTILE)
    stamp = RunStamp.model_validate({**plain, "prompts": {"refuse/<en>": "1"}, "selection": Selection(limit=5)})
    return report(small_opened.questions, small_opened.settings, stamp, outcomes)


@pytest.fixture
def html(hostile_report, tmp_path):
    return write_report(hostile_report, tmp_path).read_text(encoding="utf-8")


def test_what_is_said_is_escaped(html):
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("</style>") == 1 + html.count('<style type="text/css">')
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{ 7 * 7 }}" in html
    assert all(f"<{name}>" not in html for name in ("i", "u"))


class _Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.names, self.attributes = set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes.extend(attrs)


def test_nothing_is_fetched(html):
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)", html)
    tags = _Tags(html)
    assert not tags.names & {"link", "script", "img", "iframe", "object", "embed", "audio", "video", "base", "form"}
    assert not {name for name, _ in tags.attributes} & {"src", "srcset", "xlink:href", "onerror", "onload"}
    assert all(value.startswith("#") for name, value in tags.attributes if name == "href")


def test_every_failure_is_there_under_its_fault(html):
    faults = re.findall(r"<h3>([^<]+) <small>(\d+)</small></h3>", html)
    assert faults == [
        ("Errors", "1"),
        ("Answered, though the sources do not say", "1"),
        ("Refused, though the sources do say", "1"),
        ("Gold found, answered otherwise", "1"),
    ]
    assert html.count("<details>") == 4
    assert "refused · test" not in html


def test_the_pictures_are_in_the_page_and_beside_it(html, tmp_path):
    assert html.count("<svg ") == 4
    assert html.count("<figcaption>") == 4
    for name in ("languages", "abstention", "evidence", "latency"):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_pictures_take_on_the_pages_colours(html):
    styled = html[html.index("<svg") :]
    assert "var(--calm)" in styled
    assert "#2f6db5" not in styled
    identifiers = re.findall(r'\bid="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))


def test_a_figure_is_one_svg_element():
    figure, axes = new_figure()
    axes.set_title("reeds & rushes")
    svg = as_svg(figure, "a")
    assert svg.startswith("<svg")
    assert svg.endswith("</svg>")
    assert "reeds &amp; rushes" in svg
    assert "viewBox" in svg


def test_a_run_without_failures_or_answers_makes_a_page(outcome, small_opened, hostile_report, tmp_path):
    found = outcome(answered=False, scores={"recall@10": 1.0}, timings={"total_ms": 2.0})
    made = report(small_opened.questions, small_opened.settings, hostile_report.stamp, [found])
    text = write_report(made, tmp_path).read_text(encoding="utf-8")
    assert "<p>None.</p>" in text
    assert text.count("<svg ") == 1


def test_a_folder_that_cannot_be_written_is_named(hostile_report, tmp_path):
    (tmp_path / REPORT).mkdir()
    with pytest.raises(RunFolderError, match="the report cannot be written"):
        write_report(hostile_report, tmp_path)
    assert not (tmp_path / PAGE).exists()
