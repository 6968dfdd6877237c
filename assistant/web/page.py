"""The chat page, made of Gradio's components.

Importing this module imports Gradio, which takes seconds and looks at the environment: `assistant.web.app` does both,
in the right order, when the page is served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.web.conversation import Conversation, answered, asked, halted, messages
from assistant.web.narrow_row import NarrowRow
from assistant.web.templating import fragment
from assistant.web.texts import LANGUAGES, PageLanguage, accepted_language, page_language, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.engine import Assistant
    from assistant.settings import Settings

LANGUAGE_COOKIE = "page_language"
_NAMES: dict[PageLanguage, str] = {"zh": "中文", "en": "English"}
_AT_ONCE = 4
"""Questions answered at the same time; more wait in line."""
_QUICK: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
_SLOW: dict[str, Any] = {**_QUICK, "queue": True, "concurrency_limit": _AT_ONCE, "concurrency_id": "answers"}


def chat_page(assistant: Assistant, settings: Settings) -> gr.Blocks:
    """The page: the conversation, and beside it the source that a citation opens."""
    return _ChatPage(assistant, settings).blocks


class _ChatPage:
    """The components, and what happens when they are used."""

    def __init__(self, assistant: Assistant, settings: Settings) -> None:
        self.assistant = assistant
        self.settings = settings
        first = page_language(settings.page_language) or "zh"
        title = texts(first).page.title
        with gr.Blocks(title=title, analytics_enabled=False, fill_height=True, fill_width=True) as blocks:
            self.blocks = blocks
            self.conversation = gr.State(())
            with gr.Row(elem_id="top"):
                self._top(first)
            with gr.Row(elem_id="desk"):
                with gr.Column(elem_id="talk", min_width=0):
                    self._talk(first)
                with gr.Column(elem_id="source-panel", min_width=0):
                    self.panel = gr.Markdown(_panel(first), sanitize_html=False, elem_id="panel")
            self._wire()

    def _top(self, language: PageLanguage) -> None:
        words = texts(language).page
        self.masthead = gr.Markdown(_masthead(language, waiting=True), sanitize_html=False, elem_id="masthead")
        self.restart = gr.Button(words.restart, elem_id="restart", size="sm", min_width=0, scale=0)
        self.language = gr.Radio(
            [(_NAMES[name], name) for name in LANGUAGES],
            value=language,
            label=words.language,
            elem_id="language",
            container=False,
            min_width=0,
            scale=0,
        )

    def _talk(self, language: PageLanguage) -> None:
        words = texts(language).page
        self.chat = gr.Chatbot(
            elem_id="chat",
            show_label=False,
            container=False,
            layout="panel",
            height="100%",
            # What is shown was cleaned by `templating.fragment`; Gradio's own cleaning takes our buttons away.
            sanitize_html=False,
            allow_tags=False,
            latex_delimiters=[],
            buttons=[],
            # page.js keeps the question in view: the end of a long answer is no place to begin reading.
            autoscroll=False,
            group_consecutive_messages=False,
            **_chat_texts(language),
        )
        self.narrow = NarrowRow(self.assistant, language)
        with gr.Row(elem_id="ask"):
            self.question = gr.Textbox(
                elem_id="question",
                lines=1,
                max_lines=6,
                container=False,
                autofocus=True,
                min_width=0,
                label=words.question,
                placeholder=words.question_hint,
            )
            self.send = gr.Button(words.send, elem_id="send", variant="primary", scale=0, min_width=0)
            self.stop = gr.Button(words.stop, elem_id="stop", variant="stop", scale=0, min_width=0, visible=False)

    def _wire(self) -> None:
        answering = [self.chat, self.conversation, self.question, self.send, self.stop]
        turn = [self.question, self.conversation, self.language, *self.narrow.fields]
        state = [self.conversation, self.language]
        begun = (
            self.question.submit(self._begin, turn, answering, **_QUICK),
            self.send.click(self._begin, turn, answering, **_QUICK),
            self.chat.example_select(_chosen, None, self.question, **_QUICK).then(
                self._begin, turn, answering, **_QUICK
            ),
        )
        running = [begin.then(self._answer, state, answering, **_SLOW) for begin in begun]
        for begin in begun:
            begin.then(self.narrow.fold, None, self.narrow.folder, **_QUICK)
        self.stop.click(_halt, state, answering, cancels=running, **_QUICK)
        self.restart.click(_forget, None, answering, cancels=running, **_QUICK)
        labelled = [self.masthead, self.restart, self.language, self.chat, *answering[2:], self.panel]
        labelled += self.narrow.labelled
        spoken = [self.language, self.conversation, *self.narrow.fields]
        self.language.input(self._labels, spoken, labelled, **_QUICK)
        self.blocks.load(self._greet, [self.conversation], labelled, **_QUICK)
        self.narrow.wire(self.language, **_QUICK)

    def _begin(self, question: str, so_far: Conversation, spoken: PageLanguage, *narrowed: Any) -> list[Any]:  # noqa: ANN401
        after = asked(so_far, question, self.narrow.within(*narrowed))
        return [gr.skip()] * 5 if after is None else _shown(after, spoken, "")

    def _answer(self, so_far: Conversation, spoken: PageLanguage) -> Iterator[list[Any]]:
        for after in answered(self.assistant, so_far):
            # A question that could not be answered goes back into the box, to be mended or sent again.
            again = after[-1].question if after[-1].error else gr.skip()
            yield _shown(after, spoken, again)

    def _greet(self, so_far: Conversation, request: gr.Request) -> list[Any]:
        """What the user chose on this page before, else what the settings say, else what the browser asks for."""
        chosen = page_language(request.cookies.get(LANGUAGE_COOKIE)) or page_language(self.settings.page_language)
        return self._labels(chosen or accepted_language(request.headers.get("accept-language", "")), so_far)

    def _labels(self, language: PageLanguage, so_far: Conversation, *narrowed: Any) -> list[Any]:  # noqa: ANN401
        return [*_labels(language, so_far), *self.narrow.labels(language, *narrowed)]


def _halt(so_far: Conversation, spoken: PageLanguage) -> list[Any]:
    return _shown(halted(so_far), spoken, gr.skip())


def _forget() -> list[Any]:
    return _shown((), "en", "")


def _chosen(example: gr.SelectData) -> str:
    return str(example.value["text"])


def _shown(conversation: Conversation, language: PageLanguage, question: Any) -> list[Any]:  # noqa: ANN401 - or no change
    """Updates of conversation, question box and buttons: while an answer is on its way, it can be stopped."""
    busy = any(exchange.pending for exchange in conversation)
    buttons = [gr.update(visible=not busy), gr.update(visible=busy)]
    return [messages(conversation, language), conversation, question, *buttons]


def _labels(language: PageLanguage, conversation: Conversation) -> list[Any]:
    """Updates that put the page into a language; the answers that stand there change with it."""
    words = texts(language).page
    return [
        _masthead(language),
        gr.update(value=words.restart),
        gr.update(value=language, label=words.language),
        gr.update(value=messages(conversation, language), **_chat_texts(language)),
        gr.update(label=words.question, placeholder=words.question_hint),
        gr.update(value=words.send),
        gr.update(value=words.stop),
        _panel(language),
    ]


def _masthead(language: PageLanguage, *, waiting: bool = False) -> str:
    """The page's title. While it waits for the user's language, nothing is shown (`page.js`)."""
    return fragment("masthead.html", texts=texts(language), language=language, waiting=waiting)


def _panel(language: PageLanguage) -> str:
    return fragment("panel.html", texts=texts(language))


def _chat_texts(language: PageLanguage) -> dict[str, Any]:
    words = texts(language)
    return {
        "label": words.page.conversation,
        "placeholder": fragment("welcome.html", texts=words),
        "examples": [{"text": example} for example in words.page.examples],
    }
