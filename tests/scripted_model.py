"""A server that speaks OpenAI's protocol and Ollama's: `with scripted_model(["Hello."]) as server: server.url`."""

from __future__ import annotations

import json
import re
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from select import select
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

FOREVER = 1e9  # seconds
_REPLIES = frozenset({"/v1/chat/completions", "/api/chat"})


@dataclass(frozen=True)
class Says:
    """A reply that is streamed, word by word or in pieces of a test's own."""

    text: str = ""
    pieces: Sequence[str] = ()
    end: str | None = "stop"  # without a reason, the stream just ends
    usage: tuple[int, int] | None = None  # tokens of prompt and reply; else their words
    before: float = 0.0  # seconds before anything comes, even a status
    pause: float = 0.0  # seconds between two pieces
    silent_after: int | None = None  # pieces after which nothing more comes
    breaks_after: int | None = None  # pieces after which the connection is cut
    then: tuple[int, str] | None = None  # after how many pieces another line is sent, and which
    bytes_at_once: int = 0  # even if that splits a character; 0 for whole events


@dataclass(frozen=True)
class Fails:
    """A reply that is no stream: an error, a redirect, a page."""

    status: int
    message: str = "broken"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None  # instead of an error in JSON


@dataclass(frozen=True)
class Asked:
    """A request as it came; the names of its headers in lower case."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def prompt(self) -> str:
        return "\n".join(message["content"] for message in self.body["messages"])


Reply = str | Says | Fails
PAGE = Fails(200, headers={"Content-Type": "text/html; charset=utf-8"}, body="<!doctype html><title>Hello</title>")


@dataclass
class ScriptedModel:
    """What the server is, which may be changed while it runs, and what came of it."""

    root: str  # its address, for Ollama's protocol
    url: str  # and for OpenAI's
    script: Sequence[Reply] | Callable[[Asked], Reply]  # a list's last one is repeated
    names: Sequence[str] = ("small",)  # the models it has
    listed: Mapping[str, Any] = field(default_factory=dict)  # what else `/v1/models` says of each
    props: int | None = None  # the context that llama.cpp's `/props` tells
    tokenizer: str = ""  # whose `/tokenize` it has, `llama.cpp` or `vllm`; tokens are words
    shown: Mapping[str, Any] = field(default_factory=dict)  # Ollama's `model_info`
    routes: Mapping[str, Fails] = field(default_factory=dict)  # what a path answers, whatever the rest says
    requests: list[Asked] = field(default_factory=list)
    hung_up: Event = field(default_factory=Event)
    closing: Event = field(default_factory=Event)

    @property
    def asked(self) -> list[Asked]:
        """The requests for a reply."""
        return [one for one in self.requests if one.path in _REPLIES]

    def saw_hang_up(self, patience: float = 5.0) -> bool:
        """Whether a client went away in the middle of a reply, or does so soon."""
        return self.hung_up.wait(patience)

    def reply(self, asked: Asked) -> Reply:
        self.requests.append(asked)
        if asked.path in self.routes:
            return self.routes[asked.path]
        if asked.path in _REPLIES:
            script = self.script
            return script(asked) if callable(script) else script[min(len(self.asked), len(script)) - 1]
        tokens = list(range(len(str(asked.body.get("content")).split())))
        counted = {"llama.cpp": {"tokens": tokens}, "vllm": {"tokens": tokens, "count": len(tokens)}}
        found = {
            "/v1/models": {"data": [{"id": name, "object": "model", **self.listed} for name in self.names]},
            "/props": {"default_generation_settings": {"n_ctx": self.props}} if self.props else None,
            "/api/show": {"model_info": self.shown} if asked.body.get("model") in self.names else None,
            "/tokenize": counted.get(self.tokenizer),
        }.get(asked.path)
        return Fails(404, "no such path or model") if found is None else Fails(200, body=json.dumps(found))


@contextmanager
def scripted_model(
    script: Sequence[Reply] | Callable[[Asked], Reply] = ("Hello.",), **shape: Any
) -> Iterator[ScriptedModel]:
    """A server while the block runs; `shape` is of ScriptedModel."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        root = f"http://127.0.0.1:{server.server_port}"
        server.model = model = ScriptedModel(root, f"{root}/v1", script, **shape)
        server.handle_error = lambda *_: model.hung_up.set()  # nothing else goes wrong in a handler
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield model
        finally:
            model.closing.set()
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.path, headers, json.loads(self.rfile.read(length)) if length else {})
        reply = self.server.model.reply(asked)
        reply = Says(reply) if isinstance(reply, str) else reply
        self._whole(reply) if isinstance(reply, Fails) else self._stream(reply, asked)

    do_POST = do_GET  # noqa: N815 - named by the library

    def log_message(self, *_: object) -> None:
        pass

    def _whole(self, reply: Fails) -> None:
        said = reply.message if self.path.startswith("/api/") else {"message": reply.message, "code": reply.status}
        data = (json.dumps({"error": said}) if reply.body is None else reply.body).encode("utf-8")
        self._begin(reply.status, {"Content-Type": "application/json", "Content-Length": len(data), **reply.headers})
        self.wfile.write(data)

    def _begin(self, status: int, headers: Mapping[str, object]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, str(value))
        self.end_headers()

    def _stream(self, reply: Says, asked: Asked) -> None:
        self._wait(reply.before)
        write, kind = (_openai, "text/event-stream") if "/v1/" in self.path else (_ollama, "application/x-ndjson")
        self._begin(200, {"Content-Type": kind, "Transfer-Encoding": "chunked"})
        words = list(reply.pieces) or re.findall(r"\S+\s*|\s+", reply.text)
        usage = reply.usage or (len(asked.prompt.split()), len("".join(words).split()))
        for sent, line in enumerate(write(words, reply.end, usage)):
            if sent == reply.silent_after:
                self._wait(FOREVER)
            if sent == reply.breaks_after:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            data = (reply.then[1] if reply.then and sent == reply.then[0] else line).encode("utf-8")
            size = reply.bytes_at_once or len(data)
            for part in (data[start : start + size] for start in range(0, len(data), size)):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self._wait(reply.pause)
        self.wfile.write(b"0\r\n\r\n")

    def _wait(self, seconds: float) -> None:
        """Say nothing for a while; a client that goes away is noticed."""
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0 and not self.server.model.closing.is_set():
            if select([self.connection], [], [], min(left, 0.02))[0] and not self.connection.recv(1, socket.MSG_PEEK):
                raise ConnectionResetError


def _openai(words: Sequence[str], end: str | None, usage: tuple[int, int]) -> Iterator[str]:
    whole = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "small"}
    said = [({"role": "assistant", "content": word}, None) for word in words]
    chunks = [{"choices": [{"index": 0, "delta": one, "finish_reason": why}]} for one, why in (*said, ({}, end))]
    counted = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    for chunk in (*chunks, {"choices": [], "usage": counted}) if end else chunks[:-1]:
        yield f"data: {json.dumps({**whole, **chunk}, ensure_ascii=False)}\n\n"
    if end:
        yield "data: [DONE]\n\n"


def _ollama(words: Sequence[str], end: str | None, usage: tuple[int, int]) -> Iterator[str]:
    last = {"done": True, "done_reason": end, "prompt_eval_count": usage[0], "eval_count": usage[1]}
    lines = [{"message": {"role": "assistant", "content": word}, "done": False} for word in (*words, "")]
    for line in (*lines[:-1], {**lines[-1], **last}) if end else lines[:-1]:
        yield json.dumps({"model": "small", **line}, ensure_ascii=False) + "\n"
