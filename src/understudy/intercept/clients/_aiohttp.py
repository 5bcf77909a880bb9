"""The tap of aiohttp."""

# ruff: noqa: SLF001 - a tap stands where the library has no door

from __future__ import annotations

import json
import sys
from functools import partial, wraps
from io import BytesIO
from types import NoneType
from typing import TYPE_CHECKING, Any

from ...calls import Request
from .._patches import Patches, Subclassing
from ._aiohttp_answers import AnsweredSession
from ._aiohttp_reader import TappedReader, watch_reader
from ._http1 import bytes_of, lowered
from ._uploads import WriterUpload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import ModuleType

    from .._attempts import HttpAttempt, HttpAttempts

    Sender = Callable[..., Awaitable[Any]]


def tap_aiohttp(module: ModuleType, patches: Patches, attempts: HttpAttempts) -> None:
    """Wrap what a session calls once for each request."""
    patches.wrap(module.ClientSession, "_request", partial(sender, attempts))


def sender(attempts: HttpAttempts, original: Sender, *, is_copied: bool = False) -> Sender:
    """Return what a session calls once for each request, wrapped.

    `is_copied`: it is vcrpy's, which copies what it is given, so that nothing is put around that.
    """
    begin = partial(attempts.harmless, attempts.begin, "aiohttp", _describe)
    refuse = partial(attempts.harmless, _refuse)
    watch = partial(attempts.harmless, _watch, Subclassing(TappedReader))
    watch_upload = partial(attempts.harmless, _watch_upload)

    @wraps(original)
    async def _request(self: Any, method: str, str_or_url: Any, **options: Any) -> Any:
        if _is_upload(options) and attempts.reads_upload(
            _describe, self, method, str_or_url, options
        ):
            options["data"] = await read_upload(options["data"])
        attempt = begin(self, method, str_or_url, options)
        if attempt is None:
            return await original(self, method, str_or_url, **options)
        with attempt:
            answer = attempt.answer()
            sender = self
            goes_out = answer is None and not is_copied
            if answer is not None or (goes_out and _may_meet_an_answer(attempts, self, options)):
                sender = AnsweredSession(self, answer, attempt.answer_again)
            is_seen = goes_out and attempt.own is not None
            upload = watch_upload(attempt, options) if is_seen else None
            try:
                response = await original(sender, method, str_or_url, **options)
            except Exception as error:
                refuse(attempt, error)
                raise
            finally:
                if upload is not None:
                    upload.tell_of(attempt)
        if attempt.is_watched or getattr(response, "history", None):
            watch(attempt, response, self, options)
        return response

    return _request


def _is_upload(options: dict[str, Any]) -> bool:
    return not isinstance(options.get("data"), (bytes, bytearray, memoryview, str, NoneType))


def _may_meet_an_answer(attempts: HttpAttempts, session: Any, options: dict[str, Any]) -> bool:
    """Tell whether a request that goes out may be redirected to where somebody answers.

    Whoever traces a session is shown it, and no other.
    """
    follows = attempts.answerer is not None and options.get("allow_redirects", True)
    return bool(follows) and not session._trace_configs


def _watch_upload(attempt: HttpAttempt, options: dict[str, Any]) -> WriterUpload | None:
    """Watch what is written of a body that is streamed; None where it is at hand, or a form."""
    data, payload = options.get("data"), sys.modules["aiohttp.payload"]
    if data is None or attempt.request.body or isinstance(data, (bytes, str)):
        return None
    try:
        body = payload.PAYLOAD_REGISTRY.get(data, disposition=None)
    except payload.LookupError:
        return None
    options["data"] = body
    return WriterUpload.of(body)


def _describe(session: Any, method: str, str_or_url: Any, options: dict[str, Any]) -> Request:
    url = session._build_url(str_or_url)
    if options.get("params"):
        url = url.update_query(options["params"])
    headers = dict(lowered(session._prepare_headers(options.get("headers")).items()))
    content_type = _content_type(options)
    if content_type is not None:
        headers.setdefault("content-type", content_type)
    return Request(method, str(url), headers, _body(session, options))


def _content_type(options: dict[str, Any]) -> str | None:
    """Return the type that aiohttp will name of its own accord; None where it is not known yet."""
    if options.get("json") is not None:
        return "application/json"
    content_type: str | None = getattr(options.get("data"), "content_type", None)
    return content_type


def _body(session: Any, options: dict[str, Any]) -> bytes:
    data = options.get("data")
    if options.get("json") is not None:
        data = session._json_serialize(options["json"])
    return bytes_of(getattr(data, "_value", data))  # what a payload of aiohttp holds


def _refuse(attempt: HttpAttempt, error: Any) -> None:
    """Tell of the answer that `raise_for_status` turned into `error`."""
    headers = getattr(error, "headers", None)
    if headers is not None:
        headers = lowered(headers.items())
        attempt.respond(error.status, headers, decoded=True, from_network=True)


def _watch(
    overrides: Subclassing,
    attempt: HttpAttempt,
    response: Any,
    session: Any,
    options: dict[str, Any],
) -> None:
    asked = options.get("auto_decompress")
    decoded = session._auto_decompress if asked is None else asked
    headers = lowered(response.headers.items())
    if getattr(response, "history", None):  # vcrpy's stand-in has none
        asked = response.request_info
        attempt.go_on(
            Request(asked.method, str(asked.real_url), dict(lowered(asked.headers.items())), b"")
        )
        if not attempt.is_watched:
            return
    attempt.respond(response.status, headers, decoded=decoded, from_network=True)
    if response._body is not None:
        # vcrpy's stand-in holds the whole body, and so does a response that vcrpy recorded.
        attempt.whole(response._body)
    else:
        watch_reader(response.content, attempt, overrides)


def tap_aioresponses(module: ModuleType, patches: Patches, attempts: HttpAttempts) -> None:
    """Wrap what aioresponses, which stands in the place of the session's method, answers with."""
    patches.wrap(module.aioresponses, "match", partial(_mocking, attempts))


def _mocking(attempts: HttpAttempts, original: Sender) -> Sender:
    begin = partial(attempts.harmless, attempts.begin, "aiohttp", _describe_mocked)
    watch = partial(attempts.harmless, _watch_mocked, Subclassing(TappedReader))

    @wraps(original)
    async def match(self: Any, method: str, url: Any, *args: Any, **options: Any) -> Any:
        is_known = any(each.match(method, url) for each in self._matches.values())
        attempt = begin(method, url, options) if is_known else None
        if attempt is None:
            return await original(self, method, url, *args, **options)
        with attempt:
            response = await original(self, method, url, *args, **options)
        if attempt.is_watched:
            watch(attempt, response)
        return response

    return match


def _describe_mocked(method: str, url: Any, options: dict[str, Any]) -> Request:
    headers = dict(lowered((options.get("headers") or {}).items()))
    asked = options.get("json")
    body = bytes_of(options.get("data")) if asked is None else json.dumps(asked).encode()
    return Request(method.upper(), str(url), headers, body)


def _watch_mocked(overrides: Subclassing, attempt: HttpAttempt, response: Any) -> None:
    headers = lowered(response.headers.items())
    attempt.respond(response.status, headers, decoded=True, from_network=False)
    watch_reader(response.content, attempt, overrides)


async def read_upload(data: Any) -> Any:
    """Return `data`, read to its end where it is more than bytes or text."""
    if data is None or isinstance(data, (bytes, bytearray, memoryview, str)):
        return data
    payload = _payload(data)
    sent = _Sent()
    await payload.write(sent)
    # Not as bytes: aiohttp warns of large ones.
    return sys.modules["aiohttp.payload"].BytesIOPayload(
        BytesIO(b"".join(sent.pieces)), headers=payload.headers
    )


def _payload(data: Any) -> Any:
    """Make what aiohttp itself makes of `data`."""
    payload, forms = sys.modules["aiohttp.payload"], sys.modules["aiohttp.formdata"]
    if isinstance(data, forms.FormData):
        return data()
    try:
        return payload.PAYLOAD_REGISTRY.get(data, disposition=None)
    except payload.LookupError:
        return forms.FormData(data)()


class _Sent:
    """Takes what a payload writes."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    async def write(self, data: Any) -> None:
        """Take a piece."""
        self.pieces.append(bytes(data))
