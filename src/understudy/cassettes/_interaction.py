"""One recorded interaction: what was sent, what came back and when."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ..calls import Exchange, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from ..wire import WireApis
    from ._timing import Timing

#: Pairs of name and value, as sent: case, order and repeats are kept.
Headers = tuple[tuple[str, str], ...]

#: The status in the file where no answer came. A client that is no understudy's sees a
#: failure of the server, never an empty success.
NO_ANSWER: Final = 599
#: The kind of the error where the application gave the call up before it was answered.
CANCELLED: Final = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """A request; `body` is what goes over the wire, decompressed.

    `method` is spelled as the client spells it: vcrpy compares that. `extra` holds the keys in
    the file that are nobody's here; they are written back.
    """

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def header(self, name: str) -> str | None:
        """Return the first value of a header, named in lower case."""
        return _first_value(self.headers, name)

    def plain(self) -> Request:
        """Return the request as wire APIs read it."""
        return Request(self.method.upper(), self.url, _joined(self.headers), self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedError:
    """How the transport failed, or that the application gave the call up.

    `kind` is a word of `playback.Breakage` where one fits (`read_timeout`, `reset`, …), or
    `CANCELLED`.
    `before_head` tells that no status ever came: that of the response is `NO_ANSWER`.
    """

    kind: str
    text: str = ""
    before_head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedResponse:
    """A response, as far as it was read.

    `body` is decoded, and `headers` name no content encoding, where we recorded it; in the
    files of others both are as their recorder left them. `complete` is False where the
    application stopped reading. `view` is what a reviewer reads, made of the rest.
    `recorded_at` is aware, in UTC; None where the file does not tell.
    """

    status: int
    reason: str | None = None
    headers: Headers = ()
    body: bytes = b""
    timing: Timing | None = None
    complete: bool = True
    error: RecordedError | None = None
    recorded_at: datetime | None = None
    view: Any = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def header(self, name: str) -> str | None:
        """Return the first value of a header, named in lower case."""
        return _first_value(self.headers, name)

    def plain(self) -> Response:
        """Return the response as wire APIs read it."""
        return Response(self.status, _joined(self.headers), self.body)


@dataclass(frozen=True, slots=True)
class Interaction:
    """A request and its response."""

    request: RecordedRequest
    response: RecordedResponse

    def read(self, apis: WireApis) -> Exchange:
        """Return what the interaction says."""
        return apis.read(self.request.plain(), self.response.plain())


def _first_value(headers: Headers, name: str) -> str | None:
    return next((value for key, value in headers if key.lower() == name), None)


def _joined(headers: Headers) -> dict[str, str]:
    """Return headers with lower-case names; several values of one are joined by a comma."""
    joined: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        joined[key] = f"{joined[key]}, {value}" if key in joined else value
    return joined


@dataclass(frozen=True, slots=True)
class Expired:
    """How many of the interactions of a file are too old, and when the oldest was recorded."""

    path: Path
    count: int
    total: int
    oldest: datetime
    max_age: timedelta

    @property
    def text(self) -> str:
        """What is wrong, and what to do."""
        return (
            f"{self.path}: {self.count} of {self.total} interactions are older than "
            f"{self.max_age.days} days (the oldest is of {self.oldest:%Y-%m-%d}). "
            "Record them again with --llm-record-mode=all."
        )


def expired(
    path: Path, interactions: Iterable[Interaction], max_age: timedelta, now: datetime
) -> Expired | None:
    """Return what is older than `max_age`; None where nothing is known to be."""
    moments = [recorded_at(each) for each in interactions]
    old = [moment for moment in moments if moment is not None and now - moment > max_age]
    return Expired(path, len(old), len(moments), min(old), max_age) if old else None


def recorded_at(recorded: Interaction) -> datetime | None:
    """Return when an interaction was recorded; else what the response's Date header says."""
    response = recorded.response
    if response.recorded_at is not None:
        return response.recorded_at
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - slow to import, rarely asked

    with suppress(OverflowError, ValueError):
        moment = parsedate_to_datetime(response.header("date") or "")
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
