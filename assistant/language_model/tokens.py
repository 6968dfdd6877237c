"""How many tokens a text has, when the model's server does not say."""

from __future__ import annotations

import threading

_BYTES_PER_TOKEN = 3.0
"""UTF-8 bytes: English has 4 to 5 a token, Chinese and Thai about 3, so that this rather says too many."""
_LEAST, _MOST = 0.3, 4.0


class TokenEstimate:
    """Bytes divided by what a token had in the requests before, as the server counted them.

    ASCII and all else are learnt apart: an English prompt says nothing of how a model cuts up Chinese.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._learnt: dict[str, float] = {}

    def of(self, text: str) -> int:
        """Tokens of a text, rather too many than too few."""
        return int(sum(size / _BYTES_PER_TOKEN * self._factor(kind) for kind, size in _sizes(text).items())) + 1

    def learn(self, text: str, tokens: int) -> None:
        """Take in how many tokens the server counted for a whole prompt.

        It tells of what the prompt mostly is. The highest factor of all prompts holds, as languages differ; the first
        one replaces the guess.
        """
        sizes = _sizes(text)
        most, least = sorted(sizes, key=lambda kind: -sizes[kind])
        with self._lock:
            rest = sizes[least] / _BYTES_PER_TOKEN * self._factor(least)
            measured = (tokens - rest) / max(1.0, sizes[most] / _BYTES_PER_TOKEN)
            self._learnt[most] = min(_MOST, max(_LEAST, measured, self._learnt.get(most, 0.0)))

    def _factor(self, kind: str) -> float:
        return self._learnt.get(kind, 1.0)


def _sizes(text: str) -> dict[str, int]:
    """Bytes that are ASCII, and all others."""
    plain = sum(map(str.isascii, text))
    return {"ascii": plain, "other": len(text.encode("utf-8")) - plain}
