"""Every metric against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from assistant.answer import Citation, Place
from evals.metrics.abstention import auroc, curve, precision_recall_f1, refused_at_cost
from evals.metrics.answer import contains, exact_match, f1, parts_contained, tokens
from evals.metrics.bootstrap import interval, mcnemar
from evals.metrics.citations import citation_precision, citation_recall, share_exact
from evals.metrics.columns import Columns
from evals.metrics.measures import MEASURES, shown
from evals.metrics.retrieval import first_ranks, group_recall, language_coverage, ranking_scores
from evals.question_set import Span


def span(start: int, end: int, source: str = "a") -> Span:
    return Span(source_id=source, start=start, end=end)


@pytest.mark.parametrize(
    ("passage", "gold", "relevant"),
    [
        (span(0, 100), span(10, 20), True),  # holds it
        (span(12, 15), span(10, 20), True),  # lies within it
        (span(0, 15), span(10, 20), True),  # half of the shorter one
        (span(0, 14), span(10, 20), False),  # less than half
        (span(0, 10), span(10, 20), False),  # only touches
        (span(0, 100, "b"), span(10, 20), False),  # another source
    ],
)
def test_a_passage_is_relevant_when_it_shares_half_of_the_shorter(passage, gold, relevant):
    assert passage.relevant_to(gold) is relevant


def test_recall_counts_the_groups_that_are_needed():
    ranked = [span(0, 50), span(50, 100), span(200, 300)]
    both = [[span(60, 70)], [span(210, 220), span(900, 910)]]
    assert [group_recall(ranked, both, k) for k in (1, 2, 3)] == [0, 0.5, 1]
    assert group_recall([], both, 10) == 0


def test_reciprocal_rank_and_ndcg_are_trec_evals():
    rankings = {"q": ["x", "a", "b"], "nothing found": [], "nothing relevant": ["x"]}
    relevant = {"q": frozenset({"a", "c"}), "nothing found": frozenset({"a"}), "nothing relevant": frozenset()}
    scores = ranking_scores(rankings, relevant)
    ideal = 1 + 1 / math.log2(3)
    assert scores["q"] == (pytest.approx(1 / 2), pytest.approx((1 / math.log2(3)) / ideal))
    assert scores["nothing found"] == scores["nothing relevant"] == (0, 0)


def test_ranks_are_told_for_each_language_of_the_answer():
    ranked = [(span(0, 9, "zh"), "zh"), (span(0, 9, "other"), "th"), (span(0, 9, "en"), "en")]
    gold = [[span(2, 4, "zh"), span(2, 4, "en"), span(2, 4, "th")]]
    ranks = first_ranks(ranked, gold, ["en", "zh", "th"])
    assert ranks == {"en": 3, "zh": 1, "th": None}
    assert language_coverage(ranks) == pytest.approx(2 / 3)
    assert language_coverage(ranks, 2) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ("2004 年\n10 月 27 日", "2004年10月27日"),
        ("ＣＯＭＭＩＴ　Ｓｅｃｒｅｔａｒｉａｔ", "commit secretariat"),
        ("聯合宣言", "联合宣言"),
        ("联合宣言", "聯合宣言"),
        ("is\nlocated in Bangkok, Thailand", "located in bangkok"),
    ],
)
def test_containing_minds_neither_space_nor_width_nor_case_nor_script(answer, wanted):
    assert contains(answer, wanted)


@pytest.mark.parametrize(("answer", "wanted"), [("170个议席", "70"), ("in 2011", "201"), ("no", "yes")])
def test_a_number_within_a_number_is_not_contained(answer, wanted):
    assert not contains(answer, wanted)


def test_every_part_is_needed_and_any_alternative_will_do():
    parts = [["Norway", "挪威"], ["ADB", "亚洲开发银行"]]
    assert parts_contained("挪威 [1]\n\nadb [2]", parts) == 1
    assert parts_contained("Norway", parts) == 0.5
    assert parts_contained("see [48]", [["48"]]) == 0  # a marker is no answer


def test_f1_by_words_is_squads():
    # 2 common words of 3 said and 2 wanted, articles and punctuation aside
    assert f1("The Mekong, river delta.", [["a mekong river"]]) == pytest.approx(2 * 2 / (3 + 2))
    assert exact_match("The Mekong River!", [["mekong river"]]) == 1
    assert f1("", [["x"]]) == exact_match("", [["x"]]) == 0


def test_f1_by_characters_is_cmrcs():
    # the longest common run is 4 characters of 6 said and 5 wanted
    assert f1("在柬埔寨金边", [["柬埔寨金市"]]) == pytest.approx(2 * 4 / (6 + 5))
    assert tokens("共有COMMIT成员6国", "国") == ["共", "有", "commit", "成", "员", "6", "国"]
    assert exact_match("柬埔寨，金边。", [["柬埔寨 金边"]]) == 1
    assert f1("กขค", [["ขค"]]) == pytest.approx(2 * 2 / (3 + 2))


def citation(start: int, end: int, quote: str, *also: Place) -> Citation:
    return Citation(number=1, source_id="a", title="", quote=quote, start=start, end=end, also=also)


def test_citations_are_held_against_gold_and_against_the_source():
    text = "0123456789abcdefghij"
    good, off, wrong = citation(0, 5, "01234"), citation(10, 15, "abcde"), citation(10, 15, "abcdX")
    groups = [[span(1, 4)], [span(16, 19)]]
    assert citation_precision([good, off], groups) == 0.5
    assert citation_recall([good, off], groups) == 0.5
    twin = citation(10, 15, "abcde", Place(source_id="a", title="", quote="gh", start=16, end=18))
    assert citation_precision([twin], groups) == 1
    assert share_exact([good, off, twin], {"a": text}.get) == 1
    assert share_exact([good, wrong], {"a": text}.get) == 0.5
    assert share_exact([good], {}.get) == 0
    assert share_exact([citation(15, 90, "fghij")], {"a": text}.get) == 0


def test_refusing_is_the_positive_class():
    refused = np.array([True, True, True, False, False])
    answerable = np.array([False, False, True, False, True])
    precision, recall, both = precision_recall_f1(refused, answerable)
    assert (precision, recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert both == pytest.approx(2 / 3)
    assert all(map(math.isnan, precision_recall_f1(np.array([False]), np.array([True]))))


def test_auroc_is_the_share_of_pairs_in_order():
    answerable = np.array([True, True, False, False])
    assert auroc(np.array([0.9, 0.4, 0.4, 0.1]), answerable) == pytest.approx(3.5 / 4)
    assert auroc(np.array([0.9, math.nan, 0.4, 0.1]), answerable) == 1
    assert math.isnan(auroc(np.array([0.9, 0.4]), np.array([True, True])))


def test_refused_at_a_cost_is_read_off_the_curve():
    evidence = np.array([0.1, 0.5, 0.6, 0.7, 0.2, 0.3, 0.65])
    answerable = np.array([True, True, True, True, False, False, False])
    _, wrong, right = curve(evidence, answerable)
    assert (wrong[0], right[0]) == (0, 0)
    assert (wrong[-1], right[-1]) == (1, 1)
    assert refused_at_cost(evidence, answerable, 0.0) == 0
    assert refused_at_cost(evidence, answerable, 0.25) == pytest.approx(2 / 3)
    assert refused_at_cost(evidence, answerable, 0.75) == 1


def test_an_interval_holds_the_mean_and_is_the_same_every_time():
    values = np.array([0.0, 1.0] * 50)
    low, high = interval(lambda drawn: float(values[drawn].mean()), 100)
    assert (low, high) == interval(lambda drawn: float(values[drawn].mean()), 100)
    assert 0.38 <= low <= 0.43
    assert 0.57 <= high <= 0.62
    assert all(map(math.isnan, interval(lambda _: math.nan, 100, 50)))
    assert all(map(math.isnan, interval(lambda _: 1.0, 0)))


def test_mcnemar_is_the_exact_binomial():
    assert mcnemar(0, 0) == 1
    assert mcnemar(1, 9) == pytest.approx(22 / 1024)  # 2 · (1 + 10) / 2^10
    assert mcnemar(9, 1) == mcnemar(1, 9)


def test_measures_count_errors_and_keep_precision_apart_from_accuracy(outcome):
    columns = Columns.of([
        outcome("answered right", right=True, scores={"recall@1": 1.0}, answer="long", evidence=0.9),
        outcome("answered wrong", right=False, scores={"recall@1": 0.0}, evidence=0.8),
        outcome("refused wrongly", right=False, refused=True, scores={"recall@1": 1.0}, evidence=0.2),
        outcome("refused rightly", right=True, refused=True, answerable=False, evidence=0.1),
        outcome("broke", right=False, error="it broke", scores={"recall@1": 0.0}),
    ])  # fmt: skip
    values = {name: measure.compute(columns) for name, measure in MEASURES.items()}
    assert values["recall@1"] == 0.5
    assert values["accuracy"] == pytest.approx(2 / 5)
    assert values["precision_when_answered"] == 0.5
    assert values["wrong_refusal_rate"] == 0.25
    assert values["refusal_precision"] == 0.5
    assert values["refusal_recall"] == 1
    assert values["auroc"] == 1
    assert values["errors"] == 1
    assert values["length_p50"] == 2
    assert math.isnan(values["latency_p50"])


def test_a_run_that_only_searched_has_no_measures_of_answers(outcome):
    columns = Columns.of([outcome(answered=False, scores={"recall@1": 1.0}, timings={"total_ms": 20.0})])
    known = {name for name, measure in MEASURES.items() if not math.isnan(measure.compute(columns))}
    assert known == {"recall@1", "latency_p50", "latency_p95", "errors"}


def test_values_are_shown_for_reading():
    assert shown(0.12345, "share") == "0.123"
    assert shown(1234.5, "ms") == "1,234"
    assert (shown(-0.0001, "share"), shown(-0.4, "ms")) == ("0.000", "0")
    assert shown(None, "ms") == shown(math.nan, "share") == "–"
