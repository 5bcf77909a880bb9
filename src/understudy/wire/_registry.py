"""The registry of wire APIs, and what it makes of a request."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from . import codecs
from ._naming import wire_api_of
from ._reading import read, read_request, skim
from ._target import Peek, Target, target_of
from ._watcher import StreamWatcher

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from ..calls import Exchange, Request, Response
    from ._api import Asked, WireApi
    from ._draft import Draft

_REMEMBERED = 512


@dataclass(frozen=True, slots=True)
class Recognised:
    """A call that a codec knows, and the address it goes to."""

    api: WireApi
    target: Target

    @property
    def provider(self) -> str:
        """Name who answers, host and port where nobody known does."""
        return self.target.provider

    def asked(self, request: Request) -> Asked:
        """Read the model and whether a stream is wanted, for a call that found no answer."""
        return read_request(self.api, self.target, request)

    def watcher(self, response_headers: Mapping[str, str]) -> StreamWatcher:
        """Return a detector of the first content of the answer with these headers."""
        return StreamWatcher(self.api, response_headers)

    def skim(self, request: Request, response: Response) -> Draft:
        """Read all that the exchange says but for text and tool calls. Never raises."""
        return skim(self.api, self.target, request, response)

    def read(self, request: Request, response: Response) -> Exchange:
        """Read the exchange, text and tool calls too. Never raises."""
        return read(self.api, self.target, request, response)


@dataclass(frozen=True, slots=True)
class WireApis:
    """An ordered registry: the first codec that matches a request reads it."""

    ordered: tuple[WireApi, ...]
    _known: dict[tuple[str, str], Recognised | None] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def default(cls) -> Self:
        """Return the wire APIs that understudy brings."""
        return cls(
            (
                codecs.OpenAIChat(),
                codecs.OpenAIResponses(),
                codecs.OpenAIEmbeddings(),
                codecs.OpenAICompletions(),
                codecs.AnthropicMessages(),
                codecs.AnthropicComplete(),
                codecs.Gemini(),
                codecs.GeminiEmbed(),
                codecs.GoogleInteractions(),
                codecs.BedrockConverse(),
                codecs.BedrockInvoke(),
                codecs.CohereChatV1(),
                codecs.CohereChatV2(),
                codecs.CohereGenerateV1(),
                codecs.CohereEmbed("v1"),
                codecs.CohereEmbed("v2"),
                codecs.OllamaChat(),
                codecs.OllamaGenerate(),
                codecs.OllamaEmbed(),
            )
        )

    def with_apis(self, *more: WireApi) -> Self:
        """Return a registry that asks `more` before its own."""
        return replace(self, ordered=(*more, *self.ordered), _known={})

    def recognise(self, request: Request) -> Recognised | None:
        """Tell which codec reads this call; None where it is no call to a model.

        Never raises. What the address alone decides is remembered.
        """
        if request.method.upper() != "POST":
            return None
        address = (request.method, request.url)
        try:
            return self._known[address]
        except KeyError:
            return self._look(address, request.body)

    def read(self, request: Request, response: Response) -> Exchange:
        """Read any exchange; one that is no call to a model is at least named."""
        recognised = self.recognise(request)
        if recognised is not None:
            return recognised.read(request, response)
        target = target_of(request.method, request.url)
        name = wire_api_of(target)
        api = next((one for one in self.ordered if one.wire_api == name), codecs.Unread(name))
        return replace(read(api, target, request, response), operation=None)

    def _look(self, address: tuple[str, str], body: bytes) -> Recognised | None:
        target, peek = target_of(*address), Peek(body)
        found = next((api for api in self.ordered if _matches(api, target, peek)), None)
        recognised = None if found is None else Recognised(found, target)
        if not peek.taken:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[address] = recognised
        return recognised


def _matches(api: WireApi, target: Target, peek: Peek) -> bool:
    try:
        return api.matches(target, peek)
    except Exception:  # noqa: BLE001  somebody else's codec may raise
        return False
