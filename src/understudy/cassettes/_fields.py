"""The parts of a recorded message, in the forms that recorders have given them."""

from __future__ import annotations

import binascii
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_DEFAULT_PORTS: Final = (("https", 443), ("http", 80))


def body_bytes(message: dict[str, Any]) -> bytes:
    """Return the body of a recorded request or response.

    `parsed_body` (a structured body that a serializer kept), `body` or `content`; these are
    text, bytes, or `{"string": …}`, `{"encoding": …, "string": …}`, `{"base64_string": …}`.
    """
    if message.get("parsed_body") is not None:
        return _json(message["parsed_body"])
    body = message.get("content") if message.get("body") is None else message["body"]
    return _wrapped(body) if isinstance(body, dict) else _bytes(body)


def _wrapped(body: dict[str, Any]) -> bytes:
    if "base64_string" in body:
        return _base64(body["base64_string"])
    if "string" not in body:
        return _json(body)
    inner = body["string"]
    return _base64(inner) if str(body.get("encoding")).lower() == "base64" else _bytes(inner)


def _bytes(body: Any) -> bytes:
    if body is None or isinstance(body, bytes):
        return body or b""
    return body.encode("utf-8", "surrogatepass") if isinstance(body, str) else _json(body)


def _json(value: Any) -> bytes:
    return json.dumps(value, default=str).encode()


def _base64(text: Any) -> bytes:
    if isinstance(text, bytes):
        return text
    try:
        return binascii.a2b_base64(str(text))
    except ValueError:
        return str(text).encode()


def header_pairs(message: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return headers as pairs of name and value; a name with several values comes often.

    They are `{name: value or values}`, `[[name, value]]`, `[{"name":…, "value":…}]` or
    `["Name: value"]`.
    """
    return tuple(
        (_text(name), said) for name, value in _raw_pairs(message) for said in _values(value)
    )


def _raw_pairs(message: dict[str, Any]) -> Iterable[tuple[Any, Any]]:
    headers = message.get("headers") or {}
    return headers.items() if isinstance(headers, dict) else map(_pair, headers)


def _pair(header: Any) -> tuple[Any, Any]:
    if isinstance(header, dict):
        return header.get("name", ""), header.get("value", "")
    if isinstance(header, str | bytes):
        name, _, value = _text(header).partition(":")
        return name.strip(), value.strip()
    name, value = header
    return name, value


def _values(value: Any) -> list[str]:
    return [_text(one) for one in value] if isinstance(value, list | tuple) else [_text(value)]


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def status_of(response: dict[str, Any]) -> int:
    """Return the status: `status: {code: …}`, `status: …` or `status_code: …`."""
    status: Any = response.get("status", response.get("status_code"))
    return int(status["code"] if isinstance(status, dict) else status)


def reason_of(response: dict[str, Any]) -> str | None:
    """Return the reason phrase: `status: {message: …}`; None where the file has none."""
    status = response.get("status")
    said = status.get("message") if isinstance(status, dict) else response.get("reason")
    return None if said is None else _text(said)


def url_of(request: dict[str, Any]) -> str:
    """Return the address; before vcrpy 1 it stood in four parts."""
    url = request.get("uri", request.get("url"))
    if url is not None:
        return str(url)
    scheme, port = str(request["protocol"]), request.get("port")
    place = f":{port}" if port and (scheme, int(port)) not in _DEFAULT_PORTS else ""
    return f"{scheme}://{request['host']}{place}{request['path']}"
