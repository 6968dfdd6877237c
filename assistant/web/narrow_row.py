"""The row of the page that narrows questions down: Gradio's fields, filled from the catalogue of the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.filters import Filters
from assistant.web.narrowing import Choices, Within, chosen, language_name, type_name
from assistant.web.templating import fragment
from assistant.web.texts import PageLanguage, texts
from index.errors import AssistantError

if TYPE_CHECKING:
    from assistant.engine import Assistant

_FIRST_FIELD = 4
"""Of the updates that `labels` gives: before it stand the row itself and what is set."""
_FEWEST = 2
"""Languages or sources from which there is something to choose."""


class NarrowRow:
    """Folded until it is opened; the filters that are set stand below it all the time."""

    def __init__(self, assistant: Assistant, language: PageLanguage) -> None:
        self._assistant = assistant
        words = texts(language).narrow
        # Without an index there is nothing to offer yet: `labels` fills the fields whenever the page is opened.
        self.folder = gr.Accordion(words.title, open=False, elem_id="narrow", visible=False)
        with self.folder, gr.Row(elem_id="narrow-fields"):
            self.languages = _several("narrow-languages", words.languages)
            self.since = _one("narrow-since", words.since)
            self.until = _one("narrow-until", words.until)
            self.types = _several("narrow-types", words.types)
            self.publishers = _several("narrow-publishers", words.publishers)
            self.sources = _several("narrow-sources", words.sources)
        with gr.Row(elem_id="narrow-set", visible=False) as self.set:
            self.active = gr.Markdown("", sanitize_html=False, latex_delimiters=[], elem_id="narrow-active")
            self.clear = gr.Button(words.clear, elem_id="narrow-clear", size="sm", scale=0, min_width=0)

    @property
    def fields(self) -> list[Any]:
        """What `within` takes the values of, in its order."""
        return [self.languages, self.since, self.until, self.types, self.publishers, self.sources]

    @property
    def labelled(self) -> list[Any]:
        """What `labels` updates, in its order."""
        return [self.folder, self.set, self.active, self.clear, *self.fields]

    def wire(self, language: gr.Radio, **options: Any) -> None:  # noqa: ANN401 - of Gradio's events
        """Let what is shown follow the fields, and the button empty them."""
        for field in self.fields:
            field.input(self._title, [language, *self.fields], [self.folder, self.set, self.active], **options)
        self.clear.click(self._cleared, language, self.labelled, **options)

    def fold(self) -> Any:  # noqa: ANN401 - Gradio's update
        """The update that folds the row, so that the answer has the room."""
        return gr.update(open=False)

    def within(self, *values: Any) -> Within:  # noqa: ANN401 - of the fields
        """What the values of the fields mean."""
        filters = chosen(*values)
        return Within(filters, self._choices().titles(filters.sources))

    def labels(self, language: PageLanguage, *values: Any) -> list[Any]:  # noqa: ANN401 - of the fields
        """Updates that put the row into a language, with what the index in use offers."""
        words, offered = texts(language).narrow, self._choices()
        # A field that is not shown sends its value all the same, which must be among its choices.
        years = [(words.any_year, ""), *((year, year) for year in offered.years)]
        fields: list[tuple[str, list[tuple[str, str]], int]] = [
            (words.languages, [(language_name(tag, language), tag) for tag in offered.languages], _FEWEST),
            (words.since, years, 2),
            (words.until, years, 2),
            (words.types, [(type_name(kind, language), kind) for kind in offered.types], 1),
            (words.publishers, [(name, name) for name in offered.publishers], 1),
            (words.sources, list(offered.sources), _FEWEST),
        ]
        useful = [len(choices) >= fewest for _, choices, fewest in fields]
        folder, *active = self._title(language, *values)
        folder["visible"] = any(useful)
        updates = [
            gr.update(label=label, choices=choices, visible=shown)
            for (label, choices, _), shown in zip(fields, useful, strict=True)
        ]
        return [folder, *active, gr.update(value=words.clear), *updates]

    def set_to(self, filters: Filters, language: PageLanguage) -> list[Any]:
        """Updates that set the row to filters, as far as the index in use offers them."""
        offered = [{value for _, value in field.get("choices", ())} for field in self.labels(language)[_FIRST_FIELD:]]
        values: list[Any] = []
        for name, known in zip(Filters.model_fields, offered, strict=True):
            value = getattr(filters, name)
            single = name in {"since", "until"}
            values.append((value if value in known else "") if single else [one for one in value if one in known])
        updates = self.labels(language, *values)
        fields = zip(updates[_FIRST_FIELD:], values, strict=True)
        return [*updates[:_FIRST_FIELD], *({**field, "value": value} for field, value in fields)]

    def _title(self, language: PageLanguage, *values: Any) -> list[Any]:  # noqa: ANN401 - of the fields
        """Updates of the row's title and of what stands below it."""
        words, within = texts(language).narrow, self.within(*values)
        count = within.filters.active
        state = {0: "", 1: words.one_active}.get(count, words.active.format(count=count))
        title = f"{words.title} · {state}" if state else words.title
        shown = fragment("filters.html", texts=texts(language), within=within.shown(language)) if count else ""
        folder = gr.update(label=title, elem_classes=["active"] if count else [])
        return [folder, gr.update(visible=bool(count)), shown]

    def _cleared(self, language: PageLanguage) -> list[Any]:
        # One update each: Gradio changes those it is given.
        empty: list[Any] = [[], "", "", [], [], []]
        return [*self._title(language), gr.skip(), *(gr.update(value=value) for value in empty)]

    def _choices(self) -> Choices:
        try:
            return Choices.of(self._assistant.current.get().content)
        except AssistantError:
            return Choices()


def _several(name: str, label: str) -> gr.Dropdown:
    return gr.Dropdown([], multiselect=True, label=label, elem_id=name, min_width=0)


def _one(name: str, label: str) -> gr.Dropdown:
    return gr.Dropdown([("", "")], value="", label=label, elem_id=name, min_width=0)
