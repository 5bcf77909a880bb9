"""All taps together: installed, undone, and inert where they cannot be undone."""

from __future__ import annotations

import sys
from functools import partialmethod
from types import ModuleType
from typing import TYPE_CHECKING, Any

import aiohttp.client
import httpx
import httpx2
import urllib3.connectionpool
import vcr.cassette
import vcr.stubs.aiohttp_stubs
from tests.support.watcher import Watcher

from understudy.intercept import ALL_TAPS, Tap, Taps

if TYPE_CHECKING:
    import pytest

    from understudy.intercept._attempts import HttpAttempts
    from understudy.intercept._patches import Patches

TAPPED: list[tuple[Any, str]] = [
    (httpx.Client, "_send_single_request"),
    (httpx.AsyncClient, "_send_single_request"),
    (httpx2.Client, "_send_single_request"),
    (httpx2.AsyncClient, "_send_single_request"),
    (aiohttp.client.ClientSession, "_request"),
    (urllib3.connectionpool.HTTPConnectionPool, "_make_request"),
    (vcr.cassette.Cassette, "play_response"),
    (vcr.cassette.Cassette, "append"),
    (vcr.stubs.aiohttp_stubs, "vcr_request"),
]


def attributes() -> list[Any]:
    """Return all that is patched, as it is now."""
    return [vars(owner)[name] for owner, name in TAPPED]


def post(client: httpx.Client | None = None) -> None:
    """Make a call that never leaves the process."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    with client or httpx.Client(transport=transport) as made:
        made.post("http://x/")


def test_all_is_undone_at_the_end() -> None:
    """What was patched is the very same object again, and so are the import finders."""
    before, finders = attributes(), list(sys.meta_path)

    with Taps(Watcher()):
        during = attributes()

    assert not {id(item) for item in before} & {id(item) for item in during}
    assert [id(item) for item in attributes()] == [id(item) for item in before]
    assert sys.meta_path == finders


def test_taps_stay_until_the_last_user_is_gone() -> None:
    """Installing is counted."""
    watcher = Watcher()
    taps = Taps(watcher)

    with taps:
        with taps:
            post()
        post()
    post()

    assert len(watcher.watched) == 2


def test_uninstalling_too_often_does_nothing() -> None:
    """And the taps can be installed again."""
    watcher = Watcher()
    taps = Taps(watcher)
    taps.uninstall()

    with taps:
        post()

    assert len(watcher.watched) == 1


def test_two_observers_see_each_call_once() -> None:
    """A run of pytest inside a run of pytest: both have taps, neither counts double."""
    outer, inner = Watcher(), Watcher()

    with Taps(outer), Taps(inner):
        post()

    assert (len(outer.watched), len(inner.watched)) == (1, 1)


def test_wrapper_that_somebody_patched_over_is_inert(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their patch stays, and what they saved of ours sees nothing more."""
    watcher = Watcher()
    monkeypatch.setattr(
        httpx.Client, "_send_single_request", vars(httpx.Client)["_send_single_request"]
    )
    with Taps(watcher):
        theirs = partialmethod(vars(httpx.Client)["_send_single_request"])
        monkeypatch.setattr(httpx.Client, "_send_single_request", theirs)

    post()

    assert watcher.watched == []
    assert vars(httpx.Client)["_send_single_request"] is theirs


async def test_async_wrapper_that_somebody_kept_is_inert() -> None:
    """It sends, and that is all."""
    watcher = Watcher()
    with Taps(watcher):
        ours = httpx.AsyncClient._send_single_request
    transport = httpx.MockTransport(lambda _: httpx.Response(201))

    async with httpx.AsyncClient(transport=transport) as client:
        response = await ours(client, client.build_request("POST", "http://x/"))

    assert response.status_code == 201
    assert watcher.watched == []


def test_wrapper_that_somebody_put_back_counts_once_with_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An inert wrapper under a live one is no second attempt."""
    watcher = Watcher()
    with Taps(Watcher()):
        ours = httpx.Client._send_single_request
    monkeypatch.setattr(httpx.Client, "_send_single_request", ours)

    with Taps(watcher):
        post()

    assert len(watcher.watched) == 1
    assert httpx.Client._send_single_request is ours


def _tap_odd_library(module: ModuleType, patches: Patches, _: HttpAttempts) -> None:
    """Tap a module of a version that it does not know."""
    patches.wrap(module, "absent", lambda original: original)


def test_library_of_an_unknown_version_is_a_fault_and_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The application can import it; the observer is told that it is not tapped."""
    monkeypatch.setitem(sys.modules, "odd_library", ModuleType("odd_library"))
    watcher = Watcher()

    with Taps(watcher, [Tap("odd_library", _tap_odd_library), *ALL_TAPS]):
        post()

    assert len(watcher.watched) == 1
    assert ["version is not supported" in str(fault) for fault in watcher.faults] == [True]
