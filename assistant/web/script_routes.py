"""Which traditional characters are simplified to which, for what the browser searches by itself."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from starlette.responses import Response

from index.languages import converter

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

_HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
"""The blocks of the characters in use: CJK Unified Ideographs and Extension A."""
_KEPT = {"Cache-Control": "max-age=86400"}


def add_script_routes(app: FastAPI) -> None:
    """`GET /simplified`: two strings of one length, traditional characters and what each becomes (OpenCC `t2s`)."""

    def simplified(_: Request) -> Response:
        return Response(json.dumps(pairs(), ensure_ascii=False), media_type="application/json", headers=_KEPT)

    app.add_route("/simplified", simplified)


@lru_cache
def pairs() -> tuple[str, str]:
    """The characters that are written differently, and how; taken one by one, as a search takes them."""
    convert = converter("t2s").convert
    changed = [(one, other) for block in _HAN for one in map(chr, block) if (other := convert(one)) != one]
    single = [(one, other) for one, other in changed if len(other) == 1]
    return "".join(one for one, _ in single), "".join(other for _, other in single)
