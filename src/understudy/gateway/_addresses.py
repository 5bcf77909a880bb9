"""Where a request to the gateway would have gone without it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote, urlsplit

from ..calls import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    """Finds out which provider a request is for: by its prefix, else by what its path says.

    `bases` are where some providers answer, by their names, where it is not the usual place.
    """

    def __init__(self, apis: WireApis, bases: Mapping[str, str] | None = None) -> None:
        self.apis = apis
        self._bases = bases or {}
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
        request = _moved(request, self.base_of(provider) + asked)
        return request, self._fitting(request)

    def _fitting(self, request: Request) -> Recognised | None:
        """Recognise a call, by its path alone where its body says nothing: it is for a model."""
        found = self.apis.recognise(request)
        if found is None:
            found = self.apis.guess(Request(request.method, request.url, {}, b""))
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
                if self.apis.writer_of(api.wire_api) is not None:
                    return api.wire_api, self.base_of(provider)
        return "openai.chat", self.base_of(provider)

    def base_of(self, provider: Provider) -> str:
        """Return where a provider answers, without a slash at the end."""
        return self._bases.get(provider.name) or base_of(provider)

    def learnt(self, urls: Iterable[str]) -> Addresses:
        """Return addresses at which providers answer where they did at these URLs."""
        bases: dict[str, str] = {}
        for url in urls:
            found = self._fitting(Request("POST", url, {}, b""))
            if found is not None:
                parts = urlsplit(url)
                owner = None if found.target.known else self._owner_of(found.api.wire_api)
                name = found.provider if owner is None else owner.name
                bases.setdefault(name, f"{parts.scheme}://{parts.netloc}")
        return Addresses(self.apis, bases)

    def _owner_of(self, wire_api: str) -> Provider | None:
        owners = (each for each in self.apis.providers if each.writer_of(wire_api) is not None)
        return next(owners, None)

    def _guessed(self, request: Request) -> str:
        if "anthropic-version" in request.headers:
            return "anthropic"
        if "x-goog-api-key" in request.headers or "x-goog-api-client" in request.headers:
            return "google"
        return (self.apis.other_name(_moved(request, _ANYWHERE + request.url)) or "").split(".")[0]


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
