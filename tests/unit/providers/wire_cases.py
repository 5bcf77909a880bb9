"""Requests to every wire API, and what each of them can tell."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from understudy.calls import Exchange, Request, Response
from understudy.providers import default_apis

if TYPE_CHECKING:
    from understudy.wire import Question
    from understudy.wire.writing import Failure, Rendered, Reply

APIS = default_apis()

MESSAGES = [{"role": "user", "content": "Say some words."}]
OPENAI = "https://api.openai.com/v1"
ANTHROPIC = "https://api.anthropic.com/v1"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash"
INTERACTIONS = "https://generativelanguage.googleapis.com/v1beta/interactions"
BEDROCK = "https://bedrock-runtime.us-east-1.amazonaws.com/model"
COHERE = "https://api.cohere.com"
OLLAMA = "http://localhost:11434/api"

CACHE = ("input_tokens", "output_tokens", "cache_read_tokens")
WRITES = (*CACHE, "cache_write_tokens")
HOURS = (*WRITES, "cache_write_1h_tokens")
COUNTS = ("input_tokens", "output_tokens")
PLAIN = {"stop": "stop", "length": "length", "content_filter": "content_filter"}


@dataclass(frozen=True)
class Case:
    """One request; `usage` are the counts that its answer tells, `reasons` its own words.

    `tools` says whether its answers can hold tool calls, `reads_calls` whether our codec
    finds them there.
    """

    name: str
    url: str
    body: dict[str, Any]
    usage: tuple[str, ...] = COUNTS
    tools: bool = True
    reads_calls: bool = True
    call_ids: bool = True
    names_model: bool = True
    reasons: dict[str, str | None] = field(default_factory=dict)

    @property
    def request(self) -> Request:
        """The request itself."""
        return request(self.url, self.body)


def request(url: str, body: dict[str, Any]) -> Request:
    """Return a POST of JSON."""
    headers = {"content-type": "application/json"}
    return Request("POST", url, headers, json.dumps(body).encode())


def question(asked: Request) -> Question:
    """Return the question of a request that a codec knows."""
    recognised = APIS.recognise(asked)
    assert recognised is not None
    return recognised.question(asked)


def render(url: str, body: dict[str, Any], answer: Reply | Failure) -> Rendered:
    """Answer a POST to `url`."""
    asked = request(url, body)
    recognised = APIS.recognise(asked)
    assert recognised is not None
    return APIS.write(recognised.question(asked), answer)


def read(url: str, body: dict[str, Any], rendered: Rendered) -> Exchange:
    """Read what was answered with our own codecs."""
    headers = {name.lower(): value for name, value in rendered.headers}
    response = Response(rendered.status, headers, rendered.body)
    return APIS.read(request(url, body), response)


def whole(rendered: Rendered) -> Any:
    """Return the JSON of an answer in one piece."""
    assert len(rendered.pieces) == 1
    return json.loads(rendered.pieces[0].data)


def events(rendered: Rendered) -> list[Any]:
    """Return the JSON of server-sent events or JSON lines; what is no JSON as text."""
    found = []
    for piece in rendered.pieces:
        data = piece.data.decode().strip().rpartition("data: ")[2]
        found.append(json.loads(data) if data.startswith("{") else data)
    return found


def _both(name: str, url: str, body: dict[str, Any], **told: Any) -> list[Case]:
    """Return the case of an answer in one piece and that of a stream by `stream`."""
    streamed = Case(f"{name}, streamed", url, {**body, "stream": True}, **told)
    return [Case(name, url, {**body, "stream": False}, **told), streamed]


def _bedrock(name: str, model: str, whole: str, stream: str, **told: Any) -> list[Case]:
    body = told.pop("body", {"messages": []})
    url = f"{BEDROCK}/{model}"
    return [
        Case(name, f"{url}/{whole}", body, **told),
        Case(f"{name}, streamed", f"{url}/{stream}", body, **told),
    ]


_CHAT = {"model": "gpt-4o", "messages": MESSAGES}
_ANTHROPIC_REASONS = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use"}
_GEMINI_REASONS = {"stop": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY"}
_COHERE_REASONS = {"stop": "COMPLETE", "length": "MAX_TOKENS"}
_INVOKE = ("invoke", "invoke-with-response-stream")
_WITH_USAGE = {**_CHAT, "stream": True, "stream_options": {"include_usage": True}}
_OPENAI: dict[str, Any] = {"usage": (*WRITES, "reasoning_tokens"), "reasons": PLAIN}
_CLAUDE: dict[str, Any] = {
    "usage": (*HOURS, "reasoning_tokens"),
    "reasons": {**_ANTHROPIC_REASONS, "content_filter": "refusal"},
}
_GOOGLE: dict[str, Any] = {"usage": (*CACHE, "reasoning_tokens"), "reasons": _GEMINI_REASONS}
_THINKS = (*CACHE, "reasoning_tokens")
_TEXT: dict[str, Any] = {"tools": False, "names_model": False}

CASES = [
    *_both("openai chat", f"{OPENAI}/chat/completions", _CHAT, **_OPENAI),
    Case("openai chat with usage", f"{OPENAI}/chat/completions", _WITH_USAGE, **_OPENAI),
    *_both("mistral", "https://api.mistral.ai/v1/chat/completions", _CHAT, **_OPENAI),
    *_both("groq", "https://api.groq.com/openai/v1/chat/completions", _CHAT, **_OPENAI),
    *_both("a stranger", "http://127.0.0.1:9999/v1/chat/completions", _CHAT, **_OPENAI),
    *_both(
        "openai completions",
        f"{OPENAI}/completions",
        {"model": "davinci", "prompt": "x"},
        **{**_OPENAI, "tools": False},
    ),
    *_both(
        "openai responses",
        f"{OPENAI}/responses",
        {"model": "gpt-5", "input": "x"},
        usage=(*WRITES, "reasoning_tokens"),
        reasons={"stop": None, "length": "max_output_tokens", "content_filter": "content_filter"},
    ),
    *_both(
        "anthropic", f"{ANTHROPIC}/messages", {"model": "claude", "messages": MESSAGES}, **_CLAUDE
    ),
    *_both(
        "anthropic complete",
        f"{ANTHROPIC}/complete",
        {"model": "claude-2", "prompt": "x", "max_tokens_to_sample": 9},
        usage=(),
        tools=False,
        reasons={"stop": "stop_sequence", "length": "max_tokens"},
    ),
    Case("gemini", f"{GEMINI}:generateContent", {}, **_GOOGLE),
    Case("gemini, streamed", f"{GEMINI}:streamGenerateContent?alt=sse", {}, **_GOOGLE),
    Case("gemini, as an array", f"{GEMINI}:streamGenerateContent", {}, **_GOOGLE),
    Case("interactions", INTERACTIONS, {"model": "g", "input": "x"}, usage=_THINKS),
    Case(
        "interactions, streamed",
        INTERACTIONS,
        {"model": "g", "input": "x", "stream": True},
        usage=_THINKS,
        reads_calls=False,
    ),
    *_bedrock(
        "converse",
        "us.anthropic.claude-sonnet-4-20250514-v1%3A0",
        "converse",
        "converse-stream",
        usage=HOURS,
        names_model=False,
        reasons={**_ANTHROPIC_REASONS, "content_filter": "content_filtered"},
    ),
    *_bedrock("claude", "anthropic.claude-3-haiku-20240307-v1%3A0", *_INVOKE, **_CLAUDE),
    *_bedrock("an arn of claude", "arn", *_INVOKE, body={"anthropic_version": "x"}, **_CLAUDE),
    *_bedrock(
        "nova",
        "amazon.nova-lite-v1%3A0",
        *_INVOKE,
        usage=WRITES,
        names_model=False,
        reasons=_ANTHROPIC_REASONS,
    ),
    *_bedrock(
        "titan",
        "amazon.titan-text-express-v1",
        *_INVOKE,
        reasons={"stop": "FINISH", "length": "LENGTH", "content_filter": "CONTENT_FILTERED"},
        **_TEXT,
    ),
    *_bedrock("llama", "meta.llama3-8b-instruct-v1%3A0", *_INVOKE, reasons=PLAIN, **_TEXT),
    *_bedrock(
        "mistral on bedrock",
        "mistral.mistral-7b-instruct-v0%3A2",
        *_INVOKE,
        body={"prompt": "x"},
        reasons=PLAIN,
        **_TEXT,
    ),
    *_bedrock("qwen on bedrock", "qwen.qwen3-32b-v1%3A0", *_INVOKE, **_OPENAI),
    *_both(
        "cohere v1",
        f"{COHERE}/v1/chat",
        {"model": "command", "message": "x"},
        usage=CACHE,
        call_ids=False,
        names_model=False,
        reasons={**_COHERE_REASONS, "content_filter": "ERROR_TOXIC"},
    ),
    *_both(
        "cohere v2",
        f"{COHERE}/v2/chat",
        {"model": "command", "messages": MESSAGES},
        usage=CACHE,
        names_model=False,
        reasons={**_COHERE_REASONS, "content_filter": "ERROR", "tool_calls": "TOOL_CALL"},
    ),
    *_both(
        "cohere generate",
        f"{COHERE}/v1/generate",
        {"model": "command", "prompt": "x"},
        usage=CACHE,
        reasons=_COHERE_REASONS,
        **_TEXT,
    ),
    *_both(
        "ollama chat",
        f"{OLLAMA}/chat",
        {"model": "llama3", "messages": MESSAGES},
        reasons={"stop": "stop", "length": "length", "tool_calls": "stop"},
    ),
    *_both(
        "ollama generate",
        f"{OLLAMA}/generate",
        {"model": "llama3", "prompt": "x"},
        tools=False,
        reasons={"stop": "stop", "length": "length"},
    ),
    *_both(
        "llama.cpp",
        "http://127.0.0.1:8080/completion",
        {"prompt": "x", "n_predict": 8},
        usage=CACHE,
        tools=False,
        names_model=False,
        reasons={"stop": "eos", "length": "limit"},
    ),
    *_both(
        "lm studio",
        "http://localhost:1234/api/v1/chat",
        {"model": "qwen3", "input": "x"},
        usage=(*COUNTS, "reasoning_tokens"),
        reads_calls=False,
    ),
]
STREAMS = [case for case in CASES if question(case.request).stream]
