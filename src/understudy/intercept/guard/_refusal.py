"""What was refused, by which line of the application, and the errors that say so."""

from __future__ import annotations

import sys
import sysconfig
from dataclasses import dataclass, field
from errno import ECONNREFUSED
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ...errors import errors_behind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from ...events import Stage

#: Files below these folders are nobody's application.
_LIBRARIES: Final = (
    *(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    str(Path(__file__).parents[2]),
    "<",
)


_ROUTED: Final = frozenset({"httpx", "httpx2"})
#: Where mocks and cassettes answer; what else is refused, as of C, they cannot reach.
_ANSWERED: Final = _ROUTED | {"aiohttp", "requests", "urllib3"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One thing that would have left this machine.

    `what` is the request or the connection, `host` where it would have gone, `model` the model
    asked for, `client` the library that sends it. `route` is how a route to it begins, where it
    is a request to a provider that no mock answers. `called_at` is the place in the application,
    `owner` the test or fixture, `stage` when in its life, None where unknown.
    """

    what: str
    host: str
    client: str
    is_call: bool
    model: str | None = None
    route: str | None = None
    called_at: str | None = field(default=None, compare=False)
    owner: str | None = None
    stage: Stage | None = field(default=None, compare=False)

    @property
    def message(self) -> str:
        """What happened, where, and how to answer or to allow it."""
        model = f" for {self.model!r}" if self.model else ""
        by = f" by {self.owner}" if self.owner else ""
        stage = f" in {self.stage}" if self.stage else ""
        place = f"\n  at {self.called_at}" if self.called_at else ""
        return (
            f"{self.what}{model} ({self.client}) was refused{by}{stage}: "
            f"no mock and no cassette answers it, and it would leave this machine.{place}\n"
            f"{_advice(self)}"
        )


def _advice(refusal: Refusal) -> str:
    allow = f"allow it with --llm-allow-live, or the host alone with {refusal.host!r} in "
    allow += "llm_allowed_hosts"
    if not refusal.is_call:
        return f"  {allow[0].upper()}{allow[1:]}."
    if refusal.client not in _ANSWERED or "wss://" in refusal.what:
        none = "no mock, route or cassette answers what is no HTTP of httpx, aiohttp, requests or "
        return f"  Send it otherwise: {none}urllib3. Or {allow}."
    cassette = f"@pytest.mark.llm_cassette and a recording. Or {allow}."
    if refusal.route is None:
        mock = "the mock_llm fixture and mock_llm.reply('…'), a route of llm_api"
        return f"  Answer it: {mock}, or {cassette}"
    none = "mock_llm answers no such endpoint"
    if refusal.client in _ROUTED:
        route = f"{refusal.route}.respond(json={{…}})"
        return f"  Answer it: {none}; give it a route: {route}, or {cassette}"
    return f"  Answer it: {none}, and a route of llm_api only through httpx; take {cassette}"


class CallRefused(BaseException):
    """A call to a provider was refused.

    No `Exception`: SDKs catch those of a transport, try again, and report a failed connection.
    """

    slug = "call-refused"

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.refusal,)


class ConnectionBlocked(ConnectionRefusedError):  # noqa: N818 - says what happened
    """A connection was refused that is no call to a provider."""

    slug = "connection-blocked"

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(ECONNREFUSED, refusal.message)
        self.refusal = refusal

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.refusal,)


def refusals_behind(error: BaseException | None) -> Iterator[Refusal]:
    """Yield the refusals that `error` tells of: itself, what caused it, what it groups."""
    for one in errors_behind(error):
        if isinstance(one, (CallRefused, ConnectionBlocked)):
            yield one.refusal


def application_line() -> str | None:
    """Return `file:line in function` of the nearest caller that is no library; None for none."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - `inspect` reads source files
    while frame is not None and frame.f_code.co_filename.startswith(_LIBRARIES):
        frame = frame.f_back
    if frame is None:
        return None
    return f"{frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_qualname}"
