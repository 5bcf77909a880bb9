"""A run of pytest inside a run of pytest: both have taps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.clients import CALLERS, Caller
from tests.support.readers import READERS, Reader
from tests.support.watcher import Watcher

from understudy.intercept import Taps

if TYPE_CHECKING:
    from tests.provider import Provider

NAMES = {"aiohttp, streaming", "requests, streaming", "urllib3", "openai over aiohttp, streaming"}


@pytest.mark.parametrize(
    "caller",
    [caller for caller in CALLERS if caller.name in NAMES and caller.is_possible],
    ids=lambda caller: caller.name,
)
def test_each_observer_is_told_the_whole_call_once(caller: Caller, provider: Provider) -> None:
    """Neither hides the call from the other."""
    outer, inner = Watcher(), Watcher()

    with Taps(outer), Taps(inner):
        caller.call(provider.url, "m")

    for watcher in (outer, inner):
        assert watcher.faults == []
        assert watcher.only.body == provider.last.sent
        assert watcher.only.ending in {"end", "close"}


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("model", ["m.cut-2", "m.hang-2"])
def test_each_observer_is_told_the_end(read: Reader, model: str, provider: Provider) -> None:
    """Of a stream that breaks, or that somebody stops reading."""
    outer, inner = Watcher(), Watcher()

    with Taps(outer), Taps(inner):
        if "cut" in model:
            with pytest.raises(Exception):  # noqa: B017, PT011 - each client has its own
                read(f"{provider.url}/v1/responses", model, 9.0)
        else:
            read(f"{provider.url}/v1/responses", model, 9.0, at_most=1)

    assert outer.only.endings == inner.only.endings
    assert outer.only.ending is not None
    assert outer.only.chunks == inner.only.chunks
