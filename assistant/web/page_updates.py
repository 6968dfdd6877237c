"""Updates of the page's components, and their words in a language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.web.conversation import halted, messages
from assistant.web.templating import fragment
from assistant.web.texts import texts

if TYPE_CHECKING:
    from assistant.web.conversation import Conversation
    from assistant.web.texts import PageLanguage


def unchanged(outputs: int) -> list[Any]:
    """No change of any output."""
    return [gr.skip() for _ in range(outputs)]


def given_up(so_far: Conversation) -> dict[str, Any] | None:
    """What is to be kept of a conversation whose answer was on its way when another was opened."""
    return halted(so_far).kept if so_far.pending else None


def shown(conversation: Conversation, language: PageLanguage, question: Any, news: Any) -> list[Any]:  # noqa: ANN401
    """Updates of conversation, question box, buttons and news: while an answer is on its way, it can be stopped."""
    busy = conversation.pending
    buttons = [gr.update(visible=not busy), gr.update(visible=busy)]
    return [messages(conversation, language), conversation, question, *buttons, news]


def labels(language: PageLanguage, conversation: Conversation) -> list[Any]:
    """Updates that put the page into a language; the answers that stand there change with it."""
    words = texts(language).page
    return [
        masthead(language),
        gr.update(value=words.restart),
        gr.update(value=language, label=words.language),
        gr.update(value=messages(conversation, language), **chat_texts(language)),
        gr.update(label=words.question, placeholder=words.question_hint),
        gr.update(value=words.send),
        gr.update(value=words.stop),
        panel(language),
    ]


def masthead(language: PageLanguage, *, waiting: bool = False) -> str:
    """The page's title. While it waits for the user's language, nothing is shown (`page.js`)."""
    return fragment("masthead.html", texts=texts(language), language=language, waiting=waiting)


def panel(language: PageLanguage) -> str:
    """What stands above the source."""
    return fragment("panel.html", texts=texts(language))


def chat_texts(language: PageLanguage) -> dict[str, Any]:
    """What the conversation shows while nothing has been asked."""
    words = texts(language)
    return {
        "label": words.page.conversation,
        "placeholder": fragment("welcome.html", texts=words),
        "examples": [{"text": example} for example in words.page.examples],
    }
