"""Training the reader: made-up examples lower the loss, and a run is taken up where it was left."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
import torch

from assistant.reader.changes import packed, unpacked
from assistant.reader.encoding import Side, pair
from assistant.reader.halves import HalfLayer, in_halves
from assistant.reader.network import WIDTH, Rows, encoder_network
from assistant.reader.reader import Reader
from assistant.reader.weights import WEIGHTS, load_network
from evals.reader.ablation import PLAIN, read_trial, side_by_side
from evals.reader.adapters import WHOLE_RATES, adapt, go_back, shipped_tensors, trained_tensors, whole, with_new_heads
from evals.reader.batches import losses, rows_of
from evals.reader.exporting import export
from evals.reader.groups import Group
from evals.reader.length import Length
from evals.reader.sample import sample_figures
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


def test_layers_in_half_precision_tell_and_learn_what_the_layers_tell_and_learn():
    network = whole(load_network(WEIGHTS)[0])
    names = [name for name, _ in network.named_parameters()]
    exact, gradients = _learned(network)
    halves = in_halves(network)
    assert [name for name, _ in halves.named_parameters()] == names
    assert all(isinstance(layer, HalfLayer) for layer in halves.layers)
    near, near_gradients = _learned(halves)
    assert near != exact
    assert near == pytest.approx(exact, rel=0.03)
    assert torch.cosine_similarity(near_gradients, gradients, dim=0) > 0.99


def test_adapters_are_not_computed_in_half_precision(network: Network):
    with pytest.raises(TypeError):
        in_halves(network)


def test_the_answers_likeness_looks_past_the_context(network: Network):
    asked, told, above = (Side([at], [piece], [(0, 1)]) for at, piece in ((70, "boats"), (80, "land"), (90, "minutes")))
    rows = Rows([len(pair(asked, told, above).ids)])
    kinds, hidden = torch.tensor(pair(asked, told, above).kinds), torch.randn(sum(rows.shape) - 1, WIDTH)

    def answer(place: int | None) -> float:
        spans = torch.zeros(len(kinds), 2)
        if place is not None:
            spans[place] = 50.0
        with torch.no_grad():
            likeness = network._likeness(hidden, kinds, spans, rows, torch.tensor([[4, 5]]))
        return float(likeness[0, 3])

    # <s> boats </s> </s> minutes land </s>
    assert answer(4) == answer(None)
    assert answer(5) > answer(None)


def _learned(network: Network) -> tuple[float, torch.Tensor]:
    """The loss on the groups, and its gradient."""
    lost = losses(network, GROUPS, tokenizer(PACKAGED_MODEL))
    learning = [value for value in network.parameters() if value.requires_grad]
    gradients = torch.autograd.grad(lost.span + lost.relevance, learning)
    return float((lost.span + lost.relevance).detach()), torch.cat([one.flatten() for one in gradients])


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
