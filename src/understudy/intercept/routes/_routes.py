"""The router."""

from __future__ import annotations

from typing import TYPE_CHECKING

from respx.router import Router

from ._provider_route import ProviderRoute

if TYPE_CHECKING:
    import httpx
    from respx.models import Route

    from ...mock import MockLLM
    from ...wire import WireApis


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
