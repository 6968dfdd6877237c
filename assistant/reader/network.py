"""The reader's network: the encoder of multilingual-e5-small, with heads for spans and for relevance.

Written for few CPU cores: all rows of a batch are one matrix without padding, which only attention has to add; and
the table of word vectors (384 MB) stays on disk, from which the rows of a batch are read.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn import functional

from assistant.reader.encoding import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.reader.encoding import Pair

WIDTH, INNER, HEADS, LAYERS = 384, 1536, 12, 12
EPSILON = 1e-12
MATRICES = ("qkv", "out", "up", "down")
"""Names of a layer's linear maps."""
LIKENESSES = 4
LIKENESS_MEANS = (0.976, 0.907, 0.18, 0.0)
LIKENESS_SCALES = (20.0, 15.0, 4.0, 0.2)
"""Of the untrained encoder, whose cosines lie close together: scaled so that a weight of 1 is a good beginning."""


class Layer(nn.Module):
    """One layer of BERT, after-norm, with queries, keys and values from one matrix."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, hidden: Tensor, rows: Rows) -> Tensor:
        """(tokens, 384) to (tokens, 384)."""
        qkv = rows.padded(self.qkv(hidden)).view(*rows.shape, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], attn_mask=rows.mask)
        mixed = mixed.transpose(1, 2).reshape(-1, WIDTH)[rows.places]
        hidden = self.norm1(hidden + self.out(mixed))
        inner: Tensor = self.down(functional.gelu(self.up(hidden)))
        normed: Tensor = self.norm2(hidden + inner)
        return normed


class Rows:
    """Where the tokens of rows of different lengths stand when the rows are padded to one length."""

    def __init__(self, lengths: Sequence[int]) -> None:
        longest = max(lengths)
        self.shape = (len(lengths), longest)
        self.positions = torch.cat([torch.arange(length) for length in lengths])
        self.firsts = torch.tensor([0, *lengths[:-1]]).cumsum(0)
        self.places = torch.cat([torch.arange(length) + row * longest for row, length in enumerate(lengths)])
        mask = torch.arange(longest)[None, :] < torch.tensor(lengths)[:, None]
        self.mask = None if bool(mask.all()) else torch.zeros(mask.shape).masked_fill(~mask, -1e9)[:, None, None, :]

    def padded(self, values: Tensor) -> Tensor:
        """(tokens, n) to (rows × longest, n), zeros where a row has ended."""
        room = values.new_zeros(self.shape[0] * self.shape[1], values.shape[1])
        return room.index_copy(0, self.places, values)


class Network(nn.Module):
    """Pairs in; relevance logits (pairs,) and span logits (tokens, 2), start and end, out."""

    def __init__(self, words: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> None:
        super().__init__()
        self.words = words
        self.positions = nn.Parameter(torch.zeros(512, WIDTH), requires_grad=False)
        self.kinds = nn.Parameter(torch.zeros(KINDS, WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.layers = nn.ModuleList([Layer() for _ in range(LAYERS)])
        self.relevance = nn.Linear(WIDTH, 1)
        self.span = nn.Linear(WIDTH, 2)
        self.weight = nn.Linear(WIDTH, 1, bias=False)
        self.likeness = nn.Linear(LIKENESSES, 1, bias=False)

    def forward(self, pairs: Sequence[Pair]) -> tuple[Tensor, Tensor]:
        """Read all pairs as one batch."""
        rows = Rows([len(pair.ids) for pair in pairs])
        words = torch.from_numpy(self.words[[token for pair in pairs for token in pair.ids]])
        kinds = torch.tensor([kind for pair in pairs for kind in pair.kinds])
        hidden = self.norm(words + self.positions[rows.positions] + functional.embedding(kinds, self.kinds))
        for layer in self.layers:
            hidden = layer(hidden, rows)
        spans = self.span(hidden)
        contexts = [(pair.window - pair.context, pair.window) for pair in pairs]
        likeness = self._likeness(hidden, kinds, spans, rows, torch.tensor(contexts))
        relevance = self.relevance(hidden[rows.firsts]) + self.likeness(likeness)
        return relevance.squeeze(1), spans

    def _likeness(self, hidden: Tensor, kinds: Tensor, spans: Tensor, rows: Rows, contexts: Tensor) -> Tensor:
        """How question and window of each row match, (rows, 4).

        Cosine of their mean vectors; mean over the question's tokens of the best cosine in the window (Khattab &
        Zaharia, 2020) and share of them that the window has too, both by the tokens' learned weights; the best
        answer's logits over those of none. Context counts as window but for the last: `contexts` (rows, 2) is where
        each row's stands, and no answer does.
        """
        vectors = rows.padded(hidden).view(*rows.shape, WIDTH)
        kind = rows.padded(kinds[:, None] + 1).view(rows.shape)
        asked, told = (kind == 1) | (kind == 2), kind > 2
        unit = functional.normalize(vectors, dim=2)
        means = [(vectors * side[:, :, None]).sum(1) for side in (asked, told)]
        whole = functional.cosine_similarity(means[0], means[1], dim=1)
        cosines = (unit @ unit.transpose(1, 2)).masked_fill(~told[:, None, :], -1.0).amax(2)
        weights = self.weight(vectors).squeeze(2).masked_fill(~asked, -1e9).softmax(1)
        shared = (kind == 2).to(weights.dtype)
        none = spans[rows.firsts].sum(1)
        places = torch.arange(rows.shape[1])[None, :]
        answers = told & ~((places >= contexts[:, :1]) & (places < contexts[:, 1:]))
        best = rows.padded(spans).view(*rows.shape, 2).masked_fill(~answers[:, :, None], -1e9).amax(1).sum(1)
        features = [whole, (weights * cosines).sum(1), (weights * shared).sum(1), best - none]
        return (torch.stack(features, dim=1) - torch.tensor(LIKENESS_MEANS)) * torch.tensor(LIKENESS_SCALES)


def encoder_network(folder: Path) -> Network:
    """The network with the encoder's weights of a sentence-transformers folder, its heads not yet trained.

    Raises OSError, KeyError, ValueError or RuntimeError when the folder holds another kind of model.
    """
    path = folder / "model.safetensors"
    network = Network(_word_table(path))
    with safe_open(path, "pt") as file:
        network.positions.data = file.get_tensor("embeddings.position_embeddings.weight")
        network.kinds.data = file.get_tensor("embeddings.token_type_embeddings.weight")[:1].repeat(KINDS, 1)
        _copy(network.norm, file, "embeddings.LayerNorm")
        for number, layer in enumerate(network.layers):
            assert isinstance(layer, Layer)  # noqa: S101 - ModuleList forgets the class
            at = f"encoder.layer.{number}"
            parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
            _copy(layer.qkv, file, *parts)
            _copy(layer.out, file, f"{at}.attention.output.dense")
            _copy(layer.norm1, file, f"{at}.attention.output.LayerNorm")
            _copy(layer.up, file, f"{at}.intermediate.dense")
            _copy(layer.down, file, f"{at}.output.dense")
            _copy(layer.norm2, file, f"{at}.output.LayerNorm")
    return network


def _copy(module: nn.Linear | nn.LayerNorm, file: safe_open, *names: str) -> None:
    for part in ("weight", "bias"):
        values = torch.cat([file.get_tensor(f"{name}.{part}") for name in names])  # type: ignore[no-untyped-call]
        getattr(module, part).data.copy_(values)


def _word_table(path: Path) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """The word vectors as a view of the file; its header says where they stand."""
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        entry = json.loads(file.read(length))["embeddings.word_embeddings.weight"]
    if entry["dtype"] != "F32" or entry["shape"][1] != WIDTH:
        msg = f"word vectors of {entry['dtype']} {entry['shape']}"
        raise ValueError(msg)
    offset = 8 + length + entry["data_offsets"][0]
    return np.memmap(path, dtype=np.float32, mode="r", offset=offset, shape=(entry["shape"][0], WIDTH))
