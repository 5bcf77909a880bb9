"""The adapter of a gateway that runs already and speaks OpenAI's chat API."""

from __future__ import annotations

import json
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from ..errors import SettingsError
from ._adapter import RouterAdapter
from ._answer import Answer, Piece
from ._lacks import Lacks
from .mocks import Events, MockProviderError, ProviderServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._adapter import AdapterMaker, Providers
    from ._answer import RouterRequest
    from ._config import RouterConfig

_OK: Final = 200
_NAME: Final = "the gateway"
_PATIENCE: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Where a gateway is, and at which ports of loopback it expects its providers.

    `headers` go with each request, as a key does; `agent_header` names the agent, where one does.
    """

    url: str
    ports: Mapping[str, int]
    headers: Mapping[str, str] = field(default_factory=dict)
    agent_header: str = ""


def gateway_adapter(gateway: Gateway) -> AdapterMaker:
    """Return the adapter of a gateway that runs already, configured once and for all.

    Raises:
        SettingsError: its URL is none.
    """
    if urlsplit(gateway.url).scheme not in {"http", "https"}:
        msg = f"the gateway's url is {gateway.url!r}; write one like http://127.0.0.1:4000/v1."
        raise SettingsError(msg)
    return partial(GatewayAdapter, gateway=gateway)


class GatewayAdapter(RouterAdapter):
    """Asks a gateway over HTTP, whose providers are mocks on loopback.

    It can be told nothing, so what needs more than the standard registry is lacked.
    """

    real_time = True

    def __init__(self, providers: Providers, config: RouterConfig, *, gateway: Gateway) -> None:
        super().__init__(providers, config)
        config.only()
        if set(providers) != set(gateway.ports) or not config.registry:
            msg = f"the gateway runs already, with {', '.join(gateway.ports)}"
            raise Lacks(msg)
        self._gateway = gateway
        self._servers = ExitStack()
        for name, port in gateway.ports.items():
            self._servers.enter_context(ProviderServer(providers[name], port=port))

    def complete(self, request: RouterRequest) -> Answer:
        """Ask the gateway."""
        answer, connection = self._asked(request)
        with closing(connection):
            body = json.loads(answer.read())
        text = body["choices"][0]["message"]["content"]
        return Answer(text=text or "", model=body.get("model"), raw=body)

    def stream(self, request: RouterRequest) -> Iterator[Piece]:
        """Ask the gateway for a stream; only its `[DONE]` says that it is whole."""
        answer, connection = self._asked(request)
        with closing(connection):
            yield from _pieces(answer)

    def close(self) -> None:
        """Close the ports."""
        self._servers.close()

    def _asked(self, request: RouterRequest) -> tuple[HTTPResponse, HTTPConnection]:
        place, headers = urlsplit(self._gateway.url), dict(self._gateway.headers)
        if request.agent:
            if not self._gateway.agent_header:
                msg = "the gateway knows no agents"
                raise Lacks(msg)
            headers[self._gateway.agent_header] = request.agent
        kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
        connection = kind(place.netloc, timeout=_PATIENCE)
        headers = {"content-type": "application/json", **headers}
        path = f"{place.path.rstrip('/')}/chat/completions"
        connection.request("POST", path, json.dumps(request.body), headers)
        answer = connection.getresponse()
        if answer.status != _OK:
            told = {name.lower(): value for name, value in answer.getheaders()}
            with closing(connection):
                raise MockProviderError(_NAME, answer.status, told, answer.read())
        return answer, connection


def _pieces(answer: HTTPResponse) -> Iterator[Piece]:
    events = Events()
    while not events.is_done and (data := answer.read1()):
        yield from map(_piece, events.feed(data))
    if not events.is_done:
        msg = "the stream of the gateway ended without [DONE]"
        raise HTTPException(msg)
    yield Piece("", done=True)


def _piece(event: Mapping[str, Any]) -> Piece:
    if "error" in event:
        msg = f"the gateway says in its stream: {event['error']}"
        raise HTTPException(msg)
    deltas = [choice.get("delta", {}) for choice in event.get("choices", ())]
    return Piece("".join(delta.get("content") or "" for delta in deltas), raw=dict(event))
