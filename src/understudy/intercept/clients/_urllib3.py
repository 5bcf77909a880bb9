"""The tap of urllib3 2, and with it of requests and botocore.

It stands where a pool makes one HTTP request, below urllib3's own retries and redirects, and
above the connection classes that vcrpy replaces.
"""

# ruff: noqa: SLF001 - a tap stands where the library has no door

from __future__ import annotations

import sys
from functools import partial, wraps
from io import BytesIO
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, Final

from ...calls import Request
from .._patches import Patches, Subclassing
from ._http1 import bytes_of, lowered
from ._others_mocks import is_recorded_below
from ._tee import Tee
from ._uploads import uploading
from ._urllib3_answers import answered_connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .._attempts import HttpAttempt, HttpAttempts


_TUNNEL: Final = "understudy_open_tunnel"
_DEFAULT_PORTS: Final = MappingProxyType({"http": 80, "https": 443})


def tap_urllib3(module: ModuleType, patches: Patches, attempts: HttpAttempts) -> None:
    """Wrap what a pool calls once for each request, retries and redirects included.

    Raises AttributeError for urllib3 1, whose responses are built elsewhere.
    """
    response_type = sys.modules["urllib3.response"].HTTPResponse
    if not hasattr(response_type, "_raw_read"):
        message = "urllib3 1 is not tapped: calls through it are not seen. Use urllib3 2."
        raise AttributeError(message)
    tell = partial(attempts.harmless, watch, Subclassing(TappedResponse))
    begin = partial(attempts.harmless, attempts.begin, "urllib3", _describe)
    patches.wrap(
        module.HTTPConnectionPool, "_make_request", partial(_sender, attempts, begin, tell)
    )
    patches.wrap(module.HTTPSConnectionPool, "_prepare_proxy", partial(_later_tunneller, attempts))
    patches.wrap(module.HTTPConnectionPool, "urlopen", partial(_journey, attempts))


def tap_urllib3_manager(module: ModuleType, patches: Patches, attempts: HttpAttempts) -> None:
    """Wrap what follows redirects from one pool to another."""
    patches.wrap(module.PoolManager, "urlopen", partial(_journey, attempts))


def _journey(attempts: HttpAttempts, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def urlopen(self: Any, *args: Any, **options: Any) -> Any:
        # Whoever asks for another try after a 401 has a retry.
        with attempts.journeys(meet_challenges=False):
            return original(self, *args, **options)

    return urlopen


def _sender(
    attempts: HttpAttempts,
    begin: Callable[..., HttpAttempt | None],
    watch: Callable[[HttpAttempt, Any], None],
    original: Callable[..., Any],
) -> Callable[..., Any]:
    @wraps(original)
    def _make_request(
        self: Any, conn: Any, method: str, url: str, *args: Any, **options: Any
    ) -> Any:
        body = options.get("body")
        if not _is_at_hand(body) and attempts.reads_upload(_describe, self, method, url, options):
            options["body"] = _read(body)
        attempt = begin(self, method, url, options)
        if attempt is None:
            return original(self, conn, method, url, *args, **options)
        with attempt:
            answer = attempt.answer(partial(is_recorded_below, conn))
            open_tunnel = vars(conn).pop(_TUNNEL, None)
            if answer is not None:
                conn = answered_connection(self, method, answer)
            elif open_tunnel is not None:
                open_tunnel()
            if attempt.own is None or _is_at_hand(options.get("body")):
                response = original(self, conn, method, url, *args, **options)
            else:
                with uploading(attempt, options["body"]) as options["body"]:
                    response = original(self, conn, method, url, *args, **options)
        if attempt.is_watched:
            watch(attempt, response)
        return response

    return _make_request


def _later_tunneller(
    attempts: HttpAttempts, original: Callable[[Any, Any], None]
) -> Callable[[Any, Any], None]:
    @wraps(original)
    def _prepare_proxy(self: Any, conn: Any) -> None:
        # It comes before the request, whose answer may need no proxy.
        if attempts.active and attempts.answerer is not None:
            setattr(conn, _TUNNEL, partial(original, self, conn))
        else:
            original(self, conn)

    return _prepare_proxy


def _describe(pool: Any, method: str, target: str, options: dict[str, Any]) -> Request:
    headers = dict(lowered((options.get("headers") or {}).items()))
    return Request(method.upper(), _url(pool, target), headers, bytes_of(options.get("body")))


def _url(pool: Any, target: str) -> str:
    if not target.startswith("/"):
        return target  # a plain HTTP proxy is asked for the whole URL
    port = "" if pool.port in (None, _DEFAULT_PORTS.get(pool.scheme)) else f":{pool.port}"
    host = f"[{pool.host}]" if ":" in pool.host else pool.host
    return f"{pool.scheme}://{host}{port}{target}"


def _read(body: Any) -> Any:
    """Return `body`, read to its end where it is a file or an iterable."""
    if body is None or isinstance(body, (bytes, bytearray, memoryview, str)):
        return body
    pieces = [body.read()] if hasattr(body, "read") else body
    return b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)


def _is_at_hand(body: Any) -> bool:
    """Tell whether it is bytes in memory, or text, or nothing that can be watched."""
    if body is None or isinstance(body, (bytes, bytearray, memoryview, str, BytesIO)):
        return True
    if hasattr(body, "read"):
        return False
    try:
        memoryview(body)
    except TypeError:
        return not hasattr(body, "__iter__")
    return True


def watch(
    overrides: Subclassing, attempt: HttpAttempt, response: Any, *, from_network: bool = True
) -> None:
    """Tell `attempt` of a response, and of all that is read from it."""
    headers = lowered(response.headers.items())
    kind = sys.modules["urllib3.response"].HTTPResponse
    if isinstance(response, kind) and response._body is None:
        attempt.respond(response.status, headers, decoded=False, from_network=from_network)
        watch_response(response, attempt, overrides)
        return
    # Read already: preloaded, or vcrpy's stand-in, which holds the whole body.
    decoded = getattr(response, "decode_content", True)
    attempt.respond(response.status, headers, decoded=decoded, from_network=from_network)
    attempt.whole(response.data)


def watch_response(response: Any, attempt: HttpAttempt, overrides: Subclassing) -> None:
    """Tell `attempt` of all that is read from `response`, and of its end."""
    if hasattr(response, "understudy_attempt"):
        response.understudy_attempt = Tee(response.understudy_attempt, attempt)
        return
    response.understudy_attempt = attempt
    overrides.apply(response)
    response.understudy_note_end()


class TappedResponse:
    """Overrides of `HTTPResponse`: all ways of reading it lead through these methods.

    The bytes are those on the wire, still compressed, whatever the reader asks for.
    """

    isclosed: Any
    length_remaining: int | None
    understudy_own: Any
    understudy_attempt: HttpAttempt | Tee
    understudy_is_parsing = False

    def _raw_read(self, *args: Any, **options: Any) -> Any:
        attempt = self.understudy_attempt
        try:
            data = self.understudy_own._raw_read(self, *args, **options)
        except BaseException as error:
            attempt.fail(error)
            raise
        if data:
            attempt.chunk(data)
        self.understudy_note_end()
        return data

    def _handle_chunk(self, *args: Any, **options: Any) -> Any:
        data = self.understudy_own._handle_chunk(self, *args, **options)
        self.understudy_attempt.chunk(data)
        return data

    def _update_chunk_length(self) -> None:
        # urllib3 closes a response whose framing is broken before it raises.
        self.understudy_is_parsing = True
        try:
            self.understudy_own._update_chunk_length(self)
        finally:
            self.understudy_is_parsing = False

    def read_chunked(self, *args: Any, **options: Any) -> Iterator[bytes]:
        attempt = self.understudy_attempt
        try:
            yield from self.understudy_own.read_chunked(self, *args, **options)
        except GeneratorExit:
            attempt.close()  # urllib3 drops the connection of a reader that stops
            raise
        except BaseException as error:
            attempt.fail(error)
            raise
        self.understudy_note_end()

    def close(self) -> None:
        try:
            self.understudy_own.close(self)
        finally:
            if not self.understudy_is_parsing:
                self.understudy_attempt.close()

    def understudy_note_end(self) -> None:
        if not self.isclosed():
            return
        # urllib3 lets a short body pass where botocore asks for it.
        if self.length_remaining:
            self.understudy_attempt.close()
        else:
            self.understudy_attempt.end()
