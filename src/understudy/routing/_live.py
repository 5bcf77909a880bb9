"""A stream that a provider has begun: one piece an event, then one end and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._answers import Answer, Completion, Piece, json_text
from ._errors import ProviderError, StreamBrokenError
from ._failure import classify
from .cache import LARGEST_ENTRY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ._call import Call
    from ._core import Core
    from ._provider import Json
    from ._steps import Live

_AN_EVENT = 160


class LiveStream:
    """Follows a stream to its end, holds the provider's permit, and books what it came to."""

    def __init__(self, core: Core, call: Call, live: Live) -> None:
        self._core = core
        self._call = call
        self._live = live
        self._reading = live.opened.reading
        has_content = self._reading.has_content  # it was read until there
        self._first_content_ms = core.took_ms(call) if has_content else None
        self._kept: list[tuple[str, str]] | None = [] if core.keeps(call) else None
        self._size = 0
        self._is_closed = False
        self.source: Any = live.opened.source
        self.is_over = live.opened.is_over

    def begun(self) -> Iterator[Piece]:
        """Yield what came until the first content."""
        for event, text in self._live.opened.begun:
            yield self._piece(event, text)

    def take(self, event: Json) -> Piece:
        """Return the piece of an event.

        Raises:
            ProviderError: it is an error.
        """
        return self._piece(event, self._reading.take(event))

    def _piece(self, event: Json, text: str) -> Piece:
        if self._kept is not None:
            data = json_text(event)  # now: who gets the piece may change what it holds
            self._size += len(data) + len(text) + _AN_EVENT
            self._kept.append((data, text))
            if self._size > LARGEST_ENTRY:
                self._kept = None
        return Piece(text, event=event)

    def check_whole(self) -> None:
        """Refuse an end that is none.

        Raises:
            ProviderError: the model had not finished.
        """
        if not self._reading.is_finished:
            msg = "the stream ended before the model had finished"
            raise ProviderError(msg)

    def end(self) -> Completion:
        """Take the end of a whole stream; return what may be kept of it."""
        self._close()
        live, took = self._live, self._live.attempts[-1].duration_ms
        self._core.succeeded(live.seat, live.permit, took)
        return self._completion(events=self._kept or ())

    def may_be_kept(self) -> bool:
        """Tell whether the whole of it is at hand."""
        return bool(self._kept)

    def last(self, completion: Completion) -> Piece:
        """Book a whole stream and return its last piece."""
        return Piece("", done=True, answer=self._book(completion, is_whole=True))

    def broken(self, error: Exception) -> StreamBrokenError:
        """Take a failure after the first content: nobody else is asked any more."""
        if not self._is_closed:
            self._close()
            failure = classify(error, now=self._core.clock.time())
            self._core.failed(self._live.seat, self._live.permit, failure)
            self._book(self._completion(), is_whole=False)
        msg = f"the stream of {self._live.seat.provider} broke off: {error}"
        broken = StreamBrokenError(msg, provider=self._live.seat.provider, text=self._reading.text)
        broken.__cause__ = error
        return broken

    def left(self) -> None:
        """Take that nobody listens any more."""
        if not self._is_closed:
            self._close()
            self._core.released(self._live.seat, self._live.permit)
            self._book(self._completion(), is_whole=False)

    def _close(self) -> None:
        self._is_closed = True
        self._core.leave()

    def _completion(self, events: Sequence[tuple[str, str]] = ()) -> Completion:
        seat, reading = self._live.seat, self._reading
        is_known = reading.usage.input_tokens is not None
        usage = reading.usage if is_known else reading.estimated_usage(self._call.canonical)
        return Completion(
            provider=seat.provider,
            model=seat.model,
            text=reading.text,
            usage=usage,
            cost_nanousd=self._core.cost(seat, usage),
            events=tuple(events),
            is_estimated=not is_known,
        )

    def _book(self, completion: Completion, *, is_whole: bool) -> Answer:
        return self._core.answer(
            self._call,
            completion,
            cache="bypass" if self._call.is_fresh else "miss",
            attempts=self._live.attempts,
            is_whole=is_whole,
            first_content_ms=self._first_content_ms,
        )


def replayed(answer: Answer) -> Iterator[Piece]:
    """Yield a kept stream as it came, event by event."""
    for event, text in answer.completion.events:
        yield Piece(text, event=event)
    yield Piece("", done=True, answer=answer)
