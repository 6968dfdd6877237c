"""multilingual-e5-small as a sentence-transformers folder, written from its packaged file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError
from safetensors.numpy import save_file

from index.e5_tokenizer import e5_tokenizer, special_tokens

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from index.e5_file import E5File

PROMPTS = {"query": "query: ", "passage": "passage: "}
"""What the model was trained to see in front of a question and of a passage (model card of multilingual-e5-small)."""
EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""Tensor names of the packaged file to those of BertModel, below `encoder.layer.N`."""


def write_model_folder(model: E5File, folder: Path) -> None:
    """Write tokenizer, weights (float32) and configuration into an empty folder; an OSError when the disk refuses."""
    (folder / "tokenizer.json").write_text(e5_tokenizer(model).to_str(), encoding="utf-8")
    weights = folder / "model.safetensors"
    try:
        save_file(_tensors(model), weights, metadata={"format": "pt"})
    except SafetensorError as error:
        raise OSError(str(error)) from error
    # safetensors 0.8 lets only the owner read it, but a cache may be shared.
    weights.chmod(0o644)
    for name, content in _configuration(model).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _tensors(model: E5File) -> dict[str, NDArray[np.float32]]:
    """All weights under BertModel's names; matrices are (outputs, inputs)."""
    names = dict(EMBEDDINGS)
    for layer in range(model.header.layers):
        for short, long in LAYER.items():
            names[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
            names[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
    return {name: _shaped(model, packed) for packed, name in names.items()}


def _shaped(model: E5File, name: str) -> NDArray[np.float32]:
    tensor = model.tensor(name)
    if name.endswith(("ln.w", ".b")):
        return tensor
    inputs = model.header.intermediate_size if name.endswith(".fo.w") else model.header.hidden_size
    return tensor.reshape(-1, inputs)


def _configuration(model: E5File) -> dict[str, Any]:
    """The configuration files, each by its path in the folder."""
    header, special = model.header, model.special
    module = "sentence_transformers.models."
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": header.hidden_size,
            "num_hidden_layers": header.layers,
            "num_attention_heads": header.heads,
            "intermediate_size": header.intermediate_size,
            "vocab_size": header.vocabulary_size,
            "max_position_embeddings": header.positions,
            "type_vocab_size": header.token_types,
            # 1e-12 in the model's own configuration, single precision in the packaged file.
            "layer_norm_eps": float(f"{header.layer_norm_eps:.6g}"),
            "pad_token_id": special.pad,
            "bos_token_id": special.bos,
            "eos_token_id": special.eos,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            # Any more specific class would put its own normaliser in the place of the one in tokenizer.json.
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": header.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            "split_special_tokens": True,
            **_special_token_names(model),
        },
        "special_tokens_map.json": _special_token_names(model),
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{module}Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{module}Normalize"},
        ],
        "sentence_bert_config.json": {
            "max_seq_length": header.positions,
            "do_lower_case": False,
            # The packaged file has no pooler, and mean pooling needs none.
            "model_args": {"add_pooling_layer": False},
        },
        "1_Pooling/config.json": {"word_embedding_dimension": header.hidden_size, "pooling_mode_mean_tokens": True},
        "config_sentence_transformers.json": {"prompts": PROMPTS, "similarity_fn_name": "cosine"},
    }


def _special_token_names(model: E5File) -> dict[str, str]:
    ids = model.special
    names = {
        "bos_token": ids.bos,
        "cls_token": ids.bos,
        "eos_token": ids.eos,
        "sep_token": ids.eos,
        "pad_token": ids.pad,
        "unk_token": ids.unk,
    }
    mask = special_tokens(model)[-1]
    return {name: model.pieces[token] for name, token in names.items()} | {"mask_token": mask}
