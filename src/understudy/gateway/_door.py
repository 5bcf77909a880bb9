"""Who may come in: who has the token, or who is on this machine and names it."""

from __future__ import annotations

import hmac
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from ..errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: Where SDKs send their keys, and so the token.
KEY_HEADERS: Final = ("x-api-key", "api-key", "x-goog-api-key")
_BEARER: Final = "bearer "
_SHORTEST: Final = 8
_LOCAL: Final = frozenset({"localhost", "ip6-localhost"})


@dataclass(frozen=True, slots=True)
class Refused:
    """Why somebody may not come in, with an HTTP status; `challenge` asks for the token."""

    status: int
    message: str
    challenge: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """Checks the token where there is one, else the name by which the gateway is called.

    A web page can make a browser call this machine by a name that it lets point here (DNS
    rebinding), but not by an address in numbers, and it does not know a token.
    """

    token: bytes | None = field(default=None, repr=False)
    host: str = "127.0.0.1"

    def refusal(self, headers: Mapping[str, str]) -> Refused | None:
        """Tell why a request with these headers may not come in; None where it may."""
        if self.token is None:
            return None if self._is_ours(headers.get("host", "")) else _STRANGE_HOST
        offered = list(_offered(headers))
        if any(hmac.compare_digest(each.encode("latin-1"), self.token) for each in offered):
            return None
        return _WRONG_TOKEN if offered else _NO_TOKEN

    def without_token(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return the headers that are handed on: those that hold the token are not."""
        if self.token is None:
            return dict(headers)
        secret = self.token.decode("latin-1")
        return {name: value for name, value in headers.items() if secret not in value}

    def _is_ours(self, netloc: str) -> bool:
        return _is_local(netloc) or _name_of(netloc).lower() == self.host.lower()


_STRANGE_HOST: Final = Refused(
    403, "this gateway is not called by that Host: use its address, or give it a token."
)
_NO_TOKEN: Final = Refused(
    401, "this gateway wants its token: as a bearer token, or in x-api-key.", challenge=True
)
_WRONG_TOKEN: Final = Refused(401, "that is not the token of this gateway.", challenge=True)


def read_token(path: Path) -> bytes:
    """Read the token out of a file, without the white space around it.

    Raises:
        SettingsError: it cannot be read, or holds no token.
    """
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: the token cannot be read: {error}"
        raise SettingsError(msg) from None
    if len(token) < _SHORTEST or not token.isascii() or not token.isprintable() or " " in token:
        msg = (
            f"{path}: no token: write one word of {_SHORTEST} characters or more, of ASCII, like"
            " that of: openssl rand -hex 16"
        )
        raise SettingsError(msg)
    return token.encode()


def _offered(headers: Mapping[str, str]) -> Iterator[str]:
    bearer = headers.get("authorization", "")
    if bearer[: len(_BEARER)].lower() == _BEARER:
        yield bearer[len(_BEARER) :].strip()
    yield from (headers[name] for name in KEY_HEADERS if name in headers)


@lru_cache(maxsize=64)
def _is_local(netloc: str) -> bool:
    """Tell whether a `Host` is an address in numbers, or a name of the machine itself."""
    name = _name_of(netloc).lower()
    with suppress(ValueError):
        ip_address(name)
        return True
    return name in _LOCAL or name.endswith(".localhost")


def _name_of(netloc: str) -> str:
    if netloc.startswith("["):
        return netloc[1:].partition("]")[0]
    return netloc.partition(":")[0]
