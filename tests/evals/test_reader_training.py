"""Training the reader: made-up examples lower the loss, and a run is taken up where it was left."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
import torch

from assistant.reader.changes import packed, unpacked
from assistant.reader.network import encoder_network
from assistant.reader.reader import Reader
from assistant.reader.weights import WEIGHTS, load_network
from evals.reader.ablation import PLAIN, TRIALS, UNANSWERED, read_trial, side_by_side
from evals.reader.adapters import WHOLE_RATES, adapt, go_back, shipped_tensors, trained_tensors, whole, with_new_heads
from evals.reader.batches import losses, rows_of
from evals.reader.data import Corpus, Paragraph, Question, load_corpora
from evals.reader.exporting import export
from evals.reader.groups import Group, GroupMaker
from evals.reader.length import Length
from evals.reader.mix import Mix
from evals.reader.neighbours import by_turns
from evals.reader.noise import false_premise, scanned
from evals.reader.parallel import parallel
from evals.reader.sample import sample_figures
from evals.reader.scores import auroc, logistic, refused_at
from evals.reader.training import CHECKPOINT, holds_adapters, is_whole, load_weights, train
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

    first = train(network, draw, pieces, tmp_path, Length(0.1), GROUPS)
    assert loss_of(network) < before
    learned = {name: value.clone() for name, value in trained_tensors(network).items()}

    torch.manual_seed(1)
    fresh = encoder_network(model_folder(PACKAGED_MODEL))
    fresh.layers = fresh.layers[:FEW_LAYERS]
    again = train(adapt(fresh), draw, pieces, tmp_path, Length(0.1))
    assert again == first
    assert all(torch.equal(value, learned[name]) for name, value in trained_tensors(fresh).items())
    drawn.clear()
    longer = train(fresh, draw, pieces, tmp_path, Length(0.12))
    assert drawn[0] == first.group
    assert longer.group > first.group
    assert {json.loads(line)["part"] for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()}


def test_a_run_begins_with_shipped_weights_and_sees_none_of_their_groups_again(network: Network, tmp_path: Path):
    pieces = tokenizer(PACKAGED_MODEL)
    train(network, lambda number: GROUPS[number % len(GROUPS)], pieces, tmp_path / "first", Length(0.02))
    export(shipped_tensors(network, network), tmp_path / "weights.safetensors", (1.0, 0.0), {"groups": "4100"})
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

    train(fresh, draw, pieces, tmp_path / "second", Length(0.01), seen=seen, workers=1)
    assert min(drawn) == seen == 4100


def test_all_of_the_encoder_learns_and_what_changed_is_shipped_in_few_bits(network: Network, tmp_path: Path):
    pieces = tokenizer(PACKAGED_MODEL)
    learning = whole(with_new_heads(encoder_network(model_folder(PACKAGED_MODEL))))
    before = loss_of(learning)
    train(
        learning,
        lambda number: GROUPS[number % len(GROUPS)],
        pieces,
        tmp_path,
        Length(0.1),
        workers=1,
        rates=WHOLE_RATES,
    )
    learned = loss_of(learning)
    assert learned < before
    assert is_whole(tmp_path / CHECKPOINT)
    path = tmp_path / "weights.safetensors"
    export(shipped_tensors(learning, encoder_network(model_folder(PACKAGED_MODEL))), path, (1.0, 0.0), {"groups": "8"})
    assert path.stat().st_size < 12_000_000
    assert loss_of(load_network(path)[0]) == pytest.approx(learned, rel=0.1)
    assert not holds_adapters(path)
    with pytest.raises(KeyError):
        load_weights(path, network)
    train(network, lambda number: GROUPS[number % len(GROUPS)], pieces, tmp_path / "adapters", Length(0.001))
    assert not is_whole(tmp_path / "adapters" / CHECKPOINT)


def test_half_way_back_is_half_of_what_was_learned():
    begun, learned = (whole(encoder_network(model_folder(PACKAGED_MODEL))) for _ in range(2))
    before = begun.span.bias.detach().clone()
    learned.span.bias.data.copy_(before + 2.0)
    go_back(learned, begun, 0.5)
    assert torch.allclose(learned.span.bias, before + 1.0)
    go_back(learned, begun, 0.0)
    assert torch.allclose(learned.span.bias, before)


def test_a_change_in_four_bits_is_near_the_change():
    torch.manual_seed(0)
    change = 0.01 * torch.randn(48, 128)
    change[3, 5] = 0.4
    back = unpacked(*packed(change)).view_as(change)
    assert (back - change)[:3].norm() < 0.12 * change[:3].norm()
    assert back[3, 5] == pytest.approx(0.4, rel=0.15)
    assert torch.equal(unpacked(*packed(torch.zeros(2, 64))), torch.zeros(128))
    with pytest.raises(ValueError, match="no multiple of 64"):
        packed(torch.zeros(2, 65))


def test_the_shipped_weights_do_what_their_card_says_of_the_sample():
    said = dict(
        re.findall(r"(sample_first|sample_margin) (-?\d+\.\d+)", WEIGHTS.with_name("CARD.md").read_text("utf-8"))
    )
    found = sample_figures(Reader())
    assert found["sample_first"] == pytest.approx(float(said["sample_first"]), abs=0.03)
    assert found["sample_margin"] == pytest.approx(float(said["sample_margin"]), abs=0.05)


def test_a_translation_is_matched_to_its_original(tmp_path: Path):
    english = ["The boats land at Ban Mai.", "Nets are dried in the sun.", "The survey counted 48 gauges."]
    chinese = ["渔网在太阳下晒干。", "调查共统计了48个水位计。", "今晚的足球赛取消了。"]
    corpora = [
        Corpus(
            {
                ((name, "article", at), language): Paragraph((name, "article", at), language, text)
                for at, text in enumerate(texts)
            },
            [
                Question(
                    f"{name}-{at}-{q}", (name, "article", at), language, asked, {language: answer} if answer else {}
                )
                for at, q, asked, answer in questions
            ],
        )
        for name, language, texts, questions in (
            (
                "original",
                "en",
                english,
                [
                    (1, 0, "Where are nets dried?", (18, "in the sun")),
                    (2, 0, "How many gauges were counted?", (19, "48")),
                    (2, 1, "When was the survey made?", None),
                ],
            ),
            (
                "translation",
                "zh",
                chinese,
                [
                    (1, 0, "调查是什么时候进行的？", None),
                    (1, 1, "统计了多少个水位计？", (6, "48")),
                    (0, 0, "渔网在哪里晒干？", None),
                ],
            ),
        )
    ]
    both = parallel("both", *corpora, tmp_path)
    assert {at[1] for at in both.paragraphs} == {"en", "zh"}
    assert both.paragraphs[("both", "article", 2), "zh"].text == chinese[1]
    counted = [one for one in both.questions if one.answers]
    assert {(one.language, one.text) for one in counted} == {
        ("en", "How many gauges were counted?"),
        ("zh", "统计了多少个水位计？"),
    }
    assert all(one.answers == {"en": (19, "48"), "zh": (6, "48")} for one in counted)
    assert {one.text for one in both.questions if not one.answers} == {
        "When was the survey made?",
        "调查是什么时候进行的？",
    }
    assert not any("晒干" in one.text or "dried" in one.text for one in both.questions)


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


def test_a_kind_of_data_can_be_left_out(tmp_path: Path):
    corpora = load_corpora(squad(tmp_path))
    texts = {paragraph.text for corpus in corpora.values() for paragraph in corpus.paragraphs.values()}

    def groups(kind: str) -> list[Group]:
        maker = GroupMaker(corpora, {}, tokenizer(PACKAGED_MODEL), 1, Mix().without(kind))
        return [maker.group(number) for number in range(60)]

    def is_clean(group: Group) -> bool:
        return all(any(window in text for text in texts) for window in group.windows)

    assert all(map(is_clean, groups("scanned")))
    assert not all(map(is_clean, groups("unanswerable")))
    assert not any("painted" in group.question for group in groups("unanswerable"))
    assert any("painted" in group.question for group in groups("false_premise"))
    asked = {question.text for corpus in corpora.values() for question in corpus.questions}
    assert all(group.question in asked for group in groups("false_premise"))
    for group in groups("hard"):
        number = re.findall(r"\d+", group.question)[0]
        assert group.answer is None or not any(f"Ban {number}." in window for window in group.windows[1:])
    with pytest.raises(TypeError):
        Mix().without("everything")


def test_a_length_in_groups_ends_a_run_whatever_the_clock_says(network: Network, tmp_path: Path):
    pieces = tokenizer(PACKAGED_MODEL)
    progress = train(
        network, lambda number: GROUPS[number % len(GROUPS)], pieces, tmp_path, Length(groups=8), seen=40, workers=1
    )
    assert progress.group == 48
    assert Length(minutes=2).done(60, 0) == pytest.approx(0.5)
    assert Length(minutes=2, groups=10).done(60, 8) == pytest.approx(0.8)


def test_kinds_of_data_are_compared_on_the_same_groups(network: Network):
    trials = {
        PLAIN: read_trial(network, [group for group in GROUPS if group.answer], tokenizer(PACKAGED_MODEL)),
        "unanswerable": read_trial(network, [GROUPS[2]] * 2, tokenizer(PACKAGED_MODEL)),
    }
    assert not any(trials["unanswerable"]["right"])
    worse = {name: {**trial, "loss": [1 + loss for loss in trial["loss"]]} for name, trial in trials.items()}
    figures = side_by_side(worse, trials)
    for figure in figures.values():
        assert figure["more"] == pytest.approx(1)
        assert figure["error"] == pytest.approx(0)
    assert 0 <= figures["unanswerable"]["auroc"] <= 1
    assert 0 <= figures[PLAIN]["first"] <= 1


def test_every_kind_of_data_is_tried_by_itself(tmp_path: Path):
    assert {field.name for field in fields(Mix)} | {PLAIN} == set(TRIALS)
    corpora = load_corpora(squad(tmp_path))
    for name, mix in TRIALS.items():
        maker = GroupMaker(corpora, {}, tokenizer(PACKAGED_MODEL), 1, mix)
        assert all((maker.group(number).answer is None) == (name in UNANSWERED) for number in range(30))


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
