"""Training the reader: made-up examples lower the loss, and a run is taken up where it was left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import torch

from assistant.reader.network import encoder_network
from evals.reader.adapters import adapt, trained_tensors
from evals.reader.batches import losses, rows_of
from evals.reader.data import Corpus, Paragraph, Question, load_corpora
from evals.reader.exporting import export
from evals.reader.groups import Group, GroupMaker
from evals.reader.neighbours import by_turns
from evals.reader.noise import false_premise, scanned
from evals.reader.scores import auroc, logistic, refused_at
from evals.reader.training import load_weights, train
from index.embedding import PACKAGED_MODEL, model_folder, tokenizer

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.reader.network import Network

FEW_LAYERS = 2
GROUPS = [
    Group("Where do the boats land?", ("The boats land at Ban Mai.", "Nets are dried in the sun."), (18, 25)),
    Group("纸伞作坊建于哪一年？", ("纸伞作坊建于1987年。", "渔网在太阳下晒干。", "茶叶在春天采摘。"), (6, 11)),
    Group("Who painted the lighthouse?", ("Nets are dried in the sun.", "茶叶在春天采摘。"), None),
    Group("How many gauges were counted?", ("The survey counted 48 gauges.", "The office is in Pakse."), (19, 21)),
]


@pytest.fixture
def network() -> Network:
    """The encoder's first layers with adapters: fast, and enough to learn four groups by heart."""
    torch.manual_seed(0)
    made = encoder_network(model_folder(PACKAGED_MODEL))
    made.layers = made.layers[:FEW_LAYERS]
    return adapt(made)


def loss_of(network: Network) -> float:
    with torch.no_grad():
        lost = losses(network, GROUPS, tokenizer(PACKAGED_MODEL))
    return float(lost.span + lost.relevance)


def test_a_short_run_lowers_the_loss_and_is_taken_up_again(network: Network, tmp_path: Path):
    pieces, before = tokenizer(PACKAGED_MODEL), loss_of(network)
    drawn: list[int] = []

    def draw(number: int) -> Group:
        drawn.append(number)
        return GROUPS[number % len(GROUPS)]

    first = train(network, draw, pieces, tmp_path, 0.1, GROUPS)
    assert loss_of(network) < before
    learned = {name: value.clone() for name, value in trained_tensors(network).items()}

    torch.manual_seed(1)
    fresh = encoder_network(model_folder(PACKAGED_MODEL))
    fresh.layers = fresh.layers[:FEW_LAYERS]
    again = train(adapt(fresh), draw, pieces, tmp_path, 0.1)
    assert again == first
    assert all(torch.equal(value, learned[name]) for name, value in trained_tensors(fresh).items())
    drawn.clear()
    longer = train(fresh, draw, pieces, tmp_path, 0.12)
    assert drawn[0] == first.group
    assert longer.group > first.group
    assert {json.loads(line)["part"] for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()}


def test_a_run_begins_with_shipped_weights_and_sees_none_of_their_groups_again(network: Network, tmp_path: Path):
    pieces = tokenizer(PACKAGED_MODEL)
    train(network, lambda number: GROUPS[number % len(GROUPS)], pieces, tmp_path / "first", 0.02)
    export(network, tmp_path / "weights.safetensors", (1.0, 0.0), {"groups": "4100"})
    torch.manual_seed(1)
    fresh = encoder_network(model_folder(PACKAGED_MODEL))
    fresh.layers = fresh.layers[:FEW_LAYERS]
    fresh = adapt(fresh)
    seen = load_weights(tmp_path / "weights.safetensors", fresh)
    assert loss_of(fresh) == pytest.approx(loss_of(network), rel=0.02)
    drawn: list[int] = []

    def draw(number: int) -> Group:
        drawn.append(number)
        return GROUPS[number % len(GROUPS)]

    train(fresh, draw, pieces, tmp_path / "second", 0.01, seen=seen, workers=1)
    assert min(drawn) == seen == 4100


def test_two_rankings_are_taken_by_turns():
    assert by_turns([1, 2, 3], [3, 4, 1]) == [1, 3, 2, 4]


def test_the_encoder_itself_learns_nothing(network: Network):
    names = set(trained_tensors(network))
    assert not any(name.endswith(("qkv.weight", "up.weight", "down.bias")) or "positions" in name for name in names)
    assert {"layers.0.qkv.a", "layers.0.qkv.b", "norm.weight", "span.weight", "relevance.bias", "kinds"} <= names


def test_the_answers_tokens_are_the_answers_characters():
    pieces = tokenizer(PACKAGED_MODEL)
    for row in rows_of(GROUPS, pieces):
        if row.answer != (0, 0):
            found = pieces.decode(row.pair.ids[row.answer[0] : row.answer[1] + 1])
            window, answer = GROUPS[row.group].windows[0], GROUPS[row.group].answer
            assert window[slice(*answer)] in found


def squad(folder: Path) -> Path:
    def asked(name: str, question: str, context: str, answer: str) -> dict[str, object]:
        answers = [{"text": answer, "answer_start": context.index(answer)}] if answer else []
        return {"id": name, "question": question, "answers": answers, "is_impossible": not answer}

    contexts = [
        f"Gauge {n} stands at Ban {n}. It was built in {1900 + n}. Its keeper is Somchai {n}." for n in range(9)
    ]
    paragraphs = [
        {
            "context": context,
            "qas": [
                asked(f"built-{n}", f"In which year was gauge {n} built?", context, str(1900 + n)),
                asked(f"painted-{n}", f"Who painted gauge {n}?", context, ""),
            ],
        }
        for n, context in enumerate(contexts)
    ]
    (folder / "train").mkdir()
    content = {"data": [{"title": f"gauges {at}", "paragraphs": paragraphs[at : at + 3]} for at in (0, 3, 6)]}
    (folder / "train" / "squad2_en.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_groups_are_the_same_for_a_seed_and_only_the_first_window_answers(tmp_path: Path):
    corpora = load_corpora(squad(tmp_path))
    makers = [GroupMaker(corpora, {}, tokenizer(PACKAGED_MODEL), 1) for _ in range(2)]
    groups = [makers[0].group(number) for number in range(60)]
    assert groups == [makers[1].group(number) for number in range(60)]
    answered = [group for group in groups if group.answer]
    assert 10 < len(answered) < 60
    for group in answered:
        answer = group.windows[0][slice(*group.answer)]
        assert answer.startswith("190")
        assert not any(answer in window for window in group.windows[1:])


def test_parts_share_no_article():
    paragraphs = {((("set", str(n), 0)), "en"): Paragraph(("set", str(n), 0), "en", "text") for n in range(200)}
    questions = [Question(str(n), ("set", str(n), 0), "en", "question", {}) for n in range(200)]
    corpus = Corpus(paragraphs, questions)
    held, learned = corpus.part(held_out=True), corpus.part(held_out=False)
    assert 0 < len(held.questions) < 30
    assert not {q.key[1] for q in held.questions} & {q.key[1] for q in learned.questions}


def test_noise_changes_a_premise_and_little_of_a_text():
    import random

    rng = random.Random(0)
    swapped = false_premise("Who chaired the third meeting in 2007?", [], rng)
    assert swapped is not None
    assert swapped != "Who chaired the third meeting in 2007?"
    assert false_premise("who is it?", [], rng) is None
    text = "湄公河次区域各国打击人口贩运合作进程" * 10
    assert 0.9 * len(text) < len(scanned(text, rng)) < 1.1 * len(text)


def test_scores_part_and_calibrate():
    assert auroc([3, 4], [1, 2]) == 1.0
    assert auroc([1, 2], [1, 2]) == 0.5
    assert refused_at([float(n) for n in range(100)], [-1.0, 200.0]) == 0.5
    slope, shift = logistic([-2.0, -1.0, 1.0, 2.0] * 20, [False, False, True, True] * 20)
    assert slope > 1
    assert shift == pytest.approx(0, abs=0.01)
