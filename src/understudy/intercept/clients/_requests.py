"""The tap of requests, above that of urllib3: what a session does until it has an answer.

Mocks that stand in an adapter's place (responses, requests-mock, an adapter of the test's own)
answer here; what they let through is urllib3's to tell of.
"""

# ruff: noqa: SLF001 - a tap stands where the library has no door

from __future__ import annotations

import sys
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, NamedTuple

from ...calls import Request
from .._patches import Patches, Subclassing
from . import _urllib3
from ._http1 import bytes_of, lowered

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from .._attempts import HttpAttempt, HttpAttempts

    Watch = Callable[[HttpAttempt, Any], None]


def tap_requests(module: ModuleType, patches: Patches, attempts: HttpAttempts) -> None:
    """Wrap what follows redirects, what answers a 401 in a hook, and adapters that are replaced."""
    patches.wrap(module.Session, "send", partial(_sender, attempts, module.HTTPAdapter.send))


def tap_requests_mock(module: ModuleType, patches: Patches, attempts: HttpAttempts) -> None:
    """Wrap what requests-mock sends through: it kept the session's method when it was imported."""
    patches.wrap(module, "_original_send", partial(_sender, attempts, None))


def _sender(
    attempts: HttpAttempts, own_send: Callable[..., Any] | None, original: Callable[..., Any]
) -> Callable[..., Any]:
    begin = partial(attempts.harmless, attempts.begin, "requests", _describe)
    watch = partial(attempts.harmless, _watch, Subclassing(_urllib3.TappedResponse))

    @wraps(original)
    def send(self: Any, request: Any, **options: Any) -> Any:
        session = self
        if _is_replaced(self, request, own_send):
            session = _MockedSession(self, begin, watch)
        with attempts.journeys():
            return original(session, request, **options)

    return send


def _is_replaced(session: Any, request: Any, own_send: Callable[..., Any] | None) -> bool:
    """Tell whether something else than requests' own adapter may answer."""
    try:
        adapter = session.get_adapter(url=request.url)
        matchers = getattr(adapter, "_matchers", None)
        if own_send is None and matchers is not None:
            proxy = sys.modules["requests_mock.request"]._RequestObjectProxy(request)
            return any(one._match(proxy) and not one._real_http for one in matchers)
    except Exception:  # noqa: BLE001 - the session itself is about to say so
        return False
    return getattr(type(adapter), "send", None) is not own_send


def _describe(request: Any) -> Request:
    headers = dict(lowered(request.headers.items()))
    return Request(request.method, request.url, headers, bytes_of(request.body))


def _watch(overrides: Subclassing, attempt: HttpAttempt, response: Any) -> None:
    raw = response.raw
    if isinstance(raw, sys.modules["urllib3.response"].HTTPResponse):
        _urllib3.watch(overrides, attempt, raw, from_network=False)
        return
    headers = lowered(response.headers.items())
    attempt.respond(response.status_code, headers, decoded=True, from_network=False)
    attempt.whole(response.content)


class _MockedSession(NamedTuple):
    """A session, but for the adapter that it picks."""

    session: Any
    begin: Callable[[Any], HttpAttempt | None]
    watch: Watch

    def __getattr__(self, name: str) -> Any:
        return getattr(self.session, name)

    def get_adapter(self, url: str) -> Any:
        return _MockedAdapter(self.session.get_adapter(url=url), self.begin, self.watch)


class _MockedAdapter(NamedTuple):
    """An adapter whose answers are told of."""

    adapter: Any
    begin: Callable[[Any], HttpAttempt | None]
    watch: Watch

    def send(self, request: Any, **options: Any) -> Any:
        attempt = self.begin(request)
        if attempt is None:
            return self.adapter.send(request, **options)
        attempt.gives_way = True
        with attempt:
            response = self.adapter.send(request, **options)
        if attempt.is_watched:
            self.watch(attempt, response)
        return response
