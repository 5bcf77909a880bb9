"""How a request finds its recording: what is compared, and the user's own matchers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .._interaction import RecordedRequest

DEFAULT_MATCH_ON: Final = ("method", "host", "path", "query", "body")

#: Names in a query whose values are secrets or drawn anew for each request.
DEFAULT_IGNORE_QUERY: Final = (
    *("access_token", "api-key", "api_key", "apikey", "key", "subscription-key"),
    *("x-amz-credential", "x-amz-date", "x-amz-security-token", "x-amz-signature"),
)

#: As vcrpy's matchers are: given the request that is made and the recorded one, both as
#: `vcr.request.Request`; True or None where they match, False or AssertionError where not.
Matcher = Callable[[Any, Any], bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """What is compared, in vcrpy's words, and what is passed over.

    `match_on` names parts, or matchers out of `matchers`. `ignore_body` are dotted paths into
    a JSON body. `normalise` names normalisers, `patterns` maps further names to expressions;
    they only come in where no recording is equal without them.
    `allow_playback_repeats` plays the last of equal recordings again when all are played.
    """

    match_on: tuple[str, ...] = DEFAULT_MATCH_ON
    ignore_body: tuple[str, ...] = ()
    ignore_query: tuple[str, ...] = DEFAULT_IGNORE_QUERY
    normalise: tuple[str, ...] = ()
    patterns: Mapping[str, str] = field(default_factory=dict)
    matchers: Mapping[str, Matcher] = field(default_factory=dict)
    allow_playback_repeats: bool = False


def all_match(matchers: Iterable[Matcher], made: RecordedRequest, stored: RecordedRequest) -> bool:
    """Tell whether every matcher takes the request that is made for the stored one."""
    try:
        verdicts = (matcher(_vcr_request(made), _vcr_request(stored)) for matcher in matchers)
        return all(verdict is None or verdict for verdict in verdicts)
    except AssertionError:
        return False


def _vcr_request(request: RecordedRequest) -> Any:
    from vcr.request import Request  # noqa: PLC0415 - only where the user has such matchers

    headers: dict[str, str] = {}
    for name, value in request.headers:
        headers.setdefault(name, value)
    return Request(request.method, request.url, request.body, headers)
