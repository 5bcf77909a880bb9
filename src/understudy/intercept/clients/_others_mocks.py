"""Mocks that tests bring themselves, below the clients of httpx and httpx2: have they an answer?

Those that stand above our taps (responses, aioresponses) answer anyway.
"""

# ruff: noqa: SLF001 - these libraries tell nobody what they would answer

from __future__ import annotations

import sys
from inspect import getclosurevars
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ...calls import Request


def is_mocked_below(library: str, transport: Any, request: Request) -> bool:
    """Tell whether respx, pytest-httpx or vcrpy answers what `library` sends to `transport`.

    Nothing is used up by asking. Somebody unknown who replaced the transport's method answers.
    """
    asked = sys.modules[library].Request(
        request.method, request.url, headers=list(request.headers.items()), content=request.body
    )
    try:
        return _is_routed(library, asked) or _is_replaced(library, transport, asked)
    except Exception:  # noqa: BLE001 - of a version that we do not know: it is there, all the same
        return True


def _is_routed(library: str, asked: Any) -> bool:
    """Tell whether a router of respx, or of pytest-httpx2, has a route for a request."""
    for router in _routers(library):
        httpx = sys.modules["httpx"]  # which respx takes for all
        seen = httpx.Request(
            asked.method, str(asked.url), headers=asked.headers.raw, content=asked.content
        )
        for route in router.routes:
            if route._pattern is None or route._pattern.match(seen):
                return not route._pass_through
    return False


def _routers(library: str) -> Iterator[Any]:
    """Yield the routers that are started for the clients of a library, or for its engine."""
    mocks = sys.modules.get("respx.mocks")
    engines = (library, library.replace("httpx", "httpcore"))
    for mocker in mocks.Mocker.registry.values() if mocks is not None else ():
        if mocker.targets[0].partition(".")[0] in engines:
            yield from mocker.routers


def _is_replaced(library: str, transport: Any, asked: Any) -> bool:
    kind = type(transport)
    name = "handle_request" if hasattr(kind, "handle_request") else "handle_async_request"
    method: Callable[..., Any] = getattr(kind, name)
    if not _is_of(library, kind):
        return False  # somebody's own transport: where it leads, nobody can tell
    if _is_of(library, method) and not hasattr(method, "__wrapped__"):
        return False
    parts = getclosurevars(method).nonlocals
    if {"mock", "options"} <= parts.keys():
        return _is_expected(parts["mock"], parts["options"], transport, asked)
    if "cassette" in parts:
        return _is_recorded(parts["cassette"], asked)
    return True


def _is_of(library: str, thing: Any) -> bool:
    return getattr(thing, "__module__", "").partition(".")[0] == library


def _is_expected(mock: Any, options: Any, transport: Any, asked: Any) -> bool:
    """Tell whether pytest-httpx has a response for a request, used or not."""
    return options.should_mock(asked) and any(
        matcher.match(transport, asked) for matcher, _ in mock._callbacks
    )


def _is_recorded(cassette: Any, asked: Any) -> bool:
    request = sys.modules["vcr.request"].Request
    seen = request(asked.method, str(asked.url), asked.content, asked.headers)
    return bool(cassette.can_play_response_for(seen))
