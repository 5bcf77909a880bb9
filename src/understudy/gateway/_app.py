"""The gateway as an ASGI application."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from ..cassettes.player import CassetteMiss
from ..errors import printable
from ..mock import MockError
from ..routing import RouterError
from . import _routed
from ._addresses import TEST_HEADER
from ._answers import GatewayCall
from ._door import Door
from ._refusals import Refusals
from ._routed import ROUTED, Routed
from ._watch import UNWATCHED, Watch
from ._wire import BodyError, ClientLeft, Exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..calls import Request
    from ..intercept import Observer
    from ..wire import Recognised
    from ..wire.writing import Headers
    from ._addresses import Address, Addresses
    from ._answers import Answers
    from ._wire import Receive, Scope, Send

#: Files are uploaded in bodies, too.
MOST_BODY_BYTES: Final = 64 << 20
_FORM: Final = "multipart/form-data"
_NOT_THERE: Final = frozenset({"unmatched-call", "cassette-miss"})


class Own(Protocol):
    """Answers at paths that are no provider's."""

    def takes(self, path: str) -> bool:
        """Tell whether a path is one of these."""

    async def handle(self, exchange: Exchange, test: str, path: str) -> None:
        """Answer a request of a test, whose name may be empty."""


class _Unanswered(Exception):  # noqa: N818 - the client made it, or a rule is missing
    """A request gets an error: its status, and what the client is told."""

    def __init__(
        self,
        status: int,
        message: str,
        headers: Headers = (),
        recognised: Recognised | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers
        self.recognised = recognised


class Gateway:
    """Answers HTTP requests of every API that is known, by whoever answers.

    Args:
        addresses: tell who is asked.
        answers: who answers the calls, where anybody does.
        router: who answers chat requests of OpenAI's, before them; it sees to who watches.
        door: who may come in.
        observer: who watches the calls.
        own: who answers at paths that are the gateway's own: what tests say, what is shown.
        note: takes what went wrong with the gateway itself, a line of text.
    """

    def __init__(
        self,
        addresses: Addresses,
        answers: Answers | None,
        *,
        door: Door | None = None,
        observer: Observer | None = None,
        own: tuple[Own, ...] = (),
        router: Routed | None = None,
        note: Callable[[str], None],
    ) -> None:
        self.most_body_bytes = MOST_BODY_BYTES
        self._router = router
        self._answers = answers
        self._door = door or Door()
        self._observer = observer
        self._own = own
        self._note = note
        self._addresses = addresses
        self._refusals = Refusals(addresses)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Satisfies ASGI."""
        if scope["type"] != "http":
            return
        exchange = Exchange(scope, receive, send)
        try:
            await self._handle(exchange)
        except ClientLeft:
            pass
        except asyncio.CancelledError:
            exchange.drop(reset=False)  # the server ends: what is not whole must not look so
            raise

    async def _handle(self, exchange: Exchange) -> None:
        if exchange.path == "/healthz" and exchange.method in {"GET", "HEAD"}:
            await exchange.respond_json({"status": "ok"}, cache_control="no-store")
            return
        address = self._addresses.read(exchange.path)
        request = exchange.request(address.path, b"")
        try:
            self._admit(exchange)
            for each in self._own:
                if each.takes(address.path):
                    await each.handle(exchange, _test_of(exchange, address), address.path)
                    return
            request = exchange.request(address.path, await exchange.body(self.most_body_bytes))
            await self._answer(exchange, request, address)
        except _Unanswered as told:
            await self._refuse(exchange, request, address, told)
        except BodyError as error:
            await self._refuse(exchange, request, address, _Unanswered(error.status, str(error)))
        except (ClientLeft, ConnectionResetError):  # a foreign server hangs up by itself
            raise
        except Exception as error:  # noqa: BLE001 - a client never sees a fault of ours as it is
            self._note(f"{exchange.method} {printable(exchange.path)}: {error!r}")
            if exchange.has_begun:
                await exchange.hang_up(reset=False)
                return
            fault = _Unanswered(500, "the gateway failed; what it says on stderr tells why.")
            await self._refuse(exchange, request, address, fault)

    def _admit(self, exchange: Exchange) -> None:
        refused = self._door.refusal(exchange.headers)
        if refused is not None:
            asked = (("www-authenticate", "Bearer"),) if refused.challenge else ()
            raise _Unanswered(refused.status, refused.message, asked)
        exchange.headers = self._door.without_token(exchange.headers)

    async def _answer(self, exchange: Exchange, request: Request, address: Address) -> None:
        request, recognised = self._addresses.at_provider(request, address)
        if recognised is None:
            raise _Unanswered(*self._no_call(request, address))
        question = recognised.question(request)
        if not question.body and _FORM not in request.headers.get("content-type", ""):
            raise _Unanswered(400, "the body is no JSON object.", recognised=recognised)
        if self._router is not None and question.wire_api == ROUTED:
            await self._route(self._router, exchange, question.body, recognised)
            return
        if self._answers is None:
            message = f"{question.wire_api} is not answered here: the router takes {ROUTED}."
            raise _Unanswered(404, message, recognised=recognised)
        call = GatewayCall(request, recognised, question, _test_of(exchange, address))
        watch = self._watch(request)
        try:
            answer = await self._answers.answer(call)
        except (MockError, CassetteMiss) as error:
            if isinstance(error, CassetteMiss):
                watch.tell("answered", error.event_fields)
            watch.tell("fail", error)
            status = 404 if error.slug in _NOT_THERE else 400
            told = (("x-understudy-error", error.slug),)
            raise _Unanswered(status, str(error), told, recognised) from None
        if answer is None:
            message = f"nobody here answers calls of {recognised.api.wire_api}."
            raise _Unanswered(404, message, recognised=recognised)
        await exchange.play(answer, watch)

    async def _route(
        self,
        router: Routed,
        exchange: Exchange,
        body: Mapping[str, Any],
        recognised: Recognised,
    ) -> None:
        try:
            await router.answer(exchange, body)
        except RouterError as error:
            if exchange.has_begun:
                await router.break_off(exchange, error)
                return
            status, told = _routed.status_of(error), _routed.headers_of(error)
            said = _routed.body_of(error)
            if said is None:
                raise _Unanswered(status, str(error), told, recognised) from None
            await exchange.respond(status, (("content-type", "application/json"), *told), said)

    def _watch(self, request: Request) -> Watch:
        if self._observer is None:
            return UNWATCHED
        return Watch(self._observer, self._observer.begin("gateway", request))

    def _no_call(self, request: Request, address: Address) -> tuple[int, str, Headers]:
        if request.method == "POST":
            return 404, f"{printable(address.path)} is no path of a model that is known here.", ()
        path, post = address.path, replace(request, method="POST", url=address.path)
        _, as_post = self._addresses.at_provider(post, address)
        if as_post is None:
            return 404, f"{request.method} {printable(path)} is not answered here: calls are.", ()
        return 405, f"{printable(path)} takes POST, not {request.method}.", (("allow", "POST"),)

    async def _refuse(
        self, exchange: Exchange, request: Request, address: Address, told: _Unanswered
    ) -> None:
        rendered = self._refusals.write(request, address, told.status, str(told), told.recognised)
        await exchange.respond(rendered.status, (*rendered.headers, *told.headers), rendered.body)


def _test_of(exchange: Exchange, address: Address) -> str:
    return address.test or exchange.headers.get(TEST_HEADER, "")
