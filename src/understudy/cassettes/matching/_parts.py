"""The parts of a request that can be compared, by vcrpy's words; equal where they mean the same."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from .._interaction import RecordedRequest

_BOUNDARY: Final = re.compile(r"boundary=\"?([^\";,]+)", re.IGNORECASE)
_FORM: Final = "application/x-www-form-urlencoded"
_UNREAD: Final = object()
_PORTS: Final = {"https": 443, "http": 80}
_STREAMING_PATHS: Final = (
    ":streamGenerateContent",
    ":streamRawPredict",
    "/converse-stream",
    "/invoke-with-response-stream",
)


def canonical_query(query: str, ignored: Collection[str] = ()) -> str:
    """Return a query sorted, without the names in `ignored` (lower case)."""
    pairs = parse_qsl(query, keep_blank_values=True) if query else ()
    kept = [pair for pair in sorted(pairs) if pair[0].lower() not in ignored]
    return compact(kept) if kept else ""


def canonical_text(request: RecordedRequest) -> str:
    """Return a body that is no JSON as text.

    A form is sorted; the boundary of a multipart body, drawn anew for each request, is named.
    """
    media_type = request.header("content-type") or ""
    text = request.body.decode("utf-8", "surrogateescape")
    if media_type.lower().startswith(_FORM):
        return canonical_query(text)
    boundary = _BOUNDARY.search(media_type)
    return text.replace(boundary[1], "boundary") if boundary else text


def compact(value: Any) -> str:
    """Return JSON on one line, keys sorted."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def json_value(body: bytes) -> Any:
    """Return a JSON object or array, its numbers in one form; None where it is no such thing."""
    if body.lstrip()[:1] not in {b"{", b"["}:
        return None
    try:
        return json.loads(body, parse_float=_number)
    except (ValueError, RecursionError):
        return None


def _number(text: str) -> float | int:
    """Read 1.0 and 1e0 as 1, so that they equal it."""
    number = float(text)
    return int(number) if number.is_integer() else number


class Parts:
    """One request, its address taken apart once."""

    __slots__ = ("_json", "ignored_query", "prune", "request", "url")

    def __init__(
        self,
        request: RecordedRequest,
        *,
        prune: Callable[[Any], Any] | None = None,
        ignored_query: Collection[str] = (),
    ) -> None:
        self.request = request
        self.url: SplitResult = urlsplit(request.url)
        self.prune = prune
        self.ignored_query = ignored_query
        self._json: Any = _UNREAD

    @property
    def json(self) -> Any:
        """The body's JSON object or array; None where it is no such thing."""
        if self._json is _UNREAD:
            self._json = json_value(self.request.body)
        return self._json

    def named(self, names: Collection[str]) -> dict[str, str]:
        """Return the parts of these names, and whether a stream is asked for."""
        return {name: PARTS[name](self) for name in names} | {"stream": stream(self)}


def method(parts: Parts) -> str:
    """Return the method."""
    return parts.request.method.upper()


def scheme(parts: Parts) -> str:
    """Return the scheme, in lower case."""
    return parts.url.scheme


def host(parts: Parts) -> str:
    """Return the host, in lower case."""
    return parts.url.hostname or ""


def port(parts: Parts) -> str:
    """Return the port; the scheme's own where the address names none."""
    return str(parts.url.port or _PORTS.get(parts.url.scheme) or "")


def path(parts: Parts) -> str:
    """Return the path; an empty one is `/`."""
    return parts.url.path or "/"


def query(parts: Parts) -> str:
    """Return the query, sorted, without ignorable names."""
    return canonical_query(parts.url.query, parts.ignored_query)


def uri(parts: Parts) -> str:
    """Return the whole address."""
    address = f"{parts.url.scheme}://{parts.url.netloc}{path(parts)}"
    return f"{address}?{query(parts)}"


def headers(parts: Parts) -> str:
    """Return all headers, names in lower case."""
    return compact(sorted([name.lower(), value] for name, value in parts.request.headers))


def body(parts: Parts) -> str:
    """Return JSON with sorted keys, without ignorable ones; any other body as text."""
    value = parts.json
    if value is None:
        return canonical_text(parts.request)
    return compact(value if parts.prune is None else parts.prune(value))


def raw_body(parts: Parts) -> str:
    """Return the body, byte for byte."""
    return parts.request.body.decode("latin-1")


def stream(parts: Parts) -> str:
    """Return `stream` where a stream is asked for: one never answers what is none."""
    url = parts.url
    if url.path.endswith(_STREAMING_PATHS) or "alt=sse" in url.query:
        return "stream"
    asks = b'"stream"' in parts.request.body and isinstance(parts.json, dict)
    return "stream" if asks and parts.json.get("stream") is True else ""


PARTS: Final[Mapping[str, Callable[[Parts], str]]] = {
    "method": method,
    "scheme": scheme,
    "host": host,
    "port": port,
    "path": path,
    "query": query,
    "uri": uri,
    "url": uri,
    "headers": headers,
    "body": body,
    "raw_body": raw_body,
}
