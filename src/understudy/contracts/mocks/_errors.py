"""A provider that fails as it is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from ...errors import SettingsError
from ...mock import Fault
from ...wire.writing import ErrorKind, Failure
from ._named import NamedMockProvider

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...mock import IncomingCall, MockLibrary

_RATE_LIMIT: Final = 429
_SERVER_ERROR: Final = 500
_LAST: Final = 599
_KINDS: Final[Mapping[int, ErrorKind]] = MappingProxyType(
    {
        401: ErrorKind.AUTHENTICATION,
        403: ErrorKind.PERMISSION,
        404: ErrorKind.NOT_FOUND,
    }
)


@dataclass(frozen=True, kw_only=True)
class Refused(Fault):
    """The provider refuses the request for good: a status of 4xx."""

    status: int = 400

    def instead(self, call: IncomingCall) -> Failure:  # noqa: ARG002
        kind = _KINDS.get(self.status, ErrorKind.INVALID_REQUEST)
        return Failure(kind=kind, status=self.status)


class MockProviderWithErrors(NamedMockProvider):
    """A mock provider that fails its first calls, or as its methods are told.

    Each method takes how many `times`; None is until `recover()`. Of several failures each call
    meets one, in the order in which they were told.

    Args:
        name: as of `NamedMockProvider`, whose other arguments may follow.
        failures: how many of the first calls fail.
        status: how they fail.
    """

    def __init__(
        self, name: str, *, failures: int = 0, status: int = _SERVER_ERROR, **options: Any
    ) -> None:
        super().__init__(name, **options)
        if failures:
            self.fail(failures, status=status)

    def fail(
        self,
        times: int | None = None,
        *,
        status: int = _SERVER_ERROR,
        retry_after: float | None = None,
        retry_after_in: Literal["s", "ms", "date"] = "s",
    ) -> None:
        """Answer with a status; `retry_after` is in seconds, told in one of three forms.

        Raises:
            SettingsError: it is no status of an error.
        """
        wait = {"retry_after": retry_after, "retry_after_in": retry_after_in}
        if status == _RATE_LIMIT:
            self.mock.fail("rate_limit", times=times, **wait)
        elif _SERVER_ERROR <= status <= _LAST:
            self.mock.fail("server_error", times=times, status=status, **wait)
        elif 400 <= status < _SERVER_ERROR:  # noqa: PLR2004
            self.mock.fail("refused", times=times, status=status)
        else:
            msg = f"{self.name} is to fail with status {status!r}; write one from 400 to 599."
            raise SettingsError(msg)

    def time_out(self, times: int | None = None, *, after: float | None = None) -> None:
        """Say nothing until the caller's time-out, or `after` seconds if fewer."""
        self.mock.fail("read_timeout", times=times, after=after)

    def go_away(self, times: int | None = None) -> None:
        """Take no connection."""
        self.mock.fail("connection_refused", times=times)

    def cut(self, times: int | None = None, *, after_lines: int = 1) -> None:
        """Hang up in the middle of an answer."""
        self.mock.fail("peer_drop", times=times, after_lines=after_lines)

    def end_early(self, times: int | None = None, *, after_lines: int = 1) -> None:
        """End an answer too early as if that were all: no finish reason, no `[DONE]`."""
        self.mock.fail("truncated", times=times, after_lines=after_lines)

    def stall(self, times: int | None = None, *, after_lines: int = 1) -> None:
        """Fall silent in the middle of an answer."""
        self.mock.fail("read_timeout", times=times, after_lines=after_lines)

    def garble(self, times: int | None = None, *, after_lines: int = 1) -> None:
        """Send an event that is no JSON."""
        self.mock.fail("malformed", times=times, after_lines=after_lines)

    def break_off(self, times: int | None = None, *, after_lines: int = 0) -> None:
        """Send an error event, as the first one or after some lines, though the status was 200."""
        self.mock.fail("error_event", times=times, after_lines=after_lines)

    def recover(self) -> None:
        """Fail no more."""
        self.mock.recover()

    def _library(self) -> MockLibrary:
        library = super()._library()
        return replace(library, faults=library.faults.with_faults({"refused": Refused}))
