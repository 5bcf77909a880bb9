"""Requests to providers that are no calls: what their answers tell of calls, and of bills."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from ..calls import Response
from ..wire import decoded_body
from ..wire.fields import is_empty

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping

    from ..calls import Request
    from ..clock import Clock
    from ..wire import Draft, WireApi, WireApis
    from ._event_log import EventLog
    from ._owner import Owner, RecordedCall

#: What is kept of an answer; files are larger, and tell nothing.
_LONGEST: Final = 4_000_000
_TEXTUAL: Final = ("json", "event-stream")
_FIRST_ERROR: Final = 400
#: In a process that lives long; the oldest are not waited for any more.
_MOST_AWAITED: Final = 1000
_MOST_COUNTED: Final = 10_000
#: A usage block in any place: results of batches hold one for each of their lines.
_USAGE: Final = re.compile(
    r'"(?:usage(?:Metadata|_info)?|billed_units|inference_status)"\s*:\s*(?=\{\s*")'
)
#: Stored completions: the answer was counted when it was made.
_REPEATED: Final = frozenset({"openai.chat"})


@dataclass(eq=False, repr=False, slots=True)
class Aside:
    """What the taps tell of a request that is no call; `on_end` is told its first ending.

    Satisfies `understudy.intercept.Observation`.
    """

    request: Request
    on_end: Callable[[Aside], None] | None
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    _chunks: list[bytes] = field(default_factory=list)
    _room: int = 0

    @property
    def response(self) -> Response:
        """What came of the response."""
        return Response(self.status, self.headers, b"".join(self._chunks))

    def answered(self, fields: Mapping[str, Any], clock: Clock | None = None) -> None:
        """Nobody asks where the answer came from."""

    def responded(self, status: int, headers: list[tuple[str, str]], *, decoded: bool) -> None:
        """Note status and headers."""
        self.status, self.headers = status, dict(headers)
        if decoded:
            self.headers.pop("content-encoding", None)
        kind = self.headers.get("content-type", "")
        self._room = _LONGEST if any(word in kind for word in _TEXTUAL) else 0

    def goes_on(self) -> None:
        """Forget the answer so far: the client went on elsewhere, with the same question."""
        self.status, self.headers, self._chunks = 0, {}, []

    def chunk(self, data: bytes) -> None:
        """Keep a piece of the body, of a text that is not too long."""
        self._room -= len(data)
        if self._room >= 0:
            self._chunks.append(data)

    def end(self) -> None:
        """The answer is there, or what came of it."""
        told, self.on_end = self.on_end, None
        if told is not None:
            told(self)

    close = end

    def fail(self, error: BaseException) -> None:  # noqa: ARG002 - only that it is over counts
        """No more will come."""
        self.end()


class Asides:
    """Reads the answers of such requests, of two kinds.

    A poll may bring the usage of a call whose answer was still in the making: the first that does
    counts, for the provider bills once. Any other usage is of a call that no codec reads: it is
    counted in `unread`, by the name of the request, that of a GET once for each address; in
    `billed` what is known to be paid for and tells none.
    """

    def __init__(
        self,
        *,
        apis: WireApis,
        event_log: EventLog,
        unread: Counter[str],
        billed: Counter[str],
        fields_of: Callable[[Draft], dict[str, Any]],
    ) -> None:
        self._apis = apis
        self._event_log = event_log
        self._unread = unread
        self._billed = billed
        self._fields_of = fields_of
        self._awaited: dict[str, tuple[Owner, RecordedCall]] = {}
        self._counted: set[str] = set()

    def begin(self, request: Request) -> Aside:
        """Start watching a request."""
        return Aside(request, self._close)

    def expect(self, owner: Owner, recorded: RecordedCall) -> None:
        """Wait for the usage of a call, whose answer names where it will be."""
        assert recorded.request is not None
        address = f"{_address(recorded.request)}/{recorded.fields['response_id']}"
        self._event_log.hold_event(recorded.fields)
        self._awaited[address] = owner, recorded
        if len(self._awaited) > _MOST_AWAITED:
            self._awaited.pop(next(iter(self._awaited)))

    def _close(self, aside: Aside) -> None:
        with self._event_log.faults.contained("reading the answer of a request that is no call"):
            if aside.status < _FIRST_ERROR:
                address = _address(aside.request)
                if address in self._awaited:
                    self._settle(address, aside.response)
                else:
                    self._count(address, aside)

    def _settle(self, address: str, response: Response) -> None:
        owner, recorded = self._awaited[address]
        assert recorded.recognised is not None
        assert recorded.request is not None
        draft = recorded.recognised.skim(recorded.request, response)
        if draft.usage is None:
            return
        del self._awaited[address]
        fields, told = recorded.fields, self._fields_of(draft)
        added = {name: value for name, value in told.items() if fields.get(name) is None}
        added = {name: value for name, value in added.items() if value is not None}
        fields.update(added)
        self._event_log.annotate(fields["event_id"], added)
        self._event_log.release_event(fields)
        whole = replace(recorded, response=response)
        owner.calls[:] = [whole if each is recorded else each for each in owner.calls]

    def _count(self, address: str, aside: Aside) -> None:
        name = self._apis.other_name(aside.request) or ""
        if not _tells_usage(decoded_body(aside.headers, aside.response.body)):
            self._billed.update([name] * self._apis.is_billed(name, aside.request.method))
            return
        if name in _REPEATED or any(
            a.wire_api == name and _is_polled(a) for a in self._apis.ordered
        ):
            return
        if aside.request.method.upper() == "GET":
            if address in self._counted:
                return
            if len(self._counted) >= _MOST_COUNTED:
                self._counted.clear()
            self._counted.add(address)
        asked = aside.request
        at = f" at {self._apis.target_of(asked.method, asked.url).provider}"
        self._unread[name + at if name == "other" else name] += 1


def _tells_usage(body: bytes) -> bool:
    """Tell whether any usage block counts something; that of a batch just made does not."""
    text, decode = body.decode(errors="replace"), json.JSONDecoder().raw_decode
    with suppress(ValueError, RecursionError):
        return any(not is_empty(decode(text, found.end())[0]) for found in _USAGE.finditer(text))
    return False


def _is_polled(api: WireApi) -> bool:
    return getattr(api, "is_polled", False)


def _address(request: Request) -> str:
    return request.url.partition("?")[0].rstrip("/").removesuffix("/cancel")
