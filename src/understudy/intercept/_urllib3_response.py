"""A urllib3 response that tells of the bytes that its readers take from the connection."""

# ruff: noqa: SLF001 - a tap stands where the library has no door

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._both import Both, Hearer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._attempt import HttpAttempt
    from ._subclassing import Subclassing


def watch_response(response: Any, attempt: HttpAttempt, overrides: Subclassing) -> None:
    """Tell `attempt` of all that is read from `response`, and of its end."""
    if hasattr(response, "understudy_attempt"):
        response.understudy_attempt = Both[Hearer](response.understudy_attempt, attempt)
        return
    response.understudy_attempt = attempt
    overrides.apply(response)
    response.understudy_note_end()


class TappedResponse:
    """Overrides of `HTTPResponse`: all ways of reading it lead through these methods.

    The bytes are those on the wire, still compressed, whatever the reader asks for.
    """

    isclosed: Any
    length_remaining: int | None
    understudy_own: Any
    understudy_attempt: HttpAttempt | Both[Hearer]
    understudy_is_parsing = False

    def _raw_read(self, *args: Any, **options: Any) -> Any:
        attempt = self.understudy_attempt
        try:
            data = self.understudy_own._raw_read(self, *args, **options)
        except BaseException as error:
            attempt.fail(error)
            raise
        if data:
            attempt.chunk(data)
        self.understudy_note_end()
        return data

    def _handle_chunk(self, *args: Any, **options: Any) -> Any:
        data = self.understudy_own._handle_chunk(self, *args, **options)
        self.understudy_attempt.chunk(data)
        return data

    def _update_chunk_length(self) -> None:
        # urllib3 closes a response whose framing is broken before it raises.
        self.understudy_is_parsing = True
        try:
            self.understudy_own._update_chunk_length(self)
        finally:
            self.understudy_is_parsing = False

    def read_chunked(self, *args: Any, **options: Any) -> Iterator[bytes]:
        attempt = self.understudy_attempt
        try:
            yield from self.understudy_own.read_chunked(self, *args, **options)
        except GeneratorExit:
            attempt.close()  # urllib3 drops the connection of a reader that stops
            raise
        except BaseException as error:
            attempt.fail(error)
            raise
        self.understudy_note_end()

    def close(self) -> None:
        try:
            self.understudy_own.close(self)
        finally:
            if not self.understudy_is_parsing:
                self.understudy_attempt.close()

    def understudy_note_end(self) -> None:
        if not self.isclosed():
            return
        # urllib3 lets a short body pass where botocore asks for it.
        if self.length_remaining:
            self.understudy_attempt.close()
        else:
            self.understudy_attempt.end()
