"""The addresses of the evaluation's pages, brought to the served application as an entry point."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from assistant.web.library_routes import FRESH, spoken
from assistant.web.texts import languages
from evals.view.folders import runs_folder
from evals.view.pages import FOLDER, comparison_page, list_page, message_page, run_page
from evals.view.runs import Runs
from evals.view.texts import view_texts
from index.errors import AssistantError, one_line

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI
    from starlette.requests import Request

    from assistant.settings import Settings
    from evals.compare import Comparison

_log = logging.getLogger(__name__)
_NOTHING = "default-src 'none'; frame-ancestors 'self'; base-uri 'none'"
_PAGE = f"{_NOTHING}; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'"
_REPORT = f"sandbox; {_NOTHING}; style-src 'unsafe-inline'; img-src data:; form-action 'none'"
"""Reports hold what models, sources and users wrote: their page has no origin, runs no script and fetches nothing."""
_COMPARISONS = 16


def add_evaluation_pages(app: FastAPI, settings: Settings) -> None:
    """`/evaluations`, a page for every run with its report, and a comparison of two runs."""
    del settings  # the folder of the runs has a variable of its own: no answer depends on it
    pages = _Pages(runs_folder())
    titles = {language: view_texts(language).title for language in languages()}
    app.state.pages = [*getattr(app.state, "pages", ()), ("/evaluations", titles)]
    app.add_route("/evaluations", pages.all)
    app.add_route("/evaluations/view.css", pages.style)
    app.add_route("/evaluations/compare", pages.comparison)
    app.add_route("/evaluations/{run:path}/report.html", pages.report)
    app.add_route("/evaluations/{run:path}/", pages.one)


class _Pages:
    """What the addresses show. Each is a plain function, which the server runs beside its event loop."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs = Runs(folder)
        self._compared = lru_cache(_COMPARISONS)(self._compare)

    def all(self, request: Request) -> Response:
        return _html(list_page(self._runs.all(), self._folder, spoken(request)))

    def style(self, _: Request) -> Response:
        return Response((FOLDER / "static" / "view.css").read_bytes(), media_type="text/css", headers=FRESH)

    def one(self, request: Request) -> Response:
        run, language = self._runs.get(request.path_params["run"]), spoken(request)
        if run is None or not run.page:
            texts = view_texts(language)
            return _html(message_page(texts.gone if run is None else texts.no_page, language), 404)
        return _html(run_page(run, language))

    def report(self, request: Request) -> Response:
        run = self._runs.get(request.path_params["run"])
        try:
            if run is not None:
                return _html(self._runs.report_page(run.name), policy=_REPORT)
        except OSError:
            _log.exception("the report of %s cannot be read", run)
        return _html(message_page(view_texts(spoken(request)).gone, spoken(request)), 404)

    def comparison(self, request: Request) -> Response:
        language = spoken(request)
        texts = view_texts(language)
        first, second = (self._runs.get(request.query_params.get(name, "")) for name in ("a", "b"))
        if first is None or second is None:
            return _html(message_page(texts.gone, language), 404)
        if first.head and second.head and first.head.stamp.set != second.head.stamp.set:
            return _html(message_page(texts.different_sets, language))
        try:
            found = self._compared(first.name, second.name, self._runs.versions(first.name, second.name))
        except AssistantError as error:
            return _html(message_page(one_line(error), language))
        return _html(comparison_page(found, (first, second), language))

    def _compare(self, first: str, second: str, versions: object) -> Comparison:
        """A comparison draws thousands of samples, so it is kept until one of the reports changes."""
        del versions
        try:
            from evals.compare import compare
        except ModuleNotFoundError as error:
            raise AssistantError(f"{error.name} missing: run `pip install 'commit-assistant[eval]'`") from error
        return compare(self._runs.report(first), self._runs.report(second))


def _html(content: str | bytes, status: int = 200, policy: str = _PAGE) -> HTMLResponse:
    return HTMLResponse(content, status, headers={**FRESH, "Content-Security-Policy": policy})
