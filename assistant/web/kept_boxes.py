"""The components by which the page and the script that keeps its conversations talk to each other; none is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.web.templating import fragment
from assistant.web.texts import texts

if TYPE_CHECKING:
    from assistant.web.texts import PageLanguage


class KeptBoxes:
    """`static/conversations.js` writes into the boxes and reads the news."""

    def __init__(self, language: PageLanguage, *, on_server: bool) -> None:
        self._on_server = on_server
        with gr.Column(elem_id="conversations", min_width=0):
            self.words = gr.Markdown(self.label(language), sanitize_html=False, elem_id="conversation-words")
            self.asking = _box("asking")
            """What goes with every question."""
            self.opening = _box("opening")
            """A conversation that was kept, to be shown again."""
            self.editing = _box("editing")
            """Number of the exchange whose question is to be mended."""
            self.news = _news("news")
            self.title_news = _news("title-news")

    def label(self, language: PageLanguage) -> str:
        """The words of the list, and where conversations are kept."""
        return fragment("conversations.html", texts=texts(language), language=language, on_server=self._on_server)


def _box(name: str) -> gr.Textbox:
    return gr.Textbox(elem_id=name, visible="hidden", container=False, show_label=False)


def _news(name: str) -> gr.Markdown:
    options: dict[str, Any] = {"sanitize_html": False, "latex_delimiters": []}
    return gr.Markdown("", elem_id=name, **options)
