"""The tap of requests, above that of urllib3: what a session does until it has an answer."""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from .._attempts import HttpAttempts
    from .._patches import Patches


def tap_requests(module: ModuleType, patches: Patches, attempts: HttpAttempts) -> None:
    """Wrap what follows redirects, and what answers a 401 in a hook."""
    patches.wrap(module.Session, "send", partial(_sender, attempts))


def _sender(attempts: HttpAttempts, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def send(self: Any, request: Any, **options: Any) -> Any:
        with attempts.journeys():
            return original(self, request, **options)

    return send
