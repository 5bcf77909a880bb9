"""The neutral words of a call: request, response, usage, and what an exchange held.

Nothing here knows a provider, a client library or pytest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


_LOOPBACK: Final = frozenset({"", "localhost", "localhost.localdomain", "ip6-localhost", "::1"})
_UNSPECIFIED: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared, not bound


def is_loopback(host: str) -> bool:
    """Tell whether a host, in lower case and without brackets, is this machine."""
    is_named = host in _LOOPBACK or host in _UNSPECIFIED
    return is_named or host.startswith("127.") or host.endswith(".localhost")


class Origin(StrEnum):
    """Where an answer came from."""

    LIVE = "live"
    RECORDED = "recorded"
    REPLAYED = "replayed"
    MOCKED = "mocked"


class Status(StrEnum):
    """How an attempt ended."""

    OK = "ok"
    ERROR = "error"
    CANCELLED = "cancelled"


class Operation(StrEnum):
    """What was asked for, in the words of OpenTelemetry's `gen_ai.operation.name`."""

    CHAT = "chat"
    TEXT_COMPLETION = "text_completion"
    GENERATE_CONTENT = "generate_content"
    EMBEDDINGS = "embeddings"
    RERANK = "rerank"  # of ours: OpenTelemetry has no word for it


#: What is asked of models that write nothing: their tokens are input alone.
SILENT: Final = (Operation.EMBEDDINGS, Operation.RERANK)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as the client sends it.

    `method` may be in any case. `headers` has lower-case names; `body` is what goes over the
    wire, decompressed.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response, its body as far as it was read.

    `headers` has lower-case names. `body` may still be compressed as `content-encoding`
    says; it is left out of `headers` where the client has decompressed it already.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts, normalised to inclusive ones; None is unknown and never means 0.

    `input_tokens` includes cache reads and writes, `output_tokens` includes reasoning
    (OpenTelemetry's convention). `cache_write_1h_tokens` is the part of
    `cache_write_tokens` that is kept for an hour.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    cache_write_1h_tokens: int | None = None
    reasoning_tokens: int | None = None

    def updated(self, known: Usage) -> Usage:
        """Return these counts, with what is known in `known` in their place."""
        counts = {name: getattr(known, name) for name in known.__slots__}
        return replace(self, **{name: n for name, n in counts.items() if n is not None})


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool that the model asked for; `arguments` is JSON text as sent."""

    name: str
    arguments: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What the application answered to a tool call; `name` where the wire API says it."""

    text: str
    call_id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class ToolOffer:
    """A tool that the request offers; `schema` is the JSON schema of its arguments."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a conversation; `role` is `system`, `user`, `assistant` or `tool`."""

    role: str
    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_results: tuple[ToolResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a request says to the model, whatever the wire API.

    `schema` is the JSON schema that the answer must satisfy, None where any text will do.
    """

    messages: tuple[Message, ...] = ()
    tools: tuple[ToolOffer, ...] = ()
    schema: Mapping[str, Any] | None = None

    @property
    def system_text(self) -> str:
        """All system messages, joined."""
        return "\n".join(each.text for each in self.messages if each.role == "system")

    @property
    def turn(self) -> int:
        """Which answer this asks for, from 1: one more than the answers it quotes.

        An answer may stand in several messages, as parallel tool calls do in OpenAI's Responses.
        """
        roles = [None, *(each.role for each in self.messages)]
        return 1 + sum(role == "assistant" != before for before, role in pairwise(roles))

    @property
    def current(self) -> tuple[Message, ...]:
        """The messages of the current turn: the last words of the user and what followed."""
        start = 0
        for place, message in enumerate(self.messages):
            if message.role == "user" and not message.tool_results:
                start = place
        return self.messages[start:]

    @property
    def user_text(self) -> str:
        """What the user said last."""
        said = [each.text for each in self.current if each.role == "user" and not each.tool_results]
        return said[-1] if said else ""

    @property
    def tool_results(self) -> tuple[ToolResult, ...]:
        """The results that came after the model spoke last; empty if the user spoke since."""
        results: list[ToolResult] = []
        for message in reversed(self.current):
            if not message.tool_results:
                break
            results = [*message.tool_results, *results]
        return tuple(results)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What one request and its response say, read by their wire API.

    `wire_api` names the API in any case; `operation` is None for what is no call to a model.
    `usage` is None where the answer holds no usage block, `usage_raw` is that block as the
    provider sent it (merged over a stream's events). `reported_cost_usd` is what the
    provider itself says it billed, in USD. `error` is the provider's own message.
    """

    provider: str
    wire_api: str | None = None
    operation: Operation | None = None
    request_model: str | None = None
    response_model: str | None = None
    response_id: str | None = None
    status: int
    stream: bool = False
    complete: bool = True
    finish_reason: str | None = None
    usage: Usage | None = None
    usage_raw: Mapping[str, Any] | None = None
    service_tier: str | None = None
    reported_cost_usd: float | None = None
    text: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    error_type: str | None = None
    error: str | None = None


#: The verdict on a call that a recording of another question answered.
CHANGED: Final = "changed"
#: What ends a call whose application gave it up, by class: of asyncio, trio, gevent, and of
#: coroutines that nobody awaits any more.
_CANCELLATIONS: Final = frozenset(
    {"CancelledError", "Cancelled", "GeneratorExit", "GreenletExit", "GivenUp"}
)


def is_cancellation(error: BaseException | None) -> bool:
    """Tell whether `error` says that the application gave a call up."""
    return any(kind.__name__ in _CANCELLATIONS for kind in type(error).__mro__)
