"""Sends a recorded request live, with nothing but the standard library."""

from __future__ import annotations

from http.client import HTTPException
from typing import TYPE_CHECKING, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from ...cassettes import RecordedResponse
from ...errors import CassetteError

if TYPE_CHECKING:
    from typing import Any

    from ...cassettes import RecordedRequest

_PATIENCE_SECONDS: Final = 120
_SCHEMES: Final = ("http", "https")


class _NoRedirects(HTTPRedirectHandler):
    """A key goes to the host that was recorded, and to no other."""

    def redirect_request(self, *_args: Any, **_options: Any) -> None:
        return None


def send(
    request: RecordedRequest, key: tuple[str, str], *, base_url: str | None = None
) -> RecordedResponse:
    """Return the live answer; `base_url` replaces scheme and host.

    Raises:
        CassetteError: no answer came, or the address is none that can be sent to.
    """
    url = request.url if base_url is None else _moved(request.url, base_url)
    if urlsplit(url).scheme not in _SCHEMES:
        msg = f"{url}: cannot be sent; give an address that begins with http:// or https://."
        raise CassetteError(msg)
    headers = {**dict(request.headers), "accept-encoding": "identity", key[0]: key[1]}
    live = Request(url, request.body or None, headers, method=request.method.upper())  # noqa: S310
    try:
        with build_opener(_NoRedirects).open(live, timeout=_PATIENCE_SECONDS) as answer:
            return _response(answer.status, answer.headers, answer.read())
    except HTTPError as error:
        with error:
            return _response(error.code, error.headers, error.read())
    except (URLError, HTTPException, OSError) as error:
        msg = f"{urlsplit(url).netloc}: no answer came: {type(error).__name__}: {error}"
        raise CassetteError(msg) from error


def _moved(url: str, base_url: str) -> str:
    base, parts = urlsplit(base_url), urlsplit(url)
    path = base.path.rstrip("/") + parts.path
    return urlunsplit((base.scheme, base.netloc, path, parts.query, ""))


def _response(status: int, headers: Any, body: bytes) -> RecordedResponse:
    return RecordedResponse(status=status, headers=tuple(headers.items()), body=body)
