"""The router, and its routes to providers, which the understudy answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from respx.models import Route
from respx.patterns import Match, Pattern
from respx.router import Router

from ...calls import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx
    from respx.types import RouteResultTypes

    from ...mock import MockLLM
    from ...wire import WireApis


class _CallTo(Pattern):
    """Matches the calls to one provider, in every wire API that it speaks."""

    key = ""  # respx keeps no second class of one key, and this module may be loaded anew

    def __init__(self, provider: str, apis: WireApis) -> None:
        super().__init__(provider)
        self._apis = apis

    def match(self, request: httpx.Request) -> Match:
        """Tell whether `request` is such a call."""
        plain = Request(request.method, str(request.url), dict(request.headers), request.content)
        recognised = self._apis.recognise(plain)
        return Match(recognised is not None and recognised.provider == self.value)


class ProviderRoute(Route):
    """Takes the calls to one provider; the understudy answers them in its wire format.

    It answers plainly until it is told what to say, by the methods of `mock_llm`. Told by
    respx's own methods (`mock`, `respond`, `side_effect`, `pass_through`), it is a route of
    respx like any other.
    """

    def __init__(self, provider: str, mock: MockLLM, apis: WireApis) -> None:
        super().__init__(_CallTo(provider, apis))
        self.provider = provider
        self._mock = mock
        self._is_told = False

    @property
    def is_ready(self) -> bool:
        """Whether the understudy answers, and nothing that respx was told."""
        told = self.return_value is not None or self.side_effect is not None
        return not (told or self.is_pass_through)

    def reply(self, answer: Any = None, /, *, times: int | None = None, **options: Any) -> Self:
        """Answer as `mock_llm.reply` does."""
        self._is_told = True
        self._mock.on(provider=self.provider).reply(answer, times=times, **options)
        return self

    def replies(self, answers: Sequence[Any], /) -> Self:
        """Answer with one after the other."""
        self._is_told = True
        self._mock.on(provider=self.provider).replies(answers)
        return self

    def script(self, scenario: str, /) -> Self:
        """Answer with the turns of a scenario."""
        self._is_told = True
        self._mock.on(provider=self.provider).script(scenario)
        return self

    def auto_tools(self, *names: str) -> Self:
        """Call the tools of the request, then end."""
        self._is_told = True
        self._mock.on(provider=self.provider).auto_tools(*names)
        return self

    def fail(self, fault: str, /, *, times: int | None = None, **options: Any) -> Self:
        """Let a fault befall the calls."""
        self._mock.on(provider=self.provider).fail(fault, times=times, **options)
        return self

    def speak(self) -> None:
        """See that there is something to say, be it plain."""
        if not self._is_told:
            self.reply()

    def resolve(self, request: httpx.Request, **kwargs: Any) -> RouteResultTypes:
        """Answer as respx was told."""
        if self.is_ready:
            msg = (
                f"{request.method} {request.url} reached a route that the understudy answers, but "
                "by no client that it sees (httpx, httpx2, aiohttp, urllib3). Tell the route what "
                "to answer: .respond(…)."
            )
            raise AssertionError(msg)
        return super().resolve(request, **kwargs)


class Routes(Router):
    """A router of respx's, whose routes to providers are there as soon as they are named.

    Routes are asked in the order in which they were added or named; the first one that takes a
    request answers it. What none takes goes on to the network, where the guard refuses it.
    """

    def __init__(self, mock: MockLLM, apis: WireApis) -> None:
        super().__init__(assert_all_called=False)
        self._mock = mock
        self._apis = apis

    @property
    def mock_llm(self) -> MockLLM:
        """What answers the routes to providers: `.calls`, `.assert_resilient()`."""
        return self._mock

    @property
    def openai(self) -> ProviderRoute:
        """Calls to OpenAI: chat, Responses, embeddings."""
        return self.provider("openai")

    @property
    def anthropic(self) -> ProviderRoute:
        """Calls to Anthropic."""
        return self.provider("anthropic")

    @property
    def gemini(self) -> ProviderRoute:
        """Calls to Google's Gemini API; Vertex AI is `provider("vertex")`."""
        return self.provider("google")

    @property
    def bedrock(self) -> ProviderRoute:
        """Calls to Amazon Bedrock."""
        return self.provider("bedrock")

    @property
    def cohere(self) -> ProviderRoute:
        """Calls to Cohere."""
        return self.provider("cohere")

    @property
    def mistral(self) -> ProviderRoute:
        """Calls to Mistral."""
        return self.provider("mistral")

    @property
    def ollama(self) -> ProviderRoute:
        """Calls to Ollama, on this machine too."""
        return self.provider("ollama")

    def provider(self, name: str) -> ProviderRoute:
        """Return the route to a provider, `azure`, `groq` or `vertex`, by its name in events."""
        for route in self.routes:
            if isinstance(route, ProviderRoute) and route.provider == name:
                return route
        route = ProviderRoute(name, self._mock, self._apis)
        self.add(route)
        return route

    def taking(self, request: httpx.Request) -> Route | None:
        """Return the first route whose pattern fits a request."""
        fits = (route for route in self.routes if not route.pattern or route.pattern.match(request))
        return next(fits, None)
