"""Mocks that tests bring themselves, below the clients of httpx and httpx2: have they an answer?

A transport of somebody's own is one, too, where nothing in it sends on what it is given.

Those that stand above our taps (responses, aioresponses) answer anyway.
"""

# ruff: noqa: SLF001 - these libraries tell nobody what they would answer

from __future__ import annotations

import sys
from inspect import getclosurevars
from types import CodeType
from typing import TYPE_CHECKING, Any, Final

from ._httpx_answers import stays_inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ...calls import Request

_WAYS: Final = ("handle_request", "handle_async_request")
#: What the code of a transport calls that sends on what it is given.
_SENDING: Final = frozenset({*_WAYS, "request", "_request", "send", "urlopen"})


def is_mocked_below(library: str, transport: Any, request: Request) -> bool:
    """Tell whether respx, pytest-httpx or vcrpy answers what `library` sends to `transport`.

    Nothing is used up by asking. Somebody unknown who replaced the transport's method answers, and
    so does a transport of their own that leads nowhere.
    """
    if _answers_itself(library, transport):
        return True
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
    """Return what somebody put in the place of the method of the library's own transport."""
    owner, method = _way(type(transport))
    if method is None or not _is_of(library, owner):
        return None
    is_own = _is_of(library, method) and not hasattr(method, "__wrapped__")
    return None if is_own else method


def _way(kind: type[Any]) -> tuple[type[Any], Any]:
    """Return what a transport of this kind answers with, and whose it is.

    An object of `unittest.mock` has none of its kind.
    """
    for owner in kind.__mro__:
        for name in _WAYS:
            if name in vars(owner):
                return owner, getattr(kind, name)
    return kind, None


def _answers_itself(library: str, transport: Any) -> bool:
    """Tell whether a transport is somebody's own, and sends nothing on but to such ones."""
    kind, held = type(transport), getattr(transport, "__dict__", {})
    if stays_inside(transport) or not held.keys().isdisjoint(_WAYS):
        return True
    if _is_of(library, _way(kind)[0]):
        return False
    if not any(_sends(code) for code in _codes(library, kind)):
        return True
    inner = [each for each in held.values() if any(hasattr(each, name) for name in _WAYS)]
    return bool(inner) and all(_answers_itself(library, each) for each in inner)


def _codes(library: str, kind: type[Any]) -> Iterator[CodeType]:
    for owner in kind.__mro__:
        if owner is not object and not _is_of(library, owner):
            for member in vars(owner).values():
                code = getattr(getattr(member, "__func__", member), "__code__", None)
                if isinstance(code, CodeType):
                    yield code


def _sends(code: CodeType) -> bool:
    inner = (each for each in code.co_consts if isinstance(each, CodeType))
    return not _SENDING.isdisjoint(code.co_names) or any(map(_sends, inner))


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
