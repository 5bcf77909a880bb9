"""The one reading function, public as `understudy.read_exchange`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..calls import Exchange, Request, Response
from . import default_apis

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..wire import WireApis

    Headers = Mapping[str, str | bytes | Iterable[str | bytes]] | None


def read_exchange(  # noqa: PLR0913 - two messages, by keyword only
    *,
    method: str,
    url: str,
    request_headers: Headers = None,
    request_body: bytes | str | None = None,
    status: int,
    response_headers: Headers = None,
    response_body: bytes | str | None = None,
    codecs: WireApis | None = None,
) -> Exchange:
    """Read what one HTTP request to a model and its response say.

    Header names may be in any case, values texts or lists of them. Bodies may be
    compressed. Never raises: what cannot be read is None. A call that is no inference is
    named by `wire_api` and its provider, its `operation` is None.
    """
    return (codecs or default_apis()).read(
        Request(method.upper(), url, _headers(request_headers), _bytes(request_body)),
        Response(status, _headers(response_headers), _bytes(response_body)),
    )


def _headers(headers: Headers) -> dict[str, str]:
    return {_text(name).lower(): _value(value) for name, value in (headers or {}).items()}


def _value(value: str | bytes | Iterable[str | bytes]) -> str:
    if isinstance(value, str | bytes):
        return _text(value)
    return ", ".join(_text(one) for one in value)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(body: bytes | str | None) -> bytes:
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    return bytes(body or b"")
