"""The reader's trained weights: a file of a few megabytes that is added to the embedding model's encoder."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.embedding import PACKAGED_MODEL, embedding_fingerprint, model_folder
from index.errors import AssistantError, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from assistant.reader.network import Network

WEIGHTS = Path(__file__).with_name("weights.safetensors")
ENCODER, SLOPE, SHIFT = "encoder", "slope", "shift"
"""Keys of the file's metadata: the fingerprint of the encoder; the logistic that makes relevance a probability."""


HEADS = ("kinds", "relevance.", "span.", "weight.", "likeness.")


class ReaderError(AssistantError, RuntimeError):
    """The reader cannot be used; the message is one line that says what to do."""


@dataclass(frozen=True)
class Calibration:
    """Probability = 1 / (1 + exp(-(slope · relevance + shift)))."""

    slope: float = 1.0
    shift: float = 0.0

    def probability(self, relevance: float) -> float:
        """Of a relevance logit."""
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, self.slope * relevance + self.shift))))


def load_network(weights: Path = WEIGHTS, cache: Path | None = None) -> tuple[Network, Calibration]:
    """The packaged embedding model's encoder with the weights merged into it, ready to read.

    Raises ReaderError when the file is missing, damaged, or made for another encoder.
    """
    from safetensors import safe_open

    from assistant.reader.network import encoder_network

    try:
        with safe_open(weights, "pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no dictionary
        calibration = Calibration(float(metadata[SLOPE]), float(metadata[SHIFT]))
        _check_encoder(metadata[ENCODER], embedding_fingerprint(PACKAGED_MODEL, cache))
        network = encoder_network(model_folder(PACKAGED_MODEL, cache))
        _merge(network, tensors)
    except AssistantError:
        raise
    except Exception as error:  # safetensors raises a class of its own, derived from Exception alone
        msg = (
            f"the reader's weights do not fit the embedding model ({weights}: {one_line(error)}): "
            "install the program again, or train weights with `python -m evals.reader train`"
        )
        raise ReaderError(msg) from error
    return network.eval().requires_grad_(requires_grad=False), calibration


def _check_encoder(trained_on: str, present: str) -> None:
    if trained_on != present:
        msg = f"they were trained on {trained_on}"
        raise ValueError(msg)


def _merge(network: Network, tensors: Mapping[str, Tensor]) -> None:
    """Put the tensors in their places: adapters `x.a`, `x.b` and changes are added to `x.weight`, others replace."""
    from assistant.reader.changes import CODES, SCALES, unpacked

    own = network.state_dict()
    for name, value in tensors.items():
        if name.endswith(".a"):
            own[name[:-1] + "weight"] += tensors[name[:-1] + "b"].float() @ value.float()
        elif name.endswith(CODES):
            matrix = own[name.removesuffix(CODES)]
            matrix += unpacked(value, tensors[name.removesuffix(CODES) + SCALES]).view_as(matrix)
        elif not name.endswith((".b", SCALES)):
            if own[name].shape != value.shape:
                msg = f"{name} has the shape {tuple(value.shape)}"
                raise ValueError(msg)
            own[name].copy_(value)
    missing = {name for name in own if name.startswith(HEADS)} - set(tensors)
    if missing:
        msg = f"{', '.join(sorted(missing))} missing"
        raise ValueError(msg)
