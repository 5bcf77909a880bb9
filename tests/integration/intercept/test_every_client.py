"""Real SDKs and clients against a fake provider, with the taps and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.clients import Caller, each_caller
from tests.support.watcher import Watcher

from understudy.intercept import Taps

if TYPE_CHECKING:
    from tests.provider import Provider

MODEL = "gpt-test"


@each_caller
def test_tapped_application_sees_the_same(caller: Caller, provider: Provider) -> None:
    """Answers, chunk boundaries and headers are those of an untapped call."""
    untapped = caller.call(provider.url, MODEL)

    with Taps(Watcher()):
        tapped = caller.call(provider.url, MODEL)

    assert tapped == untapped
    assert provider.received[0].body == provider.received[1].body


@each_caller
def test_each_call_is_one_attempt(caller: Caller, provider: Provider, watcher: Watcher) -> None:
    """Whatever layers a call passes, it is seen once, whole and live."""
    caller.call(provider.url, MODEL)

    watched = watcher.only
    received = provider.last
    assert (watched.client, watched.origin, watched.status) == (caller.client, None, 200)
    assert watched.request.method.upper() == "POST"
    assert watched.request.url.startswith(provider.url)
    assert watched.request.body == received.body
    assert dict(watched.request.headers).items() <= received.headers.items()
    assert ("x-request-id", "req_1") in watched.headers
    assert received.sent.startswith(watched.body)
    assert watched.body == received.sent or caller.leaves_the_end
