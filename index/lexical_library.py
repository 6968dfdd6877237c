"""bm25s, quiet."""

from __future__ import annotations

import logging
from typing import Any


def bm25s() -> Any:  # noqa: ANN401 - the library has no types
    """The library; it sets its logger to DEBUG when it is imported."""
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return bm25s
