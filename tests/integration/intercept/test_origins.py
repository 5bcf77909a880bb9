"""Where an answer comes from: the network, a cassette, a mock."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.clients import CALLERS, Caller

from understudy.calls import Origin

if TYPE_CHECKING:
    from tests.provider import Provider
    from tests.support.watcher import Watcher

vcr = pytest.importorskip("vcr")

# vcrpy keeps the dict that aiohttp was given as the body; openai's own aiohttp client gives bytes.
RECORDABLE = [caller for caller in CALLERS if caller.is_possible]
ADDRESS = "https://api.openai.com/v1/chat/completions"
ANSWER = {"object": "chat.completion", "choices": []}


@pytest.fixture
def cassette(tmp_path: Path) -> str:
    """A cassette that does not exist yet."""
    return str(tmp_path / "cassette.yaml")


@pytest.mark.parametrize("caller", RECORDABLE, ids=lambda caller: caller.name)
def test_vcrpy_cassette_is_told(
    caller: Caller, cassette: str, provider: Provider, watcher: Watcher
) -> None:
    """One attempt is recorded, one replayed, and both have the provider's body."""
    with vcr.use_cassette(cassette, record_mode="once"):
        recorded = caller.call(provider.url, "m")
    with vcr.use_cassette(cassette, record_mode="none"):
        replayed = caller.call(provider.url, "m")

    assert len(provider.received) == 1
    assert [watched.origin for watched in watcher.watched] == [Origin.RECORDED, Origin.REPLAYED]
    if not caller.leaves_the_end:
        assert {watched.body for watched in watcher.watched} == {provider.last.sent}
        assert {watched.ending for watched in watcher.watched} <= {"end", "close"}
    assert replayed[:1] == recorded[:1]


BY_ADDRESS = ("openai chat, async", "anthropic", "requests", "urllib3", "aiohttp", "httpx")


@pytest.mark.parametrize("name", BY_ADDRESS)
def test_vcrpys_answer_to_another_question_is_told(
    name: str, cassette: str, provider: Provider, watcher: Watcher
) -> None:
    """It finds a recording by its address; what its user takes out of requests does not count."""
    (caller,) = (each for each in RECORDABLE if each.name == name)
    with vcr.use_cassette(cassette, record_mode="once"):
        caller.call(provider.url, "m")
    watcher.watched.clear()

    def without_body(request: Any) -> Any:
        request.body = b""
        return request

    for model in ("m", "other"):
        with vcr.use_cassette(cassette, record_mode="none"):
            caller.call(provider.url, model)
    blind = str(Path(cassette).with_name("blind.yaml"))
    for model in ("m", "other"):
        with vcr.use_cassette(blind, before_record_request=without_body):
            caller.call(provider.url, model)

    verdicts = [watched.fields.get("cassette_verdict") for watched in watcher.watched]
    assert verdicts == [None, "changed", None, None]


def test_calls_after_a_cassette_are_live(
    cassette: str, provider: Provider, watcher: Watcher
) -> None:
    """A cassette leaves no mark on what comes after it."""
    callers = [caller for caller in RECORDABLE if caller.name in {"aiohttp", "httpx", "requests"}]
    with vcr.use_cassette(cassette, record_mode="once"):
        for caller in callers:
            caller.call(provider.url, "m")
    watcher.watched.clear()

    for caller in callers:
        caller.call(provider.url, "m")

    assert [watched.origin for watched in watcher.watched] == [None] * len(callers)


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_mock_transport_is_told(library: str, watcher: Watcher) -> None:
    """The fake's body is told though the client never reads it from a stream."""
    module: Any = pytest.importorskip(library)
    transport = module.MockTransport(lambda _: module.Response(200, json=ANSWER))

    with module.Client(transport=transport) as client:
        response = client.post(ADDRESS, json={})

    assert watcher.only.origin is Origin.MOCKED
    assert (watcher.only.body, watcher.only.ending) == (response.content, "end")


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_compressed_mock_is_told_decoded(library: str, watcher: Watcher) -> None:
    """A fake that says it is compressed was decompressed when it was made."""
    module: Any = pytest.importorskip(library)
    headers = {"content-encoding": "gzip"}
    answer = module.Response(200, headers=headers, content=gzip.compress(b"plain"))

    with module.Client(transport=module.MockTransport(lambda _: answer)) as client:
        client.post(ADDRESS, json={})

    assert watcher.only.decoded
    assert watcher.only.body == b"plain"


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
async def test_asgi_application_is_told_as_a_mock(library: str, watcher: Watcher) -> None:
    """What an application in the same process answers did not come from a provider."""
    module: Any = pytest.importorskip(library)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    transport = module.ASGITransport(application)
    async with module.AsyncClient(transport=transport, base_url="http://test") as client:
        await client.post("/v1/chat/completions", json={})

    assert (watcher.only.origin, watcher.only.body) == (Origin.MOCKED, b"{}")


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
async def test_calls_of_an_application_under_test_are_attempts(
    library: str, provider: Provider, watcher: Watcher
) -> None:
    """The request to the application hides none that the application makes itself."""
    module: Any = pytest.importorskip(library)

    async def gateway(scope: Any, receive: Any, send: Any) -> None:
        async with module.AsyncClient() as client:
            asked = {"model": "m"}
            answer = await client.post(f"{provider.url}/v1/chat/completions", json=asked)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": answer.content})

    transport = module.ASGITransport(gateway)
    async with module.AsyncClient(transport=transport, base_url="http://test") as client:
        await client.post("/v1/chat/completions", json={})

    assert [watched.origin for watched in watcher.watched] == [Origin.MOCKED, None]
    assert {watched.body for watched in watcher.watched} == {provider.last.sent}


@pytest.mark.parametrize(("library", "core"), [("httpx", "httpcore"), ("httpx2", "httpcore2")])
def test_respx_route_is_told(library: str, core: str, watcher: Watcher) -> None:
    """A route answers in the place of the network."""
    module: Any = pytest.importorskip(library)
    respx = pytest.importorskip("respx")
    if core == "httpcore2":
        pytest.importorskip("pytest_httpx2._plugin")

    with respx.mock(using=core) as router, module.Client() as client:
        router.post(ADDRESS).respond(json=ANSWER)
        response = client.post(ADDRESS, json={})

    assert watcher.only.origin is Origin.MOCKED
    assert (watcher.only.body, watcher.only.ending) == (response.content, "end")


def test_respx_route_that_passes_through_is_live(provider: Provider, watcher: Watcher) -> None:
    """A router that lets a request go on is no answer."""
    httpx = pytest.importorskip("httpx")
    respx = pytest.importorskip("respx")

    with respx.mock() as router, httpx.Client() as client:
        router.route().pass_through()
        client.post(f"{provider.url}/v1/chat/completions", json={"model": "m"})

    assert watcher.only.origin is None
    assert watcher.only.body == provider.last.sent


def test_respx_route_under_a_recording_cassette_is_a_mock(cassette: str, watcher: Watcher) -> None:
    """Recorded or not, it is a fake all the same."""
    httpx = pytest.importorskip("httpx")
    respx = pytest.importorskip("respx")

    with (
        vcr.use_cassette(cassette, record_mode="once") as recording,
        respx.mock() as router,
        httpx.Client() as client,
    ):
        router.post(ADDRESS).respond(json=ANSWER)
        client.post(ADDRESS, json={})

    assert len(recording) == 1
    assert watcher.only.origin is Origin.MOCKED


def test_mock_transport_under_a_recording_cassette_is_a_mock(
    cassette: str, watcher: Watcher
) -> None:
    """The same for a mock transport, which vcrpy records too."""
    httpx = pytest.importorskip("httpx")
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=ANSWER))

    with (
        vcr.use_cassette(cassette, record_mode="once"),
        httpx.Client(transport=transport) as client,
    ):
        client.post(ADDRESS, json={})

    assert watcher.only.origin is Origin.MOCKED


@pytest.mark.parametrize("caller", RECORDABLE, ids=lambda caller: caller.name)
def test_call_that_a_cassette_refuses_fails(
    caller: Caller, cassette: str, provider: Provider, watcher: Watcher
) -> None:
    """An unknown request in replay mode is an attempt without an answer."""
    refusal = pytest.importorskip("vcr.errors").CannotOverwriteExistingCassetteException

    with vcr.use_cassette(cassette, record_mode="none"), pytest.raises(Exception):  # noqa: B017, PT011
        caller.call(provider.url, "m")

    assert provider.received == []
    assert all(watched.status is None for watched in watcher.watched)
    assert {type(watched.ending) for watched in watcher.watched} == {refusal}


async def test_pytest_httpx2_router_is_told(
    watcher: Watcher, request: pytest.FixtureRequest
) -> None:
    """The fixture of pytest-httpx2 answers openai's calls."""
    openai = pytest.importorskip("openai", minversion="3")
    pytest.importorskip("pytest_httpx2")
    router = request.getfixturevalue("httpx2_mock")
    router.post(ADDRESS).respond(json={**ANSWER, "id": "x", "created": 1, "model": "m"})

    async with openai.AsyncOpenAI(api_key="x") as client:
        await client.chat.completions.create(model="m", messages=[])

    assert watcher.only.origin is Origin.MOCKED


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
async def test_error_that_a_mock_transport_raises_is_a_mocks(
    library: str, watcher: Watcher
) -> None:
    """Nothing was live, whatever the error is called."""
    module: Any = pytest.importorskip(library)

    def refuse(request: Any) -> Any:
        message = "refused"
        raise module.ConnectError(message, request=request)

    client = module.Client(transport=module.MockTransport(refuse))
    with pytest.raises(module.ConnectError):
        client.post(ADDRESS, json={})
    async with module.AsyncClient(transport=module.MockTransport(refuse)) as aclient:
        with pytest.raises(module.ConnectError):
            await aclient.post(ADDRESS, json={})

    assert [watched.origin for watched in watcher.watched] == [Origin.MOCKED, Origin.MOCKED]


@pytest.mark.parametrize("side_effect", ["ConnectError", "ReadTimeout"])
@pytest.mark.parametrize("core", ["httpcore", "httpx"])
def test_error_that_a_respx_route_raises_is_a_mocks(
    core: str, side_effect: str, watcher: Watcher
) -> None:
    """Both of its ways of standing in for the network."""
    httpx = pytest.importorskip("httpx")
    respx = pytest.importorskip("respx")
    error = getattr(httpx, side_effect)

    with respx.mock(using=core) as router, httpx.Client() as client:
        router.post(ADDRESS).mock(side_effect=error)
        with pytest.raises(error):
            client.post(ADDRESS, json={})

    assert watcher.only.origin is Origin.MOCKED


async def test_error_that_pytest_httpx2_raises_is_a_mocks(
    watcher: Watcher, request: pytest.FixtureRequest
) -> None:
    """As its route's side effect."""
    httpx2 = pytest.importorskip("httpx2")
    pytest.importorskip("pytest_httpx2")
    router = request.getfixturevalue("httpx2_mock")
    router.post(ADDRESS).mock(side_effect=httpx2.ReadTimeout("slow"))

    async with httpx2.AsyncClient() as client:
        with pytest.raises(httpx2.ReadTimeout):
            await client.post(ADDRESS, json={})

    assert watcher.only.origin is Origin.MOCKED
