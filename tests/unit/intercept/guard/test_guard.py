"""Blocks: in force, counted, undone; and the patches that ask about them."""

from __future__ import annotations

import asyncio
import http.client
import socket
import sys
from contextlib import suppress
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import aiohttp.connector
import httpcore._sync.http11
import httpcore2._async.http11
import pytest

from understudy.calls import Request
from understudy.intercept.guard import CallRefused, ConnectionBlocked, Guard, _connections
from understudy.intercept.guard._connections import LowLevel
from understudy.providers import default_apis
from understudy.telemetry import Owner

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OWNER = Owner(phase_id="t.py::test")
ELSEWHERE = ("192.0.2.1", 5432)


def make_guard(
    owner: Owner = OWNER,
    calling: Callable[[], tuple[str, Request] | None] = lambda: None,
    **options: Any,
) -> Guard:
    return Guard(current_owner=lambda: owner, calling=calling, apis=default_apis(), **options)


def _places() -> dict[str, object]:
    """Return everything that a guard replaces, as it stands now."""
    return {
        "getaddrinfo": socket.getaddrinfo,
        "connect": vars(socket.socket).get("connect"),
        "connect_ex": vars(socket.socket).get("connect_ex"),
        "loop": vars(asyncio.BaseEventLoop)["getaddrinfo"],
        "putrequest": vars(http.client.HTTPConnection)["putrequest"],
        "aiohttp": vars(aiohttp.connector.BaseConnector)["connect"],
        "httpcore": vars(httpcore._sync.http11.HTTP11Connection)["handle_request"],
        "httpcore2": vars(httpcore2._async.http11.AsyncHTTP11Connection)["handle_async_request"],
    }


def test_everything_is_put_back() -> None:
    """The very same objects stand there before and after."""
    before = _places()

    with make_guard().block():
        during = _places()

    assert _places() == before
    assert all(during[name] is not one for name, one in before.items())


def test_the_last_block_takes_the_patches_down() -> None:
    """An outer block stays in force when an inner one ends."""
    before, guard = _places(), make_guard()

    with guard.block() as outer:
        with guard.block() as inner:
            pass
        with pytest.raises(ConnectionBlocked), socket.socket() as plain:
            plain.connect(ELSEWHERE)

    assert (len(outer.refusals), len(inner.refusals)) == (1, 0)
    assert _places() == before


def test_patches_are_down_after_an_error() -> None:
    """A test that fails leaves nothing behind."""
    before = _places()

    with pytest.raises(KeyError), make_guard().block():
        raise KeyError

    assert _places() == before


def test_installed_guard_keeps_its_patches_between_blocks() -> None:
    """They are put up once, and ask nothing where nobody is blocked."""
    before, guard = _places(), make_guard()

    with guard:
        with guard.block() as first:
            during = _places()
        http.client.HTTPConnection("api.openai.com").putrequest("GET", "/")
        with suppress(OSError):
            socket.create_connection(ELSEWHERE, timeout=0.05)
        with guard.block() as second, suppress(CallRefused):
            again = _places()
            http.client.HTTPConnection("api.openai.com").putrequest("GET", "/")

    assert again == during
    assert (len(first.refusals), len(second.refusals)) == (0, 1)
    assert _places() == before


@pytest.mark.parametrize("change", ["covered", "taken away"])
def test_block_puts_up_again_what_is_not_in_place(
    change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other plugins patch the same methods, and put back what they found when they were loaded."""
    guard, bare = make_guard(), vars(http.client.HTTPConnection)["putrequest"]
    theirs = {"covered": lambda *_: None, "taken away": bare}[change]
    monkeypatch.setattr(http.client.HTTPConnection, "putrequest", bare)

    with guard:
        monkeypatch.setattr(http.client.HTTPConnection, "putrequest", theirs)
        with guard.block(), pytest.raises(CallRefused):
            http.client.HTTPConnection("api.openai.com").putrequest("GET", "/")

    assert vars(http.client.HTTPConnection)["putrequest"] is theirs


def test_block_looks_at_modules_that_are_others_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that put other modules in the places of those that it met, or took the hook away."""

    class Patch:
        module = "a_library_of_the_guard"
        seen: list[object] = []  # noqa: RUF012

        def install(self, module: ModuleType, patches: Any, policy: Any) -> None:
            self.seen.append(module)

    first, second = ModuleType(Patch.module), ModuleType(Patch.module)
    monkeypatch.setitem(sys.modules, Patch.module, first)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    guard = make_guard(patches=[Patch()])

    with guard:
        with guard.block():
            pass
        assert Patch.seen == [first]
        sys.modules[Patch.module] = second
        with guard.block():
            pass
        assert Patch.seen == [first, second]
        del sys.meta_path[0]
        with guard.block():
            assert len(Patch.seen) == 3


def test_block_of_somebody_else_is_no_block() -> None:
    """Only what its owner does is refused."""
    with make_guard().block(Owner(phase_id="other")) as block, suppress(OSError):
        socket.create_connection(ELSEWHERE, timeout=0.05)

    assert block.refusals == []


def test_innermost_block_of_the_owner_counts() -> None:
    """A test may allow itself what is refused for everybody."""
    guard = make_guard()

    with guard.block() as everybody, guard.block(OWNER, allowed=["api.openai.com"]) as own:
        http.client.HTTPConnection("api.openai.com").putrequest("GET", "/")
        with pytest.raises(CallRefused):
            http.client.HTTPConnection("api.anthropic.com").putrequest("GET", "/")

    assert everybody.refusals == []
    assert [one.host for one in own.refusals] == ["api.anthropic.com"]


def test_module_that_is_imported_later_gets_its_patch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A patch is put up when its module comes."""

    class LatePatch:
        module = "late_library_of_the_guard"
        seen: list[str] = []  # noqa: RUF012

        def install(self, module: ModuleType, patches: Any, policy: Any) -> None:
            self.seen.append(module.__name__)

    (tmp_path / "late_library_of_the_guard.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    patch = LatePatch()

    with make_guard(patches=[patch]).block():
        __import__(patch.module)
    sys.modules.pop(patch.module)

    assert patch.seen == [patch.module]


def test_patch_that_does_not_fit_the_version_is_left_out() -> None:
    """The application's import goes on; the guard says which library it does not know."""

    class StrangePatch:
        module = "json"

        def install(self, module: ModuleType, patches: Any, policy: Any) -> None:
            patches.wrap(module, "no_such_thing", lambda original: original)

    guard = make_guard(patches=[StrangePatch()])
    with guard.block():
        pass

    assert guard.unsupported == ["json"]


def test_name_of_this_machine_may_be_connected_to() -> None:
    """A name is looked up, and what it leads to counts."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        make_guard().block() as block,
        socket.socket() as plain,
    ):
        plain.connect(("localhost", server.getsockname()[1]))

    assert block.refusals == []


def test_name_that_nobody_knows_is_left_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The application sees the error of the look-up."""

    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    with make_guard().block() as block, socket.socket() as plain, pytest.raises(socket.gaierror):
        plain.connect(("nowhere.invalid", 80))

    assert block.refusals == []


def test_look_up_of_no_name_is_free() -> None:
    """A server asks for the addresses that it may listen on."""
    with make_guard().block() as block:
        assert socket.getaddrinfo(None, 0)

    assert block.refusals == []


def test_request_of_somebody_else_is_free() -> None:
    """Only what the owner of the block sends is refused."""
    with make_guard().block(Owner(phase_id="other")) as block:
        http.client.HTTPConnection("api.openai.com").putrequest("GET", "/")

    assert block.refusals == []


def test_request_through_a_proxy_is_known_by_its_target() -> None:
    """The proxy may be on loopback: what it is asked for is elsewhere."""
    with make_guard().block() as block:
        tunnelled = http.client.HTTPSConnection("127.0.0.1", 3128)
        tunnelled.set_tunnel("api.openai.com")
        with pytest.raises(CallRefused):
            tunnelled.putrequest("POST", "/v1/chat/completions")
        forwarded = http.client.HTTPConnection("127.0.0.1", 3128)
        with pytest.raises(CallRefused):
            forwarded.putrequest("POST", "http://api.openai.com/v1/models")

    assert [one.what for one in block.refusals] == [
        "POST https://api.openai.com/v1/chat/completions",
        "POST http://api.openai.com/v1/models",
    ]


def test_tap_knows_better_what_is_sent() -> None:
    """A connection in the middle of a call is refused as that call."""
    url = "https://llm.corp.test/v1/chat/completions"
    request = Request("POST", url, {}, b'{"model": "m", "messages": []}')
    guard = make_guard(calling=lambda: ("httpx", request))

    with guard.block() as block, socket.socket() as plain, pytest.raises(CallRefused):
        plain.connect(ELSEWHERE)

    (refusal,) = block.refusals
    assert (refusal.what, refusal.model, refusal.client) == (f"POST {url}", "m", "httpx")


def test_the_hook_outlives_its_module() -> None:
    """When the interpreter ends, the names of a module are None, and hooks are still called."""
    hook = FunctionType(LowLevel._hook.__code__, dict.fromkeys(vars(_connections)))

    hook(LowLevel(), "socket.connect", (None, ELSEWHERE))
