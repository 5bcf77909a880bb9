"""How a provider refuses, in no provider's words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ._moments import NEW_YEAR_2026


class ErrorKind(StrEnum):
    """Why a provider refuses or breaks off."""

    RATE_LIMIT = "rate_limit"
    OVERLOADED = "overloaded"
    AUTHENTICATION = "authentication"
    PERMISSION = "permission"
    NOT_FOUND = "not_found"
    INVALID_REQUEST = "invalid_request"
    CONTEXT_OVERFLOW = "context_overflow"
    CONTENT_FILTER = "content_filter"
    SERVER_ERROR = "server_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One error of a provider.

    `status` and `message` None are the provider's own for that kind. `retry_after` is in
    seconds and told the way the provider tells it; None tells nothing. `headers` are laid
    over the provider's own. `id` and `created` as in a Reply.
    """

    kind: ErrorKind
    status: int | None = None
    message: str | None = None
    retry_after: float | None = None
    headers: tuple[tuple[str, str], ...] = ()
    id: str = "understudy"
    created: int = NEW_YEAR_2026

    @property
    def wait(self) -> str | None:
        """`retry_after` as text, without needless digits."""
        return None if self.retry_after is None else f"{self.retry_after:.12g}"

    def says(self, usual: str, model: str) -> str:
        """Return the message: the one told, or the usual one with the `{model}` filled in."""
        return usual.replace("{model}", model) if self.message is None else self.message
