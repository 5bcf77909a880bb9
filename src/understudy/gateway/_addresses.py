"""Where a request to the gateway would have gone without it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from ..calls import Request

if TYPE_CHECKING:
    from ..wire import Provider, Recognised, WireApis

#: Names a test, where its path does not begin with `/_t/<id>`.
TEST_HEADER: Final = "x-understudy-test"
_TEST_PATH: Final = "/_t/"
_REMEMBERED: Final = 1024
_ANYWHERE: Final = "http://localhost"


class Address(NamedTuple):
    """What a path says: the test, empty for none; the provider, None for a bare path; the rest."""

    test: str
    provider: Provider | None
    path: str


class Addresses:
    """Finds out which provider a request is for: by its prefix, else by what its path says."""

    def __init__(self, apis: WireApis) -> None:
        self._apis = apis
        self._providers = {each.name: each for each in reversed(apis.providers)}
        self.read = lru_cache(maxsize=_REMEMBERED)(self._read)

    def _read(self, path: str) -> Address:
        """Take a path apart, still percent-encoded and without its query."""
        test = ""
        if path.startswith(_TEST_PATH):
            name, slash, rest = path[len(_TEST_PATH) :].partition("/")
            test, path = unquote(name), slash + rest
        name, slash, rest = path[1:].partition("/")
        provider = self._providers.get(unquote(name))
        return Address(test, provider, path if provider is None else slash + rest)

    def at_provider(self, request: Request, address: Address) -> tuple[Request, Recognised | None]:
        """Return the request as the provider would get it, and which call it is, if it is one.

        The URL of `request` holds nothing but path and query, behind all prefixes.
        """
        asked, provider = request.url, address.provider
        if provider is None:
            request = _moved(request, _ANYWHERE + asked)
            found = self._fitting(request)
            provider = None if found is None else self._owner_of(found.api.wire_api)
            if provider is None:
                return request, found
        request = _moved(request, base_of(provider) + asked)
        return request, self._fitting(request)

    def _fitting(self, request: Request) -> Recognised | None:
        """Recognise a call, by its path alone where its body says nothing: it is for a model."""
        found = self._apis.recognise(request)
        if found is None:
            found = self._apis.guess(Request(request.method, request.url, {}, b""))
        return found and replace(found, is_guess=False)

    def shape_of(self, request: Request, provider: Provider | None) -> tuple[str, str]:
        """Return the API in whose shape a request is refused that is no call, and a URL for it.

        It is the first that the provider has; that of whose price list it has, as Vertex AI has
        Google's; else OpenAI's, which most of the others speak. A bare path may tell by its name,
        or its headers do.
        """
        if provider is None:
            provider = self._providers.get(self._guessed(request), self._providers["openai"])
        for name in (provider.name, provider.price_list, "openai"):
            for api in self._providers[name].apis if name in self._providers else ():
                if self._apis.writer_of(api.wire_api) is not None:
                    return api.wire_api, base_of(provider)
        return "openai.chat", base_of(provider)

    def _owner_of(self, wire_api: str) -> Provider | None:
        owners = (each for each in self._apis.providers if each.writer_of(wire_api) is not None)
        return next(owners, None)

    def _guessed(self, request: Request) -> str:
        if "anthropic-version" in request.headers:
            return "anthropic"
        if "x-goog-api-key" in request.headers or "x-goog-api-client" in request.headers:
            return "google"
        return (self._apis.other_name(_moved(request, _ANYWHERE + request.url)) or "").split(".")[0]


def base_of(provider: Provider) -> str:
    """Return where a provider answers, without a slash at the end; one without a host is named."""
    if provider.hosts:
        return f"https://{provider.hosts[0]}"
    if provider.suffixes:
        suffix = provider.suffixes[0]
        before = provider.host_word or provider.name
        return f"https://{before}{suffix}" if suffix.startswith(".") else f"https://{suffix}"
    ports = (*provider.local_ports, *provider.ports)
    return f"{_ANYWHERE}:{ports[0]}" if ports else f"http://{provider.name}"


def _moved(request: Request, url: str) -> Request:
    return Request(request.method, url, request.headers, request.body)
