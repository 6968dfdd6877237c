"""The page in a real browser: until it can be used, its weight, its share of the wait, many at once, long answers."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from statistics import mean, median, quantiles
from typing import TYPE_CHECKING, Any

from assistant.engine import Assistant
from evals.benchmarks.measurement import Measurement
from evals.benchmarks.sessions import Visitors
from evals.benchmarks.starting import served_page
from evals.screenshots import SIZES, ask, chromium, served, visited

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from assistant.settings import Settings

QUESTIONS = (
    "When and where was SOM4 held?",
    "第四次高官会在哪里举行？",
    "Who delivered a key speech at the IMM opening ceremony?",
    "COMMIT 主要捐赠机构有哪些？",
)
SESSIONS = 20
WORDS, WORDS_A_SECOND = 2_000, 60
_LONGEST = 240_000  # ms
_CITIES = ("Phnom Penh", "Beijing", "Vientiane", "Yangon", "Bangkok", "Hanoi")
_MADE = (
    "Delegation {n} travelled from {one} to {other} with {officials} officials and many experts [1].",
    "The minutes of day {n} name {other} before {one}, and {officials} observers besides [1].",
    "Nobody in {one} had heard of plan {n} when {officials} letters came from {other} [1].",
)
_TRUE = "It was held in Phnom Penh, {one} being named {n} times elsewhere [1]."
_WATCH = """() => {
  const measured = window.measured = {};
  document.querySelector("#send").addEventListener("click", () => { measured.asked ??= performance.now(); }, true);
  const rows = document.querySelectorAll("#chat .bot-row").length;
  new MutationObserver(() => {
    const row = document.querySelectorAll("#chat .bot-row")[rows];
    if (!row || !measured.asked) return;
    if (row.querySelector(".reply, .failure")) measured.first ??= performance.now();
    if (row.querySelector(".tools, .failure")) measured.whole ??= performance.now();
  }).observe(document.querySelector("#chat"), { childList: true, subtree: true, characterData: true });
}"""
_FRAMES = """() => {
  window.frames_at = [];
  const draw = (now) => { window.frames_at.push(now); window.drawing = requestAnimationFrame(draw); };
  requestAnimationFrame(draw);
}"""


def browsing(settings: Settings, _: Path) -> Iterator[Measurement]:
    """All that a user of the page waits for. Browser and page share this machine's cores."""
    with chromium() as browser:
        yield from _from_nothing(settings, browser)
        with served(settings) as address:
            yield from _weight(browser, address)
            yield from _share_of_the_wait(settings, browser, address)
            yield from _many(address)
        with _model() as url, served(_writing(settings, url)) as address:
            yield _long_answer(browser, address)


def _opened(browser: Browser, address: str) -> Page:
    return visited(browser, address, "en", SIZES["desktop"], "light")


def _from_nothing(settings: Settings, browser: Browser) -> Iterator[Measurement]:
    began = time.perf_counter()
    with served_page(settings) as (address, _):
        up = time.perf_counter() - began
        page = _opened(browser, address)
        usable = time.perf_counter() - began
        page.context.close()
        again = _opened(browser, address)
        ready = again.evaluate("() => performance.now()")
        again.context.close()
    yield Measurement(
        "page usable, from the start of the program", usable, "s", details={"served after s": round(up, 2)}
    )
    yield Measurement("page usable, from opening it", ready / 1000, "s")


def _weight(browser: Browser, address: str) -> Iterator[Measurement]:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address)
    page.locator("html.ready #question textarea").wait_for()
    page.wait_for_timeout(1500)
    yield Measurement("page, bytes over the wire", sum(sizes) / 1e6, "MB", details={"requests": len(sizes)})
    context.close()


def _share_of_the_wait(settings: Settings, browser: Browser, address: str) -> Iterator[Measurement]:
    """From the click to the first words on the screen, over what the engine takes for them in this process."""
    assistant = Assistant(settings)
    assistant.warm()
    alone, seen = [], []
    page = _opened(browser, address)
    for number, question in enumerate(QUESTIONS * 3):
        began = time.perf_counter()
        next(iter(assistant.stream(question)))
        engine = 1000 * (time.perf_counter() - began)
        page.evaluate(_WATCH)
        ask(page, question)
        measured = page.evaluate("() => window.measured")
        if number >= len(QUESTIONS):  # the first round warms both
            alone.append(engine)
            seen.append(measured["first"] - measured["asked"])
    page.context.close()
    details = {"ms": round(median(seen)), "engine ms": round(median(alone))}
    over = median(one - other for one, other in zip(seen, alone, strict=True))
    yield Measurement("click to first words, beyond the engine", over, "ms", details=details)


def _many(address: str) -> Iterator[Measurement]:
    """So many sessions ask at the same moment; drawing is left out, which each user's own machine does."""
    waited = Visitors(address).ask([QUESTIONS[number % len(QUESTIONS)] for number in range(SESSIONS)])
    seconds = [one.seconds for one in waited]
    details = {
        "errors": sum(not one.answered for one in waited),
        "median s": round(median(seconds), 2),
        "largest s": round(max(seconds), 2),
    }
    yield Measurement(f"{SESSIONS} sessions at once, p95", quantiles(seconds, n=20)[-1], "s", details=details)


def _long_answer(browser: Browser, address: str) -> Measurement:
    page = _opened(browser, address)
    page.evaluate(_FRAMES)
    page.evaluate(_WATCH)
    page.locator("#question textarea").fill("Where was the fourth Senior Officials Meeting held?")
    page.locator("#send").click()
    page.locator("#chat .reply").wait_for(timeout=_LONGEST)
    page.locator("#chat .tools").wait_for(timeout=_LONGEST)
    frames, measured = page.evaluate("() => [window.frames_at, window.measured]")
    words = len((page.locator("#chat .said").text_content() or "").split())
    page.context.close()
    drawn = [at for at in frames if measured["first"] <= at <= measured["whole"]]
    gaps = [after - before for before, after in pairwise(drawn)]
    seconds = max(1, int((drawn[-1] - drawn[0]) // 1000))
    by_second = [
        sum(drawn[0] + 1000 * at <= one < drawn[0] + 1000 * (at + 1) for one in drawn) for at in range(seconds)
    ]
    details = {
        "words": words,
        "seconds": seconds,
        "slowest second": min(by_second),
        "longest gap ms": round(max(gaps)),
        "share of frames later than 33 ms": round(mean(gap > 34 for gap in gaps), 3),
    }
    return Measurement(
        "frames while a long answer is written", 1000 * len(gaps) / (drawn[-1] - drawn[0]), "1/s", details=details
    )


def _writing(settings: Settings, url: str) -> Settings:
    written = {"llm": url, "llm_model": "stub", "llm_context": 16_384, "llm_reply": 8_000}
    return settings.model_copy(update=written)


@contextmanager
def _model() -> Iterator[str]:
    """A server of OpenAI's protocol that writes one long answer at a steady pace: real models are too slow for this."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._whole({"data": [{"id": "stub", "object": "model"}]})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            asked = json.loads(self.rfile.read(length))
            if not asked.get("stream"):
                return self._whole({"choices": [{"index": 0, "message": {"role": "assistant", "content": "Meeting"}}]})
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for word in _long_text():
                self._event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": word}}]})
                time.sleep(1 / WORDS_A_SECOND)
            self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            self.wfile.write(b"data: [DONE]\n\n")
            return None

        def _event(self, content: dict[str, Any]) -> None:
            whole = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "stub", **content}
            self.wfile.write(f"data: {json.dumps(whole)}\n\n".encode())
            self.wfile.flush()

        def _whole(self, content: dict[str, Any]) -> None:
            data = json.dumps(
                {"id": "1", "object": "chat.completion", "created": 1, "model": "stub", **content}
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def _long_text() -> Iterator[str]:
    """Words with the spaces after them: sentences that cite, and that the checks bear out or not."""
    number = words = 0
    while words < WORDS:
        number += 1
        one, other = _CITIES[number % 6], _CITIES[(number * 5 + 1) % 6]
        pattern = _TRUE if number % 5 == 1 else _MADE[number % 3]
        made = pattern.format(n=number, one=one, other=other, officials=number * 7)
        for word in made.split():
            words += 1
            yield f"{word} "
