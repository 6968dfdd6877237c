"""Filters: what they mean, what they leave of an index, and that an answer keeps to it."""

from __future__ import annotations

import json

import pytest

from assistant.cli import run
from assistant.engine import Assistant
from assistant.filters import Filters
from assistant.scope import Scope, scope_of
from assistant.settings import load_settings
from index.build import build_index
from index.errors import WrongCallError
from index.generation import CurrentGeneration

MINUTES, NEWS, REPORT, LOOSE = "minutes/hanoi.txt", "minutes/kunming[1].txt", "report.txt", "loose.txt"
FILES = {
    MINUTES: "The river meeting in Hanoi agreed on seven measures against trafficking.\n",
    NEWS: "昆明会议商定了打击贩运的五项措施。\n\nThe river meeting in Kunming agreed on five measures.\n",
    REPORT: "The river meeting in Vientiane agreed on nine measures against trafficking.\n",
    LOOSE: "The river meeting in Bangkok agreed on two measures against trafficking.\n",
}
CATALOG = f"""
version: 1
sources:
  - {{file: {MINUTES}, date: "2007-12-14", type: 会议纪要, publisher: Ministry of Hanoi}}
  - {{file: "{NEWS}", date: "2006-11", type: Newsletter, publisher: 昆明办公室 (Kunming Office)}}
  - {{file: {REPORT}, date: "2009", type: 会议纪要, publisher: Ministry}}
"""
UN = "un-secretary-general-report-2009-trafficking-coordination.zh.txt"
QUESTION = "How many measures did the river meeting agree on?"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("filtered")
    for name, text in {**FILES, "catalog.yaml": CATALOG}.items():
        path = folder / "sources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings = load_settings(sources=folder / "sources", storage=folder / "storage", evidence_floor=0.01)
    build_index(settings)
    return settings


@pytest.fixture(scope="module")
def content(settings):
    return CurrentGeneration(settings.storage).get().content


@pytest.fixture(scope="module")
def small(settings):
    return Assistant(settings)


@pytest.fixture
def options(settings):
    return ["--sources", str(settings.sources), "--storage", str(settings.storage)]


@pytest.mark.parametrize(
    ("given", "sources"),
    [
        ({"since": "2007"}, {MINUTES, REPORT}),
        ({"since": 2007, "until": 2007}, {MINUTES}),
        ({"since": "2007-12-14", "until": "2007-12"}, {MINUTES}),
        ({"since": "2007-12-15"}, {REPORT}),
        ({"since": "2009-06", "until": "2009-07-01"}, {REPORT}),
        ({"until": "2006-11-30"}, {NEWS}),
        ({"until": "2006-11-01"}, {NEWS}),
        ({"until": "2006-10"}, set()),
        ({"until": "2010"}, {MINUTES, NEWS, REPORT}),
        ({"types": "会议纪要"}, {MINUTES, REPORT}),
        ({"types": ["會議紀要", "NEWSLETTER"]}, {MINUTES, NEWS, REPORT}),
        ({"types": ["会议纪要"], "since": "2009"}, {REPORT}),
        ({"publishers": ["ministry"]}, {REPORT}),
        ({"publishers": ["hanoi", "昆明办公室"]}, {MINUTES, NEWS}),
        ({"sources": "minutes/"}, {MINUTES, NEWS}),
        ({"sources": ["minutes/h*", REPORT]}, {MINUTES, REPORT}),
        ({"sources": [NEWS]}, {NEWS}),
    ],
)
def test_filters_leave_the_sources_that_fit(content, given, sources):
    assert scope_of(Filters.of(given), content) == Scope(sources=frozenset(sources))


@pytest.mark.parametrize(
    "given", [{}, {"sources": "*"}, {"languages": ["zh-Hant", "EN"]}, {"since": None, "types": []}]
)
def test_what_leaves_everything_is_no_filter(content, given):
    assert scope_of(Filters.of(given), content) is None


@pytest.mark.parametrize("tag", ["zh", "zh-Hans", "zh-Hant", "ZH", "zh_TW"])
def test_scripts_and_regions_of_a_language_do_not_count(content, tag):
    assert scope_of(Filters.of({"languages": tag}), content) == Scope(languages=frozenset({"zh"}))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"types": "novel"}, "no source of type 'novel': known are Newsletter, 会议纪要"),
        ({"publishers": "Paris"}, "no source published by 'Paris': known are Ministry, Ministry of Hanoi, 昆明办公室"),
        ({"languages": "fr"}, "no passage in language 'fr': known are en, zh"),
        ({"sources": "minute/"}, "no source 'minute/': known are loose.txt, minutes/hanoi.txt"),
        ({"sources": "../*"}, "no source '../*'"),
    ],
)
def test_a_value_that_nothing_has_is_named_with_the_known_ones(content, given, words):
    with pytest.raises(WrongCallError) as error:
        scope_of(Filters.of(given), content)
    assert str(error.value).startswith(words)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"year": 2007},
            "filters: unknown key 'year': allowed are languages, since, until, types, publishers, sources",
        ),
        ({"since": "2007-13"}, "filters: since: '2007-13' is no date: write it like 2007"),
        ({"until": "2007-02-30"}, "filters: until: '2007-02-30' is no date"),
        ({"since": "20７"}, "is no date"),
        ({"since": "2008", "until": "2007-12"}, "filters: since 2008 is after until 2007-12"),
        ({"types": [""]}, "filters: types: "),
        ({"types": 3}, "filters: types: "),
    ],
)
def test_what_cannot_be_meant_is_one_line(given, words):
    with pytest.raises(WrongCallError) as error:
        Filters.of(given)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_only_what_is_set_is_shown_and_it_comes_back():
    filters = Filters.of({"since": 2007, "types": ["a", "b"]})
    assert filters.model_dump(mode="json") == {"since": "2007", "types": ["a", "b"]}
    assert Filters.model_validate_json(filters.model_dump_json()) == filters
    assert filters.active == 2
    assert filters.described == "since 2007, types a or b"
    assert not Filters().active


def test_an_answer_keeps_to_its_filters_and_says_them(small):
    assert {passage.source_id for passage in small.search(QUESTION).passages} == set(FILES)
    filters = Filters(types=("会议纪要",), until="2008")
    answer = small.ask(QUESTION, filters=filters)
    assert not answer.refused
    assert "seven" in answer.answer
    assert {passage.source_id for passage in answer.passages} == {MINUTES}
    assert answer.as_json()["filters"] == {"until": "2008", "types": ["会议纪要"]}
    assert small.ask(QUESTION).as_json()["filters"] == {}


def test_passages_keep_to_the_language(small):
    passages = small.search("昆明会议商定了几项措施？", filters=Filters(languages=("zh-Hant",))).passages
    assert passages
    assert {passage.language for passage in passages} == {"zh"}


def test_what_excludes_everything_is_a_refusal(small):
    answer = small.ask(QUESTION, filters=Filters(since="2020"))
    assert answer.refused
    assert answer.answer == "The materials do not answer this question."
    assert answer.citations == answer.passages == ()
    assert small.search(QUESTION, filters=Filters(languages=("zh",), sources=(REPORT,))).passages == ()


def test_a_search_is_filled_when_enough_passages_are_allowed(assistant):
    filters = Filters(languages=("zh",), types=("un_report",))
    enough = int(assistant.current.get().content.allowed(frozenset({UN}), frozenset({"zh"})).sum())
    for k in (5, enough, 200):
        found = assistant.search("第五次高官会在哪里举行？", k, filters=filters)
        assert len(found.passages) == min(k, enough)
        assert {passage.source_id for passage in found.passages} == {UN}


def test_the_command_line_narrows_down(capsys, options):
    given = ["--source", "minutes/", "--type", "会议纪要", "--since", "2007", "--until", "2008-06", "--language", "en"]
    assert run([*options, "ask", QUESTION, "--json", *given, "--publisher", "hanoi"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {passage["source_id"] for passage in answer["passages"]} == {MINUTES}
    assert answer["filters"]["sources"] == ["minutes/"]
    assert run([*options, "search", QUESTION, "--source", REPORT, "--source", LOOSE]) == 0
    printed = capsys.readouterr().out
    assert {name for name in FILES if name in printed} == {REPORT, LOOSE}
    assert run([*options, "ask", QUESTION, "--since", "2020"]) == 0
    assert "Within since 2020." in capsys.readouterr().out


@pytest.mark.parametrize(("option", "value"), [("--type", "novel"), ("--since", "07"), ("--language", "fr")])
def test_a_wrong_option_is_one_line(capsys, options, option, value):
    assert run([*options, "search", QUESTION, option, value]) == 2
    errors = capsys.readouterr().err
    assert repr(value) in errors
    assert errors.count("\n") == 1


def test_lines_have_filters_of_their_own_before_those_of_the_call(capsys, options, tmp_path):
    lines = [
        {"question": QUESTION},
        {"question": QUESTION, "filters": {"sources": [REPORT]}},
        {"question": QUESTION, "filters": {"types": "novel"}},
    ]
    asked, answered = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    asked.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    given = ["--questions", str(asked), "--output", str(answered), "--source", MINUTES, "--since", "2007"]
    assert run([*options, "search", *given]) == 1
    first, second, third = map(json.loads, answered.read_text(encoding="utf-8").splitlines())
    assert first["filters"] == {"since": "2007", "sources": [MINUTES]}
    assert {passage["source_id"] for passage in first["passages"]} == {MINUTES}
    assert second["filters"] == {"since": "2007", "sources": [REPORT]}
    assert {passage["source_id"] for passage in second["passages"]} == {REPORT}
    assert "no source of type 'novel'" in third["error"]
    capsys.readouterr()


@pytest.mark.parametrize(
    ("filters", "words"),
    [({"year": 1}, "unknown key 'year'"), (3, "write them like"), ({"until": "x"}, "until: 'x' is no date")],
)
def test_a_line_with_wrong_filters_is_named(capsys, options, tmp_path, filters, words):
    asked = tmp_path / "in.jsonl"
    asked.write_text(f"\n{json.dumps({'question': 'x', 'filters': filters})}\n", encoding="utf-8")
    assert run([*options, "ask", "--questions", str(asked)]) == 2
    errors = capsys.readouterr().err
    assert f"in.jsonl:2: filters: {words}" in errors
    assert errors.count("\n") == 1
