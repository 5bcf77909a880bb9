"""Whether a provider still answers as it was recorded: asks it again, and says what differs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from ..errors import CassetteError
from ..wire import WireApis, decoded_body
from ..wire.streams import DONE, framing_of
from ._interaction import Interaction, RecordedRequest, RecordedResponse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..calls import Exchange

_SHOWN: Final = 5
_PATIENCE_SECONDS: Final = 120
_SCHEMES: Final = ("http", "https")


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that differs; `recorded` and `live` are as they are shown."""

    what: str
    recorded: str
    live: str

    def __str__(self) -> str:
        return f"{self.what}: {self.recorded} -> {self.live}"


def drifts(
    request: RecordedRequest, recorded: RecordedResponse, live: RecordedResponse, apis: WireApis
) -> list[Drift]:
    """Compare status, model, finish reason, tokens of the input, and the answers' shapes.

    Words and tokens of the output differ each time and are no drift.
    """
    then, now = (_facts(Interaction(request, each).read(apis)) for each in (recorded, live))
    found = [
        Drift(what, _shown(then[what]), _shown(now[what]))
        for what in then
        if then[what] != now[what]
    ]
    old, new = shape_of(recorded), shape_of(live)
    if then["status"] == now["status"] and old != new:
        found.append(Drift("shape", _listed("gone", old - new), _listed("new", new - old)))
    return found


def _facts(exchange: Exchange) -> dict[str, object]:
    return {
        "status": exchange.status,
        "model": exchange.response_model,
        "finish reason": exchange.finish_reason,
        "input tokens": None if exchange.usage is None else exchange.usage.input_tokens,
    }


def _listed(word: str, paths: frozenset[str]) -> str:
    shown = sorted(paths)[:_SHOWN]
    more = f" and {len(paths) - len(shown)} more" if len(paths) > len(shown) else ""
    return f"{word} {', '.join(shown)}{more}" if shown else f"nothing {word}"


def _shown(value: object) -> str:
    return "unknown" if value is None else str(value)


def shape_of(response: RecordedResponse) -> frozenset[str]:
    """Return the fields as `choices[].message.content: text`; of a stream, those of all events.

    A field that is null has no shape: it may be anything another time.
    """
    encoding = response.header("content-encoding") or ""
    body = decoded_body({"content-encoding": encoding}, response.body)
    return frozenset(path for value in _values(body) for path in _paths(value, ""))


def _values(body: bytes) -> Iterator[Any]:
    """Yield the one value, or each event of a stream."""
    try:
        yield json.loads(body)
    except ValueError:
        framing = framing_of(body)
        if framing is not None:
            splitter = framing()
            for piece in (*splitter.feed(body), *splitter.rest()):
                yield from (event for event in splitter.events(piece) if event is not DONE)


def _paths(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _paths(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner, f"{path}[]")
    elif value is not None:
        kinds = {bool: "true or false", str: "text"}
        yield f"{path}: {kinds.get(type(value), 'number')}"


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
