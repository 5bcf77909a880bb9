"""Who watches HTTP attempts: one `Observer`, and an `Observation` for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..calls import Request
    from ..clock import Clock


class Observation(Protocol):
    """One HTTP attempt in progress. No method raises.

    All may be called from any thread, and `close` by the garbage collector in the middle of
    anything, so that a lock that a method takes must be a reentrant one.

    It is told, in this order: `answered` (never for an answer that is live and not recorded),
    `responded`, any number of `chunk`, then one of `end`, `close` and `fail`. An attempt
    that finds no answer is told `fail` alone. A response that the application never closes
    is told no ending at all. Where the client goes on after an answer (see `Observer.go_on`), it
    is told no ending of that, and all but the request once more.
    """

    def answered(self, fields: Mapping[str, Any], clock: Clock | None = None) -> None:
        """Say what the wire does not tell of the answer; a later word replaces an earlier one.

        `fields` are those of the call's event, with `origin` as soon as that is known. The
        answer is played on `clock`, None for the one that the observer itself goes by.
        """

    def responded(self, status: int, headers: list[tuple[str, str]], *, decoded: bool) -> None:
        """The status line and the headers came; `decoded`: chunks come decompressed."""

    def chunk(self, data: bytes) -> None:
        """A piece of the body reached the application, as it is handed on."""

    def end(self) -> None:
        """The body was read to its end."""

    def close(self) -> None:
        """The response was closed, or given up, before the end was seen."""

    def fail(self, error: BaseException) -> None:
        """The attempt ended with `error`, which goes on to the caller."""


class Observer(Protocol):
    """Told of every HTTP request a tapped client sends. No method raises."""

    def begin(self, client: str, request: Request) -> Observation | None:
        """Start watching an attempt; None where it is no call to a model.

        `client` is the name of the client library (`httpx`, `httpx2`, `aiohttp`, `urllib3`).
        """

    def go_on(
        self, observation: Any, client: str, request: Request, *, since: float
    ) -> Observation | None:
        """Go on watching: the client itself followed a redirect, or met a challenge.

        What `observation` (None: nobody watched) was told of an answer counts no more. `request`
        is what goes out now, `since` the seconds since the first one did. Return what watches.
        """

    def sent(self, observation: Any, body: bytes) -> None:
        """Take the body that the application streamed, now that all of it is sent."""

    def fault(self, error: Exception) -> None:
        """Count a fault of a tap. The application saw nothing of it."""
