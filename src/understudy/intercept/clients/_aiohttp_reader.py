"""A reader of aiohttp that tells of the bytes that leave its buffer."""

# ruff: noqa: SLF001 - a tap stands where the library has no door

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._tee import Tee

if TYPE_CHECKING:
    from .._attempts import HttpAttempt
    from .._patches import Subclassing


def watch_reader(reader: Any, attempt: HttpAttempt, overrides: Subclassing) -> None:
    """Tell `attempt` of all that is read from `reader`, and of its end."""
    if reader.at_eof():
        attempt.end()
    elif isinstance(reader._timer, ReaderWatch):
        reader._timer.attempt = Tee(reader._timer.attempt, attempt)
    else:
        reader._timer = ReaderWatch(reader._timer, attempt)
        overrides.apply(reader)


class ReaderWatch:
    """Stands in for a reader's timer, and keeps its attempt.

    A reader has slots, none to spare. Its timer belongs to this one response, and sees what
    ends a wait for data: a read that was cancelled or timed out may be tried again, so that
    such an error ends the attempt only where the response is closed after it.
    """

    __slots__ = ("_timer", "attempt", "error")

    def __init__(self, timer: Any, attempt: HttpAttempt) -> None:
        self._timer = timer
        self.attempt: HttpAttempt | Tee = attempt
        self.error: BaseException | None = None

    def assert_timeout(self) -> None:
        try:
            self._timer.assert_timeout()
        except BaseException as error:
            self.error = error
            raise

    def __enter__(self) -> Any:
        return self._timer.__enter__()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> Any:
        self.error = error
        try:
            return self._timer.__exit__(kind, error, trace)
        except BaseException as replacement:
            self.error = replacement
            raise

    def given_up(self) -> None:
        """End the attempt: the response was closed."""
        if self.error is None:
            self.attempt.close()
        else:
            self.attempt.fail(self.error)


class TappedReader:
    """Overrides of `StreamReader`: all ways of reading it lead through these methods."""

    understudy_own: Any
    _buffer: Any
    _eof: bool
    _timer: ReaderWatch

    def _read_nowait_chunk(self, n: int) -> bytes:
        data: bytes = self.understudy_own._read_nowait_chunk(self, n)
        attempt = self._timer.attempt
        attempt.chunk(data)
        if self._eof and not self._buffer:
            attempt.end()
        return data

    def feed_eof(self) -> None:
        self.understudy_own.feed_eof(self)
        if not self._buffer:
            self._timer.attempt.end()

    def set_exception(self, exc: BaseException, *args: Any, **options: Any) -> None:
        if _means_closed(exc):
            self._timer.given_up()
        else:
            self._timer.attempt.fail(exc)
        self.understudy_own.set_exception(self, exc, *args, **options)


def _means_closed(error: BaseException) -> bool:
    # What aiohttp sets on the reader of a response that is closed or released.
    return type(error).__name__ == "ClientConnectionError" and error.args == ("Connection closed",)
