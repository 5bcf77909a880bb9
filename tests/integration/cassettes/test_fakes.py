"""Answers that do not come from the network are nobody's to record, or to replay."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest
import respx

from understudy.intercept.cassettes import use_cassette

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

URL = "https://llm.test/v1/chat/completions"

both = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
each_mode = pytest.mark.parametrize("mode", ["none", "once", "all"])


def application() -> Starlette:
    """Return an application that says hello."""
    pytest.importorskip("starlette")
    from starlette.applications import Starlette  # noqa: PLC0415
    from starlette.responses import PlainTextResponse  # noqa: PLC0415
    from starlette.routing import Route  # noqa: PLC0415

    async def hello(_: Request) -> Response:
        return PlainTextResponse("hello")

    return Starlette(routes=[Route("/", hello, methods=["GET", "POST"])])


@both
@each_mode
def test_mock_transport_answers_beside_a_cassette(library: Any, mode: str, tmp_path: Path) -> None:
    """It is the application's own, and nothing is recorded."""
    transport = library.MockTransport(lambda _: library.Response(200, text="mocked"))

    with (
        use_cassette(tmp_path / "c.yaml", record_mode=mode) as cassette,
        library.Client(transport=transport) as client,
    ):
        assert client.post(URL).text == "mocked"

    assert len(cassette) == 0
    assert not cassette.missed


@both
@each_mode
async def test_application_in_memory_answers_beside_a_cassette(
    library: Any, mode: str, tmp_path: Path
) -> None:
    """ASGI, as tests of web applications use it."""
    transport = library.ASGITransport(app=application())

    async with (
        use_cassette(tmp_path / "c.yaml", record_mode=mode) as cassette,
        library.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        assert (await client.get("/")).text == "hello"

    assert len(cassette) == 0


@each_mode
def test_test_client_answers_beside_a_cassette(mode: str, tmp_path: Path) -> None:
    """Starlette's, and with it FastAPI's."""
    testclient = pytest.importorskip("starlette.testclient")

    with (
        use_cassette(tmp_path / "c.yaml", record_mode=mode) as cassette,
        testclient.TestClient(application()) as client,
    ):
        assert client.get("/").text == "hello"

    assert len(cassette) == 0


@pytest.mark.parametrize(("library", "core"), [("httpx", "httpcore"), ("httpx2", "httpcore2")])
def test_route_of_respx_is_not_recorded(library: str, core: str, tmp_path: Path) -> None:
    """A fake in a cassette would be taken for the provider's word."""
    module: Any = importlib.import_module(library)
    if core == "httpcore2":
        pytest.importorskip("pytest_httpx2")

    with (
        use_cassette(tmp_path / "c.yaml", record_mode="once") as cassette,
        respx.mock(using=core) as router,
    ):
        router.post(URL).respond(200, text="routed")
        assert module.post(URL).text == "routed"

    assert len(cassette) == 0
    assert not (tmp_path / "c.yaml").exists()
