"""A router behind a gateway: OpenAI's SDK, providers over HTTP, and what is stored."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.answering import APIS
from tests.support.gateways import ask, served
from tests.support.served import ServedMock

from understudy.app import open_router
from understudy.calls import Origin
from understudy.events import CallEvent
from understudy.extensions import find_extensions
from understudy.gateway import Addresses, Gateway, Routed
from understudy.program.gateway_run import GatewayRun
from understudy.routing import ProviderError, Registry, Router
from understudy.routing.router_file import read_router_file
from understudy.store import open_store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

CHAT = "/openai/v1/chat/completions"
USER: Any = [{"role": "user", "content": "Hello"}]
FILE = """
[[provider]]
name = "upstream"
base_url = "{url}/v1"
key_env = "UPSTREAM_KEY"
models = ["gpt*"]

[cache]

[retry]
base_seconds = 0.01
"""


def test_a_router_answers_an_sdk(tmp_path: Path) -> None:
    """Whole, from its cache, streamed, and after another try; each call upstream is stored once."""
    openai = pytest.importorskip("openai")
    file, store = tmp_path / "router.toml", tmp_path / "calls.db"
    extensions = find_extensions((), pyproject=tmp_path / "pyproject.toml")
    run = GatewayRun(str(store), root=tmp_path, extensions=extensions, is_tapped=True)
    with ServedMock() as upstream:
        file.write_text(FILE.format(url=upstream.url))
        upstream.mock.reply("Bonjour\ntout le monde")
        upstream.mock.fail("unavailable", times=1)
        routed = Routed(
            open_router(
                read_router_file(file),
                prices=extensions.prices,
                environment={"UPSTREAM_KEY": "sk-upstream-secret"},
            )
        )
        gateway = Gateway(Addresses(APIS), None, router=routed, note=pytest.fail)
        with (
            served(gateway, routed.aclose) as url,
            openai.OpenAI(base_url=f"{url}/v1", api_key="caller", max_retries=0) as client,
        ):
            chat = client.chat.completions.with_raw_response
            answers = [chat.create(model="gpt-4o", messages=USER) for _ in range(2)]
            streamed = client.chat.completions.create(model="gpt-4o", messages=USER, stream=True)
            text = "".join(each.choices[0].delta.content or "" for each in streamed if each.choices)
            with pytest.raises(openai.NotFoundError, match="claude"):
                chat.create(model="claude", messages=USER)
        sent = [call.call for call in upstream.mock.calls]
        host = upstream.url.removeprefix("http://")
    run.close()

    assert [each.headers["x-understudy-cache"] for each in answers] == ["miss", "hit"]
    assert answers[0].headers["x-understudy-attempts"] == "2"
    assert [each.parse().choices[0].message.content for each in answers] == [text, text]
    assert text == "Bonjour\ntout le monde"
    assert len(sent) == 3
    with open_store(store, create=False) as opened:
        events = [each for each in opened.events(run.run_id) if isinstance(each, CallEvent)]
    assert [(each.origin, each.http_status) for each in events if each.host == host] == [
        (Origin.LIVE, 503),
        (Origin.LIVE, 200),
        (Origin.LIVE, 200),
    ]
    assert b"upstream-secret" not in store.read_bytes()


class _Provider:
    """Streams what it is told; an error breaks it off."""

    name = "p"

    def __init__(self, *events: Any) -> None:
        self._events = events

    async def acomplete(self, body: Any, *, timeout: float) -> str:
        """Refuse, as told."""
        raise self._events[0]

    async def astream(self, body: Any, *, timeout: float) -> AsyncIterator[Any]:
        """Yield the events."""
        for each in self._events:
            if isinstance(each, Exception):
                raise each
            yield each


def _asked(*events: Any, stream: bool) -> Any:
    router = Router([_Provider(*events)], Registry({"m": "p"}))
    gateway = Gateway(Addresses(APIS), None, router=Routed(router), note=pytest.fail)
    body = json.dumps({"model": "m", "messages": USER, "stream": stream}).encode()
    return asyncio.run(ask(gateway, CHAT, body))


def test_a_stream_that_breaks_off_does_not_look_whole() -> None:
    """An error is its last event, and no `[DONE]` comes."""
    content = {"choices": [{"index": 0, "delta": {"content": "Bon"}}]}

    got = _asked(content, ConnectionResetError("gone"), stream=True)

    *_, last, end = got.body.decode().split("\n\n")
    assert (got.status, end) == (200, "")
    assert "Bon" in got.body.decode()
    assert json.loads(last.removeprefix("data: "))["error"]["code"] == 502
    assert b"[DONE]" not in got.body


def test_what_a_provider_says_is_handed_on() -> None:
    """Its refusal, word for word; what is none gets words of ours and the status that fits."""
    body = json.dumps({"error": {"message": "too long", "code": "context_length_exceeded"}})

    refused = _asked(ProviderError("no", status=400, body=body), stream=False)
    failed = _asked(*[ConnectionError("gone")] * 3, stream=True)

    assert (refused.status, refused.body.decode()) == (400, body)
    assert failed.status in {502, 503}
    assert json.loads(failed.body)["error"]["message"]


def test_a_router_takes_openais_chat_alone() -> None:
    """Other APIs are nobody's where no mock answers beside it."""
    router = Router([_Provider()], Registry({"m": "p"}))
    gateway = Gateway(Addresses(APIS), None, router=Routed(router), note=pytest.fail)

    got = asyncio.run(ask(gateway, "/v1/messages", b'{"messages": [], "model": "m"}'))

    assert got.status == 404
    assert "the router takes openai.chat" in json.loads(got.body)["error"]["message"]
