"""A stand-in for two providers on loopback, so that the example runs offline.

It speaks just enough of OpenAI's chat completions and of Anthropic's messages, with the
delays of a fast model. The first request to OpenAI is answered with 429, as on a busy day.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

TRIAGE = {"category": "billing", "urgent": True}
REPLY = ["Hello, ", "I am sorry ", "that you were ", "charged twice. ", "It is refunded."]
FIRST_TOKEN_SECONDS = 0.12
TOKEN_SECONDS = 0.02


class Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    busy = threading.Semaphore(1)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path == "/v1/chat/completions":
            self.answer_openai(asked)
        elif self.path == "/v1/messages":
            self.stream_anthropic(asked)
        else:
            self.send_json(404, {"error": {"message": f"no such path: {self.path}"}})

    def answer_openai(self, asked: dict[str, Any]) -> None:
        if self.busy.acquire(blocking=False):
            error = {"message": "Rate limit reached", "type": "rate_limit_error"}
            self.send_json(429, {"error": error}, {"retry-after-ms": "50"})
            return
        time.sleep(FIRST_TOKEN_SECONDS)
        message = {"role": "assistant", "content": json.dumps(TRIAGE)}
        answer = {
            "id": "chatcmpl-example",
            "object": "chat.completion",
            "created": 0,
            "model": f"{asked['model']}-2024-07-18",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 31, "completion_tokens": 12, "total_tokens": 43},
        }
        self.send_json(200, answer)

    def stream_anthropic(self, asked: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for delay, event in self.anthropic_events(asked):
            time.sleep(delay)
            data = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"
            self.wfile.write(data.encode())
            self.wfile.flush()
        self.close_connection = True

    def anthropic_events(self, asked: dict[str, Any]) -> Iterator[tuple[float, dict[str, Any]]]:
        message = {
            "id": "msg_example",
            "type": "message",
            "role": "assistant",
            "model": asked["model"],
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 38, "output_tokens": 1},
        }
        block = {"type": "text", "text": ""}
        yield 0, {"type": "message_start", "message": message}
        yield 0, {"type": "content_block_start", "index": 0, "content_block": block}
        for number, text in enumerate(REPLY):
            delta = {"type": "text_delta", "text": text}
            delay = TOKEN_SECONDS if number else FIRST_TOKEN_SECONDS
            yield delay, {"type": "content_block_delta", "index": 0, "delta": delta}
        yield 0, {"type": "content_block_stop", "index": 0}
        end = {"stop_reason": "end_turn", "stop_sequence": None}
        yield 0, {"type": "message_delta", "delta": end, "usage": {"output_tokens": 19}}
        yield 0, {"type": "message_stop"}

    def send_json(
        self, status: int, answer: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def running_provider() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
