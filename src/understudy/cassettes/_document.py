"""A recorded interaction as vcrpy's files hold it, in the forms that recorders have given it."""

from __future__ import annotations

import binascii
import json
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from ._interaction import Headers, Interaction, RecordedError, RecordedRequest, RecordedResponse
from ._timing import timing_document, timing_of

if TYPE_CHECKING:
    from collections.abc import Mapping


_REQUEST_KEYS: Final = frozenset({"method", "uri", "url", "headers", "body"})
_RESPONSE_KEYS: Final = frozenset(
    {
        *("llm_view", "status", "headers", "body"),
        *("llm_complete", "llm_error", "llm_timing", "llm_recorded_at"),
    }
)
_DEFAULT_PORTS: Final = (("https", 443), ("http", 80))
#: Three digits that are no part of a longer number; 0 is what browsers write of no answer.
_STATUS: Final = re.compile(r"(?<![\w.+-])(?:[1-9]\d\d|0)(?:\.0+)?(?![\w.])")
_SHOWN: Final = 40


def document_of(recorded: Interaction) -> dict[str, Any]:
    """Return the document of an interaction, in the order in which it is read best."""
    request = recorded.request
    return {
        "request": {
            "method": request.method,
            "uri": request.url,
            "headers": _headers_document(request.headers),
            "body": _text_or_bytes(request.body),
            **_sorted(request.extra),
        },
        "response": _response_document(recorded.response),
    }


def interaction_of(document: Mapping[str, Any]) -> Interaction:
    """Return the interaction of a document.

    Raises:
        AttributeError, KeyError, TypeError, ValueError: the document is damaged.
    """
    request: dict[str, Any] = document["request"]
    return Interaction(
        RecordedRequest(
            method=_method(request),
            url=_url(request),
            headers=header_pairs(request),
            body=body_bytes(request),
            extra=_others(request, _REQUEST_KEYS),
        ),
        _response(document["response"]),
    )


def _method(request: dict[str, Any]) -> str:
    """Return the method, which Ruby VCR 1 wrote as a symbol."""
    return _text(request.get("method") or "GET").removeprefix(":")


def _response(document: dict[str, Any]) -> RecordedResponse:
    timing, error = document.get("llm_timing"), document.get("llm_error")
    return RecordedResponse(
        status=status_of(document),
        reason=_reason(document),
        headers=header_pairs(document),
        body=body_bytes(document),
        timing=None if timing is None else timing_of(timing),
        complete=document.get("llm_complete") is not False,
        error=None if error is None else _error(error),
        recorded_at=_moment(document.get("llm_recorded_at")),
        view=document.get("llm_view"),
        extra=_others(document, _RESPONSE_KEYS),
    )


def _response_document(response: RecordedResponse) -> dict[str, Any]:
    document: dict[str, Any] = {} if response.view is None else {"llm_view": response.view}
    if response.recorded_at is not None:
        # Before the body, so that a file whose end is missing is known as ours.
        moment = response.recorded_at.astimezone(UTC)
        document["llm_recorded_at"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    document |= {
        "status": {"code": response.status, "message": response.reason},
        "headers": _headers_document(response.headers),
        "body": {"string": _text_or_bytes(response.body)},
    }
    if not response.complete:
        document["llm_complete"] = False
    if (error := response.error) is not None:
        before_head = {"before_head": True} if error.before_head else {}
        document["llm_error"] = {"kind": error.kind, "text": error.text, **before_head}
    if response.timing is not None:
        document["llm_timing"] = timing_document(response.timing)
    return document | _sorted(response.extra)


def _headers_document(headers: Headers) -> dict[str, list[str]]:
    """Group the values by name, sorted: the order in which headers are sent tells nothing."""
    names: dict[str, str] = {}
    grouped: dict[str, list[str]] = {}
    for raw_name, value in headers:
        name = _header_text(raw_name)
        grouped.setdefault(names.setdefault(name.lower(), name), []).append(_header_text(value))
    return {name: grouped[name] for name in sorted(grouped, key=str.lower)}


def _header_text(text: str) -> str:
    """Return the bytes that a client could not decode as the characters that they are."""
    if text.isascii():
        return text
    with suppress(UnicodeEncodeError):
        text.encode()
        return text
    with suppress(UnicodeEncodeError):
        return text.encode("utf-8", "surrogateescape").decode("latin-1")
    return text.encode("utf-8", "replace").decode()


def _text_or_bytes(body: bytes) -> str | bytes:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body


def _sorted(extra: Mapping[str, Any]) -> dict[str, Any]:
    return {key: extra[key] for key in sorted(extra)}


def _others(document: dict[str, Any], known: frozenset[str]) -> dict[str, Any]:
    if document.keys() <= known:
        return {}
    return {key: value for key, value in document.items() if key not in known}


def _error(document: Mapping[str, Any]) -> RecordedError:
    return RecordedError(
        kind=str(document["kind"]),
        text=str(document.get("text") or ""),
        before_head=document.get("before_head") is True,
    )


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def body_bytes(message: dict[str, Any]) -> bytes:
    """Return the body of a recorded request or response.

    `parsed_body` (a structured body that a serializer kept), `body` or `content`; these are
    text, bytes, or `{"string": …}`, `{"encoding": …, "string": …}`, `{"base64_string": …}`.
    """
    if message.get("parsed_body") is not None:
        return _json(message["parsed_body"])
    body: Any = message.get("content") if message.get("body") is None else message["body"]
    if not isinstance(body, dict):
        return _bytes(body)
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
        # Old versions of Ruby put even base64 into `!binary`.
        with suppress(ValueError):
            return binascii.a2b_base64(b"".join(text.split()), strict_mode=True)
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
    headers = message.get("headers") or {}
    pairs = headers.items() if isinstance(headers, dict) else map(_pair, headers)
    return tuple(
        (_text(name), _text(one))
        for name, value in pairs
        for one in (value if isinstance(value, list | tuple) else (value,))
    )


def _pair(header: Any) -> tuple[Any, Any]:
    if isinstance(header, dict):
        return header.get("name", ""), header.get("value", "")
    if isinstance(header, str | bytes):
        name, _, value = _text(header).partition(":")
        return name.strip(), value.strip()
    name, value = header
    return name, value


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def status_of(response: dict[str, Any]) -> int:
    """Return the status: `status: {code: …}`, `code: …`, `status: …` or `status_code: …`.

    Raises:
        KeyError, ValueError: there is none.
    """
    status: Any = response.get("status")
    told = status if isinstance(status, dict) else response
    names = ("code", "status", "status_code")
    code = next((told[name] for name in names if told.get(name) is not None), None)
    if code is None:
        raise KeyError(names[1])
    found = _STATUS.search(" ".join(map(str, code)) if isinstance(code, list) else str(code))
    if found is None:
        msg = f"{str(code)[:_SHOWN]!r} is no status"
        raise ValueError(msg)
    return int(float(found[0]))


def _reason(response: dict[str, Any]) -> str | None:
    status = response.get("status")
    if isinstance(status, str):
        return _STATUS.sub("", status, count=1).strip() or None
    phrase = status.get("message") if isinstance(status, dict) else response.get("reason")
    return None if phrase is None else _text(phrase)


def _url(request: dict[str, Any]) -> str:
    """Return the address; before vcrpy 1 it stood in four parts."""
    url = request.get("uri", request.get("url"))
    if url is not None:
        return _text(url)
    if "host" not in request:
        missing = "uri"
        raise KeyError(missing)
    scheme, port = str(request["protocol"]), request.get("port")
    place = f":{port}" if port and (scheme, int(port)) not in _DEFAULT_PORTS else ""
    return f"{scheme}://{request['host']}{place}{request['path']}"
