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
    routers, replacement = list(_routers(library)), _replacement(library, transport)
    if not routers and replacement is None:
        return False
    asked = sys.modules[library].Request(
        request.method, request.url, headers=list(request.headers.items()), content=request.body
    )
    try:
        is_routed = bool(routers) and _is_routed(routers, asked)
        return is_routed or (replacement is not None and _answers(replacement, transport, asked))
    except Exception:  # noqa: BLE001 - of a version that we do not know: it is there, all the same
        return True


def is_recorded_below(connection: Any, request: Request) -> bool:
    """Tell whether a cassette of vcrpy, whose connection it then is, has an answer of urllib3's."""
    cassette = getattr(connection, "cassette", None)
    try:
        return cassette is not None and _is_recorded(cassette, request.url, request.body, request)
    except Exception:  # noqa: BLE001 - as above
        return True


def _is_routed(routers: list[Any], asked: Any) -> bool:
    """Tell whether a router of respx, or of pytest-httpx2, has a route for a request."""
    seen = sys.modules["httpx"].Request(  # which respx takes for all
        asked.method, str(asked.url), headers=asked.headers.raw, content=asked.content
    )
    for router in routers:
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


def _replacement(library: str, transport: Any) -> Callable[..., Any] | None:
    """Return what somebody put in the place of the method of the library's own transport.

    Where a transport of somebody's own leads, nobody can tell.
    """
    kind = type(transport)
    name = "handle_request" if hasattr(kind, "handle_request") else "handle_async_request"
    method: Callable[..., Any] = getattr(kind, name)
    is_own = _is_of(library, method) and not hasattr(method, "__wrapped__")
    return None if is_own or not _is_of(library, kind) else method


def _answers(method: Callable[..., Any], transport: Any, asked: Any) -> bool:
    parts = getclosurevars(method).nonlocals
    if {"mock", "options"} <= parts.keys():
        return _is_expected(parts["mock"], parts["options"], transport, asked)
    if "cassette" in parts:
        return _is_recorded(parts["cassette"], str(asked.url), asked.content, asked)
    return True


def _is_of(library: str, thing: Any) -> bool:
    return getattr(thing, "__module__", "").partition(".")[0] == library


def _is_expected(mock: Any, options: Any, transport: Any, asked: Any) -> bool:
    """Tell whether pytest-httpx has a response for a request, used or not."""
    return options.should_mock(asked) and any(
        matcher.match(transport, asked) for matcher, _ in mock._callbacks
    )


def _is_recorded(cassette: Any, url: str, body: bytes, asked: Any) -> bool:
    request = sys.modules["vcr.request"].Request
    return bool(cassette.can_play_response_for(request(asked.method, url, body, asked.headers)))
