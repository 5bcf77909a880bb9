"""The registry of providers and their wire APIs, and what it makes of a request."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Self

from ..calls import Exchange, Prompt, Request, Response, is_loopback
from ..errors import UnknownNameError
from ._addresses import Hosts, OtherRequests
from ._provider import Provider
from ._reading import Question, read, read_request, skim
from ._reports import is_report
from ._target import Peek, Target, target_of
from ._watcher import StreamWatcher

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._answer import Draft
    from ._api import Asked, PromptReader, WireApi
    from .writing import ApiWriter, Failure, Rendered, Reply

_REMEMBERED = 512


@dataclass(frozen=True, slots=True)
class Recognised:
    """A call of an API that is known, the address it goes to, and what reads its conversation.

    `is_guess`: its address would fit, but the body that decides is not at hand. `servers` are the
    providers that name themselves in their answers, by these names.
    """

    api: WireApi
    target: Target
    prompt_reader: PromptReader
    is_guess: bool = False
    servers: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def provider(self) -> str:
        """Name who answers, host and port where nobody known does."""
        return self.target.provider

    def provider_told_by(self, response_headers: Mapping[str, str]) -> str:
        """Name who answered: on this machine, where many ports are nobody's, the answer may say."""
        target = self.target
        if target.known or not is_loopback(target.host):
            return target.provider
        return self.servers.get(response_headers.get("server", ""), target.provider)

    def asked(self, request: Request) -> Asked:
        """Read the model and whether a stream is wanted, for a call that found no answer."""
        return read_request(self.api, self.target, request)

    def question(self, request: Request) -> Question:
        """Read what is asked, and keep the body. Never raises."""
        return Question.of(self.api, self.target, request)

    def prompt(self, question: Question) -> Prompt:
        """Read what is said to the model; empty where nothing is known. Never raises."""
        with suppress(Exception):
            return self.prompt_reader(question.body)
        return Prompt()

    def watcher(self, response_headers: Mapping[str, str]) -> StreamWatcher:
        """Return a detector of the first content of the answer with these headers."""
        return StreamWatcher(self.api, response_headers)

    def skim(self, request: Request, response: Response) -> Draft:
        """Read all that the exchange says but for text and tool calls. Never raises."""
        return skim(self.api, self.target, request, response)

    def confirmed(self, request: Request, response: Response) -> Self | None:
        """Return this as no guess any more, where the answer is a model's; None where not."""
        draft = self.skim(request, response)
        is_answer = draft.usage is not None or draft.response_model or draft.finish_reason
        return replace(self, is_guess=False) if is_answer else None

    def read(self, request: Request, response: Response) -> Exchange:
        """Read the exchange, text and tool calls too. Never raises."""
        exchange = read(self.api, self.target, request, response)
        return replace(exchange, provider=self.provider_told_by(response.headers))


@dataclass(frozen=True)
class WireApis:
    """The providers in order: the first of their APIs that matches a request reads it.

    `unnamed` makes what reads requests that are no calls, by their names; `prompt_reader` reads
    the conversations of APIs that bring no reader of their own.
    """

    providers: tuple[Provider, ...]
    unnamed: Callable[[str], WireApi]
    prompt_reader: PromptReader
    _known: dict[tuple[str, str], Recognised | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _writers: dict[str, ApiWriter | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @cached_property
    def ordered(self) -> tuple[WireApi, ...]:
        """All APIs, in the order in which they are asked."""
        return tuple(api for provider in self.providers for api in provider.apis)

    def with_providers(self, *more: Provider) -> Self:
        """Return a registry that asks `more` before its own."""
        return replace(self, providers=(*more, *self.providers))

    def with_apis(self, *more: WireApi) -> Self:
        """Return a registry that asks `more`, which write nothing, before its own."""
        return self.with_providers(*(Provider(name=api.wire_api, apis=(api,)) for api in more))

    def provider(self, name: str) -> Provider:
        """Return what is known of a provider; of a stranger, its name."""
        found = next((each for each in self.providers if each.name == name), None)
        return found or Provider(name=name)

    def recognise(self, request: Request) -> Recognised | None:
        """Tell which API this is a call of; None where it is no call to a model.

        Never raises. What the address alone decides is remembered.
        """
        if request.method.upper() != "POST":
            return None
        try:
            return self._known[request.method, request.url]
        except KeyError:
            return self._look(request, Peek(request.body, request.headers))

    def guess(self, request: Request) -> Recognised | None:
        """Tell which API it is a call of if its body, which is not at hand, says so.

        None where the body is there. What is returned is to be `confirmed` by the answer.
        """
        if request.method.upper() != "POST" or (request.method, request.url) in self._known:
            return None
        found = self._look(request, Peek(request.body, request.headers, guesses=True))
        return None if found is None else replace(found, is_guess=True)

    def read(self, request: Request, response: Response) -> Exchange:
        """Read any exchange; one that is no call to a model is at least named."""
        recognised = self.recognise(request)
        if recognised is None and (guess := self.guess(request)) is not None:
            recognised = guess.confirmed(request, response)
        if recognised is not None:
            return recognised.read(request, response)
        target = self.target_of(request.method, request.url)
        name = self._others.name_of(target)
        api = next((one for one in self.ordered if one.wire_api == name), self.unnamed(name))
        return replace(read(api, target, request, response), operation=None)

    def write(self, question: Question, answer: Reply | Failure) -> Rendered:
        """Write an answer in the wire format of who is asked.

        Raises:
            UnknownNameError: nobody writes that wire API.
        """
        writer = self.writer_of(question.wire_api)
        if writer is None:
            kind = "wire API"
            raise UnknownNameError(kind, question.wire_api, [api.wire_api for api in self.ordered])
        return self._write(writer, question, answer)

    def writer_of(self, wire_api: str) -> ApiWriter | None:
        """Return what writes the answers of an API; None where nothing does."""
        if wire_api not in self._writers:
            found = (writer for each in self.providers if (writer := each.writer_of(wire_api)))
            self._writers[wire_api] = next(found, None)
        return self._writers[wire_api]

    def is_unwritten(self, wire_api: str) -> bool:
        """Tell whether a provider has this API, but nobody writes its answers."""
        if self.writer_of(wire_api) is not None:
            return False
        return any(api.wire_api == wire_api for api in self.ordered)

    def is_provider_request(self, request: Request) -> bool:
        """Tell whether a request goes to a provider: a model list, a file, a poll."""
        return self.other_name(request) is not None

    def other_name(self, request: Request) -> str | None:
        """Name a request to a provider that is no call; None where it goes to a stranger.

        What an SDK reports there on its own is nobody's request.
        """
        if is_report(request.method, request.url):
            return None
        target = self.target_of(request.method, request.url)
        name = self._others.name_of(target)
        return name if target.known or name != "other" else None

    def is_billed(self, name: str, method: str) -> bool:
        """Tell whether a request of that name is paid for, though its answer may not say so."""
        return method.upper() == "POST" and name in self._others.billed

    @cached_property
    def target_of(self) -> Callable[[str, str], Target]:
        """Take a method and an address apart; who answers there is told by the providers."""
        return lru_cache(maxsize=_REMEMBERED)(partial(target_of, Hosts(self.providers).provider_of))

    @cached_property
    def _others(self) -> OtherRequests:
        return OtherRequests(self.providers)

    def _look(self, request: Request, peek: Peek) -> Recognised | None:
        address = (request.method, request.url)
        target = self.target_of(*address)
        found = next((api for api in self.ordered if _matches(api, target, peek)), None)
        recognised = None if found is None else self._recognised(found, target)
        if not peek.taken:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[address] = recognised
        return recognised

    def _recognised(self, api: WireApi, target: Target) -> Recognised:
        return Recognised(api, target, self._reader_of(api), servers=self._servers)

    @cached_property
    def _servers(self) -> dict[str, str]:
        return {each.server: each.name for each in self.providers if each.server is not None}

    def _reader_of(self, api: WireApi) -> PromptReader:
        name = api.wire_api
        readers = (each.prompts[name] for each in self.providers if name in each.prompts)
        return next(readers, self.prompt_reader)

    @cached_property
    def _write(self) -> Callable[[ApiWriter, Question, Reply | Failure], Rendered]:
        from .writing import write  # noqa: PLC0415 - only who mocks anything pays for it

        return write


def _matches(api: WireApi, target: Target, peek: Peek) -> bool:
    try:
        return api.matches(target, peek)
    except Exception:  # noqa: BLE001  somebody else's API may raise
        return False
