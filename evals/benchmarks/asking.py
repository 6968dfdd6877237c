"""`python -m evals.benchmarks.asking STORAGE SOURCES`: asks without pause until it is ended, and says what it saw.

Each line on standard output is `moment generation`, the moment by the monotonic clock, whenever the index that
answers has changed; and `error …` whenever a question failed or was answered wrongly.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from assistant.engine import Assistant
from assistant.settings import load_settings
from index.errors import AssistantError
from index.offline import stay_offline

QUESTION = "第四次高官会在哪里举行？"
ANSWER = "金边"
"""Stands in the passages that every index of the COMMIT texts gives for the question."""


def main(sources: Path, storage: Path) -> None:
    """Ask until the process is ended."""
    stay_offline()
    assistant = Assistant(load_settings(sources=sources, storage=storage))
    seen = ""
    while True:
        try:
            found = assistant.search(QUESTION, 8)
        except AssistantError as error:
            _say(f"error {error}")
            continue
        if not any(ANSWER in passage.text for passage in found.passages):
            _say(f"error wrong answer from {found.stamp.generation}")
        if found.stamp.generation != seen:
            seen = found.stamp.generation
            _say(f"{time.monotonic():.3f} {seen}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
