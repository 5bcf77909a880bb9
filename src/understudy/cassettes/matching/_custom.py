"""The user's own matchers, as vcrpy calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .._interaction import RecordedRequest
    from ._matching import Matcher


def all_match(matchers: Iterable[Matcher], made: RecordedRequest, stored: RecordedRequest) -> bool:
    """Tell whether every matcher takes the request that is made for the stored one."""
    return all(_matches(matcher, made, stored) for matcher in matchers)


def _matches(matcher: Matcher, made: RecordedRequest, stored: RecordedRequest) -> bool:
    try:
        said = matcher(_vcr_request(made), _vcr_request(stored))
    except AssertionError:
        return False
    return said is None or bool(said)


def _vcr_request(request: RecordedRequest) -> Any:
    from vcr.request import Request  # noqa: PLC0415 - only where the user has such matchers

    headers: dict[str, str] = {}
    for name, value in request.headers:
        headers.setdefault(name, value)
    return Request(request.method, request.url, request.body, headers)
