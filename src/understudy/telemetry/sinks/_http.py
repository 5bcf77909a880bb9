"""Posts events to an address, a JSON document for each batch."""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from pydantic_core import to_json

from ...errors import SettingsError
from ...redaction import redacted
from ._delivery import Deliveries, Delivery
from ._sink import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._event_log import Recorded


class HttpSink:
    """POSTs `{"events": [...]}` for each batch, from a thread of its own.

    A user and password in the address go into a header.

    Raises:
        SettingsError: the address is none of http or https.
    """

    wants_costs = True

    def __init__(self, url: str) -> None:
        parts = parts_of("http", url)
        host = parts.netloc.rpartition("@")[2]
        self._url = urlunsplit((parts.scheme, host, parts.path or "/", parts.query, ""))
        self._headers = {"content-type": "application/json", "user-agent": "pytest-understudy"}
        if parts.username is not None:
            user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["authorization"] = f"Basic {b64encode(user.encode()).decode()}"
        self._delivery: Delivery[Recorded] = Delivery(self._post)
        self.emit_later = self._delivery.put

    @property
    def counts(self) -> Deliveries:
        """What became of the events so far."""
        return self._delivery.counts

    def emit(self, event: Recorded) -> None:
        """Put an event into the queue."""
        self._delivery.put(lambda: event)

    def close(self, timeout: float) -> None:
        """Send what is left in at most so many seconds."""
        self._delivery.close(timeout)

    def _post(self, events: Sequence[Recorded], timeout: float) -> None:
        # Not what applications call with, so that no tap of ours is in its way.
        from urllib.error import HTTPError  # noqa: PLC0415 - only where something is sent
        from urllib.request import Request, urlopen  # noqa: PLC0415 - as above

        body = to_json({"events": [plain(event) for event in events]})
        request = Request(self._url, body, self._headers, method="POST")  # noqa: S310 - http alone
        try:
            with urlopen(request, timeout=timeout):  # noqa: S310 - as above
                pass
        except HTTPError as error:
            error.close()
            msg = f"the answer was {error.code}"
            raise ConnectionError(msg) from error


def parts_of(sink: str, url: str) -> SplitResult:
    """Take the address of a sink apart.

    Raises:
        SettingsError: it is none; what may be secret in it is not shown.
    """
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0:
            return parts
    shown = f":{redacted(url.rpartition('@')[2])}" if url else ""
    msg = f"--llm-sink={sink}{shown}: write the whole address, as {sink}:https://host/path."
    raise SettingsError(msg)
