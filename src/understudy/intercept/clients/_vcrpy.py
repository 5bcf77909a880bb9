"""The taps of vcrpy: what its cassette answers or records, and what it puts in aiohttp's place."""

# ruff: noqa: SLF001 - a tap stands where the library has no door

from __future__ import annotations

import json
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from ...calls import CHANGED, Request
from ...wire import decoded_body
from ._aiohttp import sender
from ._http1 import bytes_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from .._attempts import HttpAttempts
    from .._patches import Patches
    from ._aiohttp import Sender


def tap_vcr_cassette(module: ModuleType, patches: Patches, attempts: HttpAttempts) -> None:
    """Mark the attempts that a vcrpy `Cassette` answers or keeps."""
    cassette = module.Cassette
    patches.wrap(cassette, "play_response", partial(_player, attempts))
    patches.wrap(cassette, "append", partial(_keeper, attempts))


def _player(attempts: HttpAttempts, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def play_response(self: Any, request: Any) -> Any:
        attempt = attempts.current
        if attempt is None:
            return original(self, request)
        attempt.was_replayed = True
        before = attempts.harmless(lambda: dict(self.play_counts))
        response = original(self, request)
        if attempts.harmless(_is_changed, self, before or {}, request):
            attempt.cassette_fields = {"cassette_verdict": CHANGED}
        return response

    return play_response


def _keeper(attempts: HttpAttempts, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def append(self: Any, *args: Any, **options: Any) -> Any:
        attempt = attempts.current
        if attempt is not None:
            attempt.was_recorded = True
        return original(self, *args, **options)

    return append


def _is_changed(cassette: Any, before: dict[int, int], request: Any) -> bool:
    """Tell whether what was just played is the recorded answer to another question.

    vcrpy finds a recording by method and address where nobody says otherwise.
    """
    from ...cassettes.matching import asks_the_same  # noqa: PLC0415 - only beside vcrpy

    counts = cassette.play_counts.items()
    played = next(place for place, count in counts if count > before.get(place, 0))
    recorded = _asked(cassette.data[played][0])
    if asks_the_same(_asked(request), recorded):
        return False
    # What its user takes out of requests is out of the recorded one.
    return not asks_the_same(_asked(cassette._before_record_request(request)), recorded)


def _asked(request: Any) -> Request:
    body = request.body
    plain = json.dumps(body).encode() if isinstance(body, (dict, list)) else bytes_of(body)
    headers = {name.lower(): str(value) for name, value in request.headers.items()}
    return Request(request.method, request.uri, headers, decoded_body(headers, plain))


def tap_vcr_aiohttp(module: ModuleType, patches: Patches, attempts: HttpAttempts) -> None:
    """Wrap what makes vcrpy's replacement of the session's method."""
    patches.wrap(module, "vcr_request", partial(_sender_maker, attempts))


def _sender_maker(attempts: HttpAttempts, original: Callable[..., Sender]) -> Callable[..., Sender]:
    @wraps(original)
    def vcr_request(*args: Any, **options: Any) -> Sender:
        return sender(attempts, original(*args, **options), is_copied=True)

    return vcr_request
