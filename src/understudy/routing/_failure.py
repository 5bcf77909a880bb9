"""What a failed attempt means for what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from json import JSONDecodeError
from typing import Any, Final

from ..errors import SettingsError
from ._errors import ProviderError
from ._retry_after import as_seconds, retry_after


class FailureKind(StrEnum):
    """Why an attempt failed."""

    BAD_REQUEST = "bad_request"
    CONTEXT_WINDOW = "context_window"
    CONTENT_POLICY = "content_policy"
    AUTH = "auth"
    RATE_LIMIT = "rate_limit"
    SERVER = "server"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    BROKEN = "broken"
    UNKNOWN = "unknown"


#: Another try at the same provider may help.
_RETRIED: Final = frozenset(
    {
        FailureKind.RATE_LIMIT,
        FailureKind.SERVER,
        FailureKind.TIMEOUT,
        FailureKind.CONNECTION,
        FailureKind.BROKEN,
    }
)
#: The request itself is at fault: no other try helps, nowhere.
_FINAL: Final = frozenset(
    {FailureKind.BAD_REQUEST, FailureKind.CONTEXT_WINDOW, FailureKind.CONTENT_POLICY}
)
#: They say nothing about the provider's health.
_HEALTHY: Final = _FINAL | {FailureKind.AUTH, FailureKind.RATE_LIMIT}

_AUTH_STATUSES: Final = frozenset({401, 402, 403})
_RATE_LIMITED: Final = 429
_RETRIED_STATUSES: Final = frozenset({408, 409, 425})
_FIRST_REFUSAL: Final = 400
_FIRST_FAULT: Final = 500
_CONTEXT_WORDS: Final = ("context_length_exceeded", "context window", "maximum context length")
_CONTENT_WORDS: Final = ("content_filter", "content_policy", "content management policy")


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed attempt, with what the provider said of it."""

    kind: FailureKind
    error: Exception
    status: int | None = None
    retry_after: float | None = None

    @property
    def is_final(self) -> bool:
        """Whether nobody else is to be asked."""
        return self.kind in _FINAL

    @property
    def may_be_retried(self) -> bool:
        """Whether the same provider may be asked once more."""
        return self.kind in _RETRIED

    @property
    def is_sick(self) -> bool:
        """Whether it counts against the provider's health."""
        return self.kind not in _HEALTHY


def classify(error: Exception, *, now: float) -> Failure:
    """Say what an error of a provider means; `now` are seconds since the epoch."""
    response = getattr(error, "response", None)
    status = _status(error, response)
    kind = _kind(error, status)
    headers = getattr(response, "headers", None) or getattr(error, "headers", None) or {}
    told = retry_after(headers, now=now) if hasattr(headers, "items") else None
    if told is None:
        told = as_seconds(getattr(error, "retry_after", None))
    return Failure(kind, error, status, told)


def _status(error: Exception, response: Any) -> int | None:
    """Return the status as the SDKs and HTTP clients name it."""
    for owner, name in ((error, "status"), (error, "status_code"), (response, "status_code")):
        status = getattr(owner, name, None)
        if isinstance(status, int):
            return status
    return None


def _kind(error: Exception, status: int | None) -> FailureKind:
    if isinstance(error, SettingsError):  # whoever set the router up is at fault
        return FailureKind.BAD_REQUEST
    if status is not None and status >= _FIRST_REFUSAL:
        return _kind_of_status(error, status)
    if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return FailureKind.TIMEOUT
    if isinstance(error, OSError) or "Connect" in type(error).__name__:
        return FailureKind.CONNECTION
    is_broken = isinstance(error, (ProviderError, JSONDecodeError))
    return FailureKind.BROKEN if is_broken else FailureKind.UNKNOWN


def _kind_of_status(error: Exception, status: int) -> FailureKind:
    if status >= _FIRST_FAULT or status in _RETRIED_STATUSES:
        return FailureKind.SERVER
    if status in _AUTH_STATUSES:
        return FailureKind.AUTH
    if status == _RATE_LIMITED:
        return FailureKind.RATE_LIMIT
    told = f"{error} {getattr(error, 'body', '')}".lower()
    if any(word in told for word in _CONTEXT_WORDS):
        return FailureKind.CONTEXT_WINDOW
    if any(word in told for word in _CONTENT_WORDS):
        return FailureKind.CONTENT_POLICY
    return FailureKind.BAD_REQUEST
