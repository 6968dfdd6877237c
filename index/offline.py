"""Nothing contacts the network: what the libraries below must be told, before they are imported."""

from __future__ import annotations

import os

VARIABLES = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "ORT_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    "TRANSFORMERS_OFFLINE": "1",
}
"""Read by Chroma, Gradio, huggingface_hub and transformers when they are imported, by ONNX Runtime (whose Linux builds
report to their maker since 1.29) when a model is loaded."""


def stay_offline() -> None:
    """Set the variables; call it before any of those libraries is imported."""
    os.environ.update(VARIABLES)
