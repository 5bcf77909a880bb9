"""An answer taken apart, and what an API fills in while it reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..calls import Operation, Usage
from ._pieces import Landmarks, Pieces
from .fields import bounded, consistent, first, is_empty, mappings, parse
from .streams import NdjsonSplitter, Splitter, decoded_body, framing_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..calls import Response
    from ._content import Content
    from .timings import Timings

    Event = Mapping[str, Any]

_LINES_TYPES = ("ndjson", "jsonl", "stream+json")
_FIRST_ERROR_STATUS = 400
_SIDES = (
    ("input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens"),
    ("output_tokens", "reasoning_tokens"),
)
_TOTALS = ("total_tokens", "totalTokens", "totalTokenCount")


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` of an answer in one piece; `body` and `framing` of one that streamed.

    A body that is empty, no JSON and no stream, or JSON that was cut off, has neither. `more` are
    the other objects of a list, of which `value` is the first.
    """

    value: Mapping[str, Any] | None = None
    more: tuple[Mapping[str, Any], ...] = ()
    body: bytes = b""
    framing: type[Splitter] | None = None
    streamed: bool = False

    def events(
        self, landmarks: Landmarks | None, tells_usage: Callable[[Event], bool] = bool
    ) -> Iterator[Event]:
        """Parse the events of a stream, with `landmarks` only those that they mark.

        `tells_usage` says of an event whether what stands before it can tell no more usage.
        """
        if self.framing is None:
            return
        splitter = self.framing()
        if landmarks is None or splitter.separator is None:
            for piece in (*splitter.feed(self.body), *splitter.rest()):
                yield from splitter.events(piece)
        else:
            yield from Pieces(self.body, splitter, splitter.separator).marked(
                landmarks, tells_usage
            )


def answer_of(response: Response, *, wanted_stream: bool) -> Answer:
    """Take an answer apart, by its first bytes rather than by what its headers say."""
    body, kind = response.body, response.headers.get("content-type", "")
    is_plain = body.startswith(b'{"') and "content-encoding" not in response.headers
    body = body if is_plain else decoded_body(response.headers, body)
    if body.startswith(b"{") and kind.startswith("application/json"):
        return _object(body)
    start = body.lstrip(b" \t\r\n\xef\xbb\xbf")[:1]
    fine = response.status < _FIRST_ERROR_STATUS
    if not start:
        return Answer(streamed=fine and ("eventstream" in kind or "event-stream" in kind))
    if start == b"{":
        return _lines(body) if any(name in kind for name in _LINES_TYPES) else _object(body)
    if start == b"[" and not (fine and wanted_stream):
        items = parse(body)
        if not isinstance(items, list):
            return Answer()
        return Answer(value=first(items), more=tuple(mappings(items[1:])))
    framing = framing_of(body)
    return Answer() if framing is None else _stream(framing, body)


def _object(body: bytes) -> Answer:
    """Take a body that begins with `{`: one object, or several on lines of their own."""
    value = parse(body)
    return Answer(value=value) if isinstance(value, dict) else _lines(body)


def _lines(body: bytes) -> Answer:
    """Take JSON lines; an object that was cut off looks like them, but for the first one."""
    first_line = body.lstrip().partition(b"\n")[0]
    return _stream(NdjsonSplitter, body) if NdjsonSplitter().events(first_line) else Answer()


def _stream(framing: type[Splitter], body: bytes) -> Answer:
    if framing.separator is not None and b"\r" in body:
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return Answer(body=body, framing=framing, streamed=True)


def is_whole(usage: Usage) -> bool:
    """Tell whether it says how much went in and how much came out."""
    return bool(usage.input_tokens and usage.output_tokens)


def laid_over(before: Usage, told: Usage) -> Usage:
    """Lay later counts over those before: what is 0 or unknown changes nothing.

    Of the input, and of the output, another count has its own parts; the same keeps them.
    """
    counts: dict[str, int | None] = {}
    for side, *parts in _SIDES:
        afresh = getattr(told, side) not in (None, 0, getattr(before, side))
        for name in (side, *parts):
            new, old = getattr(told, name), getattr(before, name)
            counts[name] = new if afresh or new or old is None else old
    return consistent(Usage(**counts))


@dataclass(slots=True, kw_only=True)
class Draft:
    """One answer as far as it was read; an API sets what it finds.

    `content` is None where nobody wants text and tool calls: the API then leaves them
    alone. `usage` is normalised, `usage_raw` as the provider sent it, `timings` what the engine
    told of its time. `complete` is set at the last event of a stream. `headers` are the
    response's, names in lower case. What was asked for (`request_model`, `operation`) and
    whether the answer `streamed` is set before the API reads the answer.
    """

    provider: str
    headers: Mapping[str, str]
    status: int
    request_model: str | None = None
    operation: Operation | None = None
    streamed: bool = False
    content: Content | None = None
    response_model: str | None = None
    response_id: str | None = None
    finish_reason: str | None = None
    usage: Usage | None = None
    usage_raw: Mapping[str, Any] | None = None
    timings: Timings | None = None
    service_tier: str | None = None
    reported_cost_usd: float | None = None
    error_type: str | None = None
    error: str | None = None
    complete: bool = False

    def take_usage(self, told: Usage, raw: Mapping[str, Any]) -> None:
        """Take the counts of a usage block, and the block itself.

        Of a stream the last block that is whole counts; one that is not, as a trailing one of
        zeros, is laid over what was told before it.
        """
        raw, before = bounded(raw), self.usage
        if before is None or is_whole(told):
            self.usage, self.usage_raw = told, raw
            return
        self.usage = laid_over(before, told)
        kept = dict(self.usage_raw or {})
        if self.usage != before:  # neither block's total is the total of both
            raw = {name: value for name, value in raw.items() if name not in _TOTALS}
            kept = {name: value for name, value in kept.items() if name not in _TOTALS}
        self.usage_raw = {
            **kept,
            **{name: value for name, value in raw.items() if not is_empty(value)},
        }

    def take_timings(self, told: Timings) -> None:
        """Take what the engine tells of its time, and its counts where no usage block is.

        Later ones, of a stream that tells them with each token, stand in the place of earlier ones.
        """
        before = self.timings
        if told.usage is not None and self.usage is (before and before.usage):
            self.usage, self.usage_raw = told.usage, told.usage_raw
        self.timings = told.after(before)
