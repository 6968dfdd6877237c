"""The tokenizer of multilingual-e5-small for the `tokenizers` library, from the tables of its packaged file.

Token for token the same as the package's own tokenizer (`tok_content` in its `e5.c`): each character replaced by the
normalisation table, runs of spaces joined, spaces written as `▁` with one put in front, then the best unigram path.
Paths of equal score may be told apart differently, because the package adds scores up in single precision.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from index.e5_file import E5File

SPACE_MARK = "▁"
DELETED = "\x01"
"""A control character that the normalisation table deletes."""
JOINING = r"\p{M}\x{200C}\x{200D}\x{E33}\x{EB3}\x{FF9E}\x{FF9F}"
"""What joins the character before it in one grapheme (Unicode annex 29: Extend, SpacingMark, ZWJ)."""
SMALLEST_TRIE = 1 << 12
LEAF = 1 << 8
VALUE = 1 << 31


def e5_tokenizer(model: E5File) -> Tokenizer:
    """Build the tokenizer; it adds `<s>` and `</s>` and neither cuts nor pads."""
    tokenizer = Tokenizer(models.Unigram(list(zip(model.pieces, model.scores, strict=True)), model.special.unk))
    tokenizer.normalizer = _normalizer(model.normalisation)
    tokenizer.pre_tokenizer = _pre_tokenizer(model)
    tokenizer.decoder = decoders.Metaspace(SPACE_MARK, "always")
    bos, eos = ((model.pieces[token], token) for token in (model.special.bos, model.special.eos))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos[0]} $A {eos[0]}",
        pair=f"{bos[0]} $A {eos[0]} {eos[0]} $B {eos[0]}",
        special_tokens=[bos, eos],
    )
    tokenizer.add_special_tokens(special_tokens(model))
    # Special tokens written out in a text are left to the unigram model, as the package does.
    tokenizer.encode_special_tokens = True
    return tokenizer


def special_tokens(model: E5File) -> list[str]:
    """The pieces that are special tokens: those of score 0, in the order of their ids."""
    return [piece for piece, score in zip(model.pieces, model.scores, strict=True) if score == 0]


def _normalizer(table: Mapping[str, str]) -> normalizers.Normalizer:
    # Precompiled (tokenizers 0.23) looks a grapheme of up to 5 bytes up as a whole and, where only its first character
    # is in the table, drops the rest: a deleted character between the two keeps them apart.
    mapped = _character_class(character for character in table if not character.isascii())
    return normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"(?<=[{mapped}])(?=[{JOINING}])"), DELETED),
            normalizers.Precompiled(charsmap(table)),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )


def _pre_tokenizer(model: E5File) -> pre_tokenizers.PreTokenizer:
    # The library joins neighbouring unknown characters into one token and finds the unknown token when it is written
    # out; the package does neither.
    known = _character_class(set().union(*model.pieces))
    unknown = model.pieces[model.special.unk]
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(SPACE_MARK, "always"),
            pre_tokenizers.Split(Regex(f"[^{known}]"), "isolated"),
            pre_tokenizers.Split(Regex(f"{unknown[0]}(?={unknown[1:]})"), "merged_with_previous"),
        ]
    )


def _character_class(characters: Iterable[str]) -> str:
    """The inside of a regular expression's character class, as ranges."""
    runs: list[list[int]] = []
    for code in sorted(map(ord, characters)):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "".join(f"\\x{{{first:X}}}-\\x{{{last:X}}}" for first, last in runs)


def charsmap(table: Mapping[str, str]) -> bytes:
    """A table of single characters in SentencePiece's format of a precompiled normaliser.

    Size of the trie in bytes, the trie (a double array as in the Darts-clone library: 32-bit units with a label, a leaf
    flag and an offset to the children; a leaf holds a value), then the replacements, each ended by a zero byte. The
    value of a key is the place of its replacement.
    """
    places: dict[str, int] = {}
    replacements = bytearray()
    for replacement in table.values():
        if replacement not in places:
            places[replacement] = len(replacements)
            replacements += replacement.encode("utf-8") + b"\0"
    trie: dict[int, Any] = {}
    for character, replacement in table.items():
        node = trie
        for byte in character.encode("utf-8"):
            node = node.setdefault(byte, {})
        node[0] = places[replacement]
    units = _double_array(trie)
    return struct.pack("<I", len(units)) + units + bytes(replacements)


def _double_array(trie: Mapping[int, Any]) -> bytes:
    """The units of a trie of nested mappings from byte to node, whose byte 0 holds the value of a key that ends there.

    The children of a node stand at its base XOR their byte, so no two nodes may share a base.
    """
    units = np.zeros(SMALLEST_TRIE, "<u4")
    free, unused_base = np.ones((2, SMALLEST_TRIE), bool)
    free[0] = unused_base[0] = False
    waiting: list[tuple[int, int, Mapping[int, Any]]] = [(0, 0, trie)]
    while waiting:
        place, label, node = waiting.pop()
        base = _base(free, unused_base, node)
        if base is None:
            # Doubling keeps the size a multiple of 256, so that base XOR byte never leaves the array.
            units = np.concatenate([units, np.zeros_like(units)])
            free = np.concatenate([free, np.ones_like(free)])
            unused_base = np.concatenate([unused_base, np.ones_like(unused_base)])
            waiting.append((place, label, node))
            continue
        unused_base[base] = False
        units[place] = label | (LEAF if 0 in node else 0) | (base ^ place) << 10
        for byte, child in node.items():
            free[base ^ byte] = False
            if byte:
                waiting.append((base ^ byte, byte, child))
            else:
                units[base] = child | VALUE
    return units.tobytes()


def _base(free: np.ndarray[Any, Any], unused_base: np.ndarray[Any, Any], node: Mapping[int, Any]) -> int | None:
    places = np.arange(len(free))
    fits = unused_base.copy()
    for byte in node:
        fits &= free[places ^ byte]
    base = int(fits.argmax())
    return base if fits[base] else None
