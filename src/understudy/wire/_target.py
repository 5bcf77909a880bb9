"""Where a request goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from ..calls import is_loopback
from .streams import decoded_body

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LOCAL: Final = "localhost"
#: From here on Linux gives them out, the others from 49152 on.
_FIRST_FREE_PORT: Final = 32_768


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The address of a request, taken apart.

    `netloc` is host and port, `path` is without a trailing slash and still percent-encoded.
    `provider` is the name of who answers there; where nobody known does, it is `netloc`,
    `localhost` for a server of this machine whose port changes each time, and `known` is False.
    """

    method: str
    host: str
    netloc: str
    path: str
    query: str
    provider: str
    known: bool

    def segment_after(self, name: str) -> str | None:
        """Return the decoded path segment that follows the segment `name`."""
        _, found, rest = self.path.partition(f"/{name}/")
        return unquote(rest.partition("/")[0]) or None if found else None


def target_of(
    provider_of: Callable[[str, int | None], str | None], method: str, url: str
) -> Target:
    """Take `url` apart; one that cannot be parsed gives an empty host and path."""
    host, port, path, query = _parts(url)
    netloc = f"{host}:{port}" if port else host
    name = provider_of(host, port)
    return Target(
        method=method.upper(),
        host=host,
        netloc=netloc,
        path=path.rstrip("/"),
        query=query,
        provider=name or (_LOCAL if _is_fleeting(host, port) else netloc) or "unknown",
        known=name is not None,
    )


def _is_fleeting(host: str, port: int | None) -> bool:
    """Tell whether a server of this machine got a free port, which names nobody."""
    return port is not None and port >= _FIRST_FREE_PORT and is_loopback(host)


def _parts(url: str) -> tuple[str, int | None, str, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", None, "", ""
    return parts.hostname or "", port, parts.path, parts.query


class Peek:
    """A look into a request body, taken only where the address does not decide.

    `taken` tells whether anybody looked. `headers` say how the body is compressed. Where it is
    not at hand, or nothing here undoes that, what is asked for is there if `guesses`.
    """

    __slots__ = ("_body", "_guesses", "_headers", "taken")

    def __init__(
        self, body: bytes, headers: Mapping[str, str] | None = None, *, guesses: bool = False
    ) -> None:
        self._body = body
        self._headers = headers or {}
        self._guesses = guesses
        self.taken = False

    def mentions(self, *names: str) -> bool:
        """Tell whether all `names` occur as JSON keys or strings in the body."""
        if not self.taken:
            self.taken, self._body = True, decoded_body(self._headers, self._body)
        if not self._body:
            return self._guesses
        return all(f'"{name}"'.encode() in self._body for name in names)
