"""The pages for people who do not see them, see them poorly, use the keyboard alone or cannot bear movement."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageChops

from assistant.settings import load_settings
from assistant.web.templating import document
from assistant.web.texts import texts
from evals.outcome import Outcome
from evals.question_set import Question, QuestionSet
from evals.report.page import page as report_page
from evals.run_folder import PAGE, REPORT
from evals.stamp import RunStamp, Selection
from evals.summary import report
from tests.browser.conftest import REAL
from tests.browser.test_page import QUESTION, UNANSWERED, ask, source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Frame, Page

_GRAVE = {"serious", "critical"}
_CONTROLS = {
    "masthead show-conversations",
    "masthead library",
    "restart",
    "language",
    "chat example",
    "question",
    "send",
    "narrow label-wrap",
    "narrow-sources",
    "conversations search",
    "conversations open",
    "conversations rename",
    "conversations delete",
    "chat edit",
    "chat citation",
    "chat copy",
    "chat copy-answer",
    "chat rate-good",
    "chat summary",
}
_STOP = """() => {
  const stop = document.activeElement;
  if (!stop || stop === document.body) return null;
  const again = window.stops.has(stop);
  window.stops.add(stop);
  const seen = stop.closest("#language label, #question label, #narrow-fields .container > .wrap") ?? stop;
  const { x, y, width, height } = seen.getBoundingClientRect();
  const place = stop.closest("[id]")?.id ?? "";
  const name = stop.id || (seen === stop ? `${place} ${stop.classList[0] ?? stop.localName}` : place);
  return { again, name, frame: stop.localName === "iframe", x, y, width, height };
}"""
_MOVING = """() => {
  const lasts = (durations) => durations.split(",").some((one) => parseFloat(one) > 0.01);
  const found = new Set();
  for (const element of document.querySelectorAll("*")) {
    for (const part of ["", "::before", "::after"]) {
      const style = getComputedStyle(element, part || null);
      if (style.animationName !== "none" && lasts(style.animationDuration)) found.add(style.animationName);
      if (lasts(style.transitionDuration)) found.add(`${element.localName}.${element.className}${part}`);
    }
  }
  return [...found];
}"""


@pytest.fixture(scope="module", autouse=True)
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two runs of one set, for the page of the evaluations; named before the page is served."""
    folder = tmp_path_factory.mktemp("runs")
    _run(folder / "r1", "2026-03-01T10:00:00+00:00", right=6)
    _run(folder / "r2", "2026-04-01T10:00:00+00:00", right=8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMMIT_ASSISTANT_RUNS", str(folder))
        yield folder


def _run(folder: Path, made: str, right: int) -> None:
    plain = {"split": "dev", "language": "en", "kind": "fact", "question": "?", "answerable": True, "answered": True}
    scores = {"recall@10": 1.0, "recall@1": 0.0, "citation_recall": 0.5}
    outcomes = [
        Outcome.model_validate(
            {"id": f"q{number}", **plain, "right": number < right, "scores": scores, "evidence": 0.5}
        )
        for number in range(10)
    ]
    stamped = {**dict.fromkeys(RunStamp.model_fields, "stamp"), "prompts": {}, "set": "f", "selection": Selection()}
    questions = QuestionSet(
        name="small", questions=(Question(id="a", language="en", question="?", unanswerable="off_topic"),)
    )
    reported = report(questions, load_settings(), RunStamp.model_validate(stamped), outcomes, intervals=False)
    reported = reported.model_copy(update={"made": made})
    folder.mkdir()
    (folder / REPORT).write_text(reported.model_dump_json(), encoding="utf-8")
    (folder / PAGE).write_text(report_page(reported, []), encoding="utf-8")


def barriers(page: Page | Frame) -> list[str]:
    """What axe finds that keeps people out; frames are looked at by themselves."""
    # Without `preload`, or axe (4.12) fetches our style sheets' imports from the wrong folder.
    options = {"resultTypes": ["violations"], "iframes": False, "preload": False}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in _GRAVE
        for node in one["nodes"]
    ]


@pytest.mark.parametrize(("locale", "width", "dark"), [("en-GB", 1366, False), ("zh-CN", 390, True)])
def test_the_conversation_keeps_nobody_out(visit: Callable[..., Page], locale: str, width: int, dark: bool) -> None:  # noqa: FBT001
    page = visit(locale=locale, width=width, dark=dark)
    # What is half faded in has another contrast.
    page.emulate_media(reduced_motion="reduce")
    assert barriers(page) == []
    answer = ask(page, QUESTION)
    answer.locator(".found summary").click()
    answer.locator(".export summary").click()
    answer.locator(".export a").first.wait_for()
    assert barriers(page) == []
    page.locator(".show-conversations").click()
    page.locator("#conversations .open").wait_for()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    answer.locator("a.citation").first.click()
    source(page).locator("mark#q").wait_for()
    frame = page.frame(name="source-view")
    assert frame is not None
    assert barriers(page) == []
    assert barriers(frame) == []
    source(page).locator(".to-cards").click()
    source(page).locator(".card").first.wait_for()
    assert barriers(frame) == []
    page.keyboard.press("Escape")
    refusal = ask(page, UNANSWERED)
    refusal.locator(".rate-bad").click()
    page.locator("#narrow > button").click()
    page.locator("#narrow-sources input").wait_for()
    assert barriers(page) == []


def test_the_other_pages_keep_nobody_out(visit: Callable[..., Page], site: str) -> None:
    page = visit()
    login = document("login.html", language="zh", texts=texts("zh"), name="", wanted="/", wrong=True, wait=0)
    page.route("**/login", lambda route: route.fulfill(body=login, content_type="text/html; charset=utf-8"))
    addresses = {
        f"/source/{REAL}?lang=zh#0-5": "mark#q",
        "/source/?lang=en": ".message h1",
        "/library?lang=zh": "tbody tr",
        "/evaluations?lang=en": "figure .chart",
        "/evaluations/r1/?lang=zh": "iframe",
        "/evaluations/compare?a=r1&b=r2&lang=en": ".figures",
        "/login": "#password",
    }
    for address, there in addresses.items():
        page.goto(f"{site.rstrip('/')}{address}")
        page.locator(there).first.wait_for()
        for width, scheme in ((1366, "light"), (390, "dark")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            assert barriers(page) == [], f"{address} {width} {scheme}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def stops(page: Page) -> dict[str, float]:
    """The stops of the Tab key, once around, each with how wide a rim of it changes clearly while it has the focus."""
    found: dict[str, float] = {}
    page.evaluate("window.stops = new Set()")
    for _ in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop is None or stop["frame"]:
            continue
        if stop["again"]:
            break
        found[stop["name"]] = min(_rim(page, stop), found.get(stop["name"], 99))
    return found


def _rim(page: Page, stop: dict[str, float]) -> float:
    """Points that change between black and white by more than 60 of 255, for each point of the stop's edge."""
    width, height = stop["width"], stop["height"]
    # A picture may not reach over the window's edge.
    left, top = max(0, stop["x"] - 6), max(0, stop["y"] - 6)
    clip = {"x": left, "y": top, "width": stop["x"] + width + 6 - left, "height": stop["y"] + height + 6 - top}
    focused = page.screenshot(clip=clip)
    page.evaluate("(window.stop = document.activeElement).blur()")
    blurred = page.screenshot(clip=clip)
    page.evaluate("window.stop.focus({ preventScroll: true })")
    changed = ImageChops.difference(*(Image.open(BytesIO(shown)).convert("L") for shown in (focused, blurred)))
    return sum(changed.histogram()[60:]) / (2 * (width + height))


def test_the_focus_is_seen_at_every_stop_of_the_keyboard(visit: Callable[..., Page], site: str) -> None:
    page = visit()
    page.emulate_media(reduced_motion="reduce")
    found = stops(page)
    answer = ask(page, QUESTION)
    answer.locator(".found summary").click()
    answer.locator(".export summary").click()
    page.locator(".show-conversations").click()
    page.locator("#conversations .open").wait_for()
    page.locator("#narrow > button").click()
    page.locator("#narrow-sources input").wait_for()
    for name, rim in stops(page).items():
        found[name] = min(rim, found.get(name, rim))
    page.goto(f"{site.rstrip('/')}/source/{REAL}?lang=en#0-5")
    page.locator("mark#q").wait_for()
    viewed = stops(page)
    assert {name: rim for name, rim in {**found, **viewed}.items() if rim < 1} == {}
    assert found.keys() >= _CONTROLS
    assert {"words", "contents-button", "copy", "share"} <= viewed.keys()


def test_nothing_moves_for_whoever_asked_for_that(visit: Callable[..., Page]) -> None:
    page = visit(width=390, height=844)
    ask(page, QUESTION)
    # The next answer never comes, so that the page goes on waiting for it.
    page.route("**/queue/data*", lambda route: None)
    page.fill("#question textarea", UNANSWERED)
    page.keyboard.press("Enter")
    page.locator("#chat .pending").wait_for()
    page.locator(".show-conversations").click()
    page.locator("#conversations .open").wait_for()
    assert {"breathe", "drawn"} <= set(page.evaluate(_MOVING))
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(_MOVING) == []
