"""The taps of vcrpy: what its cassette answers or records, and what it puts in aiohttp's place."""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from ._aiohttp import sender

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from .._attempts import HttpAttempts
    from .._patches import Patches
    from ._aiohttp import Sender


def tap_vcr_cassette(module: ModuleType, patches: Patches, attempts: HttpAttempts) -> None:
    """Mark the attempts that a vcrpy `Cassette` answers or keeps."""
    cassette = module.Cassette
    patches.wrap(cassette, "play_response", partial(_marking, attempts, "was_replayed"))
    patches.wrap(cassette, "append", partial(_marking, attempts, "was_recorded"))


def _marking(attempts: HttpAttempts, mark: str, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def marking(self: Any, *args: Any, **options: Any) -> Any:
        attempt = attempts.current
        if attempt is not None:
            setattr(attempt, mark, True)
        return original(self, *args, **options)

    return marking


def tap_vcr_aiohttp(module: ModuleType, patches: Patches, attempts: HttpAttempts) -> None:
    """Wrap what makes vcrpy's replacement of the session's method."""
    patches.wrap(module, "vcr_request", partial(_sender_maker, attempts))


def _sender_maker(attempts: HttpAttempts, original: Callable[..., Sender]) -> Callable[..., Sender]:
    @wraps(original)
    def vcr_request(*args: Any, **options: Any) -> Sender:
        return sender(attempts, original(*args, **options))

    return vcr_request
