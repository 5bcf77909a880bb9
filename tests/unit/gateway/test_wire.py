"""The way back to a client of the gateway."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.answering import APIS
from tests.support.gateways import LIBRARY, ask

from understudy.gateway import Addresses, Gateway, MockedTests
from understudy.mock import MockLLM

if TYPE_CHECKING:
    from collections.abc import Callable


class Watching:
    """An observer and what it watches: both write into one log."""

    def __init__(self, log: list[str]) -> None:
        self._log = log

    def begin(self, *_: object) -> Watching:
        """Watch."""
        return self

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: self._log.append(name)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
async def test_an_end_is_told_before_the_client_sees_it(*, stream: bool) -> None:
    """Whoever kills the gateway after an answer finds the call in the journal."""
    log: list[str] = []
    tests = MockedTests(APIS, lambda _: MockLLM(LIBRARY, profile="instant").reply("Hello there."))
    observer: Any = Watching(log)
    gateway = Gateway(Addresses(APIS), tests, observer=observer, note=log.append)

    async def logged(scope: Any, receive: Any, send: Any) -> None:
        async def noted(message: Any) -> None:
            if message["type"] == "http.response.body" and not message.get("more_body"):
                log.append("seen")
            await send(message)

        await gateway(scope, receive, noted)

    body = {"model": "gpt-5", "messages": [{"role": "user", "content": "Hi"}], "stream": stream}
    asked: Any = logged
    got = await ask(asked, "/v1/chat/completions", json.dumps(body).encode())

    assert got.status == 200
    assert log[-3:] == ["end", "seen", "close"]
