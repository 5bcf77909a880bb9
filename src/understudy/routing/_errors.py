"""What a router raises.

RouterConfigError (SettingsError)    a router cannot be made like this
RouterError
├── BadRequestError                  the request is no JSON, or names no model
├── UnservedModelError               no provider serves the model
├── ProviderError                    a provider refused or failed; providers raise it
├── AllFailedError                   every provider that may be asked was asked in vain
├── NoHealthyProviderError           none may be asked now: breakers are open, keys are benched
├── DeadlineError                    the time for all attempts is over
├── SaturatedError                   too many requests are in flight and waiting
├── BudgetSpentError                 the budget of the day or the month is spent
└── StreamBrokenError                a stream ended before it was whole
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ..errors import SettingsError, UnderstudyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._answers import Attempt

_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class RouterConfigError(SettingsError):
    """A router cannot be made like this: says what is wrong and what to write."""

    slug = "router-config"


class RouterError(UnderstudyError):
    """A request to a router found no answer.

    `status` is the HTTP status that says the same; `retry_after` are the seconds after which it
    is worth to ask again, None where nobody knows.
    """

    slug = "router"
    status: int | None = None
    retry_after: float | None = None


class BadRequestError(RouterError, ValueError):
    """The request cannot be routed: it is no JSON, or names no model."""

    status = 400


class UnservedModelError(RouterError, LookupError):
    """No provider serves the model that was asked for."""

    status = 404


class ProviderError(RouterError):
    """A provider refused or failed. A `Provider` raises it; `headers` may tell when to come back.

    Args:
        message: what happened.
        status: of HTTP, None where there was no answer.
        retry_after: seconds until the provider wants to be asked again.
        headers: of the answer, with names in any case.
        body: of the answer, as text.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        headers: Mapping[str, str] = _NO_HEADERS,
        body: str = "",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after
        self.headers = headers
        self.body = body


class AllFailedError(RouterError):
    """Every provider that may be asked was asked in vain; `attempts` says how."""

    def __init__(
        self,
        message: str,
        *,
        attempts: tuple[Attempt, ...] = (),
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.attempts = attempts
        self.status = status
        self.retry_after = retry_after


class NoHealthyProviderError(AllFailedError):
    """No provider of the model may be asked now: says why, and when the next may be."""


class DeadlineError(AllFailedError, TimeoutError):
    """The time for all attempts at a request is over."""


class SaturatedError(RouterError):
    """More requests are in flight and waiting than the router takes."""

    status = 429

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class BudgetSpentError(RouterError):
    """The budget of the day or of the month is spent; answers that are kept are still given."""

    status = 402


class StreamBrokenError(RouterError):
    """A stream ended before it was whole, after a part of it had been handed on."""

    def __init__(self, message: str, *, provider: str, text: str = "") -> None:
        super().__init__(message)
        self.provider = provider
        self.text = text
