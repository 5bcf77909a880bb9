"""How a request finds its recording."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

DEFAULT_MATCH_ON: Final = ("method", "host", "path", "query", "body")

#: Names in a query whose values are secrets or drawn anew for each request.
DEFAULT_IGNORE_QUERY: Final = (
    "access_token",
    "api-key",
    "api_key",
    "apikey",
    "key",
    "subscription-key",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-signature",
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
