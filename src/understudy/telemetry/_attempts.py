"""Which call an attempt belongs to, and what is known of the attempt before it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ..calls import Request
    from ._owner import Owner, RecordedCall, RecordedLifecycle

#: openai, anthropic and other SDKs made by the same generator send it from 0.
_RETRY_COUNT: Final = "x-stainless-retry-count"
#: botocore sends the same id with every attempt of an invocation.
_INVOCATION: Final = "amz-sdk-invocation-id"
_SERVER_ERROR: Final = 500
_RETRIED: Final = frozenset({408, 409, 425, 429})


@dataclass(slots=True)
class Attempt:
    """What the next attempt in this task or thread is compared with.

    `failed`: the attempt did not end well. `retryable`: nor would a client without a word
    about its retries give up after such an end. `redirected_to` is where its answer came from.
    `recorded` is there once it has ended. `told` are the types of the lifecycle events that the
    application sent since, `invalid` why its answer failed a check; `repairs` counts how often
    the model was asked to do better by now, `inferred` is what the attempt itself told.
    """

    request: Request
    owner: Owner
    call_id: str
    number: int = 1
    failed: bool = False
    retryable: bool = False
    redirected_to: str | None = None
    recorded: RecordedCall | None = None
    told: frozenset[str] = frozenset()
    invalid: str | None = None
    repairs: int = 0
    inferred: list[RecordedLifecycle] = field(default_factory=list)

    def may_tell(self, following: Attempt) -> bool:
        """Tell, cheaply, whether it is worth a look what the next attempt says of this one."""
        return bool(
            self.failed
            or self.inferred
            or self.invalid is not None
            or len(following.request.body) > len(self.request.body)
        )

    def note_failure(self, *, is_error: bool, http_status: int | None) -> None:
        """Note that it did not end well; without a status, that no answer came."""
        self.failed = True
        self.retryable = is_error and (
            http_status is None or http_status >= _SERVER_ERROR or http_status in _RETRIED
        )


class AttemptTrail:
    """Remembers, for each task and thread, the attempt that it made last."""

    def __init__(self) -> None:
        self._last: ContextVar[Attempt | None] = ContextVar("understudy_trail", default=None)

    def last(self) -> Attempt | None:
        """Return the attempt that this task or thread, or who started it, made last."""
        return self._last.get()

    def go_on_after(self, attempt: Attempt) -> None:
        """Let the next attempt of this task or thread be compared with `attempt`."""
        self._last.set(attempt)

    def follow(
        self, request: Request, owner: Owner, event_id: str
    ) -> tuple[Attempt, Attempt | None]:
        """Return an attempt that begins, and the one before; a new call is named by its event."""
        attempt = Attempt(request, owner, event_id)
        before = self._last.get()
        if before is not None and before.failed and _is_retry(request, owner, before):
            attempt.call_id, attempt.number = before.call_id, before.number + 1
        self._last.set(attempt)
        return attempt, before


def _is_retry(request: Request, owner: Owner, before: Attempt) -> bool:
    if before.owner is not owner or request.url not in (before.request.url, before.redirected_to):
        return False
    if (invocation := request.headers.get(_INVOCATION)) is not None:
        return invocation == before.request.headers.get(_INVOCATION)
    if (count := request.headers.get(_RETRY_COUNT)) is not None:
        return count != "0"
    return before.retryable and before.request.body == request.body
