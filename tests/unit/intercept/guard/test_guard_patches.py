"""Patches of libraries and systems that may not be here, on stand-ins."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from understudy.intercept._patches import Patches
from understudy.intercept.guard._connections import patch_proactor, patch_uvloop
from understudy.intercept.guard._refusal import application_line
from understudy.intercept.guard._requests import patch_grpc, patch_grpc_aio


class Policy:
    """A policy that lets everything through, and remembers what it was asked."""

    is_blocking = True

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def connect(self, *asked: Any, is_report: bool = False) -> None:
        """Remember a connection."""
        self.asked.append(asked)

    def look_up(self, host: Any) -> None:
        """Remember a name that is looked up."""
        self.asked.append((host,))

    def found(self, host: Any, addresses: Any) -> None:
        """Remember what it was found to be."""
        self.asked.append((host, *addresses))

    def is_address(self, host: Any) -> bool:
        """Tell an address from a name."""
        return str(host)[0].isdigit()


def install(patch: Any, module: Any) -> Policy:
    policy = Policy()
    patch(module, Patches(), policy)
    return policy


def _channel_module() -> Any:
    class Channel:
        def __init__(self, target: str) -> None:
            self.target = target

    class OneMultiCallable:
        _target: bytes = b""

        def __init__(self, target: str) -> None:
            self._target = target.encode()

        def __call__(self) -> str:
            return "called"

    return SimpleNamespace(Channel=Channel, OneMultiCallable=OneMultiCallable, other=1)


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        ("api.x.ai:443", [("api.x.ai", "443", "grpc")]),
        ("api.x.ai", [("api.x.ai", "api.x.ai", "grpc")]),
        ("dns:///api.x.ai:443", [("api.x.ai", "443", "grpc")]),
        ("dns://8.8.8.8/api.x.ai:443", [("api.x.ai", "443", "grpc")]),
        ("ipv4:10.0.0.1:50051", [("10.0.0.1", "50051", "grpc")]),
        ("[::1]:50051", [("[::1]", "50051", "grpc")]),
        ("unix:/run/x.sock", []),
    ],
)
def test_target_of_grpc_is_taken_apart(target: str, asked: list[Any]) -> None:
    """In all of gRPC's spellings, for calls and for channels; a socket of this machine is free."""
    calls, channels = _channel_module(), _channel_module()
    of_call, of_channel = install(patch_grpc, calls), install(patch_grpc_aio, channels)

    assert calls.OneMultiCallable(target)() == "called"
    assert channels.Channel(target).target == target

    assert of_call.asked == of_channel.asked == asked


class _Loop:
    async def getaddrinfo(self, host: str, port: Any, **_: Any) -> list[Any]:
        if host == "nowhere":
            raise OSError
        return [(2, 1, 6, "", ("192.0.2.1", 0))]

    async def sock_connect(self, sock: Any, address: Any) -> Any:
        return address

    async def create_connection(self, factory: Any, host: Any, port: Any, **_: Any) -> Any:
        return host, port


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        (("192.0.2.1", 5432), [("192.0.2.1", 5432)]),
        (("db", 5432), [("192.0.2.1", 5432)]),
        (("nowhere", 5432), []),
        ("/run/x.sock", []),
    ],
)
def test_socket_of_a_loop_is_asked_about(address: Any, asked: list[Any]) -> None:
    """By address, or by what the name leads to."""
    module = SimpleNamespace(BaseProactorEventLoop=type("Loop", (_Loop,), dict(vars(_Loop))))
    policy = install(patch_proactor, module)

    assert asyncio.run(module.BaseProactorEventLoop().sock_connect(None, address)) == address

    assert policy.asked == asked


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("192.0.2.1", [("192.0.2.1", 80)]),
        ("db", [("db",), ("db", "192.0.2.1"), ("192.0.2.1", 80)]),
        ("nowhere", [("nowhere",)]),
        (None, []),
    ],
)
def test_connection_of_uvloop_is_asked_about(host: Any, asked: list[Any]) -> None:
    """A name is looked up first; a socket that is connected already has none."""
    module = SimpleNamespace(Loop=type("Loop", (_Loop,), {}))
    policy = install(patch_uvloop, module)

    assert asyncio.run(module.Loop().create_connection(None, host, 80)) == (host, 80)

    assert policy.asked == asked


def test_line_of_the_application_is_the_nearest_that_is_no_library() -> None:
    """This file is; the standard library is not."""
    line = application_line()

    assert line is not None
    assert line.startswith(__file__)


def test_no_line_of_the_application() -> None:
    """Code of a library alone has none."""
    found: list[Any] = []
    library = compile("found.append(line())", "<made>", "exec")

    thread = threading.Thread(
        target=eval, args=(library, {"found": found, "line": application_line})
    )
    thread.start()
    thread.join()

    assert found == [None]
