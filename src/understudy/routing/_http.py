"""A provider behind a base URL that speaks OpenAI's chat API over HTTP. Needs httpx2."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ._errors import ProviderError, RouterConfigError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    import httpx2

    from ._provider import Body

_PATH = "/chat/completions"
_FIRST_REFUSAL = 400


class HttpProvider:
    """Asks `<base_url>/chat/completions`; what comes is handed on as it is.

    Args:
        name: what the registry calls it.
        base_url: as SDKs take it, such as `https://api.openai.com/v1`.
        key: sent as a bearer token; None for servers that want none.
        transport: of httpx2, for tests and proxies.

    Raises:
        RouterConfigError: httpx2 is not installed, or the URL is none.
    """

    def __init__(
        self, name: str, base_url: str, *, key: str | None = None, transport: Any = None
    ) -> None:
        self.name = name
        self._http = _httpx2()
        if not base_url.startswith(("http://", "https://")):
            msg = f"the provider {name!r} has base_url={base_url!r}: it begins with https://."
            raise RouterConfigError(msg)
        self._url = base_url.rstrip("/")
        self._options: dict[str, Any] = {
            "base_url": self._url,
            "headers": {"authorization": f"Bearer {key}"} if key else {},
            "transport": transport,
            "verify": self._trusted(),
        }
        self._client: httpx2.Client | None = None
        self._clients: dict[asyncio.AbstractEventLoop, httpx2.AsyncClient] = {}

    def _trusted(self) -> ssl.SSLContext:
        """Return whom to trust; without TLS nobody, as reading certificates takes a while."""
        if self._url.startswith("https:"):
            trusted: ssl.SSLContext = self._http.create_ssl_context()
            return trusted
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def __repr__(self) -> str:
        return f"<HttpProvider {self.name!r} {self._url}>"

    def complete(self, body: Body, *, timeout: float) -> str:
        """Return the answer's text.

        Raises:
            ProviderError: the provider refused.
            OSError: it could not be reached, or did not answer in time.
        """
        with self._errors():
            response = self._blocking().post(_PATH, json=body, timeout=timeout)
            self._check(response, response.text)
        return response.text

    def stream(self, body: Body, *, timeout: float) -> Iterator[str]:
        """Yield the data of the answer's events."""
        with (
            self._errors(),
            self._blocking().stream("POST", _PATH, json=body, timeout=timeout) as response,
        ):
            if response.status_code >= _FIRST_REFUSAL:
                self._check(response, response.read().decode(errors="replace"))
            events = Events()
            for line in response.iter_lines():
                yield from events.take(line)

    async def acomplete(self, body: Body, *, timeout: float) -> str:  # noqa: ASYNC109
        """Return the answer's text."""
        with self._errors():
            response = await self._awaited().post(_PATH, json=body, timeout=timeout)
            self._check(response, response.text)
        return response.text

    async def astream(self, body: Body, *, timeout: float) -> AsyncIterator[str]:  # noqa: ASYNC109
        """Yield the data of the answer's events."""
        client = self._awaited()
        with self._errors():
            async with client.stream("POST", _PATH, json=body, timeout=timeout) as response:
                if response.status_code >= _FIRST_REFUSAL:
                    self._check(response, (await response.aread()).decode(errors="replace"))
                events = Events()
                async for line in response.aiter_lines():
                    for data in events.take(line):
                        yield data

    def close(self) -> None:
        """Close the connections of threads."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    async def aclose(self) -> None:
        """Close the connections of this loop."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    def _blocking(self) -> httpx2.Client:
        if self._client is None:
            self._client = self._http.Client(**self._options)
        return self._client

    def _awaited(self) -> httpx2.AsyncClient:
        """Return the client of this loop: connections belong to one."""
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            self._clients = {one: its for one, its in self._clients.items() if not one.is_closed()}
            client = self._clients[loop] = self._http.AsyncClient(**self._options)
        return client

    def _check(self, response: Any, text: str) -> None:
        if response.status_code >= _FIRST_REFUSAL:
            msg = f"{self.name} answered {response.status_code}: {text[:300]}"
            raise ProviderError(
                msg, status=response.status_code, headers=dict(response.headers), body=text
            )

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Raise the library's errors as those of the standard library."""
        try:
            yield
        except self._http.TimeoutException as error:
            msg = f"{self.name} did not answer in time ({type(error).__name__})"
            raise TimeoutError(msg) from error
        except self._http.TransportError as error:
            msg = f"{self.name} could not be reached: {error}"
            raise ConnectionError(msg) from error


class Events:
    """Reads server-sent events, line by line."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def take(self, line: str) -> Iterator[str]:
        """Yield the data of an event that ends with a line, where it has any."""
        if line.startswith("data:"):
            self._lines.append(line[5:].removeprefix(" "))
        elif not line and self._lines:
            yield "\n".join(self._lines)
            self._lines.clear()


def _httpx2() -> Any:
    try:
        import httpx2  # noqa: PLC0415 - only those who ask over HTTP need it
    except ImportError:
        msg = "providers with a base URL need httpx2: pip install 'pytest-understudy[router]'"
        raise RouterConfigError(msg) from None
    return httpx2
