"""The chat page, made of Gradio's components.

Importing this module imports Gradio, which takes seconds and looks at the environment: `assistant.web.app` does both,
in the right order, when the page is served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.filters import Filters
from assistant.language_model.requests import Stop
from assistant.web.conversation import Conversation, answered, asked, halted, history
from assistant.web.conversation_routes import kept_on_server
from assistant.web.kept import Asking, restored, told
from assistant.web.kept_boxes import KeptBoxes
from assistant.web.narrow_row import NarrowRow
from assistant.web.page_updates import chat_texts, given_up, labels, masthead, panel, shown, unchanged
from assistant.web.texts import PageLanguage, accepted_language, languages, page_language, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.engine import Assistant
    from assistant.settings import Settings
    from assistant.web.shown_answers import ShownAnswers

LANGUAGE_COOKIE = "page_language"
_AT_ONCE = 4
"""Questions answered at the same time; more wait in line."""
_QUICK: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
_REPEATED: dict[str, Any] = {**_QUICK, "trigger_mode": "multiple"}
_SLOW: dict[str, Any] = {**_QUICK, "queue": True, "concurrency_limit": _AT_ONCE, "concurrency_id": "answers"}


def chat_page(assistant: Assistant, settings: Settings, answers: ShownAnswers) -> gr.Blocks:
    """The page: the conversation, and beside it the source that a citation opens. `answers` learns what it shows."""
    return _ChatPage(assistant, settings, answers).blocks


class _ChatPage:
    """The components, and what happens when they are used."""

    def __init__(self, assistant: Assistant, settings: Settings, answers: ShownAnswers) -> None:
        self.assistant = assistant
        self.settings = settings
        self.answers = answers
        self.stops: dict[str, Stop] = {}
        first = page_language(settings.page_language) or "zh"
        title = texts(first).page.title
        with gr.Blocks(title=title, analytics_enabled=False, fill_height=True, fill_width=True) as blocks:
            self.blocks = blocks
            self.conversation = gr.State(Conversation())
            with gr.Row(elem_id="top"):
                self._top(first)
            with gr.Row(elem_id="desk"):
                self.boxes = KeptBoxes(first, on_server=kept_on_server(settings))
                with gr.Column(elem_id="talk", min_width=0):
                    self._talk(first)
                with gr.Column(elem_id="source-panel", min_width=0):
                    self.panel = gr.Markdown(panel(first), sanitize_html=False, elem_id="panel")
            self._wire()

    def _top(self, language: PageLanguage) -> None:
        words = texts(language).page
        self.masthead = gr.Markdown(masthead(language, waiting=True), sanitize_html=False, elem_id="masthead")
        self.restart = gr.Button(words.restart, elem_id="restart", size="sm", min_width=0, scale=0)
        self.language = gr.Radio(
            [(texts(name).page.own_name, name) for name in languages()],
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
            **chat_texts(language),
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
        boxes, narrow = self.boxes, self.narrow
        answering = [self.chat, self.conversation, self.question, self.send, self.stop, boxes.news]
        turn = [self.question, self.conversation, self.language, boxes.asking, *narrow.fields]
        state = [self.conversation, self.language]
        begun = (
            self.question.submit(self._begin, turn, answering, **_QUICK),
            self.send.click(self._begin, turn, answering, **_QUICK),
            self.chat.example_select(_chosen, None, self.question, **_QUICK).then(
                self._begin, turn, answering, **_QUICK
            ),
        )
        running = [begin.then(self._answer, state, answering, **_SLOW) for begin in begun]
        if self.settings.llm != "none":
            for answer in running:
                answer.then(self._entitle, self.conversation, boxes.title_news, **_SLOW)
        for begin in begun:
            begin.then(narrow.fold, None, narrow.folder, **_QUICK)
        self.stop.click(self._halt, state, answering, cancels=running, **_QUICK)
        self.restart.click(self._forget, state, answering, cancels=running, **_QUICK)
        opened = [*answering, *narrow.labelled]
        boxes.opening.change(self._open, [boxes.opening, boxes.asking, *state], opened, cancels=running, **_REPEATED)
        boxes.editing.change(self._edit, [boxes.editing, *state], [self.question, *narrow.labelled], **_REPEATED)
        labelled = [self.masthead, self.restart, self.language, self.chat, *answering[2:5], self.panel, boxes.words]
        labelled += narrow.labelled
        spoken = [self.language, self.conversation, *narrow.fields]
        self.language.input(self._labels, spoken, labelled, **_QUICK)
        self.blocks.load(self._greet, [self.conversation], labelled, **_QUICK)
        narrow.wire(self.language, **_QUICK)

    def _begin(self, *given: Any) -> list[Any]:  # noqa: ANN401 - what `turn` names
        question, so_far, spoken, said, *narrowed = given
        asking = Asking.of(said)
        if asking.opened and not so_far.id:
            # The server was restarted, or has forgotten a page that was long asleep: the script brings all back.
            return [*unchanged(5), told(lost=asking.opened)]
        after = asked(so_far, question, self.narrow.within(*narrowed), asking.instead_of)
        return unchanged(6) if after is None else shown(after, spoken, "", told(kept=after.kept))

    def _answer(self, so_far: Conversation, spoken: PageLanguage) -> Iterator[list[Any]]:
        if not so_far.pending:
            # Gradio (6.31) empties what a generator without a word was to fill.
            yield unchanged(6)
            return
        stop = Stop()
        running = so_far.exchanges[-1].name
        self.stops[running] = stop
        try:
            for after in answered(self.assistant, so_far, stop):
                # A question that could not be answered goes back into the box, to be mended or sent again.
                *before, last = after.exchanges
                if last.complete and last.answer is not None:
                    self.answers.remember(last.answer, history(before))
                again = last.question if last.error else gr.skip()
                yield shown(after, spoken, again, gr.skip() if last.pending else told(kept=after.kept))
        finally:
            stop()
            self.stops.pop(running, None)

    def _entitle(self, so_far: Conversation) -> Any:  # noqa: ANN401 - or no change
        """A conversation with its first answer gets a title from the language model."""
        turns = history(so_far.exchanges)
        if len(so_far.exchanges) != 1 or not turns:
            return gr.skip()
        return told(titled={"id": so_far.id, "title": self.assistant.title(turns)})

    def _open(self, kept: str, said: str, so_far: Conversation, spoken: PageLanguage) -> list[Any]:
        """Show a conversation that was kept, with the filters of its last question; those of one about to go stay."""
        self._give_up(so_far)
        conversation, left_out = restored(kept, self.assistant)
        for exchange in conversation.exchanges:
            if exchange.complete and exchange.answer is not None:
                self.answers.restore(exchange.answer)
        news = told(opened=conversation.id, left_out=left_out, given_up=given_up(so_far))
        recovering = Asking.of(said).recovering
        narrowed = unchanged(len(self.narrow.labelled)) if recovering else self._narrowed(conversation, -1, spoken)
        return [*shown(conversation, spoken, gr.skip(), news), *narrowed]

    def _edit(self, number: str, so_far: Conversation, spoken: PageLanguage) -> list[Any]:
        """Put a question back into the box, with its filters."""
        number = number.strip()
        at = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else -1
        if not 0 <= at < len(so_far.exchanges):
            return unchanged(1 + len(self.narrow.labelled))
        return [so_far.exchanges[at].question, *self._narrowed(so_far, at, spoken)]

    def _narrowed(self, conversation: Conversation, at: int, spoken: PageLanguage) -> list[Any]:
        """Updates that set the row to the filters of a question, as far as the index in use offers them."""
        filters = conversation.exchanges[at].within.filters if conversation.exchanges else Filters()
        return self.narrow.set_to(filters, spoken)

    def _halt(self, so_far: Conversation, spoken: PageLanguage) -> list[Any]:
        """Stop the answer that is on its way: what was shown of it stays."""
        self._give_up(so_far)
        after = halted(so_far)
        return shown(after, spoken, gr.skip(), told(kept=after.kept))

    def _forget(self, so_far: Conversation, spoken: PageLanguage) -> list[Any]:
        self._give_up(so_far)
        return shown(Conversation(), spoken, "", told(opened="", given_up=given_up(so_far)))

    def _give_up(self, so_far: Conversation) -> None:
        """End the language model's work on this conversation at once, not with its next word."""
        for exchange in so_far.exchanges:
            if exchange.pending and (stop := self.stops.get(exchange.name)):
                stop()

    def _greet(self, so_far: Conversation, request: gr.Request) -> list[Any]:
        """What the user chose on this page before, else what the settings say, else what the browser asks for."""
        chosen = page_language(request.cookies.get(LANGUAGE_COOKIE)) or page_language(self.settings.page_language)
        return self._labels(chosen or accepted_language(request.headers.get("accept-language", "")), so_far)

    def _labels(self, language: PageLanguage, so_far: Conversation, *narrowed: Any) -> list[Any]:  # noqa: ANN401
        return [*labels(language, so_far), self.boxes.label(language), *self.narrow.labels(language, *narrowed)]


def _chosen(example: gr.SelectData) -> str:
    return str(example.value["text"])
