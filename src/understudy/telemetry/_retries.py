"""Which attempts belong to one logical call."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..calls import Request
    from ._owner import Owner

#: openai, anthropic and other SDKs made by the same generator send it from 0.
_RETRY_COUNT = "x-stainless-retry-count"
#: botocore sends the same id with every attempt of an invocation.
_INVOCATION = "amz-sdk-invocation-id"
_SERVER_ERROR = 500
_RETRIED = frozenset({408, 409, 425, 429})


@dataclass(slots=True)
class PreviousAttempt:
    """What the next attempt in this task or thread is compared with.

    `failed`: the attempt did not end well. `retryable`: nor would a client without a word
    about its retries give up after such an end.
    """

    request: Request
    owner: Owner
    call_id: str
    number: int = 1
    failed: bool = False
    retryable: bool = False

    def note_failure(self, *, is_error: bool, http_status: int | None) -> None:
        """Note that it did not end well; without a status, that no answer came."""
        self.failed = True
        self.retryable = is_error and (
            http_status is None or http_status >= _SERVER_ERROR or http_status in _RETRIED
        )


class RetryDetector:
    """Remembers, for each task and thread, the attempt that it made last."""

    def __init__(self) -> None:
        self._last: ContextVar[PreviousAttempt | None] = ContextVar(
            "understudy_trail", default=None
        )

    def follow(self, request: Request, owner: Owner, event_id: str) -> PreviousAttempt:
        """Return an attempt that begins now; a new call is named by its event."""
        attempt = PreviousAttempt(request, owner, event_id)
        before = self._last.get()
        if before is not None and before.failed and _is_retry(request, owner, before):
            attempt.call_id, attempt.number = before.call_id, before.number + 1
        self._last.set(attempt)
        return attempt


def _is_retry(request: Request, owner: Owner, before: PreviousAttempt) -> bool:
    if before.owner is not owner or before.request.url != request.url:
        return False
    if (invocation := request.headers.get(_INVOCATION)) is not None:
        return invocation == before.request.headers.get(_INVOCATION)
    if (count := request.headers.get(_RETRY_COUNT)) is not None:
        return count != "0"
    return before.retryable and before.request.body == request.body
