"""Tells requests to providers that are no calls from all other traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._naming import wire_api_of
from ._target import target_of

if TYPE_CHECKING:
    from ..calls import Request


def is_provider_request(request: Request) -> bool:
    """Tell whether a request goes to a provider: a model list, a file, a token count, a poll."""
    target = target_of(request.method, request.url)
    return target.known or wire_api_of(target) != "other"
